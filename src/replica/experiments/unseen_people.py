"""Do the method's claims carry over to people whom no network has seen? Losses, direction and multi-task learning.

Runs: on ceap360vr, eight people of 32 tested, all feature sets side by side: LSTM with mse, -ccc, mse-cov; BLSTM with
-ccc, multi-task with mse and -ccc; and a ridge. 20 trainings (two seeds) at desk scale.
"""

from collections.abc import Sequence

import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import System, features_of, few, frame_by_frame, network, runs_of
from replica.runs import AnyRun, RidgeRun
from replica.store import Store


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The networks that are compared, and the ridge."""
    features = features_of(corpus)
    return {
        "LSTM, mse": network(scale, features, "mse"),
        "LSTM, -ccc": network(scale, features, "-ccc"),
        "LSTM, mse-cov": network(scale, features, "mse-cov"),
        "BLSTM, -ccc": network(scale, features, "-ccc", direction="bidirectional"),
        "multi-task, mse": network(scale, features, "mse", dimensions=DIMENSIONS),
        "multi-task, -ccc": network(scale, features, "-ccc", dimensions=DIMENSIONS),
        "ridge": frame_by_frame(RidgeRun, scale, features),
    }


def runs(
    corpus: str = "ceap360vr",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str = "ceap360vr", scale: str = "desk", seeds: Sequence[int] | None = None
) -> Recorded:
    """The recorded results, scored on test."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale))


def scores(
    store: Store, corpus: str = "ceap360vr", scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Each system's scores."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)
