"""A store, an account and the hub between them, to which anything may happen in any order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from integrationhub.models import Store, SyncRun
from tests.integrationhub.sync.faults import worlds
from tests.integrationhub.sync.model.words import (
    CLICK,
    NO_TO_ALL,
    NO_TO_BUYERS,
    NO_TO_READERS,
    YES,
    Words,
)

PEOPLE = ("ann@shop.example", "Bob@Shop.example", "cleo@shop.example", "DAN@SHOP.EXAMPLE")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CANCELLED, COMPLETED = 5, 10
SHOP_FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"act": "drop-after"},
    {"act": "truncate"},
    {"status": 429, "headers": {"X-Rate-Limit-Time-Reset-Ms": "1"}},
)
MAIL_FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"drop": True, "after_work": True},
    {"cut": True},
    {"status": 429},
)


class Town:
    """One history; each method is something that somebody does, a minute after the last."""

    def __init__(self, name: str, servers: Any, *, is_challenging: bool) -> None:
        """Connect a new store and account at noon."""
        self.servers, self.words = servers, Words()
        self.set_clocks(NOON)
        shop = servers.shop.add_store(name, access_token=f"token-{name}", name=name)
        user = f"{name}@apiconnector.com"
        mail = servers.mail.add_account(user=user, password=name, name=name)
        self.world = worlds.connect(shop, mail, self.now())
        Store.objects.filter(pk=self.world.store_id).update(
            safety_number=1000, is_challenging_resubscribers=is_challenging
        )
        self.shop, self.mail, self.is_challenging = shop, mail, is_challenging

    def now(self) -> datetime:
        """The time on every clock."""
        found: datetime = self.servers.shop.clock.now()
        return found

    def set_clocks(self, moment: datetime) -> None:
        """Put both vendors' clocks to one time."""
        self.servers.shop.clock.set(moment)
        self.servers.mail.clock.advance((moment - self.servers.mail.clock.now()).total_seconds())

    def later(self, step: timedelta = MINUTE) -> None:
        """Let time pass everywhere."""
        self.servers.shop.clock.advance(step)
        self.servers.mail.clock.advance(step.total_seconds())

    # What shoppers and the merchant do.

    def subscribe(self, who: str) -> None:
        """Sign up, or sign up again."""
        record = self.shop.subscriber(who)
        is_news = record is None or worlds.NEWSLETTER not in record.consents
        self.shop.subscribe(who)
        self.words.subscribed[who.lower()] = True
        if is_news:
            self.words.say(who.lower(), YES)

    def unsubscribe(self, who: str) -> None:
        """Unsubscribe in the storefront."""
        if self.shop.subscriber(who):
            self.shop.unsubscribe(who)
            self.words.subscribed[who.lower()] = False

    def delete_subscriber(self, who: str) -> None:
        """The merchant deletes the record."""
        self.shop.delete_subscriber(who)
        self.words.subscribed.pop(who.lower(), None)

    def rename(self, who: str) -> None:
        """The name on the subscriber's record is edited, which is no new opt-in."""
        if self.shop.subscriber(who):
            self.shop.edit_subscriber(who, first_name=f"At {self.now():%H:%M}")

    def move(self, who: str) -> None:
        """The address on the subscriber's record is edited."""
        new = f"new.{who}"
        if self.shop.subscriber(who) and not self.shop.subscriber(new):
            self.shop.edit_subscriber(who, email=new)
            self.words.move(who.lower(), new.lower())

    def order(self, who: str) -> None:
        """Buy, with the account if there is one."""
        account = self.shop.customer_by_email(who)
        if account:
            self.shop.place_order(customer_id=account.id)
        else:
            self.shop.place_order(who)

    def cancel(self, who: str) -> None:
        """All orders of one person are cancelled."""
        account = self.shop.customer_by_email(who)
        for order in self.shop.orders_of(who, account.id if account else 0):
            self.shop.set_order_status(order.id, CANCELLED)

    def join(self, who: str) -> None:
        """Open an account in the store."""
        if not self.shop.customer_by_email(who):
            self.shop.add_customer(who)

    def close(self, who: str) -> None:
        """The merchant deletes the account in the store."""
        if account := self.shop.customer_by_email(who):
            self.shop.delete_customer(account.id)

    # What people do in Dotdigital.

    def leave(self, who: str) -> None:
        """Unsubscribe from everything, by the link in a mail."""
        self._leave(who, NO_TO_ALL, lambda: self.mail.unsubscribe(who))

    def complain(self, who: str) -> None:
        """Mark a mail as spam."""
        self._leave(who, NO_TO_ALL, lambda: self.mail.complain(who))

    def leave_readers(self, who: str) -> None:
        """Unsubscribe from the subscribers' book."""
        book = self.world.books[0]
        self._leave(who, NO_TO_READERS, lambda: self.mail.unsubscribe_from(book, who))

    def leave_buyers(self, who: str) -> None:
        """Unsubscribe from the customers' book."""
        book = self.world.books[1]
        self._leave(who, NO_TO_BUYERS, lambda: self.mail.unsubscribe_from(book, who))

    def _leave(self, who: str, word: str, leave: Callable[[], None]) -> None:
        if self.mail.contact(who):
            leave()
            self.words.say(who.lower(), word)

    def click(self, who: str) -> None:
        """Click the link in Dotdigital's mail, if one has come."""
        if self.mail.contact(who) and self.mail.known(who).challenges:
            self.mail.confirm_resubscription(who)
            self.words.say(who.lower(), CLICK)

    # What the hub does.

    def run(self) -> SyncRun:
        """One run, to whatever end."""
        run = self.world.run(self.now)
        if run.status == SyncRun.Status.COMPLETED:
            self.words.settle()
        return run

    def run_broken(self, number: int, kind: int) -> None:
        """A run in which some call fails for good."""
        faults: dict[str, Any] = {"skip": number, "times": 3}
        if kind < len(SHOP_FAULTS):
            self.servers.shop.faults.add(ShopFault(**SHOP_FAULTS[kind], **faults))
        else:
            self.servers.mail.faults.add(MailFault(**MAIL_FAULTS[kind % 4], **faults))
        self.run()
        self.servers.cure()

    def run_while_leaving(self, number: int, who: str) -> None:
        """A run in the middle of which somebody unsubscribes in Dotdigital."""
        self.servers.at_request(number, lambda: self.leave(who))
        self.run()
        self.servers.at_request(0, None)

    def run_a_day_later(self) -> None:
        """A run that reads everything again."""
        self.later(timedelta(hours=49))
        self.run()
