"""The admin: staff only, read-only where nobody must edit, and no secrets."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from integrationhub import disconnecting, models
from tests import factories

EDITABLE = {models.Account, models.Store}
OURS = [model for model in admin.site._registry if model._meta.app_label == "integrationhub"]


@pytest.fixture
def staff(db):
    client = Client()
    client.force_login(factories.StaffFactory())
    return client


@pytest.fixture
def rows(db):
    """One row of everything, all of one tenant, by model."""
    run = factories.SyncRunFactory(detail="the vendor's words")
    store = run.store
    made = [
        store.account,
        store,
        run,
        factories.AudienceCountFactory(run=run, read=5, added=3, failed=2),
        factories.AddressBookMappingFactory(store=store),
        factories.ContactFactory(store=store),
        factories.OptOutFactory(store=store),
        factories.ContactImportFactory(run=run),
        factories.ActivityEntryFactory(store=store),
        models.FieldMapping.objects.create(store=store, source_field="phone", data_field="PHONE"),
        models.DataField.objects.create(account=store.account, name="PHONE", type="String"),
    ]
    made.append(made[4].address_book)
    return {type(row): row for row in made}


def address(model, action, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


@pytest.mark.parametrize("model", OURS)
def test_every_list_and_every_page_loads_and_shows_no_secret(staff, rows, model):
    row = rows[model]

    pages = [
        staff.get(address(model, "changelist")),
        staff.get(address(model, "change", row.pk)),
    ]

    for page in pages:
        assert page.status_code == 200
        html = page.content.decode()
        assert rows[models.Store].access_token not in html
        assert rows[models.Account].dotdigital_password not in html
        assert "v1.k1." not in html


@pytest.mark.parametrize("model", [each for each in OURS if each not in EDITABLE])
def test_what_the_program_writes_nobody_edits(staff, rows, model):
    row = rows[model]
    before = type(row).objects.filter(pk=row.pk).values().get()

    assert staff.get(address(model, "add")).status_code == 403
    assert staff.post(address(model, "change", row.pk), {}).status_code == 403
    assert staff.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403

    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", EDITABLE)
def test_tenants_and_stores_are_not_deleted_with_a_click(staff, rows, model):
    answer = staff.post(address(model, "delete", rows[model].pk), {"post": "yes"})

    assert answer.status_code == 403
    assert model.objects.filter(pk=rows[model].pk).exists()


def test_a_setting_of_a_store_is_saved_without_touching_what_a_worker_writes(staff, rows):
    store = rows[models.Store]
    html = staff.get(address(models.Store, "change", store.pk))
    form = html.context["adminform"].form
    entered = {name: field for name, field in form.initial.items() if name in form.fields}
    entered |= {
        "uncounted_order_statuses": "[0, 5]",
        "written_back_reasons": '["Unsubscribed"]',
        "safety_number": "17",
        "access_token": "stolen",
        "next_sync_at_0": "2020-01-01",
        "problem": "none",
    }
    prefix = html.context["inline_admin_formsets"][0].formset.prefix
    entered |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}

    answer = staff.post(address(models.Store, "change", store.pk), entered)

    assert answer.status_code == 302
    token = store.access_token
    store.refresh_from_db()
    assert (store.safety_number, store.uncounted_order_statuses) == (17, [0, 5])
    assert store.is_decision_due
    assert store.full_read_requested_at is not None
    assert (store.access_token, store.problem, store.next_sync_at) == (token, "", None)


def test_staff_let_a_store_be_read_as_a_whole_again(staff, rows):
    store = rows[models.Store]
    asked = {"action": "read_everything", "_selected_action": [store.pk]}

    answer = staff.post(address(models.Store, "changelist"), asked, follow=True)

    store.refresh_from_db()
    assert "The next sync reads everything again." in answer.content.decode()
    assert store.full_read_requested_at is not None


def test_staff_see_which_stores_are_disconnected_and_by_whom(staff, rows):
    marketer = factories.UserFactory(username="mia")
    disconnecting.disconnect(rows[models.Store], now=timezone.now(), by=marketer)
    other = factories.StoreFactory()
    listed = address(models.Store, "changelist")

    html = staff.get(listed, {"disconnected_at__isempty": "0"}).content.decode()

    assert address(models.Store, "change", rows[models.Store].pk) in html
    assert address(models.Store, "change", other.pk) not in html
    page = staff.get(address(models.Store, "change", rows[models.Store].pk)).content.decode()
    assert "mia" in page


def test_staff_make_a_tenant_but_not_under_an_address_of_the_site(staff):
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    entered = {"name": "New", "time_zone": "UTC", **inline}

    refused = staff.post(address(models.Account, "add"), {**entered, "slug": "admin"})
    staff.post(address(models.Account, "add"), {**entered, "slug": "new"})

    assert "The site itself needs this address." in refused.content.decode()
    assert [account.slug for account in models.Account.objects.all()] == ["new"]


def test_runs_are_found_by_account_store_status_date_and_reason(staff, rows):
    run, other = rows[models.SyncRun], factories.SyncRunFactory(status="failed", reason="stalled")
    listed = address(models.SyncRun, "changelist")

    for query in (
        {"store__account__id__exact": run.store.account_id},
        {"store__id__exact": run.store_id},
        {"status__exact": "completed"},
        {"reason": "done"},
        {"q": run.store.store_hash},
    ):
        html = staff.get(listed, query).content.decode()
        assert address(models.SyncRun, "change", run.pk) in html
        assert address(models.SyncRun, "change", other.pk) not in html


def test_only_reasons_that_occur_are_offered_and_in_words(staff, rows):
    factories.SyncRunFactory(status="failed", reason="stalled")

    html = staff.get(address(models.SyncRun, "changelist")).content.decode()

    offered = re.findall(r'href="\?reason=(\w+)"', html)
    assert sorted(offered) == ["done", "stalled"]
    assert "The worker died or lost touch" in html


def test_a_run_shows_its_counts_duration_reason_and_what_the_vendor_said(staff, rows):
    html = staff.get(address(models.SyncRun, "change", rows[models.SyncRun].pk)).content.decode()
    listed = staff.get(address(models.SyncRun, "changelist")).content.decode()

    assert "5 / 3 / 2" in listed
    assert "0:00:00" in listed
    assert "Everything is in its place." in html
    assert "the vendor&#x27;s words" in html


@pytest.mark.parametrize("model", OURS)
def test_the_number_of_queries_of_a_list_does_not_grow(
    staff, rows, model, django_assert_max_num_queries
):
    for _ in range(5):
        factories.ContactFactory(store=rows[models.Store])
        factories.OptOutFactory(store=rows[models.Store])
        factories.AudienceCountFactory(run__store=rows[models.Store])

    with django_assert_max_num_queries(12):
        staff.get(address(model, "changelist"))


def test_a_contact_is_found_by_the_whole_address_in_any_case(staff, rows):
    contact = factories.ContactFactory(store=rows[models.Store], email="anna@example.com")
    listed = address(models.Contact, "changelist")

    assert contact.email in staff.get(listed, {"q": "Anna@Example.com "}).content.decode()
    part = staff.get(listed, {"q": "anna"}).content.decode()
    assert address(models.Contact, "change", contact.pk) not in part


def test_nobody_can_make_the_queue_run_a_function(staff):
    schedule = Schedule.objects.create(name="tick", func="integrationhub.jobs.tick")

    assert staff.get(address(Schedule, "changelist")).status_code == 200
    assert staff.post(address(Schedule, "add"), {"func": "os.system"}).status_code == 403
    assert staff.post(address(Schedule, "change", schedule.pk), {}).status_code == 403
    assert OrmQ not in admin.site._registry


@pytest.mark.parametrize("model", OURS)
def test_a_marketer_does_not_get_into_the_admin(rows, model):
    client = Client()
    client.force_login(factories.MembershipFactory(account=rows[models.Account]).user)

    answer = client.get(address(model, "changelist"), follow=True)

    assert answer.status_code == 403
    assert rows[models.Store].name not in answer.content.decode()


def test_who_is_not_logged_in_logs_in_where_everybody_does(client, db):
    answer = client.get(reverse("admin:login"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_activity_is_read_in_words_with_who_it_was(staff, rows):
    store = rows[models.Store]
    for action in ("read_everything", "retry_refused"):
        asked = {"action": action, "_selected_action": [store.pk]}
        staff.post(address(models.Store, "changelist"), asked)

    html = staff.get(address(models.ActivityEntry, "changelist")).content.decode()

    assert "asked for the whole store to be read again." in html
    assert "had everybody tried again who was refused: <b>0</b>." in html
    actor = models.ActivityEntry.objects.filter(is_by_staff=True).first().actor
    assert str(actor) in html


def test_activity_outlives_its_store(staff, rows):
    store = rows[models.Store]
    models.AddressBookMapping.objects.all().delete()
    models.ContactImport.objects.all().delete()

    store.delete()

    entry = models.ActivityEntry.objects.latest("pk")
    assert entry.store_id is not None
    html = staff.get(address(models.ActivityEntry, "changelist")).content.decode()
    assert f"deleted the store <b>{store.name}</b>." in html
    assert staff.get(address(models.ActivityEntry, "change", entry.pk)).status_code == 200
