"""Section 2: "LSTM outperforms traditional non-temporal models".

Runs: networks trained with mse and with -ccc on all feature sets side by side (section 5.3's), beside ridge and support
vector regressions of the same frames, each with and without means of the past. Nothing is trained but the regressions,
of some seconds each.
"""

from collections.abc import Sequence

import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import System, features_of, frame_by_frame, many, network, runs_of
from replica.runs import AnyRun, RidgeRun, SvrRun
from replica.store import Store


def systems(corpus: str, scale: str) -> dict[str, System]:
    """Networks, and rivals that see the frame alone or means of the past beside it."""
    features = features_of(corpus)
    return {
        "LSTM, mse": network(scale, features, "mse"),
        "LSTM, -ccc": network(scale, features, "-ccc"),
        "ridge, with the past": frame_by_frame(RidgeRun, scale, features),
        "ridge": frame_by_frame(RidgeRun, scale, features, context_seconds=()),
        "SVR, with the past": frame_by_frame(SvrRun, scale, features),
        "SVR": frame_by_frame(SvrRun, scale, features, context_seconds=()),
    }


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, many(corpus, seeds))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, many(corpus, seeds), partition)


def scores(store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None) -> pd.DataFrame:
    """Each system's scores; the paper prints no such table."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)
