"""One run in one process: its corpus, what it starts from, its computation, its provenance."""

import ctypes
import functools
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from replica import corpora
from replica.checkpoint import Checkpoint
from replica.corpora.recording import Corpus
from replica.provenance import checkout, code_digest, instruction_set, packages, provenance
from replica.runs import AnyRun, FrameRegression, FusedRun, Result, Run, SmoothedRun, digest, inputs_of
from replica.store import Files, pack, unpack

# TensorFlow reads these when it starts. oneDNN rounds differently on different processors.
TENSORFLOW = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

# NumPy, SciPy and scikit-learn read these when they load what multiplies their matrices.
MATRICES = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

M_MMAP_MAX, M_TRIM_THRESHOLD = -4, -1  # as in glibc's malloc.h

load = functools.lru_cache(maxsize=12)(corpora.load_pinned)  # as many as a sweep mixes: rotations, or cohorts


def compute(run: AnyRun, inputs: Sequence[Files], unfinished: Path | None, code: str) -> Files:
    """Execute a run in a worker: what goes in and comes out are plain bytes, so that no disk need be shared.

    Args:
        run: Any kind of run.
        inputs: The recorded results that it starts from, in the order of ``inputs_of(run)``.
        unfinished: Where an interrupted training goes on; None to start anew.
        code: :func:`replica.provenance.code_digest` of who asks.

    Raises:
        RuntimeError: If this process would compute something else: other code, or TensorFlow started otherwise.
        Exception: What the run raised, with run and worker named.
    """
    try:
        prepare_process()
        if code != code_digest():
            raise RuntimeError(
                "All workers of a sweep run the same code. The package here differs from the one that asks: it is "
                "another version, or was edited meanwhile. Install one version everywhere, and start the sweep again."
            )
        return pack(
            execute(run, [unpack(f, digest(r)) for f, r in zip(inputs, inputs_of(run), strict=True)], unfinished)
        )
    except Exception as error:
        error.add_note(f"This happened in process {os.getpid()} on {socket.gethostname()}, in {run}.")
        raise


def execute(run: AnyRun, inputs: Sequence[Result] = (), unfinished: Path | None = None) -> Result:
    """Load the run's corpus, execute the run, and add the provenance.

    Args:
        run: Any kind of run.
        inputs: The recorded results that it starts from, in the order of ``inputs_of(run)``; not looked at where the
            run scores train, whose predictions are recorded nowhere.
        unfinished: Where an interrupted training goes on; without it, it starts anew.
    """
    start = time.perf_counter()
    corpus = load(run.corpus)
    checkpoint = _checkpoint(run, corpus, unfinished) if isinstance(run, Run) and unfinished else None
    if isinstance(run, FusedRun) and run.scores_train:
        inputs = [anew(member, corpus) for member in run.inputs]
    result = _execute(run, corpus, list(inputs), checkpoint)
    earlier = checkpoint.earlier_seconds if checkpoint else 0.0
    return replace(result, provenance=provenance(earlier + time.perf_counter() - start, corpus.digest))


def train(run: Run, corpus: Corpus, unfinished: Path | None = None) -> tuple[Result, list[np.ndarray]]:
    """Train on a corpus that is loaded already; the weights, which no record holds, stand beside the result.

    Args:
        run: A training.
        corpus: The corpus that it declares.
        unfinished: As for :func:`execute`.
    """
    from replica import training

    start = time.perf_counter()
    checkpoint = _checkpoint(run, corpus, unfinished) if unfinished else None
    result, weights = training.train(run, corpus, checkpoint)
    earlier = checkpoint.earlier_seconds if checkpoint else 0.0
    return replace(result, provenance=provenance(earlier + time.perf_counter() - start, corpus.digest)), weights


def anew(run: AnyRun, corpus: Corpus) -> Result:
    """Execute a run with every run that it starts from, and read no record; predictions of train are there as well."""
    return _execute(run, corpus, [anew(member, corpus) for member in inputs_of(run)])


def _execute(run: AnyRun, corpus: Corpus, inputs: list[Result], checkpoint: Checkpoint | None = None) -> Result:
    """What a kind of run needs is imported with the first of its kind: TensorFlow and scikit-learn take seconds."""
    if isinstance(run, Run):
        from replica import training

        return training.execute(run, corpus, checkpoint)
    if isinstance(run, FrameRegression):
        from replica import frame_regression

        return frame_regression.execute(run, corpus)
    if isinstance(run, SmoothedRun):
        from replica import smoothed

        return smoothed.execute(run, corpus, *inputs)
    from replica import fused

    return fused.execute(run, corpus, inputs)


def _checkpoint(run: Run, corpus: Corpus, path: Path) -> Checkpoint:
    """The state of an interrupted training; valid for the same data, code, libraries and kind of processor only."""
    rests_on = [digest(run), corpus.digest, code_digest(), packages(), instruction_set()]
    return Checkpoint(path, json.dumps(rests_on, sort_keys=True))


@functools.cache
def prepare_process() -> None:
    """One thread a run: then its bits do not depend on how many cores the machine has.

    Raises:
        RuntimeError: If TensorFlow was started before, in another way.
    """
    checkout(), code_digest()  # asked at once, before someone edits the code
    if "tensorflow" in sys.modules and any(os.environ.get(name) != value for name, value in TENSORFLOW.items()):
        raise RuntimeError(
            f"A worker starts TensorFlow itself, with {TENSORFLOW}. It was imported before, without. "
            "Do not preload it, or set these variables before the process starts."
        )
    os.environ.update(TENSORFLOW | MATRICES)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it takes each new network for the same traced again
    threadpool_limits(1)  # of what is loaded already
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Let the C library keep what an epoch frees; to map the same gigabytes anew costs a good part of every epoch."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(M_MMAP_MAX, 0)  # large blocks come from the heap as well
        mallopt(M_TRIM_THRESHOLD, -1)  # whose top is never given back
