"""The way in for people and for tests of another process: a page, and the same as JSON."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import msgspec

from dotdigital.sandbox import pages
from dotdigital.sandbox.account import Account
from dotdigital.sandbox.answers import Answer, html_answer, json_answer
from dotdigital.sandbox.deeds import carry_out
from dotdigital.sandbox.faults import Fault
from dotdigital.sandbox.requests import Request
from dotdigital.sandbox.service import Service
from dotdigital.sandbox.v2_address_books import as_json

SHOWN: Final = 100


def is_for(request: Request) -> bool:
    """Whether a request is for the sandbox itself and not for the API."""
    return request.path == "/" or request.path.startswith("/sandbox")


def respond(service: Service, request: Request) -> Answer:
    """A page, the stylesheet, a deed, or JSON."""
    origin = urlsplit(request.headers.get("origin", ""))
    if origin.netloc and origin.netloc != request.headers.get("host"):
        return json_answer({"error": "not from another site"}, status=403)
    if request.path == "/":
        return Answer(status=303, headers={"Location": "/sandbox/"})
    try:
        return _routed(service, request)
    except (LookupError, ValueError, msgspec.MsgspecError) as error:
        return json_answer({"error": str(error)}, status=400)


def _routed(service: Service, request: Request) -> Answer:
    if request.path.startswith("/sandbox/api/"):
        return _api(service, request)
    if request.path == "/sandbox/style.css":
        return Answer(body=pages.stylesheet(), content_type="text/css; charset=utf-8")
    if request.path == "/sandbox/act" and request.method == "POST":
        return _act(service, request)
    query = request.query
    shown = pages.front_page(
        service,
        user=query.get("account", ""),
        email=query.get("email", ""),
        notice=query.get("notice", ""),
    )
    return html_answer(shown)


def _act(service: Service, request: Request) -> Answer:
    form = dict(parse_qsl(request.body.decode()))
    user, email, deed = form.get("account", ""), form.get("email", ""), form.get("deed", "")
    notice = "Done."
    try:
        book = int(form.get("address_book_id", 0))
        carry_out(service.accounts[user], deed, email=email, address_book_id=book)
    except LookupError as error:
        notice = f"Not done: {error}"
    query = urlencode({"account": user, "email": email, "notice": notice})
    return Answer(status=303, headers={"Location": f"/sandbox/?{query}"})


def _api(service: Service, request: Request) -> Answer:
    subject, *rest = [unquote(each) for each in request.path.split("/")[3:]]
    answer = SUBJECTS.get(subject)
    if answer is None:
        return json_answer({"error": f"there is no {subject}"}, status=404)
    return answer(service, request, rest)


def _accounts(service: Service, request: Request, rest: list[str]) -> Answer:
    if not rest:
        return json_answer([_summary(each) for each in service.accounts.values()])
    account, what = service.accounts[rest[0]], rest[1] if len(rest) > 1 else ""
    with service.lock:
        if what == "deeds" and request.method == "POST":
            return _deed(account, request)
        if what == "contacts":
            found = account.contact(rest[2])
            return json_answer(found, status=200 if found else 404)
        if what == "members":
            return json_answer(account.members(int(rest[2])))
        return json_answer(_summary(account))


def _deed(account: Account, request: Request) -> Answer:
    told = request.content
    book = told.get("address_book_id", 0)
    carry_out(account, told["deed"], email=told["email"], address_book_id=book)
    return json_answer(account.contact(told["email"]))


def _summary(account: Account) -> dict[str, Any]:
    with account.lock:
        books = account.state.address_books.values()
        return {
            "user": account.user,
            "name": account.state.name,
            "region": account.state.region,
            "contacts": len(account.people),
            "address_books": [as_json(account, each) for each in books],
            "data_fields": list(account.state.data_fields),
        }


def _faults(service: Service, request: Request, _: list[str]) -> Answer:
    if request.method == "POST":
        told = request.content
        name = told.pop("name", None)
        fault = msgspec.convert(told, Fault)
        service.faults.add(Fault.named(name, **told) if name else fault)
    if request.method == "DELETE":
        service.faults.clear()
    return json_answer(service.faults.left())


def _switches(service: Service, request: Request, _: list[str]) -> Answer:
    if request.method == "POST":
        wanted = msgspec.to_builtins(service.switches) | request.content
        turned = msgspec.convert(wanted, type(service.switches), strict=True)
        for name in request.content:
            setattr(service.switches, name, getattr(turned, name))
    return json_answer(service.switches)


def _clock(service: Service, request: Request, _: list[str]) -> Answer:
    if request.method == "POST":
        service.clock.advance(float(request.content["advance"]))
    return json_answer({"now": service.clock.now()})


def _requests(service: Service, request: Request, _: list[str]) -> Answer:
    if request.method == "DELETE":
        service.requests.clear()
    last = int(request.query.get("last", SHOWN))
    rows = [_logged(each) for each in service.requests[-last:]]
    return json_answer(
        {"count": len(service.requests), "dangers": service.requests.dangers, "requests": rows}
    )


def _logged(request: Request) -> dict[str, Any]:
    return {
        "at": request.at,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "status": request.status,
        "user": request.user,
        "body": request.body.decode("utf-8", "replace"),
    }


SUBJECTS: Final[dict[str, Callable[[Service, Request, list[str]], Answer]]] = {
    "accounts": _accounts,
    "faults": _faults,
    "switches": _switches,
    "clock": _clock,
    "requests": _requests,
}
