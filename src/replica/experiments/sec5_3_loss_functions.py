"""Section 5.3, "Comparison of Loss Functions": Tables 4 and 5.

Runs: six losses x each feature set alone and all side by side x arousal and valence; on studyforrest 384 trainings
(four rotations; one seed, and three of all side by side), on simulated 120 (two cohorts), of about 20 seconds each on
one core at desk scale; and beside them a ridge regression on all feature sets.
The paper's values: tables 4 and 5 of ``reference/paper_tables.csv``; its averages over modalities are .520 (-ccc) and
.533 (mse-cov) against .483 (mse) for arousal, .409 and .397 against .313 for valence.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS, LOSSES, OVERALL_LOSSES, SINGLE_POINT_LOSSES
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import System, features_of, few, frame_by_frame, many, network, runs_of
from replica.metrics import Moments, pool
from replica.runs import AnyRun, Result, RidgeRun
from replica.store import Store

Floats = np.ndarray

TABLES = {4: "arousal", 5: "valence"}


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The columns of Tables 4 and 5 for all feature sets side by side, and the ridge."""
    everything = features_of(corpus)
    losses: dict[str, System] = {loss: network(scale, everything, loss) for loss in LOSSES}
    return losses | {"ridge": frame_by_frame(RidgeRun, scale, everything)}


def modalities(corpus: str, scale: str) -> dict[tuple[str, str], System]:
    """The cells of Tables 4 and 5: each feature set alone with each loss."""
    return {(feature, loss): network(scale, (feature,), loss) for feature in features_of(corpus) for loss in LOSSES}


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus, seed by seed."""
    together = runs_of(systems(corpus, scale), corpus, many(corpus, seeds))
    return together + runs_of(modalities(corpus, scale), corpus, few(corpus, seeds))


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    *,
    of: Callable[[str, str], dict] = systems,
    partition: str = "test",
) -> Recorded:
    """The recorded results of :func:`systems` or :func:`modalities`."""
    usual = few if of is modalities else many
    return Recorded(store, of(corpus, scale), corpus, usual(corpus, seeds), partition)


def table(
    number: int,
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    partition: str = "dev",
) -> pd.DataFrame:
    """Table 4 or 5: CCC of each feature set alone with each loss, their average, and that of all side by side."""
    dimension, column = TABLES[number], f"{partition} CCC"
    each = recorded(store, corpus, scale, seeds, of=modalities).scores(dimension)
    together = recorded(store, corpus, scale, seeds).scores(dimension)
    rows = each[column].unstack().loc[list(features_of(corpus)), list(LOSSES)]
    rows.loc["average"] = rows.mean()
    rows.loc["all side by side"] = together[column][list(LOSSES)]
    if "diverged" in each or "diverged" in together:
        counts = each["diverged"].groupby(level=0).sum() if "diverged" in each else pd.Series(dtype=int)
        rows["diverged"] = counts.reindex(rows.index, fill_value=0)
        rows.loc["all side by side", "diverged"] = together["diverged"].sum() if "diverged" in together else 0
    return rows


def best_losses(recorded: Recorded, dimension: str, rotation: str) -> dict[str, list[str]]:
    """For each feature set its losses in falling order of CCC on dev of one rotation, mean over seeds."""
    dev = recorded.scores(dimension, rotation)["dev CCC"]
    features = dict.fromkeys(feature for feature, _ in recorded.systems)
    return {feature: list(dev[feature].sort_values(ascending=False, kind="stable").index) for feature in features}


def rescaled(result: Result, dimension: str, partition: str = "test") -> list[Moments]:
    """Moments of a result as if its predictions had the deviation that the gold standard has on dev.

    The control of this section: does an overall loss gain by the shape of a prediction, or only by its size? The
    predictions are stretched about their mean on dev by one factor, both learned on dev.
    """
    dev = result.pooled("dev", dimension)
    factor = float(np.sqrt(dev.var_gold / dev.var_prediction)) if dev.var_prediction > 0 else 1.0
    return [
        Moments(
            m.n,
            m.mean_gold,
            dev.mean_prediction + factor * (m.mean_prediction - dev.mean_prediction),
            m.var_gold,
            factor**2 * m.var_prediction,
            factor * m.covariance,
        )
        for m in result.moments[partition][dimension].values()
    ]


def roughness(result: Result, dimension: str, partition: str = "test") -> float:
    """Standard deviation of the prediction's first differences over that of the prediction: smaller is smoother.

    Source: section 4.4, the tube loss "may [...] make the predictions smoother".
    """
    column = result.run.dimensions.index(dimension)
    traces = [np.asarray(x[:, column], np.float64) for x in result.predictions[partition].values()]
    return float(np.std(np.concatenate([np.diff(x) for x in traces])) / np.std(np.concatenate(traces)))


def controls(recorded: Recorded) -> pd.DataFrame:
    """For each loss and dimension: test CCC as it is and rescaled, and roughness; means over rotations and seeds."""
    rows = {}
    for dimension in DIMENSIONS:
        for name in recorded.systems:
            results = recorded.of_system(dimension, name)
            rows[dimension, name] = {
                "test CCC": np.mean([r.pooled("test", dimension).ccc for r in results]),
                "rescaled": np.mean([pool(rescaled(r, dimension)).ccc for r in results]),
                "roughness": np.mean([roughness(r, dimension) for r in results]),
            }
    return pd.DataFrame(rows).T


def _mean_of(ccc: dict[str, Floats], names: Sequence[str]) -> Floats:
    return np.mean([ccc[name] for name in names], axis=0)


def over_features(quantity: Quantity) -> Quantity:
    """A quantity of the losses as the mean over feature sets: from CCC of each (feature set, loss)."""

    def of_cells(ccc: dict[tuple[str, str], Floats]) -> float:
        features = dict.fromkeys(feature for feature, _ in ccc)
        return quantity({loss: np.mean([ccc[feature, loss] for feature in features], axis=0) for loss in LOSSES})

    return of_cells


# The quantities of the claims on this section, as written in reference/claims.csv, for one row of the tables; the
# claims speak of the mean over feature sets. Claim 5.3b, which chooses features on dev, is not among them.
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


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims, from networks that see all feature sets side by side."""
    return recorded(store, corpus, scale, seeds).effects(QUANTITIES)
