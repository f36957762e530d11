"""The page on which a person plays the contact, or the account's owner; no script needed."""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from dotdigital.sandbox.account import Account
from dotdigital.sandbox.deeds import DEEDS, Deed
from dotdigital.sandbox.requests import Request
from dotdigital.sandbox.service import Service
from dotdigital.sandbox.state import Contact
from dotdigital.sandbox.v2_address_books import as_json

SHOWN_REQUESTS: Final = 25
SHOWN_MEMBERS: Final = 12


@cache
def stylesheet() -> bytes:
    """The one stylesheet."""
    return files("dotdigital.sandbox").joinpath("style.css").read_bytes()


def front_page(service: Service, *, user: str, email: str, notice: str) -> str:
    """Everything on one page: accounts, books, one person, the last requests."""
    with service.lock:
        account = service.accounts.get(user) or next(iter(service.accounts.values()), None)
        parts = [_notice(notice), _accounts(service, account)]
        if account:
            parts += [_search(account, email), _person(account, email), _books(account)]
        parts.append(_requests(service.requests[-SHOWN_REQUESTS:]))
    return _document("".join(parts))


def _document(content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Dotdigital sandbox</title>"
        '<link rel="stylesheet" href="/sandbox/style.css"></head><body>'
        "<header><h1>Dotdigital sandbox</h1>"
        "<p>A pretend Dotdigital. Here you are the contact, or the owner of the account.</p>"
        "</header>"
        f"<main>{content}</main></body></html>"
    )


def _notice(notice: str) -> str:
    return f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""


def _accounts(service: Service, chosen: Account | None) -> str:
    links = "".join(
        _account_link(each, is_chosen=each is chosen) for each in service.accounts.values()
    )
    return f'<nav aria-label="Accounts"><ul>{links}</ul></nav>'


def _account_link(account: Account, *, is_chosen: bool) -> str:
    current = ' aria-current="page"' if is_chosen else ""
    return (
        f'<li><a href="{_address(account)}"{current}><strong>{escape(account.state.name)}</strong>'
        f"<span>{escape(account.user)}</span></a></li>"
    )


def _address(account: Account, email: str = "") -> str:
    query = {"account": account.user} | ({"email": email} if email else {})
    return escape(f"/sandbox/?{urlencode(query)}")


def _search(account: Account, email: str) -> str:
    return (
        '<section><h2>Find a contact</h2><form class="search" action="/sandbox/">'
        f'<input type="hidden" name="account" value="{escape(account.user)}">'
        '<label for="email">E-mail address</label>'
        f'<input id="email" name="email" value="{escape(email)}" autocomplete="off">'
        "<button>Find</button></form></section>"
    )


def _person(account: Account, email: str) -> str:
    if not email:
        return ""
    contact = account.people.named(email)
    if contact is None:
        return f"<section><p>Nobody here has the address {escape(email)}.</p></section>"
    return (
        f"<section><h2>{escape(contact.email)}</h2>{_facts(contact)}"
        f"<h3>Address books</h3>{_memberships(account, contact)}"
        f"<h3>Data fields</h3>{_fields(contact)}"
        f'<h3>Do something</h3><div class="deeds">{_deeds(account, contact)}</div></section>'
    )


def _facts(contact: Contact) -> str:
    facts = {
        "Status": contact.v2_status,
        "Opt-in": contact.opt_in_type,
        "Contact id": str(contact.id),
        "Removed": contact.removed_at.isoformat(" ", "seconds") if contact.removed_at else "no",
        "Waiting for the click": "yes" if contact.challenges else "no",
    }
    rows = (f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    return f"<dl>{''.join(rows)}</dl>"


def _memberships(account: Account, contact: Contact) -> str:
    rows = [
        [
            escape(account.state.address_books[each].name),
            escape(membership.status),
            _button(account, contact, "unsubscribe_from", each),
        ]
        for each, membership in contact.lists.items()
    ]
    return _table(["Book", "Status", "As the contact"], rows, empty="In no address book.")


def _fields(contact: Contact) -> str:
    rows = [[escape(name), escape(str(text))] for name, text in sorted(contact.data_fields.items())]
    return _table(["Field", "Value"], rows, empty="All empty.")


def _deeds(account: Account, contact: Contact) -> str:
    names = (name for name, deed in DEEDS.items() if not deed.needs_book)
    return "".join(_button(account, contact, name) for name in names)


def _button(account: Account, contact: Contact, name: str, address_book_id: int = 0) -> str:
    deed: Deed = DEEDS[name]
    hidden = {
        "account": account.user,
        "email": contact.email,
        "deed": name,
        "address_book_id": str(address_book_id),
    }
    inputs = "".join(
        f'<input type="hidden" name="{key}" value="{escape(value)}">'
        for key, value in hidden.items()
    )
    return (
        f'<form method="post" action="/sandbox/act">{inputs}'
        f'<button title="As the {deed.who}">{deed.label}</button></form>'
    )


def _books(account: Account) -> str:
    rows = []
    for book in account.state.address_books.values():
        first = sorted(book.members)[:SHOWN_MEMBERS]
        people = (account.state.contacts[each].email for each in first)
        links = (f'<a href="{_address(account, each)}">{escape(each)}</a>' for each in people)
        count = str(as_json(account, book)["contacts"])
        rows.append([escape(book.name), str(book.id), count, ", ".join(links)])
    table = _table(["Name", "Id", "Contacts", "The first of them"], rows, empty="None.")
    return f"<section><h2>Address books</h2>{table}</section>"


def _requests(requests: Iterable[Request]) -> str:
    rows = [
        [
            f"{each.at:%H:%M:%S}",
            each.method,
            f"<code>{escape(each.path)}</code>",
            str(each.status or "cut"),
        ]
        for each in reversed(list(requests))
    ]
    table = _table(["At", "Method", "Path", "Answer"], rows, empty="None yet.")
    return f"<section><h2>Last requests</h2>{table}</section>"


def _table(heads: list[str], rows: list[list[str]], *, empty: str) -> str:
    if not rows:
        return f'<p class="quiet">{empty}</p>'
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-label="{h}">{c}</td>' for h, c in zip(heads, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
