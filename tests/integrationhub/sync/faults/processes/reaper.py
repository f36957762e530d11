"""Death, or sleep, at a chosen call: the vendors see every one, so they choose the moment."""

import os
import signal
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from django.db import connection, transaction

from bigcommerce.sandbox.faults import Fault as ShopFault
from dotdigital.sandbox.faults import Fault as MailFault
from integrationhub.models import Store

# Killed before the call has any effect; after it, and before its answer is out; after the answer,
# and before anything is written down; and as the first again, with slices of a page each.
UNHEARD, UNANSWERED, UNWRITTEN, SLICED = "unheard", "unanswered", "unwritten", "sliced"
WAYS = (UNHEARD, UNANSWERED, UNWRITTEN, SLICED)
LONG_ENOUGH_TO_READ_AN_ANSWER = 0.1
Deed = Callable[[int], object]


class Reaper:
    """Counts the calls of both vendors, and kills the worker at one of them."""

    def __init__(self, shop_server: Any, mail_server: Any) -> None:
        """Listen to both; nobody is to be killed yet."""
        self._shop_server, self._mail_server = shop_server, mail_server
        self._lock, self._calls_left, self._chosen = threading.Lock(), 0, None
        self._victims: SimpleQueue[int] = SimpleQueue()
        self._way: str | Deed = UNHEARD
        self.calls, self.has_struck = 0, False
        shop_server.on_request(lambda entry: self._asked(entry, self._lose_for_shop))
        shop_server.on_request(self._worked, when="after")
        mail_server.on_request(self._hear_mail)

    def aim(self, *, call: int, way: str | Deed) -> None:
        """Kill whoever makes the call of this number, counted from one, and from now on.

        Or do something else to that worker, before it hears the answer.
        """
        self._way, self._chosen, self._victims = way, None, SimpleQueue()
        self._calls_left, self.calls, self.has_struck = call, 0, False

    def meet(self, pid: int) -> None:
        """Get to know the worker that is going to make the calls."""
        self._victims.put(pid)

    def rest(self) -> None:
        """Kill nobody any more, and only go on counting."""
        self._calls_left = 0

    def _hear_mail(self, request: Any, moment: str) -> None:
        if moment == "before":
            self._asked(request, self._lose_for_mail)
        else:
            self._worked(request)

    def _asked(self, call: Any, lose: Any) -> None:
        with self._lock:
            self.calls += 1
            self._calls_left -= 1
            if self._calls_left:
                return
            self._chosen = call
        if self._way in {UNHEARD, SLICED}:
            self._kill()
            lose()

    def _worked(self, call: Any) -> None:
        if call is not self._chosen:
            return
        if callable(self._way):
            self._way(self._victims.get(timeout=10))
        if self._way == UNANSWERED:
            self._kill()
        if self._way == UNWRITTEN:
            freeze(LONG_ENOUGH_TO_READ_AN_ANSWER, then=self._kill)
        self.has_struck = True

    def _kill(self) -> None:
        pid = self._victims.get(timeout=10)
        os.kill(pid, signal.SIGKILL)
        while _is_there(pid):
            time.sleep(0.001)

    def _lose_for_shop(self) -> None:
        self._shop_server.faults.add(ShopFault(act="drop", times=1))

    def _lose_for_mail(self) -> None:
        self._mail_server.faults.add(MailFault.named("lost request"))


def freeze(seconds: float, *, then: Callable[[], None] = lambda: None) -> None:
    """From now on let nobody write for a while, and do something just before that is over."""
    is_frozen = threading.Event()
    threading.Thread(target=_hold, args=(seconds, is_frozen, then)).start()
    is_frozen.wait()


def _hold(seconds: float, is_frozen: threading.Event, then: Callable[[], None]) -> None:
    with transaction.atomic():
        list(Store.objects.select_for_update())
        is_frozen.set()
        time.sleep(seconds)
        then()
    connection.close()


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
