"""What people enter to connect a store, and whether it makes sense."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Account, Store
from integrationhub.probes import Credentials

KEEP = "Leave it empty to keep the one that is stored."
_STORE_HASH = re.compile(
    r"(?:\S*/stores/|(?:https://)?store-)?([a-z0-9]{1,32})(?:/\S*|\.mybigcommerce\.com\S*)?"
)
_one_word = RegexValidator(
    r"\A[\x21-\x7e]+\Z", "This cannot be it: it is one word, without blanks or accents."
)


class SecretInput(forms.PasswordInput):
    """A box for a secret; what was entered is never sent back."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"}, render_value=False)


class ConnectForm(forms.Form):
    """Both sides' credentials; a secret that is stored already may be left empty to keep it."""

    store_hash = forms.CharField(
        max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    access_token = forms.CharField(
        max_length=255, widget=SecretInput, required=False, validators=[_one_word]
    )
    api_user = forms.CharField(
        label="API user",
        max_length=254,
        validators=[_one_word],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(max_length=255, widget=SecretInput, required=False, strip=False)

    def __init__(self, *args: Any, account: Account, store: Store | None, **kwargs: Any) -> None:
        """Know what is stored already: of this store, and of the account."""
        super().__init__(*args, **kwargs)
        self._account, self._store = account, store
        is_stored = store is not None and not store.is_disconnected
        if is_stored:
            self.fields["access_token"].help_text = KEEP
        if account.is_connected:
            self.fields["password"].help_text = KEEP
        self.fields["store_hash"].disabled = store is not None
        self.fields["access_token"].required = not is_stored
        self.fields["password"].required = not account.is_connected

    def clean_store_hash(self) -> str:
        """Take the hash out of an API path or a store's address, should one be pasted."""
        found = _STORE_HASH.fullmatch(self.cleaned_data["store_hash"].strip())
        if found is None:
            raise forms.ValidationError(
                "A store hash has lower-case letters and digits only, such as abc12xyz."
            )
        return found[1]

    def clean_access_token(self) -> str:
        """Keep the stored token if none is entered."""
        return self.cleaned_data["access_token"] or _stored(self._store, "access_token")

    def clean_password(self) -> str:
        """Keep the stored password if none is entered, but only for the same API user."""
        password: str = self.cleaned_data["password"]
        if password:
            return password
        if self.cleaned_data.get("api_user") != self._account.dotdigital_api_user:
            raise forms.ValidationError("Enter the password of this API user.")
        return _stored(self._account, "dotdigital_password")

    def credentials(self) -> Credentials:
        """Return what was entered, or kept."""
        return Credentials(**self.cleaned_data)


def _stored(row: Account | Store | None, name: str) -> str:
    try:
        return str(getattr(row, name))
    except SecretUnreadableError:
        raise forms.ValidationError("The stored one cannot be opened any more. Enter it.") from None
