"""One person of a store: where they stand and why, in words; and reading them anew on demand."""

from integrationhub.people.answers import Answer, answers_of, spoken
from integrationhub.people.facts import differences, facts_of
from integrationhub.people.known import Known, found, known_by_address
from integrationhub.people.live import NOT_ASKED, Side, ask_bigcommerce, ask_dotdigital
from integrationhub.people.requests import RequestRefusedError, refusal, request_contact
from integrationhub.people.timeline import Event, timeline_of

__all__ = [
    "NOT_ASKED",
    "Answer",
    "Event",
    "Known",
    "RequestRefusedError",
    "Side",
    "answers_of",
    "ask_bigcommerce",
    "ask_dotdigital",
    "differences",
    "facts_of",
    "found",
    "known_by_address",
    "refusal",
    "request_contact",
    "spoken",
    "timeline_of",
]
