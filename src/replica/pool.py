"""Many small tasks in processes of this machine, with one thread each."""

import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from importlib import import_module
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

__all__ = ["as_they_end"]

T = TypeVar("T")


def as_they_end(
    function: Callable[..., T], tasks: Iterable[tuple[Any, ...]], processes: int, modules: Sequence[str] = ()
) -> Iterator[T]:
    """What a function returns of each task, in the order in which they end.

    Args:
        function: Of a module, so that another process finds it.
        tasks: The arguments of each call; the first ones are begun first.
        processes: How many at a time. With 1, all is done in this process, and in order.
        modules: What the function imports, by name.

    Raises:
        Exception: What a task raises; those that have not begun are then left undone.
    """
    if processes == 1:
        yield from (function(*task) for task in tasks)
        return
    pool = ProcessPoolExecutor(processes, _fresh(modules), _start, (tuple(modules),))
    try:
        for future in as_completed([pool.submit(function, *task) for task in tasks]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _fresh(modules: Sequence[str]) -> BaseContext:
    """Processes that are no copy of this one, whose libraries may have started threads, which a copy would lack.

    On Linux one process imports what is needed, which takes seconds, and the others begin as copies of that one.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))  # of no effect where a pool of this process has been before
    return context


def _start(modules: Sequence[str]) -> None:
    """Limit what is loaded to one thread; without a module that cannot be imported, a task will say so."""
    for name in modules:
        with suppress(ImportError):
            import_module(name)
    if "cv2" in sys.modules:
        sys.modules["cv2"].setNumThreads(1)
    threadpool_limits(1)
