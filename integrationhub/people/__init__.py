"""One person of a store: where they stand and why, in words; and reading them anew on demand."""

from integrationhub.people.answers import Answer, answers_of, spoken
from integrationhub.people.known import Known, found, known_by_address
from integrationhub.people.live import Side, ask_bigcommerce, ask_dotdigital
from integrationhub.people.requests import RequestRefusedError, request_contact
from integrationhub.people.timeline import Event, timeline_of

__all__ = [
    "Answer",
    "Event",
    "Known",
    "RequestRefusedError",
    "Side",
    "answers_of",
    "ask_bigcommerce",
    "ask_dotdigital",
    "found",
    "known_by_address",
    "request_contact",
    "spoken",
    "timeline_of",
]
