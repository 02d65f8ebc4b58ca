"""Section 5.8, "Smoothing Effects": Table 11, and the remark on directions of section 4.6.

Runs: forward and backward networks trained with -ccc, the loss of Table 11's systems, on all feature sets side by side,
each as it is and smoothed in either direction; on studyforrest 48 trainings, half of which are section 5.3's, and 96
smoothed runs of a second each. Alpha is chosen on dev, the gain shown on test.
The paper's values: table 11 of ``reference/paper_tables.csv``, .8073 to .8101 for arousal, .5570 to .5571 for valence.
"""

from collections.abc import Sequence
from functools import partial
from typing import get_args

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Effect, Quantity, Recorded, where_recorded
from replica.experiments.systems import System, best_single, many, network, recorded_seeds, runs_of, smoothed
from replica.runs import AnyRun, Direction, Result
from replica.smoothing import Direction as SmoothingDirection
from replica.statistics import Interval
from replica.store import Store

LOSS = "-ccc"


def systems(corpus: str, scale: str, direction: Direction = "forward") -> dict[str, System]:
    """The network of one direction as it is, and smoothed in either direction of time."""
    raw = network(scale, best_single(corpus), LOSS, direction=direction)
    return {"raw": raw} | {way: smoothed(raw, way) for way in get_args(SmoothingDirection)}


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Both directions of smoothing for the networks of both directions, and the networks."""
    ways: tuple[Direction, Direction] = ("forward", "backward")
    return [run for way in ways for run in runs_of(systems(corpus, scale, way), corpus, many(corpus, seeds, scale))]


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    direction: Direction = "forward",
) -> Recorded:
    """The recorded results of the networks of one direction; without seeds, of the usual ones that are recorded."""
    declared = systems(corpus, scale, direction)
    usual = recorded_seeds(declared, corpus, store, many(corpus, scale=scale)) if seeds is None else seeds
    return Recorded(store, declared, corpus, usual)


def table(
    number: int, store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 11 for both dimensions and both directions of the network."""
    ways: tuple[Direction, Direction] = ("forward", "backward")
    of = {way: recorded(store, corpus, scale, seeds, way) for way in ways}
    return pd.concat({(d, f"{way} LSTM"): smoothing_table(of[way], d) for d in DIMENSIONS for way in ways})


def smoothing_table(recorded: Recorded, dimension: str) -> pd.DataFrame:
    """Alpha, its time constant, and pooled CCC on dev and test, mean over rotations and seeds, of each system."""
    return pd.DataFrame({name: _column(recorded.of_system(dimension, name), dimension) for name in recorded.systems}).T


def gain(recorded: Recorded, first: str, second: str) -> Interval:
    """95 % interval, over seeds and recordings, of one system's test CCC minus another's, mean over dimensions."""
    return recorded.effect(lambda ccc: float((ccc[first] - ccc[second]).mean()))


# The quantities of the claims on smoothing, as written in reference/claims.csv, by the direction of the network.
QUANTITIES: dict[Direction, dict[str, Quantity]] = {
    "forward": {
        **dict.fromkeys(("4.6a", "5.8a", "5.8b"), lambda ccc: float((ccc["backward"] - ccc["raw"]).mean())),
        "4.6d": lambda ccc: float((ccc["backward"] - ccc["forward"]).mean()),
    },
    "backward": {"4.6e": lambda ccc: float((ccc["forward"] - ccc["backward"]).mean())},
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of the claims on smoothing, from the networks of each direction that are recorded."""

    def of(way: Direction) -> dict[str, Effect]:
        return recorded(store, corpus, scale, seeds, way).effects(QUANTITIES[way])

    return where_recorded(*(partial(of, way) for way in QUANTITIES))


def _column(results: list[Result], dimension: str) -> dict[str, float]:
    alphas = [r.history.get("alpha", 1.0) for r in results]
    seconds = [r.history.get("time_constant_seconds", 0.0) for r in results]
    return {"median alpha": float(np.median(alphas)), "median seconds": float(np.median(seconds))} | {
        f"{partition} CCC": float(np.mean([r.pooled(partition, dimension).ccc for r in results]))
        for partition in ("dev", "test")
    }
