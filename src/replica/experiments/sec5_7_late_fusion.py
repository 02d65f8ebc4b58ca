"""Section 5.7, "Late Fusion": Table 10.

Runs: a regression over the smoothed predictions of section 5.3's networks, for each feature set that passes section
5.1's gate the two with the best losses on dev; and for arousal over the nine members that the paper lists. Each with
the paper's split of dev, and with weights from other recordings than the one that is scored. Seconds a run; the
networks are those of sections 5.1 to 5.3.
The paper's values: table 10 of ``reference/paper_tables.csv``; .841 on the entire dev against .768 without fusion for
arousal, .669 against .597 for valence; on the recording that no weight was learned on .770 and .600.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import Chosen, System, few, fused, missing, network, runs_of, smoothed, whose_features
from replica.metrics import pool
from replica.runs import AnyRun, Result
from replica.store import Store

SMOOTHING = "backward"  # "if LSTM is forward, applying smoothing backwardly achieves slightly better performance"
LOSSES_PER_FEATURE = 2

# "we fuse [...]": the nine members for arousal. The second's loss is doubtful: -ccc has the highest CCC of the
# short-time audio set in Table 4, and of every other feature set the list names the two highest.
PRINTED = (
    ("audio_long", "mse"),
    ("audio_short", "doubtful"),
    ("audio_short", "mse-cov"),
    ("video_app", "mse"),
    ("video_app", "mse-cov"),
    ("video_geo", "-ccc"),
    ("video_geo", "mse-cov"),
    ("ecg", "-ccc"),
    ("ecg", "mse-cov"),
)
# What stands in for the paper's feature sets; no other corpus has enough of them.
PRINTED_FEATURES: dict[str, dict[str, str]] = {
    "avec2015": {feature: feature for feature, _ in PRINTED},
    "simulated": {"audio_long": "voice_3s", "audio_short": "voice", "video_geo": "face", "ecg": "heart"},
}

Member = tuple[str, str]  # feature set, loss


def printed(corpus: str, doubtful: str) -> list[tuple[str, str]]:
    """The members for arousal as the paper lists them, with what may have been meant for the doubtful one."""
    features = PRINTED_FEATURES.get(whose_features(corpus), {})
    return [(features[f], doubtful if loss == "doubtful" else loss) for f, loss in PRINTED if f in features]


def systems(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> dict[str, System]:
    """The best single network, and its rivals; what is fused is chosen on dev, of these seeds, rotation by rotation."""
    shown, gate = (
        sec5_3.recorded(store, corpus, scale, seeds, of=sec5_3.modalities),
        sec5_1.gate(store, corpus, scale, seeds),
    )
    passed = {rotation: of_seeds[0] for rotation, of_seeds in shown.keys.items()}
    members = shown.chosen(lambda r, d: top_losses(shown, d, r, gate(passed[r], d)))
    single = shown.chosen(lambda r, d: best_on_dev(shown, d, r, top_losses(shown, d, r, gate(passed[r], d))))
    declared: dict[str, System] = {
        "best single": lambda key, dimension, seed: _member(scale, single(key, dimension))(key, dimension, seed),
        "late fusion": fused_members(scale, members, "dev_dev"),
        "late fusion, other recordings": fused_members(scale, members, "other_recordings"),
    }
    for doubtful in ("mae", "-ccc") if printed(corpus, "mae") else ():
        listed = partial(_listed, printed(corpus, doubtful), members)
        declared[f"as printed, {doubtful}"] = fused_members(scale, listed, "dev_dev")
    return declared


def top_losses(recorded: Recorded, dimension: str, rotation: str, gate: Sequence[str]) -> list[Member]:
    """What is fused: of each feature set that passes the gate, the two losses with the highest CCC on dev."""
    best = sec5_3.best_losses(recorded, dimension, rotation)
    return [(feature, loss) for feature in gate for loss in best[feature][:LOSSES_PER_FEATURE]]


def best_on_dev(recorded: Recorded, dimension: str, rotation: str, members: Sequence[Member]) -> Member:
    """The member with the highest CCC on dev, before smoothing."""
    dev = recorded.scores(dimension, rotation)["dev CCC"]
    return max(members, key=lambda name: dev[name])


def fused_members(scale: str, members: Chosen[Sequence[Member]], weights_from: str, **options: Any) -> System:
    """The smoothed predictions of some members, fused."""

    def run(key: CorpusKey, dimension: str, seed: int) -> AnyRun:
        of = [_member(scale, member) for member in members(key, dimension)]
        return fused(of, weights_from, **options)(key, dimension, seed)

    return run


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section; where sections 5.1 and 5.3 are not recorded yet, their runs, which it starts from."""
    first = [*sec5_1.runs(corpus, scale, seeds), *sec5_3.runs(corpus, scale, seeds)]
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
    """Table 10: CCC on the parts of dev, and on test; a row a system. The paper lists members for arousal alone."""
    shown = recorded(store, corpus, scale, seeds)
    rows = {
        (dimension, name): np.mean([_row(r, dimension) for r in shown.of_system(dimension, name)], axis=0)
        for dimension in DIMENSIONS
        for name in shown.systems
        if dimension == "arousal" or not name.startswith("as printed")
    }
    return pd.DataFrame(rows, index=["dev-dev CCC", "dev-test CCC", "entire dev CCC", "test CCC"]).T


def _gain(ccc: dict[str, np.ndarray]) -> np.ndarray:
    """What late fusion, its weights fitted on dev, gains on the best single network, of both emotion dimensions."""
    return ccc["late fusion"] - ccc["best single"]


# The quantities of claims on late fusion, as written in reference/claims.csv.
QUANTITIES: dict[str, Quantity] = {
    "5.7a": lambda ccc: float(_gain(ccc)[DIMENSIONS.index("arousal")]),
    "5.7b": lambda ccc: float(_gain(ccc)[DIMENSIONS.index("valence")]),
    "6.4b": lambda ccc: float(_gain(ccc).min()),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of the claims on late fusion."""
    return recorded(store, corpus, scale, seeds).effects(QUANTITIES)


def _row(result: Result, dimension: str) -> list[float]:
    dev = result.moments["dev"][dimension]
    *first, last = sorted(dev)
    parts = [[dev[name] for name in first], [dev[last]], list(dev.values())]
    return [*(pool(part).ccc for part in parts), result.pooled("test", dimension).ccc]


def _member(scale: str, name: Member) -> System:
    feature, loss = name
    return smoothed(network(scale, (feature,), loss), SMOOTHING)


def _listed(
    arousal: list[Member], members: Chosen[Sequence[Member]], key: CorpusKey, dimension: str
) -> Sequence[Member]:
    """The paper's list for arousal; it has none for valence."""
    return arousal if dimension == "arousal" else members(key, dimension)
