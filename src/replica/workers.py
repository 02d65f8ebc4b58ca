"""Where the runs of a sweep are computed: processes of this machine, or the workers of a Dask cluster."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from replica.execution import compute, prepare_process
from replica.provenance import code_digest
from replica.runs import AnyRun
from replica.store import Files


class Workers(Protocol):
    """What a sweep asks of either; a context that ends them."""

    def free(self) -> int:
        """How many more runs can start at once."""

    def submit(self, run: AnyRun, inputs: Sequence[Files], unfinished: Path | None) -> "Future[Files]":
        """Start a run; raises ``BrokenProcessPool`` from the future if the worker dies."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


RUNS_OF_A_PROCESS = 40  # TensorFlow keeps every network that it compiled, 40 MB each, until the process ends


class Processes:
    """Processes of this machine, each a pool of its own, so that one that dies takes no other with it.

    They end with the context, and with the process that started them, however it ends.
    """

    def __init__(self, count: int) -> None:
        self._fresh = multiprocessing.get_context("spawn")  # a forked TensorFlow hangs
        self._lifeline, self._own_end = self._fresh.Pipe(duplex=False)
        self._pools: list[tuple[ProcessPoolExecutor, list[Future[Files]]]] = []  # each with its runs, the last one last
        self._pools += [(self._pool(), []) for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own_end.close()
        for pool, _ in self._pools:
            pool.shutdown(cancel_futures=True)
        self._lifeline.close()

    def free(self) -> int:
        """How many processes have nothing to do."""
        return sum(_is_idle(runs) for _, runs in self._pools)

    def submit(self, run: AnyRun, inputs: Sequence[Files], unfinished: Path | None) -> "Future[Files]":
        """Start a run in a process that has nothing to do; one that died, or did its share, is replaced."""
        k = next(k for k, (_, runs) in enumerate(self._pools) if _is_idle(runs))
        pool, runs = self._pools[k]
        died = runs and isinstance(runs[-1].exception(), BrokenProcessPool)
        if died or len(runs) == RUNS_OF_A_PROCESS:
            pool.shutdown()
            pool, runs = self._pool(), []
        future = pool.submit(compute, run, inputs, unfinished, code_digest())
        self._pools[k] = pool, [*runs, future]
        return future

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=self._fresh, initializer=_start, initargs=(self._lifeline,))


class Cluster:
    """The workers of a Dask cluster; a run whose worker dies is started again by Dask.

    Args:
        address: Of its scheduler, such as ``tcp://host:8786``.

    Raises:
        ImportError: If ``distributed`` is not installed.
        OSError: If no scheduler answers.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ImportError(
                "A sweep on a cluster needs the package distributed. It is not installed. "
                "Install it with `pip install 'replica[cluster]'`, here and on the workers."
            ) from error
        self._client: Any = Client(address)
        self._executor = self._client.get_executor()
        self._submitted: list[Future[Files]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def free(self) -> int:
        """How many workers have nothing to do; one at least is assumed, since a cluster may grow when asked.

        Raises:
            ValueError: If a worker has several threads.
        """
        threads = self._client.nthreads()
        if many := {address: count for address, count in threads.items() if count != 1}:
            raise ValueError(
                f"A worker has one thread, so that the bits of a run do not depend on it. Received {many}. "
                "Start as many workers as there are cores, with `dask worker --nworkers auto --nthreads 1`."
            )
        self._submitted = [future for future in self._submitted if not future.done()]
        return max(len(threads), 1) - len(self._submitted)

    def submit(self, run: AnyRun, inputs: Sequence[Files], unfinished: Path | None) -> "Future[Files]":
        """Start a run on a worker; its state is not kept, since the disk is not shared."""
        future: Future[Files] = self._executor.submit(compute, run, inputs, None, code_digest())
        self._submitted.append(future)
        return future


def _is_idle(runs: "list[Future[Files]]") -> bool:
    return not runs or runs[-1].done()


def _start(lifeline: Connection) -> None:
    """Make a fresh process a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches who started us
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    prepare_process()


def _end_with(lifeline: Connection) -> None:
    """End this process when nobody holds the other end of the line any more: killed, or done."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)
