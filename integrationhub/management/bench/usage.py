"""What this process has used since a moment: seconds of CPU and of the clock, and its peak memory.

Imports nothing of Django, because the bare loop is measured by it too.
"""

import gc
import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Fill in, at the end, `wall` and `cpu` in seconds and `memory` in MB above what was held."""
    gc.collect()
    held, used = _begin_peak(), {"wall": 0.0, "cpu": 0.0, "memory": 0.0}
    wall, cpu = time.perf_counter(), time.process_time()
    yield used
    used["cpu"] = time.process_time() - cpu
    used["wall"] = time.perf_counter() - wall
    used["memory"] = _peak() - held


def tell(report: object) -> None:
    """Write a report for the process that has started this one."""
    sys.stdout.write(json.dumps(report) + "\n")


def _begin_peak() -> float:
    """Return what is held now; where the system lets us, the peak is counted from here."""
    if not _STATUS.exists():
        return _peak()
    _RESET.write_text(RESET_PEAK)
    return _status("VmRSS")


def _peak() -> float:
    if _STATUS.exists():
        return _status("VmHWM")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000


def _status(name: str) -> float:
    lines = _STATUS.read_text().splitlines()
    told = next(line for line in lines if line.startswith(f"{name}:"))
    return int(told.split()[1]) * 1024 / 1_000_000
