"""Rows made in one line, for tests that need them to stand there already."""

import factory
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from factory.django import DjangoModelFactory

from integrationhub import models

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    password = factory.django.Password(PASSWORD)


class StaffFactory(UserFactory):
    is_staff = True
    is_superuser = True


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = models.Account

    name = factory.Sequence(lambda number: f"Account {number}")
    slug = factory.Sequence(lambda number: f"account-{number}")
    dotdigital_api_user = factory.LazyAttribute(lambda row: f"api-{row.slug}@apiconnector.com")
    dotdigital_password = factory.LazyAttribute(lambda row: f"mail-password-{row.slug}")
    dotdigital_endpoint = "https://r1-api.dotdigital.com"
    dotdigital_name = factory.LazyAttribute(lambda row: f"{row.name} at Dotdigital")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.Membership

    account = factory.SubFactory(AccountFactory)
    user = factory.SubFactory(UserFactory)
    role = models.Membership.Role.MARKETER


class StoreFactory(DjangoModelFactory):
    class Meta:
        model = models.Store

    account = factory.SubFactory(AccountFactory)
    store_hash = factory.Sequence(lambda number: f"store{number}")
    access_token = factory.LazyAttribute(lambda row: f"shop-token-{row.store_hash}")
    name = factory.Sequence(lambda number: f"Shop {number}")
    url = factory.LazyAttribute(lambda row: f"https://{row.store_hash}.example.com")
    connected_at = factory.LazyFunction(timezone.now)


class AddressBookFactory(DjangoModelFactory):
    class Meta:
        model = models.AddressBook

    account = factory.SubFactory(AccountFactory)
    dotdigital_id = factory.Sequence(lambda number: 9000 + number)
    name = factory.Sequence(lambda number: f"Book {number}")
    visibility = "Private"
    refreshed_at = factory.LazyFunction(timezone.now)


class AddressBookMappingFactory(DjangoModelFactory):
    class Meta:
        model = models.AddressBookMapping

    store = factory.SubFactory(StoreFactory)
    audience = models.Audience.SUBSCRIBERS
    address_book = factory.SubFactory(
        AddressBookFactory, account=factory.SelfAttribute("..store.account")
    )


class SyncRunFactory(DjangoModelFactory):
    """A finished run; `running=True` makes one that is going on."""

    class Meta:
        model = models.SyncRun

    class Params:
        running = factory.Trait(
            status=models.SyncRun.Status.RUNNING, finished_at=None, reason="", step="pull"
        )

    store = factory.SubFactory(StoreFactory)
    trigger = models.SyncRun.Trigger.SCHEDULE
    status = models.SyncRun.Status.COMPLETED
    reason = "done"
    started_at = factory.LazyFunction(timezone.now)
    heartbeat_at = factory.SelfAttribute("started_at")
    finished_at = factory.SelfAttribute("started_at")


class AudienceCountFactory(DjangoModelFactory):
    class Meta:
        model = models.AudienceCount

    run = factory.SubFactory(SyncRunFactory)
    audience = models.Audience.SUBSCRIBERS


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = models.Contact

    store = factory.SubFactory(StoreFactory)
    email = factory.Sequence(lambda number: f"shopper{number}@example.com")


class OptOutFactory(DjangoModelFactory):
    class Meta:
        model = models.OptOut

    store = factory.SubFactory(StoreFactory)
    email = factory.Sequence(lambda number: f"gone{number}@example.com")
    removed_at = factory.LazyFunction(timezone.now)
    seen_at = factory.LazyFunction(timezone.now)
    reason = "Unsubscribed"
    receipt = models.OptOut.Receipt.CONFIRMED


class ActivityEntryFactory(DjangoModelFactory):
    """A button pressed in a store."""

    class Meta:
        model = models.ActivityEntry

    store = factory.SubFactory(StoreFactory)
    account = factory.SelfAttribute("store.account")
    content_type = factory.LazyAttribute(
        lambda row: ContentType.objects.get_for_model(models.Store)
    )
    object_pk = factory.LazyAttribute(lambda row: str(row.store.pk))
    object_id = factory.SelfAttribute("store.pk")
    object_repr = factory.SelfAttribute("store.name")
    action = models.ActivityEntry.Action.ACCESS
    deed = models.ActivityEntry.Deed.SYNC_ASKED


class ContactImportFactory(DjangoModelFactory):
    class Meta:
        model = models.ContactImport

    run = factory.SubFactory(SyncRunFactory)
    store = factory.SelfAttribute("run.store")
    sent = 1
    created_at = factory.LazyFunction(timezone.now)
