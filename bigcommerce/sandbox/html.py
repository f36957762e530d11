"""Small pieces of HTML, everything in them escaped."""

from collections.abc import Iterable, Sequence
from html import escape

STYLESHEET = "/sandbox/style.css"


def document(title: str, *parts: str) -> str:
    """A whole page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{STYLESHEET}">'
        f"</head><body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )


def section(title: str, *parts: str) -> str:
    """A part of a page under its heading."""
    return f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph, `quiet` or a `notice` perhaps."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def link(address: str, text: str) -> str:
    """A link."""
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def counts(numbers: dict[str, int]) -> str:
    """Numbers under their names."""
    each = (
        f"<div><dt>{escape(name)}</dt><dd>{number:,}</dd></div>" for name, number in numbers.items()
    )
    return f'<dl class="counts">{"".join(each)}</dl>'


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; it scrolls by itself where it is too wide."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(_row(row) for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(heads[0])}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<td>{escape(str(each))}</td>" for each in cells) + "</tr>"


def form(action: str, button: str, *fields: str, method: str = "post") -> str:
    """A form with one button."""
    return (
        f'<form method="{method}" action="{escape(action)}">{"".join(fields)}'
        f"<button>{escape(button)}</button></form>"
    )


def field(label: str, name: str, value: str = "", *, kind: str = "text") -> str:
    """A labelled field; those of kind email and hidden as they are."""
    attributes = f'name="{escape(name)}" value="{escape(value)}"'
    if kind == "hidden":
        return f'<input type="hidden" {attributes}>'
    needed = " required" if kind == "email" else ""
    return f'<label>{escape(label)} <input type="{kind}" {attributes}{needed}></label>'
