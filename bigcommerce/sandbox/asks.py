"""A request as the API's endpoints see it: the shop, the query, the body."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from bigcommerce.sandbox.answers import refused, refused_v3
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.switches import Switches

DOCUMENTED_LIMIT = 250
DEFAULT_PAGE = 50


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter, decoded, and as it was written."""

    value: str
    written: str

    @property
    def has_encoded_colon(self) -> bool:
        """Whether a colon was percent-encoded, which switches some filters off."""
        return "%3a" in self.written.lower()


def parse_query(query: str) -> dict[str, Parameter]:
    """The parameters by decoded name; the last of a name counts."""
    found = {}
    for part in filter(None, query.split("&")):
        name, _, written = part.partition("=")
        found[unquote_plus(name)] = Parameter(unquote_plus(written), written)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request to one shop; `ids` are those named in the path."""

    shop: Shop
    version: str
    parameters: dict[str, Parameter]
    body: bytes
    ids: tuple[int, ...] = ()

    @property
    def switches(self) -> Switches:
        """How the open questions stand."""
        return self.shop.switches

    def value(self, name: str) -> str | None:
        """A parameter's decoded text."""
        found = self.parameters.get(name)
        return found.value if found else None

    def known(self, *names: str) -> None:
        """Refuse any parameter but these, as the vendor does."""
        unknown = [name for name in self.parameters if name not in names]
        if not unknown:
            return
        if self.version == "v2":
            text = f"The field '{unknown[0]}' is not supported by this resource."
            raise refused("v2", 400, text)
        title = f"The filter(s): {', '.join(unknown)} are not valid filter parameter(s)."
        raise refused_v3(422, title)

    def number(self, name: str, default: int) -> int:
        """A parameter that must be a whole number."""
        text = self.value(name)
        try:
            return default if text is None else int(text)
        except ValueError:
            title = f'Query parameter "{name}" value must be integer. For input string: "{text}".'
            raise refused(self.version, 422, title) from None

    def limit(self) -> int:
        """Rows to a page; what happens above the documented 250 is an open question."""
        limit = self.number("limit", DEFAULT_PAGE)
        if limit > DOCUMENTED_LIMIT and self.switches.limit_above_250 == "refuse":
            raise refused(self.version, 413, "Too many objects requested.")
        return max(1, min(limit, self.switches.largest_page))

    def texts(self, name: str) -> set[str] | None:
        """A comma list, folded."""
        text = self.value(name)
        return None if text is None else {each.strip().lower() for each in text.split(",")}

    def numbers(self, name: str) -> set[int] | None:
        """A comma list of whole numbers."""
        text = self.value(name)
        if text is None:
            return None
        try:
            return {int(each) for each in text.split(",")}
        except ValueError:
            raise refused(self.version, 422, f"{name} must be a list of integers.") from None

    def moment(self, name: str) -> datetime | None:
        """A date in any form the API takes; one without a zone is UTC."""
        text = self.value(name)
        if text is None:
            return None
        try:
            return parse_moment(text)
        except ValueError:
            raise refused(self.version, 422, f"{name} is not a date.") from None

    def json(self) -> Any:
        """The body's JSON."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            raise refused(self.version, 400, "Input is invalid") from None


def parse_moment(text: str) -> datetime:
    """ISO-8601, RFC-2822 or a UNIX timestamp; ValueError for anything else."""
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
