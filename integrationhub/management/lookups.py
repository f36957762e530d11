"""What operators type becomes rows, or a sentence that says what is wrong with it."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from integrationhub.models import Store

USAGE = 2


def add_store_arguments(parser: ArgumentParser) -> None:
    """Ask for a store, and for its account where two accounts have connected it."""
    parser.add_argument("store_hash", metavar="STORE_HASH")
    parser.add_argument("--account", metavar="SLUG", help="whose store, if several have it")


def find_store(store_hash: str, account_slug: str | None) -> Store:
    """Return the one store that is meant, one that is connected first. Raises CommandError."""
    stores = Store.objects.filter(store_hash=store_hash).select_related("account")
    if account_slug:
        stores = stores.filter(account__slug=account_slug)
    every: list[Store] = list(stores.order_by("account__slug"))
    found = [store for store in every if not store.is_disconnected] or every
    if not found:
        whose = f" of the account {account_slug}" if account_slug else ""
        raise CommandError(
            f"No store {store_hash}{whose} is connected. `manage.py connect_store` connects one.",
            returncode=USAGE,
        )
    if len(found) > 1:
        slugs = ", ".join(store.account.slug for store in found)
        raise CommandError(
            f"Several accounts have connected {store_hash}; name one with --account: {slugs}.",
            returncode=USAGE,
        )
    return found[0]
