"""Many runs: each that is not recorded yet is computed by one worker on one thread, and recorded as it ends."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from replica import corpora
from replica.claiming import Claims
from replica.runs import AnyRun, Run, digest, inputs_of, structure
from replica.store import Files, Store
from replica.workers import Cluster, Processes, Workers

ATTEMPTS = 3  # of a run whose worker dies
POLL_SECONDS = 1.0  # how often one looks for what other sweeps recorded


@dataclass(frozen=True)
class Ended:
    """How a run of a sweep ended.

    Attributes:
        run: The run.
        how: ``diverged`` is recorded as well; ``elsewhere``: recorded by another sweep meanwhile.
        seconds: That it took.
        error: Why it failed.
    """

    run: AnyRun
    how: Literal["recorded", "diverged", "failed", "elsewhere"]
    seconds: float = 0.0
    error: BaseException | None = None


Report = Callable[[Ended], None]


def sweep(
    runs: Iterable[AnyRun],
    store: Store,
    processes: int,
    report: Report = lambda ended: None,
    scheduler: str | None = None,
) -> list[Ended]:
    """Execute and record every run that the store lacks, and before it the runs whose predictions it starts from.

    A run that fails does not stop the others, but those that start from it. Several sweeps may share a store: a run
    that a living other computes is left to it.

    Args:
        runs: Declared runs; the same run twice is executed once.
        store: Where results are recorded; what is there already is never executed again.
        processes: Runs at a time, on this machine.
        report: Called after each run.
        scheduler: Address of a Dask scheduler, whose workers compute instead of processes of this machine.

    Returns:
        How each run that was not recorded at the start ended.

    Raises:
        ValueError: If a worker of the cluster has several threads.
        OSError: If the disk does not take a claim, or no scheduler answers.
    """
    runs, ended = list(runs), []
    for run in runs:
        if run in store:  # what a killed sweep left behind
            unfinished(run, store).unlink(missing_ok=True)
            Claims(store.folder).clear(digest(run))
    missing = missing_runs(runs, store)
    if missing:
        with (
            Claims(store.folder) as claims,
            Cluster(scheduler) if scheduler else Processes(min(processes, len(missing))) as workers,
        ):
            for end in _ends(missing, store, claims, workers):
                ended.append(end)
                report(end)
    return ended


def unfinished(run: AnyRun, store: Store) -> Path:
    """Where the state of an interrupted training is kept."""
    return store.folder / ".unfinished" / f"{digest(run)}.npz"


def missing_runs(runs: Iterable[AnyRun], store: Store) -> dict[str, AnyRun]:
    """What is to be executed, by digest: before a run what it starts from, and nothing that is recorded."""
    missing: dict[str, AnyRun] = {}
    for run in runs:
        key = digest(run)
        if key not in missing and run not in store:
            missing |= missing_runs(inputs_of(run), store) | {key: run}
    return missing


def check_corpora(runs: Collection[AnyRun]) -> None:
    """Read one corpus of each name here, so that one that is missing or altered is told before any run is started.

    Raises:
        ValueError: If what is here is another version, or an altered or damaged copy.
        FileNotFoundError: If a corpus is not on this machine.
    """
    counts = Counter(run.corpus.name for run in runs)
    for key in {run.corpus.name: run.corpus for run in runs}.values():
        try:
            corpora.load_pinned(key)
        except (OSError, ValueError) as error:
            error.add_note(f"{counts[key.name]} of the runs to execute are on it. None was started.")
            raise


def _ends(missing: dict[str, AnyRun], store: Store, claims: Claims, workers: Workers) -> Iterator[Ended]:
    """Start what can start, take what ended, until all ended."""
    alike = sorted(missing, key=lambda key: _structure(missing[key]))
    waiting = {key: {digest(member) for member in inputs_of(missing[key])} & missing.keys() for key in alike}
    running: dict[Future[Files], str] = {}
    deaths: Counter[str] = Counter()
    while waiting or running:
        free = workers.free()
        for key in [key for key, to_come in waiting.items() if not to_come]:
            if free < 1:
                break
            if not claims.take(key):
                continue  # another sweep computes it; asked again later
            del waiting[key]
            if missing[key] in store:
                claims.release(key)
                yield from _settled(Ended(missing[key], "elsewhere"), missing, waiting)
            else:
                running[_started(missing[key], store, workers)] = key
                free -= 1
        if not running:
            time.sleep(POLL_SECONDS if waiting else 0)
        for future in wait(running, POLL_SECONDS, FIRST_COMPLETED).done:
            key = running.pop(future)
            ended = _ended(future, missing[key], store)
            claims.release(key)
            deaths[key] += isinstance(ended.error, BrokenProcessPool)
            if isinstance(ended.error, BrokenProcessPool) and deaths[key] < ATTEMPTS:
                waiting[key] = set()
            else:
                yield from _settled(ended, missing, waiting)


def _started(run: AnyRun, store: Store, workers: Workers) -> "Future[Files]":
    try:
        inputs = [store.load_files(member) for member in inputs_of(run)]
    except (OSError, ValueError) as error:  # an altered input fails this run, not the sweep
        future: Future[Files] = Future()
        future.set_exception(error)
        return future
    return workers.submit(run, inputs, unfinished(run, store))


def _ended(future: "Future[Files]", run: AnyRun, store: Store) -> Ended:
    try:
        result = store.save_files(digest(run), future.result())
    except BrokenProcessPool as error:
        error.add_note(f"The process died {ATTEMPTS} times; perhaps it ran out of memory. It computed {run}.")
        return Ended(run, "failed", error=error)
    except Exception as error:
        return Ended(run, "failed", error=error)
    unfinished(run, store).unlink(missing_ok=True)
    diverged = result.history.get("stopped") == "diverged"
    return Ended(run, "diverged" if diverged else "recorded", result.provenance["seconds"])


def _settled(ended: Ended, missing: dict[str, AnyRun], waiting: dict[str, set[str]]) -> Iterator[Ended]:
    """Free the runs that start from one that ended; where it failed, they fail with it."""
    yield ended
    key = digest(ended.run)
    for other in [other for other, to_come in waiting.items() if key in to_come]:
        if ended.how != "failed":
            waiting[other].remove(key)
        elif waiting.pop(other, None) is not None:
            error = RuntimeError("A run starts from recorded results. One of those failed. See to that one first.")
            error.add_note(f"It is {key}.")
            yield from _settled(Ended(missing[other], "failed", error=error), missing, waiting)


def _structure(run: AnyRun) -> str:
    """Runs whose networks are alike follow one another, since a process keeps the last network compiled."""
    return str(structure(run)) if isinstance(run, Run) else ""
