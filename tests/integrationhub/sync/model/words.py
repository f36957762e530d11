"""The reference model: what each person has said, to the store and to Dotdigital; pure."""

from collections import defaultdict
from dataclasses import dataclass, field

YES, NO_TO_ALL, NO_TO_READERS, NO_TO_BUYERS, CLICK = "yes", "all", "readers", "buyers", "click"


@dataclass
class Words:
    """Who said what in which order; the order is that of the events, not of anybody's clock."""

    turn: int = 0
    said: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    subscribed: dict[str, bool] = field(default_factory=dict)
    # Addresses that a record had before, until a run has had the time to follow.
    former: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    moved: set[str] = field(default_factory=set)

    def say(self, email: str, word: str) -> None:
        """Somebody says something; a no counts for who is known under another address now."""
        self.turn += 1
        names = {email}
        if word not in {YES, CLICK}:
            names |= {new for new, old in self.former.items() if email in old}
        for name in names:
            self.said[name].append((self.turn, word))

    def move(self, old: str, new: str) -> None:
        """A subscriber's record gets another address; what was said goes with it."""
        self.said[new] += self.said[old]
        self.former[new] |= {old} | self.former.pop(old, set())
        self.subscribed[new] = self.subscribed.pop(old)
        self.moved |= {old, new}

    def settle(self) -> None:
        """A run has come to its end: Dotdigital knows the new addresses."""
        self.former.clear()

    def last(self, email: str, *words: str) -> int:
        """When one of these words was said last; 0 if never."""
        return max((turn for turn, word in self.said[email] if word in words), default=0)

    def readers(self) -> set[str]:
        """Whom the shop should count as subscribed, but for what was written back."""
        return {email for email, is_in in self.subscribed.items() if is_in}

    def refuses(self, email: str) -> bool:
        """Whether the latest word on the newsletter is a no given in Dotdigital."""
        no = self.last(email, NO_TO_ALL, NO_TO_READERS)
        return no > self.last(email, YES, CLICK)

    def awaits_click(self, email: str) -> bool:
        """Whether a newer yes came, which the person must confirm by a click in a mail."""
        no = self.last(email, NO_TO_ALL, NO_TO_READERS)
        return bool(no) and no > self.last(email, CLICK) and not self.refuses(email)

    def has_ever_refused(self, email: str) -> bool:
        """Whether a no of any kind was ever given in Dotdigital."""
        return self.last(email, NO_TO_ALL, NO_TO_READERS, NO_TO_BUYERS) > 0
