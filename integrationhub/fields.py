"""Database fields of our own, and the secret box that keeps what must not be read."""

import base64
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12
KEY_BYTES = 32


class SecretUnreadableError(Exception):
    """A stored secret cannot be opened: its key is missing, or the value was moved or changed."""


class SecretBox:
    """Seals text with AES-GCM under the newest of several named keys, bound to a context."""

    def __init__(self, keys: str) -> None:
        """Take keys as `name:base64 of 32 bytes`, comma separated, newest first."""
        self._keys = dict(_parse_key(part) for part in keys.split(","))
        self._newest = next(iter(self._keys))

    def seal(self, text: str, *, context: str) -> str:
        """Return `text` encrypted; only the same context opens it again."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self._newest].encrypt(nonce, text.encode(), context.encode())
        return f"v1.{self._newest}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, token: str, *, context: str) -> str:
        """Return the text that was sealed, or raise SecretUnreadableError."""
        version, _, rest = token.partition(".")
        name, _, raw = rest.partition(".")
        if version != "v1" or name not in self._keys:
            raise SecretUnreadableError(
                f"A stored secret was sealed with key {name!r}, which ENCRYPTION_KEYS lacks."
            )
        blob = base64.urlsafe_b64decode(raw)
        try:
            opened = self._keys[name].decrypt(
                blob[:NONCE_BYTES], blob[NONCE_BYTES:], context.encode()
            )
        except InvalidTag:
            raise SecretUnreadableError(
                f"A stored secret ({context}) does not open with key {name!r} of ENCRYPTION_KEYS."
            ) from None
        return opened.decode()


def _parse_key(part: str) -> tuple[str, AESGCM]:
    name, _, raw = part.strip().partition(":")
    try:
        key = base64.urlsafe_b64decode(raw)
    except ValueError:
        key = b""
    if not name or len(key) != KEY_BYTES:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEYS needs name:key pairs, each key the base64 of 32 bytes "
            "(.env.example has the command that makes one)."
        )
    return name, AESGCM(key)


@lru_cache(maxsize=4)
def _box(keys: str) -> SecretBox:
    return SecretBox(keys)


def secret_box() -> SecretBox:
    """Return the box with the keys of the settings."""
    return _box(settings.ENCRYPTION_KEYS)


class Sealed(str):
    """Text as it stands in the database, not opened yet."""

    __slots__ = ()


class SecretAttribute(DeferredAttribute):
    """Opens a sealed value when it is first asked for, so a lost key fails only its users."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the plain text; raises SecretUnreadableError."""
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = secret_box().open(value, context=self.field.context)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """Keep the value as it is; having this makes every read pass `__get__`."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField[Any, Any]):
    """Text that is encrypted in the database and plain in Python; an empty text stays empty.

    The value is bound to its table and column, so it cannot be read from another one.
    """

    descriptor_class = SecretAttribute

    @property
    def context(self) -> str:
        """Return what the sealed values of this column are bound to."""
        return f"{self.model.__name__}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """Seal what goes to the database."""
        if not value or isinstance(value, Sealed):
            return value
        return secret_box().seal(value, context=self.context)

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> Any:
        """Mark what comes from the database as sealed."""
        return Sealed(value) if value else value
