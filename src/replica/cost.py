"""What runs will take, from what runs like them took."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from statistics import mean, median

from replica.runs import AnyRun, FusedRun, Run, fitted, structure
from replica.store import Record


@dataclass(frozen=True)
class Estimate:
    """Seconds that runs will take, one at a time.

    Attributes:
        close: Seconds by digest of the run, where the same network on the same corpus is recorded at the same scale.
        rough: Where only another of the same kind of run is, at the same scale.
        unknown: Digests of the rest.
    """

    close: Mapping[str, float]
    rough: Mapping[str, float]
    unknown: frozenset[str]

    def seconds(self, digest: str) -> float:
        """Of one run; where nothing is known, the mean of what is, or 1."""
        known = {**self.close, **self.rough}
        return known.get(digest, mean(known.values()) if known else 1.0)

    def __str__(self) -> str:
        """How long, and how rough that is."""
        seconds = sum(self.close.values()) + sum(self.rough.values())
        told = [
            f"{len(digests)} {how}"
            for digests, how in (
                (self.close, "as runs of their kind took"),
                (self.rough, "roughly, as others at this scale took"),
                (self.unknown, "unknown"),
            )
            if digests
        ]
        return (
            f"{duration(seconds)} on one core: {', '.join(told)}"
            if seconds
            else "time unknown, nothing like it is recorded"
        )


def estimate(runs: Mapping[str, AnyRun], records: Iterable[Record]) -> Estimate:
    """Median seconds of recorded runs of the nearest kind.

    Args:
        runs: What will be executed, by digest.
        records: What was.
    """
    took = defaultdict(list)
    for record in records:
        for kind in _kinds(record.run):
            took[kind].append(record.provenance["seconds"])
    kinds = {key: _kinds(run) for key, run in runs.items()}
    close = {key: median(took[of[0]]) for key, of in kinds.items() if of[0] in took}
    rough = {key: median(took[of[1]]) for key, of in kinds.items() if key not in close and of[1] in took}
    return Estimate(close, rough, frozenset(runs.keys() - close.keys() - rough.keys()))


def duration(seconds: float) -> str:
    """In words, such as ``3.2 h``."""
    for name, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= length:
            return f"{seconds / length:.1f} {name}"
    return f"{seconds:.0f} s"


def _kinds(run: AnyRun) -> tuple[Hashable, Hashable]:
    """What a run is alike in, closely and roughly."""
    scale = fitted(run)[0].scale
    rough = type(run).__name__, scale, isinstance(run, FusedRun) and run.scores_train
    alike = structure(run) if isinstance(run, Run) else None
    return (*rough, run.corpus.name, alike), rough
