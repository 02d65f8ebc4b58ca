"""Section 4.5, "Feature Fusion Structure": what becomes of both structures if one feature set comes 4 s late.

The paper argues with "asynchronization of features" and moves none. Runs: all feature sets in step, side by side and
entering layer by layer (Figure 2), in the three layers and with the losses of section 5.6; and the same with each
feature set late in turn, on train, dev and test alike. 96 trainings a seed on studyforrest (four rotations), 20 a
cohort on simulated.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.sec5_6_early_fusion import CONCATENATION, LOSS, NEW_STRUCTURE, THREE_LAYERS, layered
from replica.experiments.systems import (
    MODALITIES,
    System,
    feature_set,
    features_of,
    many,
    network,
    recorded_seeds,
    runs_of,
    whose_features,
)
from replica.inputs import LATE
from replica.runs import AnyRun
from replica.store import Store

IN_STEP = "none"  # of the feature sets is late

Name = tuple[str, str]


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """Both structures with each feature set late in turn, and with none."""
    names = tuple(MODALITIES[whose_features(corpus)])

    def structures(moved: str) -> dict[Name, System]:
        def features(key: CorpusKey, dimension: str) -> tuple[str, ...]:
            order = layered(corpus, dimension, names, None)
            return tuple(feature_set(row, dimension) + LATE * (row == moved) for row in order)

        def enters(key: CorpusKey, dimension: str) -> tuple[int, ...]:
            return tuple(layered(corpus, dimension, names, None).values())

        return {
            (moved, CONCATENATION): network(scale, features, LOSS, sizes=THREE_LAYERS),
            (moved, NEW_STRUCTURE): network(scale, features, LOSS, sizes=THREE_LAYERS, enters=enters),
        }

    return {name: system for moved in (IN_STEP, *features_of(corpus)) for name, system in structures(moved).items()}


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, many(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section; of the usual seeds, those at which every run is recorded."""
    declared = systems(corpus, scale)
    usual = recorded_seeds(declared, corpus, store, many(corpus, scale=scale)) if seeds is None else seeds
    return Recorded(store, declared, corpus, usual, partition)


def table(recorded: Recorded) -> pd.DataFrame:
    """CCC, mean over rotations and seeds: a row for each late feature set, a column a dimension and structure."""
    ccc = {
        (dimension, structure): recorded.table(dimension).loc["mean"].xs(structure, level=1)
        for dimension in DIMENSIONS
        for structure in (CONCATENATION, NEW_STRUCTURE)
    }
    return pd.DataFrame(ccc).rename_axis(index="late by 4 s")


Scores = dict[Name, np.ndarray]


def _mean_late(ccc: Scores, structure: str) -> float:
    """Mean CCC over the feature set that is late, and over both emotion dimensions."""
    return float(np.mean([ccc[name] for name in ccc if name[0] != IN_STEP and name[1] == structure]))


def _loss(ccc: Scores, structure: str) -> float:
    """How much CCC is lost where one feature set is late."""
    return float(ccc[IN_STEP, structure].mean()) - _mean_late(ccc, structure)


# The quantities of the claims on this section and of the paper's fifth conclusion, as written in reference/claims.csv.
QUANTITIES: dict[str, Quantity] = {
    "4.5a": lambda ccc: _loss(ccc, CONCATENATION),
    "4.5d": lambda ccc: _loss(ccc, CONCATENATION) - _loss(ccc, NEW_STRUCTURE),
    "6.5": lambda ccc: _mean_late(ccc, NEW_STRUCTURE) - _mean_late(ccc, CONCATENATION),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims."""
    return recorded(store, corpus, scale, seeds).effects(QUANTITIES)
