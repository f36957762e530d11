"""Writing a page of rows at once, where the ORM's own bulk writers cost ten times as much.

The names in the SQL are those of models' fields, quoted; values are always parameters.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, models
from django.db.models import Field, JSONField, Model

Columns = Sequence["Field[Any, Any]"]


def insert_or_update(
    rows: Sequence[Model], *, unique: Sequence[str], update: Sequence[str]
) -> None:
    """Insert new rows; where one of the same `unique` fields is there, set its `update` fields.

    All rows are of one model. Their primary keys stay unset.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    changed = [column(model, name) for name in update]
    sets = ", ".join(f"{name} = excluded.{name}" for name in changed)
    keys = ", ".join(column(model, name) for name in unique)
    names = ", ".join(quoted(field) for field in fields)
    into = f"INSERT INTO {table(model)} ({names})"
    conflict = f"ON CONFLICT ({keys}) DO UPDATE SET {sets}"
    _write(
        rows,
        fields,
        one=f"{into} VALUES ({', '.join(['%s'] * len(fields))}) {conflict}",
        many=f"{into} SELECT {names} FROM {{rows}} {conflict}",
    )


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Set the named fields of rows that the database knows, by their primary keys."""
    if not rows:
        return
    model = type(rows[0])
    fields = [model._meta.get_field(name) for name in names]
    key = model._meta.pk
    of_table = [quoted(field) for field in fields]
    _write(
        rows,
        [*fields, key],
        one=f"UPDATE {table(model)} SET {', '.join(f'{name} = %s' for name in of_table)}"
        f" WHERE {quoted(key)} = %s",
        many=f"UPDATE {table(model)} AS old SET"
        f" {', '.join(f'{name} = new.{name}' for name in of_table)}"
        f" FROM {{rows}} WHERE old.{quoted(key)} = new.{quoted(key)}",
    )


def table(model: type[Model]) -> str:
    """Return the quoted name of a model's table."""
    return connection.ops.quote_name(model._meta.db_table)


def column(model: type[Model], name: str) -> str:
    """Return the quoted name of a field's column."""
    return quoted(model._meta.get_field(name))


def quoted(field: Any) -> str:
    """Return the quoted name of this field's column."""
    return connection.ops.quote_name(field.column)


def _write(rows: Sequence[Model], fields: Sequence[Any], *, one: str, many: str) -> None:
    """Run `one` for each row, or `many` once where the database takes the page as one document."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = ", ".join(f"{quoted(field)} {field.db_type(connection)}" for field in fields)
            source = f"jsonb_to_recordset(%s::jsonb) AS new({types})"
            cursor.execute(many.format(rows=source), [_document(rows, fields)])
        else:
            adapters = [(field.attname, _adapter(field)) for field in fields]
            cursor.executemany(
                one,
                [[adapt(getattr(row, name)) for name, adapt in adapters] for row in rows],
            )


def _document(rows: Sequence[Model], fields: Sequence[Any]) -> str:
    names = [(field.attname, field.column) for field in fields]
    page = [{column: getattr(row, name) for name, column in names} for row in rows]
    return msgspec.json.encode(page).decode()


def _adapter(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, JSONField):
        return lambda value: None if value is None else msgspec.json.encode(value).decode()
    if isinstance(field, models.DateTimeField):
        return _moment
    return lambda value: value


def _moment(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
