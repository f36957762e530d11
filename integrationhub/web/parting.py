"""What is said and asked before a store is disconnected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django import forms

from integrationhub import disconnecting
from integrationhub.models import Store
from integrationhub.web.moments import day

NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """For how long what is known of the store's people is kept, and who still uses Dotdigital."""

    days: int
    until: str
    others: str

    @classmethod
    def of(cls, store: Store, *, now: datetime) -> Self:
        """Return what would hold if the store were disconnected now."""
        kept_for = disconnecting.kept_for()
        others = listed(disconnecting.siblings(store))
        return cls(days=kept_for.days, until=day(now + kept_for), others=others)


def listed(names: Sequence[str]) -> str:
    """Return names as people list them; of many, the first, and that there are others."""
    if len(names) > NAMED:
        return f"{', '.join(names[: NAMED - 1])} and other stores"
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


class PartingForm(forms.Form):
    """The store's name, typed, so that nobody disconnects the wrong one by a slip."""

    store_name = forms.CharField(
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type the store's name here to disconnect it."},
    )

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        """Know the name that is wanted."""
        super().__init__(*args, **{"use_required_attribute": False, **kwargs})
        self._wanted = str(store)
        self.fields["store_name"].label = f"Type the store's name, {store}, to confirm"

    def clean_store_name(self) -> str:
        """Take the name in whatever case and with whatever blanks."""
        typed: str = self.cleaned_data["store_name"]
        if _folded(typed) != _folded(self._wanted):
            raise forms.ValidationError(
                f"This is not the store's name, so nothing has been done. Type {self._wanted}."
            )
        return typed


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
