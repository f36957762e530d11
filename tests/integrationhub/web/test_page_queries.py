"""Every page takes a fixed number of queries, however much there is in the database."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import resolve
from django.utils import timezone

from integrationhub.management.bench.page_times import Browsers, queries_of
from integrationhub.management.bench.pages import PAGES
from integrationhub.management.bench.populate import Size, populate
from integrationhub.models import Store
from integrationhub.web.urls import urlpatterns

LEGIBLE = 300
FEW, MANY = Size(people=60, runs=60, books=3), Size(people=1200, runs=600, books=60)
OF_STAFF = [model._meta for model in admin.site._registry]


@pytest.fixture
def _looking_up_many(settings):
    settings.GLANCES_IN_TEN_MINUTES = 1000


def queries_of_all(size):
    """Return the queries of each page with so many rows; the rows are gone afterwards."""
    with transaction.atomic():
        places = populate(Store.objects.get(), size, now=timezone.now())
        browsers = Browsers()
        found = {page.name: queries_of(page, places, browsers) for page in PAGES}
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("store", "_looking_up_many")
def test_a_page_takes_as_many_queries_with_many_rows_as_with_few(subtests):
    few, many = queries_of_all(FEW), queries_of_all(MANY)

    for page in PAGES:
        with subtests.test(page.name):
            beginnings = "\n".join(sql[:LEGIBLE] for sql in many[page.name])
            assert len(many[page.name]) == len(few[page.name]), beginnings
            assert len(many[page.name]) <= page.queries, beginnings


def views_of(places):
    """Return the names of the views behind the listed pages."""
    paths = [places.fill_in(page.path).partition("?")[0] for page in PAGES]
    return {resolve(path).url_name for path in paths}


def test_every_page_there_is_stands_in_the_list(store):
    to_look_at = {
        pattern.name
        for pattern in urlpatterns
        if hasattr(pattern.callback.view_class, "get")
        and "get" in pattern.callback.view_class.http_method_names
    }
    lists = {f"{each.app_label}_{each.model_name}_changelist" for each in OF_STAFF}
    rows = {f"{each.app_label}_{each.model_name}_change" for each in OF_STAFF if is_ours(each)}

    listed = views_of(populate(store, FEW, now=timezone.now()))

    assert to_look_at - listed == set()
    assert (lists | rows) - listed == set()


def is_ours(model):
    return model.app_label == "integrationhub"
