"""Section 5.6, "Early Fusion": Tables 8 and 9.

Runs: the feature sets that pass section 5.1's gate, side by side and entering layer by layer (Figure 2), in three
layers of 200 units; and for each pair of audio, video and bio-signals the same in two layers of 200. Both emotion
dimensions for all, since Table 9 does not state its own. 64 trainings on studyforrest, 32 on simulated.
The paper's values: tables 8 and 9 of ``reference/paper_tables.csv``; with three modalities .777 (concatenation) and
.779 (new structure) for arousal, .652 and .610 for valence; with two, the new structure leads for video and bio-signals
alone (.611 against .588).
"""

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments.recorded import Recorded
from replica.experiments.systems import Chosen, System, corpus_name, few, missing, network, runs_of
from replica.runs import AnyRun
from replica.store import Store

# The section names no loss; these are the ones that section 5.3 finds to work better for each dimension.
LOSS = {"arousal": "mse-cov", "valence": "-ccc"}
THREE_LAYERS, TWO_LAYERS = (200, 200, 200), (200, 200)
CONCATENATION, NEW_STRUCTURE = "concatenation", "new structure"

# The modalities of each corpus, those of the shorter time scale first: they enter the lower layers.
MODALITIES: dict[str, dict[str, tuple[str, ...]]] = {
    "studyforrest": {"audio": ("sound",), "video": ("light", "hash"), "annotations": ("events", "speech")},
    "simulated": {"audio": ("voice",), "video": ("face",), "bio-signals": ("heart", "skin")},
    "ceap360vr": {"gaze": ("gaze",), "head": ("head",), "luminance": ("luminance",)},
    "avec2015": {"audio": ("audio",), "video": ("video_app", "video_geo"), "bio-signals": ("ecg", "eda")},
}
# Valence has the long-time audio set, whose windows of 3 s are longer than the video's frames.
ORDER = {("avec2015", "valence"): ("video", "audio", "bio-signals")}

Name = tuple[str, str]


def systems(corpus: str, scale: str, gate: Chosen[tuple[str, ...]]) -> dict[Name, System]:
    """The rows of Table 8 for the feature sets that pass the gate, then those of Table 9 for all."""
    names = tuple(MODALITIES[corpus_name(corpus)])
    return _both(corpus, scale, "all modalities", names, THREE_LAYERS, gate) | {
        name: system
        for pair in combinations(names, 2)
        for name, system in _both(corpus, scale, " & ".join(pair), pair, TWO_LAYERS, None).items()
    }


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
    return runs_of(systems(corpus, scale, sec5_1.gate(store, corpus, scale, seeds)), corpus, few(corpus, seeds))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    gate = sec5_1.gate(store, corpus, scale, seeds)
    return Recorded(store, systems(corpus, scale, gate), corpus, few(corpus, seeds), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 8 or 9."""
    shown = recorded(store, corpus, scale, seeds)
    rows = [name for name in shown.systems if (name[0] == "all modalities") == (number == 8)]
    return pd.concat({dimension: shown.scores(dimension).loc[rows] for dimension in DIMENSIONS}, axis=1)


def layered(corpus: str, dimension: str, modalities: Sequence[str], passed: Sequence[str] | None) -> dict[str, int]:
    """The hidden layer that each feature set enters: those of the shortest time scale the first, and so on upwards.

    Of the modalities, the feature sets that passed the gate; all, where those are of fewer than two modalities, which
    would leave nothing to layer.
    """
    name = corpus_name(corpus)
    order = [m for m in ORDER.get((name, dimension), tuple(MODALITIES[name])) if m in modalities]
    every = [MODALITIES[name][m] for m in order]
    layers = [kept for features in every if (kept := [f for f in features if passed is None or f in passed])]
    return {f: k for k, features in enumerate(layers if len(layers) > 1 else every, start=1) for f in features}


def _both(
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
    }
