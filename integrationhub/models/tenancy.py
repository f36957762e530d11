"""What makes a row a tenant's own: every page's query begins with `.of(account)`."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models

if TYPE_CHECKING:
    from integrationhub.models.accounts import Account


class OwnedQuerySet(models.QuerySet[Any, Any]):
    """A queryset that can be narrowed to one tenant."""

    def of(self, account: "Account") -> Self:
        """Keep only the rows of `account`."""
        return self.filter(**{self.model.OWNER: account})


class Owned(models.Model):
    """A row that belongs to an account, directly or by way of the relation named in OWNER."""

    OWNER: ClassVar[str] = "account"

    class Meta:
        abstract = True
