"""A store of made-up results: every run is there, with the pooled CCC that a function of the run gives."""

from dataclasses import replace

import numpy as np

from replica.metrics import Moments
from replica.runs import Result, trained

PARTITIONS = ("train", "dev", "test")
SHIFTED = [0.2] * 20  # of every run, so that its 97.5 % point is .2 too


class MadeUpStore:
    """Three recordings a partition, their means the same and both variances 1, so that CCC is the mean covariance."""

    def __init__(self, ccc):
        self.ccc = ccc  # from (run, dimension, partition) to a CCC

    def __contains__(self, run):
        return True

    def load(self, run):
        moments = {p: {d: self._recordings(self.ccc(run, d, p), p) for d in run.dimensions} for p in PARTITIONS}
        tenths = {
            p: {d: {name: [2.0, 0.01, 1.0, 0.04] for name in self._recordings(0, p)} for d in run.dimensions}
            for p in PARTITIONS
        }
        frames = np.linspace(0, 1, 5)[:, None].repeat(len(run.dimensions), axis=1)
        predictions = {p: {name: frames for name in self._recordings(0, p)} for p in PARTITIONS}
        shifted = {p: {d: SHIFTED for d in run.dimensions} for p in PARTITIONS}
        return Result(
            run, moments, shifted, predictions, {"best_epoch": 1, "stopped": "patience"}, valleys_and_peaks=tenths
        )

    def _recordings(self, ccc, partition):
        offsets = {"1": -0.03, "2": 0.02, "3": 0.01}
        return {f"{partition}_{k}": Moments(10, 0.3, 0.3, 1.0, 1.0, ccc + x) for k, x in offsets.items()}


class AlternatingStore(MadeUpStore):
    """Traces that alternate: with mae by 1 a frame; with the tube a line that rises; elsewhere rising in steps."""

    def load(self, run):
        result = super().load(run)
        step = {"mae": [0, 1, 0, 1], "tube0.05": [0, 1, 2, 3]}.get(getattr(run, "loss", ""), [0, 1, 1, 2])
        traces = {name: np.array(step, float)[:, None] for name in result.predictions["test"]}
        return replace(result, predictions={"test": traces})


def features_of(run):
    """The feature sets of the network at the bottom of a run."""
    return trained(run).features
