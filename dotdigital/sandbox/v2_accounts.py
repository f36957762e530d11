"""v2: the account itself, the server's clock and data fields."""

from typing import Any

import msgspec

from dotdigital.sandbox import data_fields
from dotdigital.sandbox.answers import Answer, in_pascal_case, json_answer, v2_refusal
from dotdigital.sandbox.clock import written
from dotdigital.sandbox.limits import HIGH, LOW, MEDIUM
from dotdigital.sandbox.routing import Routes, Visit

routes = Routes()


def v2_answer(visit: Visit, content: Any, *, status: int = 200) -> Answer:
    """JSON, in the case this Dotdigital spells its keys in."""
    switches = visit.account.switches
    return json_answer(
        in_pascal_case(content) if switches.is_pascal_case else content, status=status
    )


@routes.on("GET", r"/v2/account-info/?", HIGH)
def account_info(visit: Visit) -> Answer:
    """Everything in strings, to be looked up by name."""
    state, calls = visit.account.state, visit.calls_in_last_hour
    told = visit.endpoint + "/" if state.told_endpoint is None else state.told_endpoint
    properties = {
        "Name": state.name,
        "MainEmail": state.email,
        "ApiCallsInLastHour": str(calls),
        "ApiCallsRemaining": str(max(0, visit.account.switches.calls_an_hour - calls)),
        "ApiEndpoint": told,
        "TimeZoneIana": "Europe/London",
    }
    rows = [{"name": name, "type": "String", "value": text} for name, text in properties.items()]
    return v2_answer(visit, {"id": state.id, "properties": rows})


@routes.on("GET", r"/v2/server-time/?", HIGH)
def server_time(visit: Visit) -> Answer:
    """A JSON string or plain text: the documents have both."""
    now = written(visit.account.clock.now())
    if visit.account.switches.server_time_is_json:
        return json_answer(now)
    return Answer(body=now.encode(), content_type="text/plain")


@routes.on("POST", r"/v2/accounts/empty-recycle-bin/?", MEDIUM)
def empty_recycle_bin(visit: Visit) -> Answer:
    """Everything in the bin is gone for good."""
    contacts = visit.account.state.contacts
    for contact in [each for each in contacts.values() if each.is_binned]:
        visit.account.people.forget(contact)
    return Answer(status=202)


@routes.on("GET", r"/v2/data-fields/?", HIGH)
def list_data_fields(visit: Visit) -> Answer:
    """All in one array."""
    rows = [data_fields.as_json(each) for each in visit.account.state.data_fields.values()]
    return v2_answer(visit, rows)


@routes.on("POST", r"/v2/data-fields/?", MEDIUM)
def create_data_field(visit: Visit) -> Answer:
    """A new one."""
    state, switches = visit.account.state, visit.account.switches
    made = data_fields.create(state, visit.fields, limit=switches.data_field_limit)
    return v2_answer(visit, data_fields.as_json(made), status=switches.created_status)


@routes.on("DELETE", r"/v2/data-fields/([^/]+)", LOW)
def delete_data_field(visit: Visit, name: str) -> Answer:
    """The field and everything in it."""
    if visit.account.state.data_fields.pop(name.upper(), msgspec.UNSET) is msgspec.UNSET:
        raise v2_refusal("ERROR_DATAFIELD_NOTFOUND", status=404)
    return v2_answer(visit, {"result": True, "dependencies": []})
