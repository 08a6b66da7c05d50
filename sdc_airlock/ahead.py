"""Work done ahead of its use by threads: what an iterator gives next, and a function of many items, both in their order.

Only work that leaves the interpreter alone gains by it: inflating, parsing and arithmetic over whole columns.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_THREADS = 2
_WAITING = 3
_OFTEN = 0.2


def ahead(items: Iterable[_Item], most: int = _WAITING) -> Iterator[_Item]:
    """The same items, taken by a thread of its own while earlier ones are worked on.

    Args:
        items: Used by that thread alone until the end.
        most: Items that may wait.

    Raises:
        BaseException: whatever taking an item raises, in its place.
    """
    waiting: queue.Queue[tuple[_Item | None, BaseException | None, bool]] = queue.Queue(most)
    over = threading.Event()

    def put(entry: tuple[_Item | None, BaseException | None, bool]) -> bool:
        while not over.is_set():
            try:
                waiting.put(entry, timeout=_OFTEN)
            except queue.Full:
                continue
            return True
        return False

    def take() -> None:
        try:
            for item in items:
                if not put((item, None, False)):
                    return
        except BaseException as error:  # noqa: BLE001 - it is raised where the item is wanted
            put((None, error, True))
        else:
            put((None, None, True))

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        while True:
            item, error, last = waiting.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc] # an entry that is neither an error nor the last holds an item
    finally:
        over.set()
        thread.join()


def in_order(function: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
    """What a function gives for each item, in the order of the items, a few of them worked out ahead.

    Raises:
        BaseException: whatever the function or taking an item raises, in its place.
    """
    pool = ThreadPoolExecutor(_THREADS)
    waiting: deque[Future[_Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


__all__ = ["ahead", "in_order"]
