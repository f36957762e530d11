"""The barest program that reads a store and imports its people: a loop, and no state at all.

It knows no consent beyond the newsletter's, survives nothing, and sends everybody every time.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import requests

from integrationhub.management.bench.usage import measured, tell

PAGE, BATCH = 250, 5000
TIMEOUT = 60
POLL_SECONDS = 0.1
Row = dict[str, Any]


def main(store_url: str, token: str, mail_url: str, user: str, password: str) -> None:
    """Read every page, import in batches, and tell what that has cost."""
    with requests.Session() as shop, requests.Session() as mail:
        shop.headers["X-Auth-Token"] = token
        mail.auth = (user, password)
        with measured() as used:
            people = _people(shop, store_url)
            for start in range(0, len(people), BATCH):
                _import(mail, mail_url, people[start : start + BATCH])
    tell({**used, "sent": len(people)})


def _people(shop: requests.Session, url: str) -> list[Row]:
    found: dict[str, Row] = {}
    for row in _customers(shop, url):
        found[row["email"].lower()] = _contact(row, row["addresses"])
    for row in _numbered(shop, f"{url}/v3/customers/subscribers"):
        found.setdefault(row["email"].lower(), _contact(row, ()))
    for row in _orders(shop, url):
        bill = row["billing_address"]
        found.setdefault(bill["email"].lower(), _contact(bill, ()))
    return list(found.values())


def _contact(row: Row, addresses: Any) -> Row:
    fields = {"FIRSTNAME": row["first_name"], "LASTNAME": row["last_name"]}
    if addresses:
        fields["CITY"] = addresses[0]["city"]
    return {
        "matchIdentifier": "email",
        "identifiers": {"email": row["email"]},
        "dataFields": fields,
    }


def _customers(shop: requests.Session, url: str) -> Iterator[Row]:
    asked: Row = {"limit": PAGE, "include": "addresses"}
    while True:
        page = _read(shop, f"{url}/v3/customers", asked)
        yield from page["data"]
        cursors = page["meta"]["cursor_pagination"]
        if "next" not in cursors["links"]:
            return
        asked["after"] = cursors["end_cursor"]


def _numbered(shop: requests.Session, url: str) -> Iterator[Row]:
    number, last = 1, 1
    while number <= last:
        page = _read(shop, url, {"limit": PAGE, "page": number})
        yield from page["data"]
        number, last = number + 1, page["meta"]["pagination"]["total_pages"]


def _orders(shop: requests.Session, url: str) -> Iterator[Row]:
    min_id = 0
    while page := _read(shop, f"{url}/v2/orders", {"limit": PAGE, "min_id": min_id}):
        yield from page
        min_id = page[-1]["id"] + 1


def _read(shop: requests.Session, url: str, asked: Row) -> Any:
    answer = shop.get(url, params=asked, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def _import(mail: requests.Session, url: str, batch: list[Row]) -> None:
    body = json.dumps({"mergeOption": "overwrite", "contacts": batch})
    answer = mail.put(f"{url}/contacts/v3/import", data=body, timeout=TIMEOUT)
    answer.raise_for_status()
    import_id = answer.json()["importId"]
    while _read(mail, f"{url}/contacts/v3/import/{import_id}", {})["status"] == "NotFinished":
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
