"""Section 5.3, "Comparison of Loss Functions": Tables 4 and 5.

Runs: six losses x arousal and valence x four rotations x three seeds on studyforrest, 144 trainings of about a minute
at desk scale on one core, and beside them a ridge regression for each rotation and emotion dimension.
The paper's values: tables 4 and 5 of ``reference/paper_tables.csv``; its averages over modalities are .520 (-ccc) and
.533 (mse-cov) against .483 (mse) for arousal, .409 and .397 against .313 for valence.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from replica.conventions import DIMENSIONS, LOSSES, OVERALL_LOSSES, SINGLE_POINT_LOSSES
from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import FEATURES, NORMALISATION, Quantity, Recorded, System, runs_of
from replica.runs import AnyRun, Assumptions, RidgeRun, Run, units_at
from replica.store import Store

LAYER_SIZES = (160, 120)  # the size fixed in section 5.2; section 5.3 names none
SEEDS = (0, 1, 2)

Floats = np.ndarray


def network(loss: str, scale: str, key: CorpusKey, dimension: str, seed: int) -> Run:
    """One cell of a table: a network trained with one loss, on all modalities side by side."""
    return Run(
        corpus=key,
        features=FEATURES[key.name],
        dimensions=(dimension,),
        scale=scale,
        layer_sizes=units_at(scale, LAYER_SIZES),
        loss=loss,
        seed=seed,
        assumptions=Assumptions(normalisation=NORMALISATION[key.name]),
    )


def ridge(scale: str, key: CorpusKey, dimension: str, seed: int = 0) -> RidgeRun:
    """The rival of a table's row on the same frames; it has no seed."""
    return RidgeRun(key, FEATURES[key.name], (dimension,), scale, NORMALISATION[key.name])


def systems(scale: str) -> dict[str, System]:
    """The columns of Tables 4 and 5, and the ridge."""
    losses: dict[str, System] = {loss: partial(network, loss, scale) for loss in LOSSES}
    return losses | {"ridge": partial(ridge, scale)}


def runs(corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> list[AnyRun]:
    """Every run of Tables 4 and 5 on a corpus, seed by seed."""
    return runs_of(systems(scale), corpus, seeds)


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] = SEEDS,
    partition: str = "test",
) -> Recorded:
    """The recorded results of Tables 4 and 5."""
    return Recorded(store, systems(scale), corpus, seeds, partition)


def _mean_of(ccc: dict[str, Floats], names: Sequence[str]) -> Floats:
    return np.mean([ccc[name] for name in names], axis=0)


# The quantities of the claims on this section, as written in reference/claims.csv. Claim 5.3b needs each feature alone.
QUANTITIES: dict[str, Quantity] = {
    "5.3a": lambda ccc: min((ccc["mse"] - ccc[other]).mean() for other in ("mae", "tube0.05")),
    "5.3c": lambda ccc: (ccc["-ccc"] - ccc["mse"]).mean(),
    "5.3d": lambda ccc: (ccc["mse-cov"] - ccc["mse"]).mean(),
    "5.3e": lambda ccc: (ccc["mse/(cc+1)"] - ccc["mse"]).mean(),
    "5.3f": lambda ccc: (ccc["mse-cov"] - ccc["-ccc"])[DIMENSIONS.index("arousal")],
    "5.3g": lambda ccc: (ccc["-ccc"] - ccc["mse-cov"])[DIMENSIONS.index("valence")],
    "5.3h": lambda ccc: (_mean_of(ccc, OVERALL_LOSSES) - _mean_of(ccc, SINGLE_POINT_LOSSES)).mean(),
    "5.3i": lambda ccc: (_mean_of(ccc, ("-ccc", "mse-cov")) - ccc["mse/(cc+1)"]).mean(),
}
