"""Account (the tenant: one Dotdigital account) and who may work in it."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import models

from integrationhub.fields import EncryptedTextField
from integrationhub.models.tenancy import Owned, OwnedQuerySet


def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone of this name, or None if it means nothing to us."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class Account(models.Model):
    """One Dotdigital account: its API user, its region's endpoint, its members and stores."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    dotdigital_api_user = models.CharField("Dotdigital API user", max_length=254, blank=True)
    dotdigital_password = EncryptedTextField("Dotdigital password", blank=True)
    dotdigital_endpoint = models.URLField("Dotdigital endpoint", blank=True)
    dotdigital_id = models.BigIntegerField("Dotdigital account id", null=True, blank=True)
    dotdigital_name = models.CharField("Dotdigital account name", max_length=255, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_connected(self) -> bool:
        """Whether a Dotdigital API user has been entered and tested."""
        return bool(self.dotdigital_endpoint)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that Dotdigital named, or UTC if it means nothing to us."""
        return zone_named(self.time_zone) or ZoneInfo("UTC")


class Membership(Owned):
    """A person's place in an account."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MARKETER = "marketer"
        VIEWER = "viewer"

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MARKETER)
    is_mailed_of_trouble = models.BooleanField(
        "mailed when a sync needs attention", default=True, help_text="Viewers never are."
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "user"], name="one_membership_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.account}"

    @property
    def may_change(self) -> bool:
        """Whether this person may change settings and start runs."""
        return self.role != self.Role.VIEWER
