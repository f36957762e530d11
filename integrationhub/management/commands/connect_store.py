"""`manage.py connect_store`: connects a BigCommerce store and a Dotdigital account."""

import json
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_slug
from django.utils import timezone

from integrationhub import address_books, probes, stores
from integrationhub.management.lookups import USAGE
from integrationhub.management.migrated import MigratedCommand
from integrationhub.management.tables import console_for, facts_table
from integrationhub.models import Account, AddressBook, AddressBookMapping, Audience, Store

HELP = (
    "Connects a BigCommerce store and a Dotdigital API user to an account of the hub, and says "
    "which address book each audience goes into. Both sides are tested live before anything is "
    "kept. Run it again to replace credentials or to choose other books. No question is asked: "
    "the next sync adds everybody who belongs in a book, and automations on it may start."
)
SECRETS = (
    ("token", "BIGCOMMERCE_ACCESS_TOKEN", "BigCommerce access token"),
    ("api_user", "DOTDIGITAL_API_USER", "Dotdigital API user"),
    ("api_password", "DOTDIGITAL_API_PASSWORD", "Dotdigital API user's password"),
)


class Command(MigratedCommand):
    """Connects a store from the command line."""

    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the store, the secrets and the books."""
        parser.add_argument("account_slug", metavar="ACCOUNT_SLUG", help="made when absent")
        parser.add_argument("store_hash", metavar="STORE_HASH", help="of the path /stores/HASH/")
        parser.add_argument("--account-name", help="name of a new account; the slug by default")
        for option, variable, name in SECRETS:
            parser.add_argument(
                f"--{option.replace('_', '-')}",
                help=f"{name}; else {variable} of the environment; else it is asked for",
            )
        parser.add_argument(
            "--subscribers-book",
            metavar="NAME",
            help="address book for subscribers, made when absent; for a new store "
            f'"{address_books.DEFAULT_SUBSCRIBERS_BOOK}" by default',
        )
        parser.add_argument(
            "--customers-book",
            metavar="NAME",
            help='address book for customers, made when absent; "" to sync no customers',
        )
        parser.add_argument("--json", action="store_true", help="report as JSON on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Connect, choose the books, report."""
        account = _account(options["account_slug"], options["account_name"])
        _check_names(options["subscribers_book"], options["customers_book"])
        try:
            store = stores.connect(account, _credentials(options))
            has_changed = _choose_books(store, options)
        except probes.ConnectionRefusedByVendorError as error:
            raise CommandError(f"{error} ({error.detail})") from error
        except address_books.AddressBooksError as error:
            raise CommandError(f"The store is connected, but: {error} ({error.detail})") from error
        except address_books.SameBookError as error:
            raise CommandError(str(error), returncode=USAGE) from error
        if options["verbosity"]:
            self._tell(_report(store), has_changed=has_changed, is_json=options["json"])

    def _tell(self, report: dict[str, Any], *, has_changed: bool, is_json: bool) -> None:
        if is_json:
            return self.stdout.write(json.dumps({**report, "changed": has_changed}, indent=2))
        console = console_for(self.stdout)
        console.print(facts_table(f"Connected {report['store']}", report.items()))
        return None


def _account(slug: str, name: str | None) -> Account:
    """Return the account, not saved yet when it is new: it is kept if both sides let us in."""
    try:
        validate_slug(slug)
    except ValidationError as error:
        message = f"An account's slug has letters, digits, - and _ only, not {slug!r}."
        raise CommandError(message, returncode=USAGE) from error
    known: Account | None = Account.objects.filter(slug=slug).first()
    return known or Account(slug=slug, name=name or slug)


def _check_names(subscribers_book: str | None, customers_book: str | None) -> None:
    names = (subscribers_book, customers_book)
    if all(names) and len({(name or "").casefold() for name in names}) == 1:
        message = "Subscribers and customers need different address books."
        raise CommandError(message, returncode=USAGE)


def _credentials(options: dict[str, Any]) -> probes.Credentials:
    token, api_user, password = (
        options[option] or getattr(settings, variable) or _asked(name, variable)
        for option, variable, name in SECRETS
    )
    return probes.Credentials(
        store_hash=options["store_hash"],
        access_token=token,
        api_user=api_user,
        password=password,
    )


def _asked(name: str, variable: str) -> str:
    """Ask for a secret, unless there is nobody to ask."""
    try:
        return getpass(f"{name}: ")
    except EOFError:
        message = f"{name} is missing, and there is no terminal to ask on. Set {variable}."
        raise CommandError(message, returncode=USAGE) from None


def _choose_books(store: Store, options: dict[str, Any]) -> bool:
    """Assign the books named; an audience that nobody has named a book for keeps its own."""
    chosen = {row.audience: row.address_book for row in _mappings(store)}
    subscribers = chosen.get(Audience.SUBSCRIBERS)
    if options["subscribers_book"] or subscribers is None:
        name = options["subscribers_book"] or address_books.DEFAULT_SUBSCRIBERS_BOOK
        subscribers = _book(store, name)
    customers = chosen.get(Audience.CUSTOMERS)
    if options["customers_book"] is not None:
        customers = _book(store, options["customers_book"]) if options["customers_book"] else None
    choice = address_books.Choice(subscribers=subscribers, customers=customers)
    return address_books.assign(store, choice, now=timezone.now())


def _book(store: Store, name: str) -> AddressBook:
    return address_books.ensure(store.account, name, now=timezone.now())


def _mappings(store: Store) -> list[AddressBookMapping]:
    return list(store.address_book_mappings.select_related("address_book"))


def _report(store: Store) -> dict[str, Any]:
    books = {row.audience: row.address_book.name for row in _mappings(store)}
    store.refresh_from_db()
    return {
        "account": store.account.slug,
        "store": store.store_hash,
        "name": store.name,
        "url": store.url,
        "dotdigital_account": store.account.dotdigital_name,
        "dotdigital_endpoint": store.account.dotdigital_endpoint,
        "subscribers_book": books.get(Audience.SUBSCRIBERS),
        "customers_book": books.get(Audience.CUSTOMERS),
        "data_sync": store.is_sync_enabled,
        "next_sync_at": store.next_sync_at.isoformat() if store.next_sync_at else None,
    }
