"""Preview: what the next run would do with other address books, counted and not done."""

from typing import Any

from django.conf import settings
from django.db import models

from integrationhub.models.mappings import Audience
from integrationhub.models.runs import SyncRun
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet


class Preview(Owned):
    """The latest preview of a store; counted by a run of its own, which sends nothing.

    `books` names a Dotdigital book for each audience, 0 for one still to be made; `counts` says
    of each audience how many people meet which outcome for which reason.
    """

    OWNER = "store__account"

    store = models.OneToOneField(Store, models.CASCADE, related_name="preview")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    books = models.JSONField()
    names = models.JSONField()
    due_at = models.DateTimeField("when the store is due apart from this", null=True)
    run = models.ForeignKey(SyncRun, models.SET_NULL, null=True, related_name="+")
    position = models.CharField("counted up to this address", max_length=256, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField("why it failed", max_length=40, blank=True)
    detail = models.TextField(blank=True)

    objects: Any = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"preview of {self.store}"


class PreviewRemoval(models.Model):
    """Somebody who left a book that is only being considered; no opt-out of the store's ledger."""

    preview = models.ForeignKey(Preview, models.CASCADE, related_name="removals", db_index=False)
    email = models.CharField(max_length=256)
    dotdigital_id = models.BigIntegerField(null=True)
    address_book_id = models.BigIntegerField()
    audience = models.CharField(max_length=11, choices=Audience)
    removed_at = models.DateTimeField()
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["preview", "email", "address_book_id", "removed_at"],
                name="preview_removal_once",
            )
        ]

    def __str__(self) -> str:
        return f"removal {self.pk} of {self.preview_id}"
