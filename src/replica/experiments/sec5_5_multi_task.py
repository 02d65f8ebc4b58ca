"""Section 5.5, "Multi-task learning": Table 7.

Runs: one network for arousal and valence together, from each feature set alone, and from all side by side with layers
half as large again; loss mse; beside section 5.3's networks for one dimension. 24 new trainings on studyforrest (four
rotations, one seed), 10 on simulated (two cohorts).
The paper's values: table 7 of ``reference/paper_tables.csv``; for valence from video_geo .618 against .504 alone, from
audio .235 against .312; for arousal .765 and .418 against .762 and .417.
"""

from collections.abc import Sequence

import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import LAYER_SIZES, System, corpus_name, features_of, few, network, runs_of
from replica.runs import AnyRun
from replica.store import Store

LOSS = "mse"  # the upper part of Table 7 repeats the mse rows of Tables 2 and 3
LARGER = tuple(units * 3 // 2 for units in LAYER_SIZES)  # "with bigger network size", which the paper does not name
ROWS = {"avec2015": ("audio_short", "audio_long", "video_geo")}  # one network cannot see short and long audio as two do

Name = tuple[str, str]


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """Single and multi-task networks of each feature set, and of all side by side."""
    declared: dict[Name, System] = {}
    for feature in ROWS.get(corpus_name(corpus), features_of(corpus)):
        declared[feature, "single"] = network(scale, (feature,), LOSS)
        declared[feature, "multi-task"] = network(scale, (feature,), LOSS, dimensions=DIMENSIONS)
    everything = tuple("audio_long" if feature == "audio" else feature for feature in features_of(corpus))
    declared["all side by side", "single"] = network(scale, everything, LOSS)
    declared["all side by side", "multi-task"] = network(scale, everything, LOSS, sizes=LARGER, dimensions=DIMENSIONS)
    return declared


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 7."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)
