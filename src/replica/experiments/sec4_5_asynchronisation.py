"""Section 4.5, "Feature Fusion Structure": what becomes of both structures if one feature set comes 4 s late.

The paper argues with "asynchronization of features" and moves none. Runs: all feature sets in step, side by side and
entering layer by layer (Figure 2), in the three layers and with the losses of section 5.6; and the same with each
feature set late in turn, on train, dev and test alike; as a control, with all of them late, which are in step again but
tell what was known before. 112 trainings a seed on studyforrest (four rotations), 24 a cohort on simulated.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.sec5_6_early_fusion import CONCATENATION, LOSS, NEW_STRUCTURE, THREE_LAYERS, layered
from replica.experiments.systems import (
    MODALITIES,
    Chosen,
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

IN_STEP, ALL = "none", "all"  # of the feature sets are late

Name = tuple[str, str]


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """Both structures with each feature set late in turn, and with none."""
    return _structures(corpus, scale, (IN_STEP, *features_of(corpus)))


def all_late(corpus: str, scale: str) -> dict[Name, System]:
    """Both structures with every feature set late."""
    return _structures(corpus, scale, (ALL,))


def _structures(corpus: str, scale: str, rows: Sequence[str]) -> dict[Name, System]:
    names = tuple(MODALITIES[whose_features(corpus)])

    def enters(key: CorpusKey, dimension: str) -> tuple[int, ...]:
        return tuple(layered(corpus, dimension, names, None).values())

    def features(late: str) -> Chosen[tuple[str, ...]]:
        return lambda key, dimension: tuple(
            feature_set(name, dimension) + LATE * (late in (name, ALL))
            for name in layered(corpus, dimension, names, None)
        )

    declared: dict[Name, System] = {}
    for late in rows:
        declared[late, CONCATENATION] = network(scale, features(late), LOSS, sizes=THREE_LAYERS)
        declared[late, NEW_STRUCTURE] = network(scale, features(late), LOSS, sizes=THREE_LAYERS, enters=enters)
    return declared


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    declared = systems(corpus, scale) | all_late(corpus, scale)
    return runs_of(declared, corpus, many(corpus, seeds, scale))


def recorded(
    store: Store,
    corpus: str,
    scale: str,
    seeds: Sequence[int] | None = None,
    partition: str = "test",
    of: Callable[[str, str], dict[Name, System]] = systems,
) -> Recorded:
    """The recorded results of some systems; of the usual seeds, those at which every run is recorded."""
    declared = of(corpus, scale)
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


def lead(ccc: Scores, *late: str) -> float:
    """CCC of the new structure less that of concatenation, mean over these rows and the emotion dimensions."""
    return float(np.mean([ccc[row, NEW_STRUCTURE] - ccc[row, CONCATENATION] for row in late]))


def saved(ccc: Scores, *late: str) -> float:
    """How much less CCC than concatenation the new structure loses in these rows, against all in step."""
    return lead(ccc, *late) - lead(ccc, IN_STEP)


def _each(ccc: Scores) -> list[str]:
    return [row for row, structure in ccc if row != IN_STEP and structure == CONCATENATION]


# The quantities of the claims on this section and of the paper's fifth conclusion, as written in reference/claims.csv.
QUANTITIES: dict[str, Quantity] = {
    "4.5a": lambda ccc: float(np.mean([ccc[IN_STEP, CONCATENATION] - ccc[row, CONCATENATION] for row in _each(ccc)])),
    "4.5d": lambda ccc: saved(ccc, *_each(ccc)),
    "6.5": lambda ccc: lead(ccc, *_each(ccc)),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims."""
    return recorded(store, corpus, scale, seeds).effects(QUANTITIES)
