"""Many runs: those that are not recorded yet are executed, one to a process and thread, and recorded as they end."""

import ctypes
import functools
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from replica import corpora, fused, ridge, smoothed
from replica.checkpoint import Checkpoint
from replica.corpora import studyforrest
from replica.corpora.recording import Corpus, CorpusKey
from replica.provenance import checkout, code_digest, instruction_set, packages, provenance
from replica.runs import AnyRun, Result, RidgeRun, Run, SmoothedRun, digest, inputs_of, structure
from replica.store import Store

# TensorFlow reads these when it starts. oneDNN rounds differently on different processors.
TENSORFLOW = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

M_MMAP_MAX, M_TRIM_THRESHOLD = -4, -1  # as in glibc's malloc.h

Report = Callable[[AnyRun, float], None]


def sweep(runs: Iterable[AnyRun], store: Store, processes: int, report: Report = lambda run, seconds: None) -> int:
    """Execute and record every run that the store lacks, and before it the runs whose predictions it starts from.

    Args:
        runs: Declared runs; the same run twice is executed once.
        store: Where results are recorded; what is there already is never executed again.
        processes: Runs at a time.
        report: Called after each run with the run and its seconds.

    Returns:
        How many runs were executed.

    Raises:
        Exception: What the first failing run raised, with the run named; runs not yet started are then left.
    """
    runs = list(dict.fromkeys(runs))
    inputs = [member for run in runs if run not in store for member in inputs_of(run)]
    executed = sweep(inputs, store, processes, report) if inputs else 0
    missing = sorted((run for run in runs if run not in store), key=_structure)
    for run in set(runs) - set(missing):
        _unfinished(run, store).unlink(missing_ok=True)  # left where a worker was killed between record and clearing up
    if not missing:
        return executed
    fresh = multiprocessing.get_context("spawn")  # a forked TensorFlow hangs
    with ProcessPoolExecutor(processes, mp_context=fresh, initializer=_prepare_process) as pool:
        started = {pool.submit(_execute_and_record, run, store.folder): run for run in missing}
        try:
            for done in as_completed(started):
                report(started[done], done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what is recorded stays; the rest is not started
            raise
    return executed + len(missing)


def execute(run: AnyRun, store: Store, checkpoint: Checkpoint | None = None) -> Result:
    """Load the run's corpus, execute the run, and add the provenance.

    Args:
        run: Any kind of run.
        store: Where the runs that this one starts from are recorded.
        checkpoint: Where an interrupted training goes on; without it, it starts anew.
    """
    start = time.perf_counter()
    corpus = _corpus(run.corpus)
    if isinstance(run, Run):
        from replica import training  # TensorFlow, only where something trains

        result = training.execute(run, corpus, checkpoint)
    elif isinstance(run, RidgeRun):
        result = ridge.execute(run, corpus)
    elif isinstance(run, SmoothedRun):
        result = smoothed.execute(run, corpus, store.load(run.input))
    else:
        result = fused.execute(run, corpus, [store.load(member) for member in run.inputs])
    earlier = checkpoint.earlier_seconds if checkpoint else 0.0
    return replace(result, provenance=provenance(earlier + time.perf_counter() - start, corpus.digest))


def _execute_and_record(run: AnyRun, folder: Path) -> float:
    store = Store(folder)
    try:
        checkpoint = _checkpoint(run, _corpus(run.corpus), store) if isinstance(run, Run) else None
        result = execute(run, store, checkpoint)
        store.save(result)
        _unfinished(run, store).unlink(missing_ok=True)
    except Exception as error:
        error.add_note(f"This happened in {run}.")
        raise
    return result.provenance["seconds"]


def _checkpoint(run: Run, corpus: Corpus, store: Store) -> Checkpoint:
    """The state of an interrupted training; valid for the same data, code, libraries and kind of processor only."""
    rests_on = [digest(run), corpus.digest, code_digest(), packages(), instruction_set()]
    return Checkpoint(_unfinished(run, store), json.dumps(rests_on, sort_keys=True))


def _structure(run: AnyRun) -> str:
    """Runs whose networks are alike follow one another, since a process keeps the last network compiled."""
    return str(structure(run)) if isinstance(run, Run) else ""


def _unfinished(run: AnyRun, store: Store) -> Path:
    return store.folder / ".unfinished" / f"{digest(run)}.npz"


@functools.lru_cache(maxsize=2)
def _corpus(key: CorpusKey) -> Corpus:
    """The corpus of a key, with the values that its version stands for."""
    corpus = corpora.load(key.name, **dict(key.options))
    if key.name == "studyforrest" and corpus.digest != studyforrest.DIGESTS[int(dict(key.options)["rotation"])]:
        raise ValueError(
            f"A run on studyforrest is of its version {key.version}. "
            f"The copy in {corpus.recordings[0].source} has other values. Copy the unaltered file again."
        )
    return corpus


def _prepare_process() -> None:
    """One thread a run: then its bits do not depend on how many cores the machine has."""
    checkout(), code_digest()  # asked at once, before someone edits the code
    os.environ.update(TENSORFLOW)
    threadpool_limits(1)  # NumPy's and SciPy's matrix products
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Let the C library keep what an epoch frees; to map the same gigabytes anew costs a good part of every epoch."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(M_MMAP_MAX, 0)  # large blocks come from the heap as well
        mallopt(M_TRIM_THRESHOLD, -1)  # whose top is never given back
