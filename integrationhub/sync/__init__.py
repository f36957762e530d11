"""The engine: one pass over one store, in slices, under a lease."""

from integrationhub.sync.foretell import foretold
from integrationhub.sync.lease import Lease, LeaseLostError, claim_store
from integrationhub.sync.preview import ask
from integrationhub.sync.run import Start, carry_out
from integrationhub.sync.slices import work_on
from integrationhub.sync.turns import Turns, claim, is_any_due

__all__ = [
    "Lease",
    "LeaseLostError",
    "Start",
    "Turns",
    "ask",
    "carry_out",
    "claim",
    "claim_store",
    "foretold",
    "is_any_due",
    "work_on",
]
