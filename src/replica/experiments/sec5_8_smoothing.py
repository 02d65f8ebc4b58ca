"""Section 5.8, "Smoothing Effects": Table 11, and the remark on directions of section 4.6.

Runs: forward and backward smoothing of every network of section 5.3 that was trained with -ccc, the loss of Table 11's
systems; 48 on studyforrest, of a second each. Alpha is chosen on dev, the gain shown on test.
The paper's values: table 11 of ``reference/paper_tables.csv``, .8073 to .8101 for arousal, .5570 to .5571 for valence.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.sec5_3_loss_functions import SEEDS, corpus_keys, network
from replica.runs import AnyRun, Result, Run, SmoothedRun
from replica.statistics import Interval, bootstrap, pooled_ccc
from replica.store import Store

LOSS = "-ccc"
SYSTEMS = ("raw", "forward", "backward")


def runs(corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> list[AnyRun]:
    """Both directions of smoothing for each network trained with -ccc."""
    return [
        SmoothedRun(network(key, dimension, LOSS, scale, seed), direction)
        for seed in seeds
        for key in corpus_keys(corpus)
        for dimension in DIMENSIONS
        for direction in ("forward", "backward")
    ]


class Recorded:
    """The recorded results of this experiment on one corpus: by system and dimension, seed within rotation."""

    def __init__(self, store: Store, corpus: str, scale: str, seeds: Sequence[int] = SEEDS) -> None:
        self.rotations, self.seeds = len(corpus_keys(corpus)), len(seeds)
        networks = {
            dimension: [network(key, dimension, LOSS, scale, seed) for key in corpus_keys(corpus) for seed in seeds]
            for dimension in DIMENSIONS
        }
        self.results: dict[tuple[str, str], list[Result]] = {
            (name, dimension): [store.load(_system(name, run)) for run in networks[dimension]]
            for name in SYSTEMS
            for dimension in DIMENSIONS
        }

    def table(self, dimension: str) -> pd.DataFrame:
        """Alpha, its time constant, and pooled CCC on dev and test, mean over rotations and seeds, of each system."""
        return pd.DataFrame({name: self._column(name, dimension) for name in SYSTEMS}).T

    def effect(self, first: str, second: str) -> Interval:
        """95 % interval, over seeds and recordings, of one system's test CCC minus another's, mean over dimensions."""
        rows = [
            np.stack([self._moments(name, d, rotation) for name in (first, second) for d in DIMENSIONS])
            for rotation in range(self.rotations)
        ]
        return bootstrap(rows, lambda ccc: float((ccc[: len(DIMENSIONS)] - ccc[len(DIMENSIONS) :]).mean()))

    def _column(self, name: str, dimension: str) -> dict[str, float]:
        results = self.results[name, dimension]
        alphas = [r.history.get("alpha", 1.0) for r in results]
        seconds = [r.history.get("time_constant_seconds", 0.0) for r in results]
        return {"median alpha": float(np.median(alphas)), "median seconds": float(np.median(seconds))} | {
            f"{partition} CCC": float(np.mean([_ccc(r, partition, dimension) for r in results]))
            for partition in ("dev", "test")
        }

    def _moments(self, name: str, dimension: str, rotation: int) -> np.ndarray:
        of_seed = self.results[name, dimension][rotation * self.seeds : (rotation + 1) * self.seeds]
        return np.array([[m.as_row() for m in r.moments["test"][dimension].values()] for r in of_seed])


def _system(name: str, run: Run) -> AnyRun:
    if name == "raw":
        return run
    return SmoothedRun(run, "forward" if name == "forward" else "backward")


def _ccc(result: Result, partition: str, dimension: str) -> float:
    return float(pooled_ccc([m.as_row() for m in result.moments[partition][dimension].values()]))
