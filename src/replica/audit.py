"""Recorded runs computed again, and compared to the last bit."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

import numpy as np

from replica.fixed_point import STEP
from replica.provenance import instruction_set, processor
from replica.runs import AnyRun, Result, digest, inputs_of
from replica.store import Files, Store, unpack
from replica.workers import Processes


@dataclass(frozen=True)
class Audit:
    """A recorded result beside the same run computed here.

    Attributes:
        run: The run.
        equal: Whether every moment, every CCC with shifted labels, and every recorded prediction is the same, bit for
            bit; predictions of the first records, in float16, to the rounding.
        predictions: Largest difference of two predictions, rating units.
        ccc: Largest difference of two pooled CCCs.
        same_machine: Whether it was recorded on a processor that computes the same bits.
    """

    run: AnyRun
    equal: bool
    predictions: float
    ccc: float
    same_machine: bool


def draw(runs: Iterable[AnyRun], count: int, seed: int = 0) -> list[AnyRun]:
    """A random sample in which every kind of run, in turn, has its share.

    Args:
        runs: To draw from.
        count: How many; all, if there are fewer.
        seed: The same seed draws the same of the same runs.
    """
    of_kind = defaultdict(list)
    for run in sorted(runs, key=digest):
        of_kind[type(run).__name__].append(run)
    generator = random.Random(seed)
    shuffled = [generator.sample(of, len(of)) for _, of in sorted(of_kind.items())]
    rounds = [of[k] for k in range(max(map(len, shuffled), default=0)) for of in shuffled if k < len(of)]
    return rounds[:count]


def audit(runs: Sequence[AnyRun], store: Store, processes: int) -> Iterator[Audit]:
    """Compute recorded runs again, in fresh processes of one thread each, and record nothing.

    A run that starts from others starts from their recorded results.

    Raises:
        Exception: What a run raised.
    """
    waiting, running = list(runs), dict[Future[Files], AnyRun]()
    with Processes(min(processes, max(len(waiting), 1))) as workers:
        while waiting or running:
            while waiting and workers.free():
                run = waiting.pop(0)
                running[workers.submit(run, [store.load_files(member) for member in inputs_of(run)], None)] = run
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                run = running.pop(future)
                yield compare(store.load(run), unpack(future.result(), digest(run)))


def compare(recorded: Result, again: Result) -> Audit:
    """Two results of one run."""
    pairs = [
        (np.asarray(kept, "float64"), np.asarray(again.predictions[p][name], "float64"), _rounding(kept))
        for p, by_name in recorded.predictions.items()
        for name, kept in by_name.items()
    ]
    differences = [np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b)) for a, b, _ in pairs]
    same_predictions = all((d <= rounding).all() for d, (_, _, rounding) in zip(differences, pairs, strict=True))
    ccc = [
        abs(recorded.pooled(p, dimension).ccc - again.pooled(p, dimension).ccc)
        for p in recorded.moments.keys() & again.moments.keys()
        for dimension in recorded.run.dimensions
    ]
    scores = [repr((result.moments, result.shifted_ccc)) for result in (recorded, again)]  # NaN is not equal to itself
    return Audit(
        run=recorded.run,
        equal=scores[0] == scores[1] and same_predictions,
        predictions=float(max(d.max() for d in differences)),
        ccc=float(np.nan_to_num(ccc).max()),
        same_machine=_same_machine(recorded),
    )


def _rounding(kept: np.ndarray) -> np.ndarray | float:
    """How far a prediction in steps may lie from the same one in float16, in which the first results are recorded."""
    return np.spacing(np.abs(kept)).astype("float64") / 2 + STEP / 2 if kept.dtype == np.float16 else 0.0


def _same_machine(recorded: Result) -> bool:
    """By the processor's name, where the instruction set was not told yet."""
    told = recorded.provenance
    if "instruction_set" in told:
        return bool(told["instruction_set"] == instruction_set()[:16])
    return bool(told["processor"] == processor())
