"""Section 5.6, "Early Fusion": Tables 8 and 9.

Runs: the feature sets that pass section 5.1's gate, side by side and entering layer by layer (Figure 2), in three
layers of 200 units; and for each pair of audio, video and bio-signals the same in two layers of 200. Both emotion
dimensions for all, since Table 9 does not state its own. 64 trainings a seed on studyforrest, 16 a cohort on simulated;
and beside each a ridge regression on the same feature sets.
The paper's values: tables 8 and 9 of ``reference/paper_tables.csv``; with three modalities .777 (concatenation) and
.779 (new structure) for arousal, .652 and .610 for valence; with two, the new structure leads for video and bio-signals
alone (.611 against .588).
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import (
    MODALITIES,
    Chosen,
    System,
    few,
    frame_by_frame,
    missing,
    network,
    runs_of,
    whose_features,
)
from replica.runs import AnyRun, RidgeRun, Run
from replica.store import Store

# The section names no loss; these are the ones that section 5.3 finds to work better for each dimension.
LOSS = {"arousal": "mse-cov", "valence": "-ccc"}
THREE_LAYERS, TWO_LAYERS = (200, 200, 200), (200, 200)
CONCATENATION, NEW_STRUCTURE, RIDGE = "concatenation", "new structure", "ridge"
ALL = "all modalities"

# A modality enters the lower layers, the shorter its time scale.
# Valence has the long-time audio set, whose windows of 3 s are longer than the video's frames.
ORDER = {("avec2015", "valence"): ("video", "audio", "bio-signals")}

Name = tuple[str, str]


def systems(corpus: str, scale: str, gate: Chosen[tuple[str, ...]]) -> dict[Name, System]:
    """The rows of Table 8 for the feature sets that pass the gate, then those of Table 9 for all."""
    return {name: s for name, s in with_ridges(corpus, scale, gate).items() if name[1] != RIDGE}


def with_ridges(corpus: str, scale: str, gate: Chosen[tuple[str, ...]]) -> dict[Name, System]:
    """:func:`systems`, and for each row a ridge regression on the same feature sets."""
    names = tuple(MODALITIES[whose_features(corpus)])
    declared = _row(corpus, scale, ALL, names, THREE_LAYERS, gate)
    for pair in combinations(names, 2):
        declared |= _row(corpus, scale, " & ".join(pair), pair, TWO_LAYERS, None)
    return declared


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus; where section 5.1 is not recorded yet, its runs, which the gate needs."""
    gating = sec5_1.runs(corpus, scale, seeds)
    if store is None or missing(gating, store):
        return gating
    return runs_of(
        with_ridges(corpus, scale, sec5_1.gate(store, corpus, scale, seeds)), corpus, few(corpus, seeds, scale)
    )


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    gate = sec5_1.gate(store, corpus, scale, seeds)
    return Recorded(store, with_ridges(corpus, scale, gate), corpus, few(corpus, seeds, scale), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 8 or 9."""
    shown = recorded(store, corpus, scale, seeds)
    rows = [name for name in shown.systems if name[1] != RIDGE and (name[0] == ALL) == (number == 8)]
    return pd.concat({dimension: shown.scores(dimension).loc[rows] for dimension in DIMENSIONS}, axis=1)


def layered(corpus: str, dimension: str, modalities: Sequence[str], passed: Sequence[str] | None) -> dict[str, int]:
    """The hidden layer that each feature set enters: those of the shortest time scale the first, and so on upwards.

    Of the modalities, the feature sets that passed the gate; all, where those are of fewer than two modalities, which
    would leave nothing to layer.
    """
    name = whose_features(corpus)
    order = [m for m in ORDER.get((name, dimension), tuple(MODALITIES[name])) if m in modalities]
    every = [MODALITIES[name][m] for m in order]
    layers = [kept for features in every if (kept := [f for f in features if passed is None or f in passed])]
    return {f: k for k, features in enumerate(layers if len(layers) > 1 else every, start=1) for f in features}


def _row(
    corpus: str,
    scale: str,
    row: str,
    modalities: Sequence[str],
    sizes: Sequence[int],
    gate: Chosen[tuple[str, ...]] | None,
) -> dict[Name, System]:
    def layers(key: CorpusKey, dimension: str) -> dict[str, int]:
        return layered(corpus, dimension, modalities, gate and gate(key, dimension))

    def features(key: CorpusKey, dimension: str) -> tuple[str, ...]:
        return tuple(layers(key, dimension))

    def enters(key: CorpusKey, dimension: str) -> tuple[int, ...]:
        return tuple(layers(key, dimension).values())

    return {
        (row, CONCATENATION): network(scale, features, LOSS, sizes=sizes),
        (row, NEW_STRUCTURE): network(scale, features, LOSS, sizes=sizes, enters=enters),
        (row, RIDGE): frame_by_frame(RidgeRun, scale, features),
    }


VALENCE = DIMENSIONS.index("valence")
Scores = dict[Name, np.ndarray]


def _gain(ccc: Scores, row: str) -> np.ndarray:
    """By how much the new structure scores above concatenation, of both emotion dimensions."""
    return ccc[row, NEW_STRUCTURE] - ccc[row, CONCATENATION]


# The quantities of the claims on this section and of one on section 4.5, as written in reference/claims.csv; claim 5.6a
# is about a printed table.
QUANTITIES: dict[str, Quantity] = {
    "4.5b": lambda ccc: float(_gain(ccc, ALL).mean()),
    "5.6b": lambda ccc: float((0.02 - _gain(ccc, ALL)).mean()),
}
OF_PAPERS_MODALITIES: dict[str, Quantity] = {
    "5.6c": lambda ccc: float(_gain(ccc, "video & bio-signals")[VALENCE]),
    "5.6d": lambda ccc: min(
        float(0.02 - _gain(ccc, f"audio & {other}")[VALENCE]) for other in ("video", "bio-signals")
    ),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims, but those of modalities that the corpus lacks."""
    papers = {"audio", "video", "bio-signals"} <= set(MODALITIES[whose_features(corpus)])
    return recorded(store, corpus, scale, seeds).effects(QUANTITIES | (OF_PAPERS_MODALITIES if papers else {}))


def structure(recorded: Recorded) -> pd.DataFrame:
    """Which feature set enters which hidden layer of the new structure of Table 8, a row a rotation and dimension."""
    rows = {}
    for rotation in recorded.rotations:
        for dimension in DIMENSIONS:
            (run, *_) = (result.run for result in recorded.of_system(dimension, (ALL, NEW_STRUCTURE), rotation))
            assert isinstance(run, Run)  # for the type checker: the new structure is a network
            layers: dict[str, list[str]] = {}
            for feature, layer in zip(run.features, run.enters, strict=True):
                layers.setdefault(f"layer {layer}", []).append(feature)
            rows[rotation, dimension] = {layer: ", ".join(features) for layer, features in layers.items()}
    return pd.DataFrame.from_dict(rows, orient="index").fillna("")
