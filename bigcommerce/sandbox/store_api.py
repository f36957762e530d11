"""The endpoints about the store itself, and the token endpoint of the log-in."""

from typing import Any

import msgspec

from bigcommerce.sandbox.answers import Answer, refused_v3
from bigcommerce.sandbox.asks import Ask
from bigcommerce.sandbox.lists import numbered
from bigcommerce.sandbox.rows import GroupRow
from bigcommerce.sandbox.shop import Shop


def get_store(ask: Ask) -> Answer:
    """GET /v2/store"""
    shop = ask.shop
    domain = f"{shop.store_hash}.example"
    return Answer(
        200,
        {
            "id": shop.store_hash,
            "store_id": 1_000_000 + len(shop.store_hash),
            "account_uuid": "00000000-0000-4000-8000-000000000000",
            "name": shop.name,
            "domain": domain,
            "secure_url": f"https://{domain}",
            "control_panel_base_url": f"https://store-{shop.store_hash}.mybigcommerce.com",
            "status": "maintenance" if ask.switches.maintenance else "live",
            "admin_email": f"owner@{domain}",
            "order_email": f"orders@{domain}",
            **_SAME_FOR_ALL,
        },
    )


_SAME_FOR_ALL: dict[str, Any] = {
    "country_code": "GB",
    "language": "en",
    "currency": "GBP",
    "timezone": {
        "name": "Europe/London",
        "raw_offset": 0,
        "dst_offset": 3600,
        "dst_correction": True,
        "date_format": {"display": "j M Y", "export": "j M Y", "extended_display": "j M Y H:i"},
    },
    "plan_name": "Plus",
    "plan_level": "Plus",
    "logo": [],
    "default_channel_id": 1,
    "features": {"multi_storefront_enabled": False},
}


def get_time(ask: Ask) -> Answer:
    """GET /v2/time"""
    return Answer(200, {"time": int(ask.shop.clock.now().timestamp())})


def list_channels(ask: Ask) -> Answer:
    """GET /v3/channels"""
    channel = GroupRow(id=1, name=ask.shop.name)
    shown = {"id": 1, "name": ask.shop.name, "type": "storefront", "status": "active"}
    return numbered([channel], ask, lambda cut: [shown for _ in cut])


def exchange(shops: dict[str, Shop], codes: dict[str, str], body: bytes) -> Answer:
    """POST /oauth2/token: a code, good once, for the token of the store it was made for"""
    try:
        asked = msgspec.json.decode(body, type=dict[str, str])
    except msgspec.MsgspecError:
        raise refused_v3(400, "invalid_request") from None
    shop = shops.get(codes.pop(asked.get("code", ""), ""))
    if shop is None or asked.get("context") != f"stores/{shop.store_hash}":
        return Answer(400, {"error": "invalid_grant"})
    person = {"id": 10, "username": "owner@shop.example", "email": "owner@shop.example"}
    return Answer(
        200,
        {
            "access_token": shop.access_token,
            "scope": asked.get("scope", ""),
            "user": person,
            "owner": person,
            "context": asked["context"],
            "account_uuid": "00000000-0000-4000-8000-000000000000",
        },
    )
