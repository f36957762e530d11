"""The tabs of a store's pages, in the order in which they stand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: what a page calls it in `tab`, what people read, and the page it opens."""

    name: str
    label: str
    page: str


TABS = (
    Tab("store", "Store", "store"),
    Tab("history", "Sync history", "runs"),
    Tab("find", "Find a contact", "find_contact"),
    Tab("activity", "Activity", "activity"),
)
