"""What a process of the measured hub does: one task each, told as JSON to who has started it."""

import cProfile
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

import django
from django.conf import settings

django.setup()
settings.DEBUG = False  # as in production: else Django keeps, and quotes, every statement

from django.db import connection, transaction  # noqa: E402 - rows exist only after setup
from django.db.models import Sum  # noqa: E402
from django.utils import timezone  # noqa: E402

from integrationhub.management.bench import waiting  # noqa: E402
from integrationhub.management.bench.crowds import make_stores  # noqa: E402
from integrationhub.management.bench.page_times import times_of  # noqa: E402
from integrationhub.management.bench.pages import Places  # noqa: E402
from integrationhub.management.bench.populate import Size, learn_sizes, populate  # noqa: E402
from integrationhub.management.bench.usage import measured, tell  # noqa: E402
from integrationhub.management.commands.sync_store import sync_to_the_end  # noqa: E402
from integrationhub.models import Contact, ContactImport, FieldMapping, Store  # noqa: E402
from integrationhub.sync import Turns  # noqa: E402


def sync(store_hash: str, profile: str = "") -> None:
    """Sync one store to the end of its run, and tell what that has cost."""
    store = Store.objects.select_related("account").get(store_hash=store_hash)
    profiler = cProfile.Profile() if profile else None
    with measured() as used, profiler or nullcontext():
        run = sync_to_the_end(store)
    if profiler:
        profiler.dump_stats(profile)
    sent = ContactImport.objects.filter(run=run).aggregate(sent=Sum("sent"))["sent"]
    told = {"status": run.status, "detail": run.detail, "sent": sent or 0}
    tell({**used, **told})


def map_field() -> None:
    """Send one more field of every person to Dotdigital from now on."""
    store = Store.objects.get()
    FieldMapping.objects.create(
        store=store, source_field="last_name", data_field="FAMILY_NAME", type="String"
    )
    Store.objects.update(is_decision_due=True)


def watch_writes() -> None:
    """Note from now on every row of the ledger that is written, by whomever."""
    table = connection.ops.quote_name(Contact._meta.db_table)
    statements = NOTES[connection.vendor]
    for statement in statements:
        _execute(statement.format(table=table))


def writes() -> None:
    """Tell how many rows of the ledger have been written since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_write")
        tell(cursor.fetchone()[0])


def claims(stores: str, due: str, wanted: str) -> None:
    """Claim so many of the due ones among so many stores, and tell what that has cost."""
    now, turns = timezone.now(), Turns()
    make_stores(int(stores), due=int(due), now=now)
    with measured() as used:
        leases = [turns.claim(timezone.now()) for _ in range(int(wanted))]
    if None in leases:
        raise RuntimeError("A store that was due has not been claimed.")
    tell(used)


def populate_hub(people: str, runs: str, books: str) -> None:
    """Fill the hub's store with so much of everything, and tell its places."""
    size = Size(people=int(people), runs=int(runs), books=int(books))
    store = Store.objects.select_related("account").get()
    with transaction.atomic():
        places = populate(store, size, now=timezone.now())
    learn_sizes()
    tell(asdict(places))


def page_times(places: str, repeat: str) -> None:
    """Tell what each page takes."""
    settings.GLANCES_IN_TEN_MINUTES = sys.maxsize  # nobody looks up so many people by hand
    told = [each.as_json() for each in times_of(Places(**json.loads(places)), repeat=int(repeat))]
    tell(told)


def connect_all(*names: str) -> None:
    """Connect these stores."""
    waiting.connect_all(list(names), now=timezone.now)


def await_reading(name: str, patience: str) -> None:
    """Wait until something of the store is read."""
    waiting.await_reading(name, patience=float(patience))


def await_turns(seconds: str, patience: str, *names: str) -> None:
    """Let these stores become due for so long, and tell how late a run of theirs has begun."""
    told = waiting.await_turns(
        list(names), seconds=float(seconds), patience=float(patience), now=timezone.now
    )
    tell(told)


def await_synced(number: str, patience: str) -> None:
    """Wait until so many stores are synced."""
    waiting.await_synced(int(number), patience=float(patience))


def create_database(name: str) -> None:
    """Make a scratch database on the server that is connected to."""
    _execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")


def drop_database(name: str) -> None:
    """Drop a scratch database, whoever is still connected to it."""
    _execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


_NOTE = "INSERT INTO bench_write VALUES (1)"
_NOTES_TABLE = "CREATE TABLE bench_write (number integer)"
_NOTE_FUNCTION = f"""
    CREATE FUNCTION bench_note() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {_NOTE}; RETURN NULL; END $$
"""
_NOTE_TRIGGER = """
    CREATE TRIGGER bench AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION bench_note()
"""
NOTES = {
    "sqlite": (
        _NOTES_TABLE,
        *(
            f"CREATE TRIGGER bench_{event} AFTER {event} ON {{table}} BEGIN {_NOTE}; END"
            for event in ("INSERT", "UPDATE", "DELETE")
        ),
    ),
    "postgresql": (_NOTES_TABLE, _NOTE_FUNCTION, _NOTE_TRIGGER),
}
TASKS: dict[str, Callable[..., Any]] = {
    "sync": sync,
    "map-field": map_field,
    "watch-writes": watch_writes,
    "writes": writes,
    "claims": claims,
    "populate": populate_hub,
    "page-times": page_times,
    "connect-all": connect_all,
    "await-reading": await_reading,
    "await-turns": await_turns,
    "await-synced": await_synced,
    "create-database": create_database,
    "drop-database": drop_database,
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*sys.argv[2:])
