"""How this Dotdigital behaves where the published documents leave it open."""

from typing import Literal

from msgspec import Struct, field


def _generous() -> dict[str, int]:
    return {"lowCallRate": 10_000, "mediumCallRate": 20_000, "highCallRate": 50_000}


class Switches(Struct, kw_only=True):
    """Each field is one open question; its default is the likeliest answer."""

    # Removals: which rows a "since" gives, in which order, and how soon.
    since_is_inclusive: bool = True
    newest_first: bool = False
    removal_delay: float = 0.0
    absent_removal_is_404: bool = False
    # Imports: what costs one contact, what the whole request, and how long they take.
    import_readds_list_suppressed: bool = False
    unknown_data_field: Literal["contact", "request", "ignore"] = "contact"
    over_long_value: Literal["contact", "request", "clip"] = "contact"
    longest_text: int = 1000
    failure_codes: Literal["camel", "pascal"] = "camel"
    emails_in_upper_case: bool = False
    import_polls: int = 1
    import_seconds: float = 0.0
    active_imports: int = 25
    largest_body: int = 50_000_000
    too_large_status: Literal[413, 400] = 413
    contact_limit: int = 10_000_000
    is_opt_in_enforced: bool = False
    # Resubscribing: how often one person may be asked.
    challenges_allowed: int = 3
    # Rate limits: the scheme, its numbers and how the reset is told.
    rate_limit: Literal["tiered", "flat"] = "tiered"
    tiers: dict[str, int] = field(default_factory=_generous)
    window: float = 60.0
    reset_as: Literal["epoch", "seconds"] = "epoch"
    calls_an_hour: int = 2000
    # Form and plan.
    server_time_is_json: bool = True
    is_pascal_case: bool = False
    created_status: Literal[201, 200] = 201
    address_book_limit: int = 1000
    data_field_limit: int = 246
