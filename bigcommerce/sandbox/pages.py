"""The pages on which a person plays the shopper."""

from bigcommerce.sandbox.answers import Answer
from bigcommerce.sandbox.service import Service


class Pages:
    """The pages of every store."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """The page."""
        return Answer(404)
