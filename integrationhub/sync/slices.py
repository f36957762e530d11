"""One slice of work on a claimed store, with its clients."""

import gc
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial

from auditlog.context import disable_auditlog
from django.db import InterfaceError, OperationalError

from integrationhub.clients import (
    ApiErrors,
    bigcommerce_client,
    dotdigital_client_of,
    reason_of,
)
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from integrationhub.sync.lease import Lease, LeaseLostError
from integrationhub.sync.run import SCHEDULED, Start, carry_out, give_up

log = logging.getLogger(__name__)
LONGEST_DETAIL = 500
OBJECTS_OF_A_PAGE = 50_000
READERS_TURN_SECONDS = 0.0005


def work_on(
    lease: Lease,
    *,
    now: Callable[[], datetime],
    ends_at: datetime | None = None,
    start: Start = SCHEDULED,
    is_awaited: bool = False,
) -> SyncRun:
    """Work on the store that `lease` is for until its run ends or the slice is over.

    Where the worker `is_awaited` by other stores, it soon turns away from one that keeps silent.

    This is the edge at which a bug, or data that nobody foresaw, costs one store a run and not
    the worker its life. A database that is out of reach is raised: the lease runs out, and the
    next worker goes on.
    """
    store = Store.objects.select_related("account").get(pk=lease.store_id)
    turn = partial(_work_on, store, lease, now=now, ends_at=ends_at, start=start)
    with disable_auditlog():  # nothing that the engine writes is anybody's activity
        try:
            return turn(is_awaited=is_awaited)
        except (LeaseLostError, OperationalError, InterfaceError):
            raise
        except Exception as error:  # told of in full, and costs this store a run only
            log.exception("store %s: something unexpected", store.pk)
            detail = f"{type(error).__name__}: {error}"[:LONGEST_DETAIL]
            why = Reason.UNEXPECTED
            return give_up(store, lease=lease, reason=why, detail=detail, start=start, now=now())


def _work_on(
    store: Store,
    lease: Lease,
    *,
    now: Callable[[], datetime],
    ends_at: datetime | None,
    start: Start,
    is_awaited: bool,
) -> SyncRun:
    try:
        source = bigcommerce_client(store, is_awaited=is_awaited)
        destination = dotdigital_client_of(store, is_awaited=is_awaited)
    except (SecretUnreadableError, *ApiErrors) as error:
        is_lost = isinstance(error, SecretUnreadableError)
        reason = Reason.SECRET_UNREADABLE if is_lost else reason_of(error)
        detail = str(error)
        return give_up(store, lease=lease, reason=reason, detail=detail, start=start, now=now())
    with closing(source), closing(destination), _rarely_collecting(), _often_taking_turns():
        return carry_out(
            store,
            lease=lease,
            source=source,
            destination=destination,
            now=now,
            ends_at=ends_at,
            start=start,
            is_awaited=is_awaited,
        )


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Look for garbage once a page or so: a page is many objects, and none of them a cycle."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_OF_A_PAGE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _often_taking_turns() -> Iterator[None]:
    """Let a reader's thread that has an answer ask for its next page at once.

    It needs the interpreter several times for each call; by default, the thread that writes the
    ledger gives it away every five milliseconds only, which adds up to as much as a call takes.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(READERS_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
