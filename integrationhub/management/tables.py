"""Tables and lines for people who read a terminal."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, cast

from django.core.management.base import OutputWrapper
from django.utils import formats, timezone
from rich.console import Console
from rich.table import Table
from rich.text import Text


def console_for(stream: OutputWrapper) -> Console:
    """Return a console that writes to a command's `stream`, plain where that is no terminal."""
    return Console(file=cast("IO[str]", stream), highlight=False, markup=False, emoji=False)


def facts_table(title: str, facts: Iterable[tuple[str, object]]) -> Table:
    """Return a table of names and values; what is empty is left out."""
    table = Table(title=Text(title), title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        if value not in (None, "", [], {}):
            table.add_row(Text(name), Text(_spelt(value)))
    return table


def rows_table(title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table with a heading; numbers stand on the right."""
    lines = [list(row) for row in rows]
    table = Table(title=Text(title), title_justify="left")
    for position, name in enumerate(names):
        is_number = any(isinstance(line[position], int) for line in lines)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for line in lines:
        table.add_row(*(Text(_spelt(value)) for value in line))
    return table


def _spelt(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "Y-m-d H:i:s T")
    return "" if value is None else str(value)
