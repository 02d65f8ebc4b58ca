"""Section 5.3, "Comparison of Loss Functions": Tables 4 and 5.

Runs: six losses x each feature set alone and all side by side x arousal and valence; on studyforrest 384 trainings
(four rotations; one seed, and three of all side by side), on simulated 120 (two cohorts), of about 20 seconds each on
one core at desk scale; and beside them a ridge regression on all feature sets.
The paper's values: tables 4 and 5 of ``reference/paper_tables.csv``; its averages over modalities are .520 (-ccc) and
.533 (mse-cov) against .483 (mse) for arousal, .409 and .397 against .313 for valence.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS, LOSSES, OVERALL_LOSSES, SINGLE_POINT_LOSSES
from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import Effect, Quantity, Recorded, where_recorded
from replica.experiments.size_and_smoothness import smoother
from replica.experiments.systems import (
    Chosen,
    System,
    features_of,
    few,
    frame_by_frame,
    many,
    missing,
    network,
    runs_of,
)
from replica.runs import AnyRun, RidgeRun
from replica.store import Store

Floats = np.ndarray
T = TypeVar("T")

TABLES = {4: "arousal", 5: "valence"}
UNSTABLE = ("mae", "tube0.05")
SINGLE, TOGETHER = "best single", "all side by side"


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The columns of Tables 4 and 5 for all feature sets side by side, and the ridge."""
    everything = features_of(corpus)
    losses: dict[str, System] = {loss: network(scale, everything, loss) for loss in LOSSES}
    return losses | {"ridge": frame_by_frame(RidgeRun, scale, everything)}


def modalities(corpus: str, scale: str, features: Sequence[str] | None = None) -> dict[tuple[str, str], System]:
    """The cells of Tables 4 and 5: each feature set alone with each loss; of some, where they are named."""
    chosen = features_of(corpus) if features is None else features
    return {(feature, loss): network(scale, (feature,), loss) for feature in chosen for loss in LOSSES}


def recorded_features(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> tuple[str, ...]:
    """The feature sets of which every loss is recorded, for both emotion dimensions and the usual seeds."""
    usual = few(corpus, seeds, scale)
    return tuple(
        feature
        for feature in features_of(corpus)
        if not missing(runs_of(modalities(corpus, scale, (feature,)), corpus, usual), store)
    )


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus, seed by seed."""
    together = runs_of(systems(corpus, scale), corpus, many(corpus, seeds, scale))
    return together + runs_of(modalities(corpus, scale), corpus, few(corpus, seeds, scale))


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
    return Recorded(store, of(corpus, scale), corpus, usual(corpus, seeds, scale), partition)


def table(
    number: int,
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    partition: str = "dev",
    features: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Table 4 or 5: CCC of each feature set alone with each loss, their average, and that of all side by side.

    Of some feature sets, where they are named.
    """
    dimension, column = TABLES[number], f"{partition} CCC"
    chosen = list(features_of(corpus) if features is None else features)
    each = single_sets(store, corpus, scale, seeds, chosen).scores(dimension)
    together = recorded(store, corpus, scale, seeds).scores(dimension)
    rows = each[column].unstack().loc[chosen, list(LOSSES)]
    rows.loc["average"] = rows.mean()
    rows.loc["all side by side"] = together[column][list(LOSSES)]
    if "diverged" in each or "diverged" in together:
        counts = each["diverged"].groupby(level=0).sum() if "diverged" in each else pd.Series(dtype=int)
        rows["diverged"] = counts.reindex(rows.index, fill_value=0)
        rows.loc["all side by side", "diverged"] = together["diverged"].sum() if "diverged" in together else 0
    return rows


def single_sets(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    features: Sequence[str] | None = None,
) -> Recorded:
    """The recorded results of :func:`modalities`, of some feature sets where they are named."""
    return Recorded(store, modalities(corpus, scale, features), corpus, few(corpus, seeds, scale))


def best_losses(recorded: Recorded, dimension: str, rotation: str) -> dict[str, list[str]]:
    """For each feature set its losses in falling order of CCC on dev of one rotation, mean over seeds."""
    dev = recorded.scores(dimension, rotation)["dev CCC"]
    features = dict.fromkeys(feature for feature, _ in recorded.systems)
    return {feature: list(dev[feature].sort_values(ascending=False, kind="stable").index) for feature in features}


def _mean_of(ccc: dict[str, Floats], names: Sequence[str]) -> Floats:
    return np.mean([ccc[name] for name in names], axis=0)


def over_features(quantity: Quantity) -> Quantity:
    """A quantity of the losses as the mean over feature sets: from CCC of each (feature set, loss)."""

    def of_cells(ccc: dict[tuple[str, str], Floats]) -> float:
        features = dict.fromkeys(feature for feature, _ in ccc)
        return quantity({loss: np.mean([ccc[feature, loss] for feature in features], axis=0) for loss in LOSSES})

    return of_cells


# The quantities of claims on losses, as written in reference/claims.csv, for one row of the tables; the claims speak of
# the mean over feature sets. Not among them: 5.3b, which chooses features on dev, and 4.4c, which is no score.
QUANTITIES: dict[str, Quantity] = {
    "5.3a": lambda ccc: min((ccc["mse"] - ccc[other]).mean() for other in ("mae", "tube0.05")),
    "5.3c": lambda ccc: (ccc["-ccc"] - ccc["mse"]).mean(),
    "5.3d": lambda ccc: (ccc["mse-cov"] - ccc["mse"]).mean(),
    "5.3e": lambda ccc: (ccc["mse/(cc+1)"] - ccc["mse"]).mean(),
    "5.3f": lambda ccc: (ccc["mse-cov"] - ccc["-ccc"])[DIMENSIONS.index("arousal")],
    "5.3g": lambda ccc: (ccc["-ccc"] - ccc["mse-cov"])[DIMENSIONS.index("valence")],
    "5.3h": lambda ccc: (_mean_of(ccc, OVERALL_LOSSES) - _mean_of(ccc, SINGLE_POINT_LOSSES)).mean(),
    "5.3i": lambda ccc: (_mean_of(ccc, ("-ccc", "mse-cov")) - ccc["mse/(cc+1)"]).mean(),
    "6.2": lambda ccc: (_mean_of(ccc, OVERALL_LOSSES) - ccc["mse"]).mean(),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of the claims that rest on this section's networks.

    Those on losses are means over feature sets where these are recorded with more than one seed; elsewhere all of them
    side by side count as one feature set.
    """

    def of_losses() -> dict[str, Effect]:
        single = _recorded_with_seeds(store, corpus, scale, seeds)
        if single is not None:
            return single.effects({claim: over_features(of) for claim, of in QUANTITIES.items()})
        return recorded(store, corpus, scale, seeds).effects(QUANTITIES)

    def of_roughness() -> dict[str, Effect]:
        together = recorded(store, corpus, scale, seeds)
        return {"4.4c": Effect(*smoother(together, "tube0.05", "mae"), len(together.seeds))}

    def of_choices() -> dict[str, Effect]:
        unstable = swings(store, corpus, scale, seeds).effects({"5.3b": unstable_losses})
        return unstable | best_on_dev(store, corpus, scale, seeds).effects(OF_THE_BEST)

    return where_recorded(of_losses, of_roughness, of_choices)


def _recorded_with_seeds(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None) -> Recorded | None:
    """Single feature sets, where more than one seed of them is recorded."""
    try:
        single = recorded(store, corpus, scale, seeds, of=modalities)
    except FileNotFoundError:
        return None
    return single if len(single.seeds) > 1 else None


def swings(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """For mae and the tube, the feature set where each gains most on mse and that where it loses most, on dev.

    Systems are named by the loss that is compared with mse, by which feature set it is, and by whether it is mse.
    """
    each = recorded(store, corpus, scale, seeds, of=modalities)
    declared: dict[tuple[str, str, str], System] = {}
    for loss in UNSTABLE:
        for which in ("gains", "loses"):
            feature = each.chosen(partial(_extreme, each, loss, which))
            for trained_with in (loss, "mse"):
                declared[loss, which, trained_with] = network(scale, partial(_one_feature, feature), trained_with)
    return Recorded(store, declared, corpus, each.seeds)


def unstable_losses(ccc: dict[tuple[str, str, str], Floats]) -> float:
    """Claim 5.3b from :func:`swings`: the smallest of both losses' gains and of both losses' losses."""
    return float(
        min(
            sign * (ccc[loss, which, loss] - ccc[loss, which, "mse"]).mean()
            for loss in UNSTABLE
            for which, sign in (("gains", 1), ("loses", -1))
        )
    )


def best_on_dev(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """The best single feature set, and all side by side, each with the loss that is best on dev of a rotation."""
    single = recorded(store, corpus, scale, seeds, of=modalities)
    return Recorded(store, best_systems(store, corpus, scale, seeds), corpus, single.seeds)


def best_systems(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> dict[str, System]:
    """The two systems of :func:`best_on_dev`."""
    each = recorded(store, corpus, scale, seeds, of=modalities)
    together = recorded(store, corpus, scale, each.seeds)
    cells, columns = modalities(corpus, scale), systems(corpus, scale)
    single = each.chosen(lambda r, d: _best(each, tuple(cells), d, r))
    loss = together.chosen(lambda r, d: _best(together, LOSSES, d, r))
    return {
        SINGLE: lambda key, dimension, seed: cells[single(key, dimension)](key, dimension, seed),
        TOGETHER: lambda key, dimension, seed: columns[loss(key, dimension)](key, dimension, seed),
    }


# The quantities of claims on what is best on dev, from :func:`best_on_dev`.
OF_THE_BEST: dict[str, Quantity] = {
    "1a": lambda ccc: (ccc[TOGETHER] - ccc[SINGLE]).min(),
    "2n": lambda ccc: float(np.subtract(*(ccc[SINGLE][DIMENSIONS.index(d)] for d in ("arousal", "valence")))),
}


def _best(recorded: Recorded, names: Sequence[T], dimension: str, rotation: str) -> T:
    """Of some systems, the one with the highest CCC on dev of a rotation, mean over seeds."""
    dev: Any = recorded.scores(dimension, rotation)["dev CCC"]
    return max(names, key=lambda name: dev[name])


def _extreme(each: Recorded, loss: str, which: str, rotation: str, dimension: str) -> str:
    """The feature set where a loss gains, or loses, most on mse on dev of a rotation."""
    dev = each.scores(dimension, rotation)["dev CCC"].unstack()
    gain = dev[loss] - dev["mse"]
    return str(gain.idxmax() if which == "gains" else gain.idxmin())


def _one_feature(chosen: Chosen[str], key: CorpusKey, dimension: str) -> tuple[str, ...]:
    return (chosen(key, dimension),)
