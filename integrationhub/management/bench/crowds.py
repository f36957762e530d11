"""Very many accounts and stores in the database, made for a measurement."""

from datetime import datetime, timedelta

from django.db import connection

from integrationhub.models import Account, Store

AT_ONCE = 1000
STORES_OF_AN_ACCOUNT = 5


def make_stores(number: int, *, due: int, now: datetime) -> None:
    """Have so many stores, of which so many are due, spread evenly; nobody else has any."""
    Store.objects.all().delete()
    Account.objects.all().delete()
    accounts = Account.objects.bulk_create(
        Account(name=f"Account {each}", slug=f"account-{each}")
        for each in range(-(-number // STORES_OF_AN_ACCOUNT))
    )
    apart = number // due
    Store.objects.bulk_create(
        (
            Store(
                account=accounts[each % len(accounts)],
                store_hash=f"s{each}",
                access_token="",
                name=f"Store {each}",
                connected_at=now,
                next_sync_at=now + timedelta(hours=1 if each % apart else -1, milliseconds=each),
            )
            for each in range(number)
        ),
        batch_size=AT_ONCE,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
