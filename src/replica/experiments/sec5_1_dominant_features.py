"""Section 5.1, "Dominant Features": Table 2, Figure 3, and the gate that later sections fuse by.

Runs: each feature set alone with three network sizes and loss mse, for arousal and valence; on studyforrest 120
trainings (four rotations, one seed), on simulated 48 (two cohorts).
The paper's values: table 2 of ``reference/paper_tables.csv``; audio is its best feature for arousal (CCC .703),
video_geo for valence (.504), and eda is dropped for arousal (.065).
"""

from collections.abc import Sequence

import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import Chosen, System, features_of, few, network, runs_of
from replica.runs import AnyRun
from replica.store import Store

SIZES = ((80, 60), (160, 120), (200, 160))
LOSS = "mse"
GATE_CCC = 0.1  # "we only consider features with CCC above 0.1 for fusion later"

Name = tuple[str, tuple[int, int]]


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """Every feature set with every size; Table 2's audio is the long-time set."""
    rows = {feature: "audio_long" if feature == "audio" else feature for feature in features_of(corpus)}
    return {
        (row, sizes): network(scale, (feature,), LOSS, sizes=sizes) for row, feature in rows.items() for sizes in SIZES
    }


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds))


def recorded(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds))


def best_sizes(recorded: Recorded, dimension: str, rotation: str) -> dict[str, tuple[int, int]]:
    """For each feature set, the size with the highest CCC on dev of one rotation, mean over seeds."""
    dev = recorded.scores(dimension, rotation)["dev CCC"]
    rows: dict[str, tuple[int, int]] = {}
    for feature, sizes in recorded.systems:
        if feature not in rows or dev[feature, sizes] > dev[feature, rows[feature]]:
            rows[feature] = sizes
    return rows


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 2: each feature set with its best size on dev of each rotation."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: _rows(shown, dimension) for dimension in DIMENSIONS}, axis=1)


def gate(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Chosen[tuple[str, ...]]:
    """The feature sets that sections 5.6 and 5.7 fuse, for each rotation and emotion dimension.

    Those whose CCC on dev of that rotation is above 0.1 in Table 2, mean over seeds. Where fewer than two are, there
    would be nothing to fuse: all are then taken, as the paper did for valence.
    """
    shown = recorded(store, corpus, scale, seeds)
    return shown.chosen(lambda rotation, dimension: _above(_scores(shown, dimension, rotation)["dev CCC"]))


def example(recorded: Recorded, dimension: str = "arousal") -> tuple[Name, str]:
    """What Figure 3 shows, by a rule: the feature set with the lowest CCC on dev, and its dev recording of median CCC.

    Of an even number of recordings, the better of the two in the middle. The first rotation and seed.
    """
    rotation = recorded.rotations[0]
    dev = recorded.scores(dimension, rotation)["dev CCC"]
    weakest: Name = min(best_sizes(recorded, dimension, rotation).items(), key=lambda name: dev[name])
    moments = recorded.results[rotation, dimension, weakest][0].moments["dev"][dimension]
    order = sorted(moments, key=lambda name: moments[name].ccc)
    return weakest, order[len(order) // 2]


def _above(dev: pd.Series) -> tuple[str, ...]:
    above = tuple(dev.index[dev > GATE_CCC])
    return above if len(above) > 1 else tuple(dev.index)


def _scores(recorded: Recorded, dimension: str, rotation: str) -> pd.DataFrame:
    """Each feature set with its best size on one rotation."""
    return (
        recorded.scores(dimension, rotation).loc[list(best_sizes(recorded, dimension, rotation).items())].droplevel(1)
    )


def _rows(recorded: Recorded, dimension: str) -> pd.DataFrame:
    """The mean over rotations, and the sizes that were best."""
    of = [_scores(recorded, dimension, rotation) for rotation in recorded.rotations]
    rows: pd.DataFrame = sum(of[1:], of[0]) / len(of)
    sizes = [best_sizes(recorded, dimension, rotation) for rotation in recorded.rotations]
    told = [dict.fromkeys("{}, {}".format(*best[feature]) for best in sizes) for feature in rows.index]
    rows.insert(0, "layers", [" / ".join(layers) for layers in told])
    return rows
