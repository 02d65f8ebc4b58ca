"""Section 5.1, "Dominant Features": Table 2, Figure 3, and the gate that later sections fuse by.

Runs: each feature set alone with three network sizes and loss mse, for arousal and valence; on studyforrest 120
trainings a seed (four rotations), on simulated 24 a cohort; and beside them a ridge regression on each feature set.
The paper's values: table 2 of ``reference/paper_tables.csv``; audio is its best feature for arousal (CCC .703),
video_geo for valence (.504), and eda is dropped for arousal (.065).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import (
    MODALITIES,
    Chosen,
    System,
    features_of,
    few,
    frame_by_frame,
    network,
    runs_of,
    whose_features,
)
from replica.runs import AnyRun, RidgeRun
from replica.statistics import bootstrap
from replica.store import Store

SIZES = ((80, 60), (160, 120), (200, 160))
LOSS = "mse"
PREDICTION = [2, 4, 5]  # columns of a row of moments that a prediction has a part in
GATE_CCC = 0.1  # "we only consider features with CCC above 0.1 for fusion later"

Name = tuple[str, tuple[int, int]]


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """Every feature set with every size; Table 2's audio is the long-time set."""
    return {
        (row, sizes): network(scale, (feature,), LOSS, sizes=sizes)
        for row, feature in _feature_sets(corpus).items()
        for sizes in SIZES
    }


def ridges(corpus: str, scale: str) -> dict[tuple[str, str], System]:
    """A ridge regression on each feature set."""
    return {
        (row, "ridge"): frame_by_frame(RidgeRun, scale, (feature,)) for row, feature in _feature_sets(corpus).items()
    }


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    declared: dict[tuple, System] = {**systems(corpus, scale), **ridges(corpus, scale)}
    return runs_of(declared, corpus, few(corpus, seeds, scale))


def recorded(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """The recorded results of each size."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale))


def best_sizes(recorded: Recorded, dimension: str, rotation: str) -> dict[str, tuple[int, int]]:
    """For each feature set, the size with the highest CCC on dev of one rotation, mean over seeds."""
    dev = recorded.scores(dimension, rotation)["dev CCC"]
    return {feature: _best(recorded, dev, (feature,))[1] for feature in _features(recorded)}


def best_on_dev(recorded: Recorded, dimension: str, rotation: str, features: Sequence[str]) -> Name:
    """Of some feature sets, the one and its size with the highest CCC on dev of one rotation, mean over seeds."""
    return _best(recorded, recorded.scores(dimension, rotation)["dev CCC"], features)


def at_best_sizes(
    store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """Table 2's rows, each with the size that is best on dev of a rotation, and a ridge regression beside each."""
    shown = recorded(store, corpus, scale, seeds)
    rows: dict[tuple[str, str], System] = {
        (feature, "LSTM"): _best_of(shown, corpus, scale, (feature,)) for feature in _features(shown)
    }
    declared = {name: s for of in zip(rows.items(), ridges(corpus, scale).items(), strict=True) for name, s in of}
    return Recorded(store, declared, corpus, shown.seeds, partition)


def named_in_claims(
    store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """What the claims compare: of each modality the best feature set, of all others the best, and of all.

    Each is chosen on dev of a rotation, with its size.
    """
    shown = recorded(store, corpus, scale, seeds)
    among = {"any": _features(shown)}
    for modality, features in MODALITIES[whose_features(corpus)].items():
        among[modality] = features
        among[f"not {modality}"] = tuple(feature for feature in _features(shown) if feature not in features)
    declared = {role: _best_of(shown, corpus, scale, features) for role, features in among.items()}
    return Recorded(store, declared, corpus, shown.seeds, partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 2: each feature set with its best size on dev of each rotation."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: _rows(shown, dimension) for dimension in DIMENSIONS}, axis=1)


def gate(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Chosen[tuple[str, ...]]:
    """The feature sets that sections 5.6 and 5.7 fuse, for each rotation and emotion dimension.

    Those whose CCC on dev of that rotation is above 0.1 in Table 2, mean over seeds. Where fewer than two are, there
    would be nothing to fuse: all are then taken, as the paper did for valence. Section 5.6 takes all also where those
    above are of one modality.
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


AROUSAL, VALENCE = map(DIMENSIONS.index, ("arousal", "valence"))

# The quantities of the claims on this section, as written in reference/claims.csv, with the modality that each needs.
# Claim 5.1d, which is about what is chosen on dev, is :func:`below_the_gate`.
QUANTITIES: dict[str, tuple[str, Quantity]] = {
    "5.1a": ("audio", lambda ccc: (ccc["audio"] - ccc["not audio"])[AROUSAL]),
    "5.1b": ("video", lambda ccc: (ccc["video"] - ccc["not video"])[VALENCE]),
    "5.1c": ("bio-signals", lambda ccc: (ccc["not bio-signals"] - ccc["bio-signals"]).min()),
    "5.1e": ("any", lambda ccc: ccc["any"][AROUSAL] - ccc["any"][VALENCE]),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims, but those of a modality that the corpus lacks."""
    roles = named_in_claims(store, corpus, scale, seeds)
    there = {claim: quantity for claim, (modality, quantity) in QUANTITIES.items() if modality in roles.systems}
    below = below_the_gate(at_best_sizes(store, corpus, scale, seeds))
    return roles.effects(there) | ({} if below is None else {"5.1d": below})


def below_the_gate(recorded: Recorded) -> Effect | None:
    """Claim 5.1d: by how much shifted labels score above the pairs of feature set and dimension below .1 on dev.

    The pairs are those of each rotation; the shifted labels' 97.5 % point is that of the recordings as they are.

    Returns:
        The mean over the pairs, positive where they score less than chance does; None where no pair is below.
    """
    names = [name for name in recorded.systems if name[1] == "LSTM"]
    pairs = [(dimension, name) for dimension in DIMENSIONS for name in names]
    below = {
        (rotation, *pair): recorded.scores(pair[0], rotation)["dev CCC"][pair[1]] < GATE_CCC
        for rotation in recorded.rotations
        for pair in pairs
    }
    count = sum(below.values())
    if count == 0:
        return None
    shifted = {dimension: recorded.shifted(dimension) for dimension in DIMENSIONS}
    chance = np.mean([shifted[d][name][rotation] for (rotation, d, name), low in below.items() if low])
    rows = []
    for rotation in recorded.rotations:
        moments = np.stack([recorded.moments(rotation, *pair) for pair in pairs])
        above = [not below[rotation, *pair] for pair in pairs]
        # A constant prediction's CCC is 0: so the sum is over the pairs below, on the same recordings for all.
        moments[np.ix_(above, range(moments.shape[1]), range(moments.shape[2]), PREDICTION)] = 0.0
        rows.append(moments)
    share = len(rows) / count  # the bootstrap's mean is over all rotations
    interval = bootstrap(rows, lambda ccc: float(chance - share * ccc.sum()), cohorts=recorded.cohorts)
    return Effect(*interval, len(recorded.seeds))


def dev_and_test(recorded: Recorded) -> pd.DataFrame:
    """How the networks' order on dev keeps on test: a row for each rotation and emotion dimension.

    Returns:
        ``same first``, whether one feature set is first on both, and ``rank correlation`` (Spearman) over feature sets.
    """
    rows = {}
    for rotation in recorded.rotations:
        for dimension in DIMENSIONS:
            order = recorded.scores(dimension, rotation).xs("LSTM", level=1)
            dev, test = order["dev CCC"], order["test CCC"]
            same = dev.idxmax() == test.idxmax()
            rows[rotation, dimension] = {"same first": same, "rank correlation": dev.corr(test, "spearman")}
    return pd.DataFrame(rows).T.astype({"same first": bool, "rank correlation": float})


def _feature_sets(corpus: str) -> dict[str, str]:
    """What stands behind each row of Table 2."""
    return {feature: "audio_long" if feature == "audio" else feature for feature in features_of(corpus)}


def _features(recorded: Recorded) -> tuple[str, ...]:
    return tuple(dict.fromkeys(feature for feature, _ in recorded.systems))


def _best_of(shown: Recorded, corpus: str, scale: str, features: Sequence[str]) -> System:
    """The best of some feature sets on dev, as a system."""
    declared = systems(corpus, scale)
    chosen = shown.chosen(lambda rotation, dimension: best_on_dev(shown, dimension, rotation, features))
    return lambda key, dimension, seed: declared[chosen(key, dimension)](key, dimension, seed)


def _best(recorded: Recorded, dev: pd.Series, features: Sequence[str]) -> Name:
    return max((name for name in recorded.systems if name[0] in features), key=lambda name: dev[name])


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
