"""Section 5.9, "Best Submitted Run": Table 12.

Runs: the late fusion of section 5.7 fused once more with both early fusions of section 5.6; beside it its parts. The
fusions are scored on train as well: their members are trained again for their predictions of train, which are recorded
nowhere; some minutes a run, two a rotation or cohort and emotion dimension, for the seeds of section 5.6.
The paper's values: table 12 of ``reference/paper_tables.csv``; CCC .928, .860 and .739 on train, dev and test for
arousal, .952, .652 and .567 for valence, where the best system was the concatenation.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from replica import forensics
from replica.conventions import DIMENSIONS, PARTITIONS
from replica.corpora.recording import CorpusKey
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_6_early_fusion as sec5_6
from replica.experiments import sec5_7_late_fusion as sec5_7
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import System, few, fused, missing, runs_of, whose_features
from replica.runs import AnyRun, Result
from replica.statistics import Interval, bootstrap
from replica.store import Store

PAPERS_CHOICE = {"arousal": "fused again", "valence": sec5_6.CONCATENATION}

# Among which ours is chosen: systems of which no weight was learned on the dev recording that it is scored on.
UNFITTED = ("best single", "late fusion, other recordings", sec5_6.CONCATENATION, sec5_6.NEW_STRUCTURE)
FUSED, AGAIN = "late fusion", "fused again"
PARTS = (FUSED, sec5_6.CONCATENATION, sec5_6.NEW_STRUCTURE)  # of what is fused again
CHOSEN, BEST_PART, RIDGE, UNSMOOTHED = "best on dev", "best part", "ridge", "best single, not smoothed"


def systems(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> dict[str, System]:
    """The systems among which one is submitted."""
    early = sec5_6.systems(corpus, scale, sec5_1.gate(store, corpus, scale, seeds))
    late = sec5_7.systems(store, corpus, scale, seeds)
    structures = {name: system for (row, name), system in early.items() if row == "all modalities"}
    # "late fusion of all modalities as described in section 5.7", which lists members of the paper's corpus alone.
    described = late["as printed, mae" if whose_features(corpus) == "avec2015" else "late fusion"]
    parts = {name: late[name] for name in UNFITTED if name in late} | structures

    def fusion(key: CorpusKey, dimension: str, seed: int) -> AnyRun:
        plain: Any = described(key, dimension, seed)
        return dataclasses.replace(plain, scores_train=True)

    return parts | {
        "late fusion": fusion,
        "fused again": fused([described, *structures.values()], "dev_dev", scores_train=True),
    }


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section; where sections 5.6 and 5.7 are not recorded yet, their runs, which it starts from."""
    first = [*sec5_6.runs(corpus, scale, seeds, store), *sec5_7.runs(corpus, scale, seeds, store)]
    if store is None or missing(first, store):
        return first
    return runs_of(systems(store, corpus, scale, seeds), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(store, corpus, scale, seeds), corpus, few(corpus, seeds, scale), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 12: the paper's choice for each emotion dimension, and ours, the best on dev; train, dev and test."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({(d, which): _rows(of, d) for d in DIMENSIONS for which, of in _shown(shown, d).items()})


def best_on_dev(recorded: Recorded, dimension: str, rotation: str) -> str:
    """The system with the highest CCC on dev of one rotation, mean over seeds, among those not fitted on dev."""
    return _best(recorded, UNFITTED, dimension, rotation)


def named_in_claims(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """The systems of this section with what the claims compare them with.

    These are the best on dev of a rotation, the best part of what is fused again, a ridge regression on the feature
    sets that are concatenated, and the best single network before smoothing, as the early fusions are not smoothed.
    """
    shown = recorded(store, corpus, scale, seeds)
    declared = systems(store, corpus, scale, seeds)
    gate = sec5_1.gate(store, corpus, scale, seeds)
    single = sec5_3.best_systems(store, corpus, scale, seeds)[sec5_3.SINGLE]

    def among(names: Sequence[str]) -> System:
        chosen = shown.chosen(lambda rotation, dimension: _best(shown, names, dimension, rotation))
        return lambda key, dimension, seed: declared[chosen(key, dimension)](key, dimension, seed)

    beside: dict[str, System] = {
        CHOSEN: among(UNFITTED),
        BEST_PART: among(PARTS),
        RIDGE: sec5_6.with_ridges(corpus, scale, gate)[sec5_6.ALL, sec5_6.RIDGE],
        UNSMOOTHED: single,
    }
    return Recorded(store, declared | beside, corpus, shown.seeds)


AROUSAL, VALENCE = map(DIMENSIONS.index, ("arousal", "valence"))
Scores = dict[str, np.ndarray]


def _lead(ccc: Scores) -> np.ndarray:
    """Of the best system on dev over the ridge, of both emotion dimensions."""
    return ccc[CHOSEN] - ccc[RIDGE]


# The quantities of the claims that rest on this section's systems, as written in reference/claims.csv. Claim 1e is of
# dev, and claim 1c, of train and test, is :func:`gap_of_concatenation`.
QUANTITIES: dict[str, Quantity] = {
    "0a": lambda ccc: float(_lead(ccc).mean()),
    "2m": lambda ccc: float((ccc[sec5_6.CONCATENATION] - ccc[FUSED]).mean()),
    "5.9a": lambda ccc: float((ccc[AGAIN] - ccc[BEST_PART])[AROUSAL]),
    "5.9b": lambda ccc: float((ccc[sec5_6.CONCATENATION] - ccc[FUSED])[VALENCE]),
    "5.9c": lambda ccc: float(_lead(ccc).min()),
    "6.4a": lambda ccc: float((ccc[sec5_6.CONCATENATION] - ccc[UNSMOOTHED])[VALENCE]),
}
ON_DEV: dict[str, Quantity] = {"1e": lambda ccc: float(_lead(ccc).min())}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of the claims on fusion and on the best system."""
    test = named_in_claims(store, corpus, scale, seeds)
    gap = {"1c": Effect(*gap_of_concatenation(test.on("train"), test), len(test.seeds))}
    return test.effects(QUANTITIES) | test.on("dev").effects(ON_DEV) | gap


def gap_of_concatenation(train: Recorded, test: Recorded) -> Interval:
    """Claim 1c: train CCC less test CCC of the concatenation, less the same of late fusion, mean over dimensions.

    Recordings of train and of test are redrawn each for themselves, seeds for both alike.
    """
    names = (sec5_6.CONCATENATION, FUSED)
    rows = [
        np.stack([shown.moments(rotation, dimension, name) for name in order for dimension in DIMENSIONS])
        for shown, order in ((train, names), (test, names[::-1]))
        for rotation in shown.rotations
    ]
    n = len(DIMENSIONS)
    # The bootstrap's mean over train and test is half of "one on train and the other on test", then half of the rest.
    return bootstrap(rows, lambda ccc: float(2 * (ccc[:n] - ccc[n:]).mean()), cohorts=test.cohorts)


def off_signature(shown: Recorded) -> pd.DataFrame:
    """How far the CCC of each fusion lies from what a regression scores on the data that it was fitted on.

    Returns:
        A row for each emotion dimension and fusion, columns dev and test; means over rotations and seeds.
    """
    rows = {}
    for dimension in DIMENSIONS:
        for name in (FUSED, AGAIN):
            of = {p: [r.pooled(p, dimension) for r in shown.of_system(dimension, name)] for p in ("dev", "test")}
            cc, ccc = (np.array([[getattr(m, what) for m in of[p]] for p in of]) for what in ("pearson_cc", "ccc"))
            off = ccc - forensics.regression_ccc(forensics.Range(cc, cc)).low
            rows[dimension, name] = dict(zip(of, off.mean(axis=1), strict=True))
    return pd.DataFrame.from_dict(rows, orient="index")


def retrained(store: Store, shown: Recorded, corpus: str, scale: str) -> float:
    """By how much test CCC of late fusion, trained here once more, differs at most from section 5.7's in a rotation.

    NaN where what is fused here is fused there nowhere, as on the paper's corpus.
    """
    first = sec5_7.recorded(store, corpus, scale, shown.seeds)
    differences = [
        abs(again.pooled("test", dimension).ccc - once.pooled("test", dimension).ccc)
        for dimension in DIMENSIONS
        for again, once in zip(shown.of_system(dimension, FUSED), first.of_system(dimension, FUSED), strict=True)
        if again.run == dataclasses.replace(once.run, scores_train=True)  # type: ignore[arg-type]  # both are fused
    ]
    return max(differences, default=float("nan"))


def _best(shown: Recorded, names: Sequence[str], dimension: str, rotation: str) -> str:
    return str(shown.scores(dimension, rotation)["dev CCC"][list(names)].idxmax())


def _shown(recorded: Recorded, dimension: str) -> dict[str, list[Result]]:
    ours = [best_on_dev(recorded, dimension, rotation) for rotation in recorded.rotations]
    papers = PAPERS_CHOICE[dimension]
    return {
        f"the paper's: {papers}": recorded.of_system(dimension, papers),
        f"best on dev: {' / '.join(dict.fromkeys(ours))}": [
            result
            for rotation, name in zip(recorded.rotations, ours, strict=True)
            for result in recorded.of_system(dimension, name, rotation)
        ],
    }


def _rows(results: list[Result], dimension: str) -> pd.DataFrame:
    """Means over rotations and seeds; train where all of them are scored on it."""
    rows = {
        p: np.mean([[m.rmse, m.pearson_cc, m.ccc] for m in (r.pooled(p, dimension) for r in results)], axis=0)
        for p in PARTITIONS
        if all(p in r.moments for r in results)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["RMSE", "CC", "CCC"])
