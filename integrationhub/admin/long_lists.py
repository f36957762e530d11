"""Lists of very many rows: counted a little way only, and narrowed by what has an index."""

from typing import Any, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from integrationhub.admin.read_only import FactAdmin
from integrationhub.models import Store

Row = TypeVar("Row", bound=Model)
MOST, DIGITS = 5000, 18
CHOSEN_STORE = "store__id__exact"


def chosen_store(request: HttpRequest) -> int | None:
    """Return the store whose rows are listed; None where it is everybody's."""
    told = request.GET.get(CHOSEN_STORE, "")
    is_id = told.isascii() and told.isdigit() and len(told) <= DIGITS
    return int(told) if is_id else None


class FirstRows(Paginator[Any]):
    """Leafs through the first rows: nobody reads more, and to count a million takes long."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, MOST at most."""
        found: int = self.object_list.order_by().values("pk")[:MOST].count()  # type: ignore[attr-defined]  # a queryset
        return found

    @property
    def is_cut_off(self) -> bool:
        """Whether there may be more rows than are leafed through."""
        return self.count >= MOST


class WithinStore(admin.SimpleListFilter):
    """Narrows the rows of one store; offered once a store is chosen: the indexes begin there."""

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        store = chosen_store(request)
        return [] if store is None else self.choices_within(store)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that are asked for."""
        value = self.value()
        if not value or chosen_store(request) is None:
            return queryset
        return self.narrowed(queryset, value)

    def choices_within(self, store: int) -> list[tuple[str, str]]:
        """Return what can be chosen of this store."""
        raise NotImplementedError

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep the rows that `value` stands for."""
        raise NotImplementedError


class LongListAdmin(FactAdmin[Row]):
    """People's rows; who is looked for is looked up store by store, where the index has them."""

    paginator = FirstRows
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    search_fields = ["email"]
    search_help_text = "A whole email address."

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        """Search as the ledger spells addresses: in lower case."""
        address = search_term.strip().lower()
        if not address:
            return queryset, False
        return queryset.filter(store__in=Store.objects.values("pk"), email=address), False
