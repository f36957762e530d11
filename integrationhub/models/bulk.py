"""Reading and writing a page of rows in one statement, where the ORM costs ten times as much.

The names in the SQL are those of models' fields, quoted; values are always parameters.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

import msgspec
from django.db import connection
from django.db.models import DateTimeField, JSONField, Model

Row = tuple[Any, ...]


def insert_or_update(
    model: type[Model], names: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]
) -> None:
    """Insert rows of the named fields; where one of the same `unique` fields is there, set them.

    JSON is handed over as text, moments as datetimes. Fields not named take the default that
    the database has for them.
    """
    _insert(model, names, rows, unique=unique, otherwise="{column} = excluded.{column}")


def add_up(
    model: type[Model], names: Sequence[str], rows: Sequence[Row], *, unique: Sequence[str]
) -> None:
    """Insert rows of numbers; where one of the same `unique` fields is there, add to its own."""
    sum_of = "{column} = {table}.{column} + excluded.{column}"
    _insert(model, names, rows, unique=unique, otherwise=sum_of)


def _insert(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Row],
    *,
    unique: Sequence[str],
    otherwise: str,
) -> None:
    of, columns = table(model), [column(model, name) for name in names]
    keys = [column(model, name) for name in unique]
    sets = ", ".join(
        otherwise.format(table=of, column=name) for name in columns if name not in keys
    )
    into = f"INSERT INTO {of} ({', '.join(columns)})"
    conflict = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}"
    _write(
        model,
        names,
        rows,
        one=f"{into} VALUES ({', '.join(['%s'] * len(columns))}) {conflict}",
        many=f"{into} SELECT {', '.join(columns)} FROM {{rows}} {conflict}",
    )


def update(model: type[Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Set the named fields of rows by their primary keys, which come last in each row."""
    columns = [column(model, name) for name in names]
    key = column(model, "pk")
    _write(
        model,
        [*names, "pk"],
        rows,
        one=f"UPDATE {table(model)} SET {', '.join(f'{name} = %s' for name in columns)}"
        f" WHERE {key} = %s",
        many=f"UPDATE {table(model)} AS old SET"
        f" {', '.join(f'{name} = new.{name}' for name in columns)}"
        f" FROM {{rows}} WHERE old.{key} = new.{key}",
    )


def update_one(model: type[Model], pk: int, changes: Mapping[str, Any], **conditions: Any) -> bool:
    """Set fields of one row, if its other fields are as `conditions` say; answer whether it was.

    For what is written with each page: the ORM would put the same statement together each time.
    """
    where = {"pk": pk, **conditions}
    with connection.cursor() as cursor:
        cursor.execute(
            _update_one(model, tuple(changes), tuple(where)),
            [_prepared(model, name, value) for name, value in (*changes.items(), *where.items())],
        )
        return bool(cursor.rowcount)


@cache
def _update_one(model: type[Model], names: tuple[str, ...], keys: tuple[str, ...]) -> str:
    sets = ", ".join(f"{column(model, name)} = %s" for name in names)
    conditions = " AND ".join(f"{column(model, key)} = %s" for key in keys)
    return f"UPDATE {table(model)} SET {sets} WHERE {conditions}"


def _prepared(model: type[Model], name: str, value: Any) -> Any:
    return _field(model, name).get_db_prep_save(value, connection)


def select(
    model: type[Model], names: Sequence[str], where: str, parameters: Sequence[Any]
) -> list[Row]:
    """Return the named fields of the rows that the SQL condition `where` lets through.

    JSON comes as text, and a moment as the database keeps it: see `moment`.
    """
    columns = ", ".join(_read(model, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table(model)} WHERE {where}", parameters)
        found: list[Row] = cursor.fetchall()
        return found


def learn_sizes(model: type[Model]) -> None:
    """Let PostgreSQL count a table that has grown much, before it does so by itself in a minute.

    Until then it takes the table for empty, and reads all of it for each page.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table(model)}")


def is_one_of(name: str, values: Iterable[Any]) -> tuple[str, Any]:
    """Return the condition that a quoted column is one of `values`, and its one parameter."""
    if connection.vendor == "postgresql":
        return f"{name} = ANY(%s)", list(values)
    listed = msgspec.json.encode(list(values)).decode()
    return f"{name} IN (SELECT value FROM json_each(%s))", listed


def moment(value: datetime | str | None) -> datetime | None:
    """Return a moment that was read: SQLite keeps it as text, in UTC without saying so."""
    return _from_text(value) if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _from_text(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def table(model: type[Model]) -> str:
    """Return the quoted name of a model's table."""
    return connection.ops.quote_name(model._meta.db_table)


def column(model: type[Model], name: str) -> str:
    """Return the quoted name of a field's column."""
    return connection.ops.quote_name(_field(model, name).column)


@cache
def _read(model: type[Model], name: str) -> str:
    """Return what is selected for a field; as text, SQLite's driver parses no moment."""
    is_moment = isinstance(_field(model, name), DateTimeField)
    is_text = is_moment and connection.vendor == "sqlite"
    return f"{column(model, name)} || ''" if is_text else column(model, name)


@cache
def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _write(
    model: type[Model], names: Sequence[str], rows: Sequence[Row], *, one: str, many: str
) -> None:
    """Run `one` for each row, or `many` once where the database takes the page as one document."""
    if not rows:
        return
    fields = [_field(model, name) for name in names]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = ", ".join(
                f"{connection.ops.quote_name(field.column)} {field.db_type(connection)}"
                for field in fields
            )
            source = f"jsonb_to_recordset(%s::jsonb) AS new({types})"
            cursor.execute(many.format(rows=source), [_document(fields, rows)])
        else:
            cursor.executemany(one, _as_text(fields, rows))


def _document(fields: Sequence[Any], rows: Sequence[Row]) -> str:
    columns = [
        [None if value is None else msgspec.Raw(value.encode()) for value in values]
        if isinstance(field, JSONField)
        else values
        for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    names = [field.column for field in fields]
    page = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return msgspec.json.encode(page).decode()


def _as_text(fields: Sequence[Any], rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows with moments as SQLite keeps them."""
    if not any(isinstance(field, DateTimeField) for field in fields):
        return rows
    columns = [
        [_text(value) for value in values] if isinstance(field, DateTimeField) else values
        for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return list(zip(*columns, strict=True))


def _text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
