"""Do the method's claims carry over to people whom no network has seen? Losses, direction and multi-task learning.

Runs: on ceap360vr, eight people of 32 tested, all feature sets side by side: LSTM with mse, -ccc, mse-cov; BLSTM with
-ccc, multi-task with mse and -ccc; and a ridge. 20 trainings (two seeds) at desk scale.
The claims are those of other sections, of which this corpus has no runs of its own: all feature sets side by side count
as one, as in section 5.3.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Effect, Quantity, Recorded
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


AROUSAL, VALENCE = map(DIMENSIONS.index, ("arousal", "valence"))
Scores = dict[str, np.ndarray]
BEST, RIDGE = "best on dev", "ridge"


def best_on_dev(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """Of the networks the one with the highest CCC on dev, mean over seeds, and the ridge on the same features."""
    shown, declared = recorded(store, corpus, scale, seeds), systems(corpus, scale)
    best = shown.chosen(lambda r, d: str(shown.scores(d, r)["dev CCC"].drop(RIDGE).idxmax()))
    of: dict[str, System] = {
        BEST: lambda key, dimension, seed: declared[best(key, dimension)](key, dimension, seed),
        RIDGE: declared[RIDGE],
    }
    return Recorded(store, of, corpus, shown.seeds)


def _lead(ccc: Scores) -> np.ndarray:
    return ccc[BEST] - ccc[RIDGE]


# The quantities of the claims that these runs give, as written in reference/claims.csv; those on directions are section
# 5.4's, whose two networks are among these. Section 5.5 trains with mse.
QUANTITIES: dict[str, Quantity] = {
    "2i": lambda ccc: float((ccc["multi-task, mse"] - ccc["LSTM, mse"]).mean()),
    "5.3c": lambda ccc: float((ccc["LSTM, -ccc"] - ccc["LSTM, mse"]).mean()),
    "5.3d": lambda ccc: float((ccc["LSTM, mse-cov"] - ccc["LSTM, mse"]).mean()),
    "5.3f": lambda ccc: float((ccc["LSTM, mse-cov"] - ccc["LSTM, -ccc"])[AROUSAL]),
    "5.3g": lambda ccc: float((ccc["LSTM, -ccc"] - ccc["LSTM, mse-cov"])[VALENCE]),
    "5.5a": lambda ccc: float((ccc["multi-task, mse"] - ccc["LSTM, mse"])[AROUSAL]),
}
OF_THE_BEST: dict[str, Quantity] = {
    "0a": lambda ccc: float(_lead(ccc).mean()),
    "5.9c": lambda ccc: float(_lead(ccc).min()),
}
ON_DEV: dict[str, Quantity] = {"1e": lambda ccc: float(_lead(ccc).min())}


def effects(
    store: Store, corpus: str = "ceap360vr", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of the claims that these runs give, where no section's own runs do."""
    best = best_on_dev(store, corpus, scale, seeds)
    of_networks = recorded(store, corpus, scale, seeds).effects(QUANTITIES)
    return of_networks | best.effects(OF_THE_BEST) | best.on("dev").effects(ON_DEV)
