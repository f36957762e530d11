"""One slice of work on a claimed store, with its clients."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from integrationhub.clients import ApiErrors, bigcommerce_client, dotdigital_client, reason_of
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Store, SyncRun
from integrationhub.reasons import Reason
from integrationhub.sync.lease import Lease
from integrationhub.sync.run import SCHEDULED, Start, carry_out, give_up


def work_on(
    lease: Lease,
    *,
    now: Callable[[], datetime],
    ends_at: datetime | None = None,
    start: Start = SCHEDULED,
) -> SyncRun:
    """Work on the store that `lease` is for until its run ends or the slice is over."""
    store = Store.objects.select_related("account").get(pk=lease.store_id)
    try:
        source, destination = bigcommerce_client(store), dotdigital_client(store.account)
    except (SecretUnreadableError, *ApiErrors) as error:
        is_lost = isinstance(error, SecretUnreadableError)
        reason = Reason.SECRET_UNREADABLE if is_lost else reason_of(error)
        return give_up(store, lease=lease, reason=reason, detail=str(error), now=now())
    with closing(source), closing(destination):
        return carry_out(
            store,
            lease=lease,
            source=source,
            destination=destination,
            now=now,
            ends_at=ends_at,
            start=start,
        )
