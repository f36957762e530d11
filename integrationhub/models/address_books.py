"""Dotdigital's address books and data fields, as they were when last asked for."""

from django.db import models

from integrationhub.models.accounts import Account
from integrationhub.models.tenancy import Owned, OwnedQuerySet


class AddressBook(Owned):
    """One address book of an account; `is_missing` once Dotdigital no longer lists it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="address_books")
    dotdigital_id = models.BigIntegerField()
    name = models.CharField(max_length=128)
    visibility = models.CharField(max_length=30)
    contact_count = models.PositiveIntegerField(default=0)
    is_missing = models.BooleanField(default=False)
    refreshed_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "dotdigital_id"], name="address_book_once")
        ]

    def __str__(self) -> str:
        return self.name


class DataField(Owned):
    """One contact data field of an account."""

    class Type(models.TextChoices):
        STRING = "String"
        NUMERIC = "Numeric"
        DATE = "Date"
        BOOLEAN = "Boolean"

    account = models.ForeignKey(Account, models.CASCADE, related_name="data_fields")
    name = models.CharField(max_length=20)
    type = models.CharField(max_length=10, choices=Type)
    visibility = models.CharField(max_length=30)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="data_field_once")]

    def __str__(self) -> str:
        return self.name
