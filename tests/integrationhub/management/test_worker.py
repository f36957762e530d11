"""`manage.py worker`, as real processes that are killed."""

import os
import signal
import subprocess

import pytest

from tests.processes import children, eventually, living

QUEUE_A_JOB = 'from django_q.tasks import async_task; async_task("math.sqrt", 4)'
DONE = "Processed 'math.sqrt'"


@pytest.fixture
def worker(hub):
    program = hub.start("worker")
    eventually(lambda: "ready for work" in hub.log and " running." in hub.log, why="not up")
    return program


def family(program: "subprocess.Popen[bytes]") -> dict[str, int]:
    """The processes of a cluster by what they do; workers are the first to be forked."""
    (leader,) = children(program.pid)
    (sentinel,) = children(leader)
    worker, *_, pusher = sorted(children(sentinel))
    return {"leader": leader, "sentinel": sentinel, "worker": worker, "pusher": pusher}


@pytest.mark.parametrize("victim", ["worker", "pusher", "sentinel", "leader"])
def test_a_killed_process_does_not_keep_the_next_job_from_running(hub, worker, victim):
    processes = family(worker)

    os.kill(processes[victim], signal.SIGKILL)
    eventually(lambda: not living(processes.values()), why="somebody lives on")
    hub.shell(QUEUE_A_JOB)

    eventually(lambda: DONE in hub.log, why="the job was not done")


def test_sigterm_ends_the_worker_and_leaves_nobody_behind(hub, worker):
    processes = family(worker)

    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(15) == 0
    assert not living(processes.values())


def test_the_cluster_ends_when_its_parent_is_killed(hub, worker):
    processes = family(worker)

    worker.kill()
    worker.wait()

    eventually(lambda: not living(processes.values()), within=5)


def test_the_worker_makes_the_schedules_it_needs(hub, worker):
    assert "as it should be" in hub.run("schedule_jobs").stdout


def test_a_worker_without_a_database_says_so(hub):
    done = hub.run("worker", "--unsupervised", DATABASE_URL="postgres://hub@127.0.0.1:1/none")

    assert done.returncode == 1
    assert "is the database there, and migrated?" in done.stderr
    assert "Traceback" not in done.stderr
