"""One django-q2 cluster that ends as a whole when a death could leave it hanging.

It leans on two names of django-q2's inside, `Sentinel` and `reincarnate`, so pyproject.toml pins
its version and a test kills real processes. Why: a worker, pusher or monitor that is killed may
hold the lock of a queue shared by all, and then nobody would ever get a job again.
"""

import logging
import os
import signal
import threading
from multiprocessing.process import BaseProcess

from django_q import cluster as django_q_cluster

log = logging.getLogger(__name__)
TIMED_OUT, RECYCLED = 0, -2
CRASHED = 70
STDIN = 0


class CrashOnlySentinel(django_q_cluster.Sentinel):  # type: ignore[misc]  # it ships no types
    """Ends everything when a process dies by a signal while it may hold a shared lock."""

    def reincarnate(self, process: BaseProcess) -> None:
        """Replace a process that ended in good order; otherwise end the whole cluster."""
        if _was_killed(process) and (self._is_auxiliary(process) or _is_idle(process)):
            log.critical("%s was killed; this cluster ends and starts anew", process.name)
            self._kill_all()
            os._exit(CRASHED)
        super().reincarnate(process)

    def _is_auxiliary(self, process: BaseProcess) -> bool:
        return process in (self.monitor, self.pusher)

    def _kill_all(self) -> None:
        for process in (*self.pool, self.monitor, self.pusher):
            if process is not None and process.is_alive():
                process.kill()


def _was_killed(process: BaseProcess) -> bool:
    return process.exitcode is not None and process.exitcode < 0


def _is_idle(process: BaseProcess) -> bool:
    """Return whether this worker was waiting for a job; its timer counts down while it works."""
    timer = process.timer.value  # type: ignore[attr-defined]  # django-q2 hangs it on the process
    return timer <= 0 and timer not in (TIMED_OUT, RECYCLED)


def run_cluster(*, is_ending_with_stdin: bool) -> None:
    """Run a cluster until SIGTERM; a crash ends this whole process group at once.

    A parent that holds the other end of our stdin can have the cluster end with it.
    """
    django_q_cluster.Sentinel = CrashOnlySentinel
    if os.getpid() != os.getpgrp():
        os.setpgid(0, 0)
    cluster = django_q_cluster.Cluster()
    cluster.start()
    if is_ending_with_stdin:  # a thread only now: a process with threads is better not forked
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    cluster.sentinel.join()
    if cluster.sentinel.exitcode:
        _end_group()


def _end_with_stdin() -> None:
    while os.read(STDIN, 1024):
        pass
    _end_group()


def _end_group() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)
