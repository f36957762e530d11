"""Which audience goes into which address book, and which source field into which data field."""

from django.db import models

from integrationhub.models.address_books import AddressBook
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet


class Audience(models.TextChoices):
    """The two groups of a store's people that can be kept in a book."""

    SUBSCRIBERS = "subscribers"
    CUSTOMERS = "customers"


class AddressBookMapping(Owned):
    """An audience of a store goes into an address book, never two into the same one."""

    OWNER = "store__account"

    store = models.ForeignKey(Store, models.CASCADE, related_name="address_book_mappings")
    audience = models.CharField(max_length=11, choices=Audience)
    address_book = models.ForeignKey(AddressBook, models.PROTECT, related_name="mappings")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "audience"], name="one_book_per_audience"),
            models.UniqueConstraint(fields=["store", "address_book"], name="one_audience_per_book"),
        ]

    def __str__(self) -> str:
        return f"{self.store}: {self.audience} into {self.address_book}"


class FieldMapping(Owned):
    """A source field of a contact goes into a Dotdigital data field."""

    OWNER = "store__account"

    store = models.ForeignKey(Store, models.CASCADE, related_name="field_mappings")
    source_field = models.CharField(max_length=40)
    data_field = models.CharField(max_length=20)
    type = models.CharField(max_length=10)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "data_field"], name="one_source_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.source_field} into {self.data_field}"
