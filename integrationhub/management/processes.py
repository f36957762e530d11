"""Programs run as child processes, watched over, and ended together without an orphan."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0  # seconds after which a death is news again, not one more of a row
LONGEST_LOOK = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A command that has to run all the time, and how long it may take to end by itself."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    log: Path | None = None  # where its output goes; without one, where ours goes
    grace_seconds: float = 10.0


class Signals:
    """Notices in the main thread that somebody asks to stop, or that a child has ended."""

    def __init__(self) -> None:
        """Nothing has been asked yet."""
        self.is_stopping = False

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """Take the signals over for as long as the block lasts."""
        self._ear, mouth = socket.socketpair()
        self._ear.settimeout(0)
        mouth.settimeout(0)
        wakeup = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        kept = {number: signal.signal(number, self._stop) for number in _STOPS}
        kept[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup)
            self._ear.close()
            mouth.close()

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or at once when a signal comes."""
        readable, _, _ = select.select([self._ear], [], [], max(seconds, 0.0))
        if readable:
            self._ear.recv(4096)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True


_STOPS = (signal.SIGINT, signal.SIGTERM)


class Child:
    """One program: started in a session of its own, and again, ever later, when it dies."""

    def __init__(self, program: Program, *, say: Callable[[str], None]) -> None:
        """Remember what to run; nothing is started yet."""
        self.program = program
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._started_at = self._starts_at = 0.0

    @property
    def is_running(self) -> bool:
        """Whether the program is there."""
        return self._process is not None and self._process.poll() is None

    def look(self) -> float:
        """Start the program if it is time to; return in how many seconds to look again."""
        if self.is_running:
            return LONGEST_LOOK
        if self._process is not None:
            self._bury(self._process)
        pause = self._starts_at - time.monotonic()
        if pause > 0:
            return pause
        self._start()
        return LONGEST_LOOK

    def ask_to_end(self) -> None:
        """Ask the program, and not what it started, to end."""
        if self.is_running and self._process:
            self._process.terminate()

    def end(self, *, before: float) -> None:
        """Wait for the program until `before`, then put an end to it and all that it started."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(before - time.monotonic(), 0.0))
        kill_session(self._process)

    def _start(self) -> None:
        self._started_at = time.monotonic()
        self._process = start(self.program)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """Put an end to what a dead program left behind, and choose when to start it again."""
        kill_session(process)
        self._process = None
        lived = time.monotonic() - self._started_at
        self._deaths = 1 if lived > STEADY_AFTER else self._deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (self._deaths - 1), LONGEST_PAUSE)
        self._starts_at = time.monotonic() + pause
        self._say(f"{self.program.name} has ended ({process.returncode}); again in {pause:g} s")


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; its stdin ends when this process does."""
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(_output(program.log)) if program.log else None
        return subprocess.Popen(  # noqa: S603 - our own commands, and no shell
            program.command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            cwd=program.directory,
            env={**os.environ, **program.environment},
            start_new_session=True,
        )


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Put an end to a program and to everything that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def run_to_its_end(program: Program, *, signals: Signals) -> int:
    """Run a program once and return its exit status; asked to stop, ask it to stop too."""
    process = start(program)
    try:
        while process.poll() is None and not signals.is_stopping:
            signals.wait(LONGEST_LOOK)
        if process.poll() is None:
            process.terminate()
        return process.wait(program.grace_seconds if signals.is_stopping else None)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        kill_session(process)


def become(program: Program) -> NoReturn:
    """Run a program instead of this process: its terminal, its signals and its exit status."""
    environment = {**os.environ, **program.environment}
    os.execve(program.command[0], [*program.command], environment)  # noqa: S606 - our own


def told_by(program: Program) -> str:
    """Run a program to its end, and return what it says. Raises CalledProcessError."""
    done = subprocess.run(  # noqa: S603 - our own commands, and no shell
        program.command,
        capture_output=True,
        check=True,
        cwd=program.directory,
        env={**os.environ, **program.environment},
        text=True,
    )
    return done.stdout


def _output(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("ab")


class Family:
    """Programs that run together until somebody asks this process to stop."""

    def __init__(self, *, signals: Signals, say: Callable[[str], None]) -> None:
        """Begin with no program."""
        self._signals, self._say = signals, say
        self._children: list[Child] = []

    def start(self, program: Program) -> None:
        """Start one more program, and keep it running from now on."""
        child = Child(program, say=self._say)
        self._children.append(child)
        child.look()

    def watch(self, *, until: Callable[[], bool] = lambda: False, every: float = 5.0) -> None:
        """Restart whatever dies, until somebody asks to stop or `until` holds."""
        while not self._signals.is_stopping and not until():
            pause = min(child.look() for child in self._children)
            self._signals.wait(min(pause, every))

    def end(self) -> None:
        """End every program: all are asked at once, and each is given its time."""
        began = time.monotonic()
        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.end(before=began + child.program.grace_seconds)
