"""Several walks read at the same time, each by a thread of its own; the caller sees one stream."""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, Generic, TypeVar

ItemT = TypeVar("ItemT")
WAIT_SECONDS = 0.05


def at_once(calls: Sequence[Callable[[], ItemT]]) -> list[ItemT]:
    """What each of a few calls answers, all made at the same time; raises what one of them does."""
    if len(calls) < 2:
        return [call() for call in calls]
    with ThreadPoolExecutor(len(calls), thread_name_prefix="reader") as pool:
        return list(pool.map(lambda call: call(), calls))


class Crew(Generic[ItemT]):
    """Threads that only fetch; what they fetch, and what stops them, comes to one reader.

    A thread is at most one item ahead of the queue, and the queue holds one for each thread.
    """

    def __init__(self, walks: Sequence[Iterator[ItemT]]) -> None:
        self._walks = walks
        self._items: Queue[tuple[int, ItemT | Exception | None]] = Queue(maxsize=len(walks))
        self._is_over = Event()
        self._threads = [
            Thread(target=self._read, args=(number,), daemon=True, name=f"reader {number}")
            for number in range(len(walks))
        ]

    def items(self) -> Generator[list[tuple[int, ItemT]], None, None]:
        """Whatever has been fetched by now, each with the number of its walk.

        What came before a fault is handed over before it is raised. Closing this ends the threads.
        """
        left = len(self._walks)
        try:
            for thread in self._threads:
                thread.start()
            while left:
                told = self._told()
                left -= sum(item is None for _, item in told)
                if found := [(number, item) for number, item in told if _is_fetched(item)]:
                    yield found
                for _, item in told:
                    if isinstance(item, Exception):
                        raise item
        finally:
            self._end()

    def _told(self) -> list[tuple[int, Any]]:
        """Wait for something, and take what else is there."""
        told = [self._items.get()]
        with suppress(Empty):
            while not isinstance(told[-1][1], Exception):
                told.append(self._items.get_nowait())
        return told

    def _read(self, number: int) -> None:
        try:
            for item in self._walks[number]:
                self._hand_over(number, item)
                if self._is_over.is_set():
                    return
            self._hand_over(number, None)
        except Exception as error:  # noqa: BLE001 - raised again where the items are read
            self._hand_over(number, error)

    def _hand_over(self, number: int, item: ItemT | Exception | None) -> None:
        self._items.put((number, item))

    def _end(self) -> None:
        """Let every thread come to its end; what it still hands over is thrown away."""
        self._is_over.set()
        for thread in filter(Thread.is_alive, self._threads):
            while thread.is_alive():
                self._throw_away()
                thread.join(WAIT_SECONDS)

    def _throw_away(self) -> None:
        with suppress(Empty):
            while True:
                self._items.get_nowait()


def _is_fetched(item: object) -> bool:
    return item is not None and not isinstance(item, Exception)
