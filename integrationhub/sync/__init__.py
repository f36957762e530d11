"""The engine: one pass over one store, in slices, under a lease."""

from integrationhub.sync.lease import Lease, LeaseLostError, claim, claim_store, is_any_due
from integrationhub.sync.run import Start, carry_out
from integrationhub.sync.slices import work_on

__all__ = [
    "Lease",
    "LeaseLostError",
    "Start",
    "carry_out",
    "claim",
    "claim_store",
    "is_any_due",
    "work_on",
]
