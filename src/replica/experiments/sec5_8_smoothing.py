"""Section 5.8, "Smoothing Effects": Table 11, and the remark on directions of section 4.6.

Runs: forward and backward smoothing of every network of section 5.3 that was trained with -ccc, the loss of Table 11's
systems; 48 on studyforrest, of a second each. Alpha is chosen on dev, the gain shown on test.
The paper's values: table 11 of ``reference/paper_tables.csv``, .8073 to .8101 for arousal, .5570 to .5571 for valence.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import Recorded, System, runs_of
from replica.experiments.sec5_3_loss_functions import SEEDS, network
from replica.metrics import pool
from replica.runs import AnyRun, Result, SmoothedRun
from replica.statistics import Interval
from replica.store import Store

LOSS = "-ccc"


def systems(scale: str) -> dict[str, System]:
    """The network as it is, and smoothed in either direction of time."""

    def raw(key: CorpusKey, dimension: str, seed: int) -> AnyRun:
        return network(LOSS, scale, key, dimension, seed)

    def forward(key: CorpusKey, dimension: str, seed: int) -> AnyRun:
        return SmoothedRun(network(LOSS, scale, key, dimension, seed), "forward")

    def backward(key: CorpusKey, dimension: str, seed: int) -> AnyRun:
        return SmoothedRun(network(LOSS, scale, key, dimension, seed), "backward")

    return {"raw": raw, "forward": forward, "backward": backward}


def runs(corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> list[AnyRun]:
    """Both directions of smoothing for each network trained with -ccc, and the networks."""
    return runs_of(systems(scale), corpus, seeds)


def recorded(store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> Recorded:
    """The recorded results of Table 11."""
    return Recorded(store, systems(scale), corpus, seeds)


def table(recorded: Recorded, dimension: str) -> pd.DataFrame:
    """Alpha, its time constant, and pooled CCC on dev and test, mean over rotations and seeds, of each system."""
    return pd.DataFrame({name: _column(recorded.of_system(dimension, name), dimension) for name in recorded.systems}).T


def gain(recorded: Recorded, first: str, second: str) -> Interval:
    """95 % interval, over seeds and recordings, of one system's test CCC minus another's, mean over dimensions."""
    return recorded.effect(lambda ccc: float((ccc[first] - ccc[second]).mean()))


def _column(results: list[Result], dimension: str) -> dict[str, float]:
    alphas = [r.history.get("alpha", 1.0) for r in results]
    seconds = [r.history.get("time_constant_seconds", 0.0) for r in results]
    return {"median alpha": float(np.median(alphas)), "median seconds": float(np.median(seconds))} | {
        f"{partition} CCC": float(np.mean([pool(list(r.moments[partition][dimension].values())).ccc for r in results]))
        for partition in ("dev", "test")
    }
