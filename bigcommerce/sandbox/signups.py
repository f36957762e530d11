"""What happens to subscribers: sign-ups, unsubscribes, edits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bigcommerce.sandbox.accounts import Desk
from bigcommerce.sandbox.rows import SubscriberRow

NEWSLETTER = "marketing_newsletter"
CONSENTS = (NEWSLETTER, "abandoned_cart")


class SignUps(Desk):
    """The subscribers of a shop."""

    def subscribe(
        self,
        email: str,
        *,
        consents: Iterable[str] = (NEWSLETTER,),
        created_at: datetime | None = None,
        modified_at: datetime | None = None,
        **fields: Any,
    ) -> int:
        """Sign an address up, or give one that stands there these consents; its id."""
        found = self.tables.subscribers.by_text(email)
        modified = modified_at or created_at or self.clock.second()
        given = {**fields, "consents": list(consents), "date_modified": modified}
        if found is not None:
            self.tables.subscribers.edit(found, given)
            return found.id
        made = self.tables.subscribers.add(
            lambda new_id: SubscriberRow(
                id=new_id, email=email, date_created=created_at or modified, **given
            )
        )
        return made.id

    def unsubscribe(self, email: str) -> None:
        """What the storefront's link does, which is an open question: empty or delete."""
        if self.switches.storefront_unsubscribe == "delete":
            self.delete_subscriber(email)
            return
        self.edit_subscriber(email, consents=[])

    def edit_subscriber(self, email: str, /, **changes: Any) -> None:
        """Change fields; the modification date follows unless `modified_at` is given."""
        found = self.tables.subscribers.by_text(email)
        if found is None:
            raise LookupError("There is no such subscriber.")
        if "modified_at" in changes:
            changes["date_modified"] = changes.pop("modified_at")
        elif self._moves_date(changes):
            changes["date_modified"] = self.clock.second()
        self.tables.subscribers.edit(found, changes)

    def delete_subscriber(self, email: str) -> None:
        """Take the record away."""
        found = self.tables.subscribers.by_text(email)
        if found is not None:
            self.tables.subscribers.remove(found.id)

    def subscriber(self, email: str) -> SubscriberRow | None:
        """The record as it stands, however the address is capitalised."""
        return self.tables.subscribers.by_text(email)

    def _moves_date(self, changes: dict[str, Any]) -> bool:
        return self.switches.consent_edit_touches_subscriber or set(changes) != {"consents"}
