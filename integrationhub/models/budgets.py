"""RateBudget: what is left of a vendor's rate limit while it runs short, shared by all workers."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F
from django.db.models.functions import Greatest, Least


class RateBudgetQuerySet(models.QuerySet["RateBudget"]):
    """How workers share one limit, on whatever machines they are."""

    def running(self, now: datetime) -> Self:
        """Return the windows that are not over yet."""
        return self.filter(resets_at__gt=now)

    def take_one(self, remote: str, now: datetime) -> bool:
        """Take one call out of the window, if there is one left."""
        some_left = self.running(now).filter(remote=remote, left__gt=0)
        return bool(some_left.update(left=F("left") - 1))

    def tell(self, remote: str, *, left: int, resets_at: datetime, now: datetime) -> None:
        """Let everybody know how much is left; of two counts the smaller one is right.

        Somebody may have taken a call of which the vendor had not heard when it answered.
        """
        window = self.running(now).filter(remote=remote)
        smaller, later = Least(F("left"), left), Greatest(F("resets_at"), resets_at)
        if not window.update(left=smaller, resets_at=later):
            told = {"left": left, "resets_at": resets_at}
            self.update_or_create(remote=remote, defaults=told)


class RateBudget(models.Model):
    """One limit of one remote account: a store's quota, or a tier of a Dotdigital account.

    A row tells something only until `resets_at`. It belongs to the remote account, and not to a
    tenant: who holds credentials of the same account shares its limit.
    """

    remote = models.CharField(max_length=160, unique=True)
    left = models.PositiveIntegerField()
    resets_at = models.DateTimeField()

    objects: Any = RateBudgetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.remote
