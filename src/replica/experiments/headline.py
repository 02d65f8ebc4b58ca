"""What the paper's layer widths and its frame rate do: one row of the tables, at other scales than the others.

Runs: the network of section 5.3 with -ccc on all feature sets side by side, for one seed: 8 trainings a scale on
studyforrest. At ``full_width``, 5 Hz with the paper's 160 and 120 units, about two minutes each on one core; at
``paper``, 25 Hz, about ten.
"""

from collections.abc import Sequence

from replica.experiments.recorded import Recorded
from replica.experiments.systems import System, features_of, few, network, runs_of
from replica.runs import AnyRun
from replica.store import Store

LOSS = "-ccc"


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The one network."""
    return {scale: network(scale, features_of(corpus), LOSS)}


def runs(
    corpus: str = "studyforrest",
    scale: str = "full_width",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Its runs on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scales: Sequence[str] = ("desk", "full_width", "paper"),
    seeds: Sequence[int] | None = None,
) -> Recorded:
    """The network's recorded results at each scale, scored on test."""
    declared = {name: system for scale in scales for name, system in systems(corpus, scale).items()}
    return Recorded(store, declared, corpus, few(corpus, seeds))
