"""Section 5.5, "Multi-task learning": Table 7.

Runs: one network for arousal and valence together, from each feature set alone, and from all side by side with layers
half as large again; loss mse; beside section 5.3's networks for one dimension, and a ridge regression on the same
features. 24 new trainings a seed on studyforrest (four rotations), 5 a cohort on simulated.
The paper's values: table 7 of ``reference/paper_tables.csv``; for valence from video_geo .618 against .504 alone, from
audio .235 against .312; for arousal .765 and .418 against .762 and .417.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import (
    LAYER_SIZES,
    System,
    features_of,
    few,
    frame_by_frame,
    network,
    runs_of,
    whose_features,
)
from replica.runs import AnyRun, RidgeRun
from replica.store import Store

LOSS = "mse"  # the upper part of Table 7 repeats the mse rows of Tables 2 and 3
LARGER = tuple(units * 3 // 2 for units in LAYER_SIZES)  # "with bigger network size", which the paper does not name
ROWS = {"avec2015": ("audio_short", "audio_long", "video_geo")}  # one network cannot see short and long audio as two do
SINGLE, MULTI, TOGETHER = "single", "multi-task", "all side by side"

Name = tuple[str, str]


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """Single and multi-task networks of each feature set, and of all side by side; and a ridge regression on each."""
    declared: dict[Name, System] = {}
    for feature in ROWS.get(whose_features(corpus), features_of(corpus)):
        declared[feature, SINGLE] = network(scale, (feature,), LOSS)
        declared[feature, MULTI] = network(scale, (feature,), LOSS, dimensions=DIMENSIONS)
        declared[feature, "ridge"] = frame_by_frame(RidgeRun, scale, (feature,))
    everything = tuple("audio_long" if feature == "audio" else feature for feature in features_of(corpus))
    declared[TOGETHER, SINGLE] = network(scale, everything, LOSS)
    declared[TOGETHER, MULTI] = network(scale, everything, LOSS, sizes=LARGER, dimensions=DIMENSIONS)
    declared[TOGETHER, "ridge"] = frame_by_frame(RidgeRun, scale, everything)
    return declared


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 7."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)


AROUSAL, VALENCE = map(DIMENSIONS.index, ("arousal", "valence"))
Scores = dict[Name, np.ndarray]


def _gain(ccc: Scores, feature: str, dimension: int) -> float:
    return float((ccc[feature, MULTI] - ccc[feature, SINGLE])[dimension])


def _gap(ccc: Scores, features: Sequence[str]) -> float:
    """How far the two emotion dimensions lie apart in networks of their own."""
    return float(np.mean([abs(np.subtract(*ccc[feature, SINGLE])) for feature in features]))


def _mean_gain(ccc: Scores) -> float:
    features = dict.fromkeys(feature for feature, _ in ccc if feature != TOGETHER)
    return float(np.mean([_gain(ccc, feature, AROUSAL) for feature in features]))


# The quantities of the claims on this section, as written in reference/claims.csv. Claim 5.5e, which needs the planted
# strengths varied, is not among them.
QUANTITIES: dict[str, Quantity] = {
    "5.5a": _mean_gain,
    "5.5f": lambda ccc: float((0.02 + ccc[TOGETHER, SINGLE] - ccc[TOGETHER, MULTI]).mean()),
}
# Those that name a feature set of the paper, where a corpus has it or what stands in for it.
OF_PAPERS_FEATURES: dict[str, dict[str, Quantity]] = {
    "avec2015": {
        "5.5b": lambda ccc: _gain(ccc, "video_geo", VALENCE),
        "5.5c": lambda ccc: _gain(ccc, "audio_long", VALENCE),
        "5.5d": lambda ccc: _gap(ccc, ("audio_short", "audio_long")) - _gap(ccc, ("video_geo",)),
    },
    "simulated": {
        "5.5b": lambda ccc: _gain(ccc, "face", VALENCE),
        "5.5d": lambda ccc: _gap(ccc, ("voice",)) - _gap(ccc, ("face",)),
    },
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims, but those of features that the corpus lacks."""
    return recorded(store, corpus, scale, seeds).effects(
        QUANTITIES | OF_PAPERS_FEATURES.get(whose_features(corpus), {})
    )
