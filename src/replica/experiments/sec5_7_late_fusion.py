"""Section 5.7, "Late Fusion": Table 10.

Runs: a regression over the smoothed predictions of section 5.3's networks, for each feature set that passes section
5.1's gate the two with the best losses on dev; and for arousal over the nine members that the paper lists. Each with
the paper's split of dev, and with weights from other recordings than the one that is scored. Seconds a run; nothing is
trained but the networks of sections 5.1 to 5.3.
The paper's values: table 10 of ``reference/paper_tables.csv``; .841 on the entire dev against .768 without fusion for
arousal, .669 against .597 for valence; on the recording that no weight was learned on .770 and .600.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.recorded import Recorded
from replica.experiments.systems import Network, System, corpus_name, fused, many, missing, network, runs_of, smoothed
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

Members = Mapping[str, Sequence[tuple[str, str]]]  # for each emotion dimension (feature set, loss)


def members(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None
) -> dict[str, list[tuple[str, str]]]:
    """The subsystems of each emotion dimension: the best losses on dev of each feature set that passes the gate."""
    shown = sec5_3.recorded(store, corpus, scale, seeds, of=sec5_3.modalities)
    gate = sec5_1.gate(store, corpus, scale, seeds)
    best = {dimension: sec5_3.best_losses(shown, dimension) for dimension in DIMENSIONS}
    return {d: [(f, loss) for f in gate[d] for loss in best[d][f][:LOSSES_PER_FEATURE]] for d in DIMENSIONS}


def printed(corpus: str, doubtful: str) -> list[tuple[str, str]]:
    """The members for arousal as the paper lists them, with what may have been meant for the doubtful one."""
    features = PRINTED_FEATURES.get(corpus_name(corpus), {})
    return [(features[f], doubtful if loss == "doubtful" else loss) for f, loss in PRINTED if f in features]


def systems(corpus: str, scale: str, of: Members, single: Mapping[str, tuple[str, str]]) -> dict[str, System]:
    """The best single system, and its rivals.

    Args:
        corpus: One of ``systems.CORPORA``.
        scale: One of ``replica.runs.SCALES``.
        of: The subsystems to be fused, as :func:`members` finds them.
        single: The best of them on dev, for each emotion dimension.
    """
    declared: dict[str, System] = {
        "best single": _by_dimension({d: _member(scale, single[d]) for d in DIMENSIONS}),
        "late fusion": _fused(scale, of, "dev_dev"),
        "late fusion, other recordings": _fused(scale, of, "other_recordings"),
    }
    for doubtful in ("mae", "-ccc") if printed(corpus, "mae") else ():
        listed = {"arousal": printed(corpus, doubtful), "valence": of["valence"]}
        declared[f"as printed, {doubtful}"] = _fused(scale, listed, "dev_dev")
    return declared


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
    return runs_of(chosen(store, corpus, scale, seeds), corpus, many(corpus, seeds))


def chosen(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> dict[str, System]:
    """The systems of this section, of the members that these seeds choose."""
    of = members(store, corpus, scale, seeds)
    return systems(corpus, scale, of, best_single(store, corpus, scale, of, seeds))


def best_single(
    store: Store, corpus: str, scale: str, of: Members, seeds: Sequence[int] | None = None
) -> dict[str, tuple[str, str]]:
    """The member with the highest CCC on dev, smoothed or not, for each emotion dimension."""
    shown = sec5_3.recorded(store, corpus, scale, seeds, of=sec5_3.modalities)
    dev = {dimension: shown.scores(dimension)["dev CCC"] for dimension in DIMENSIONS}
    return {dimension: max(of[dimension], key=lambda name: dev[dimension][name]) for dimension in DIMENSIONS}


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, chosen(store, corpus, scale, seeds), corpus, many(corpus, seeds), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 10: CCC on the parts of dev, and on test; a row a system."""
    shown = recorded(store, corpus, scale, seeds)
    rows = {
        (dimension, name): np.mean([_row(r, dimension) for r in shown.of_system(dimension, name)], axis=0)
        for dimension in DIMENSIONS
        for name in shown.systems
    }
    return pd.DataFrame(rows, index=["dev-dev CCC", "dev-test CCC", "entire dev CCC", "test CCC"]).T


def _row(result: Result, dimension: str) -> list[float]:
    dev = result.moments["dev"][dimension]
    *first, last = sorted(dev)
    parts = [[dev[name] for name in first], [dev[last]], list(dev.values())]
    return [*(pool(part).ccc for part in parts), result.pooled("test", dimension).ccc]


def _member(scale: str, name: tuple[str, str]) -> System:
    feature, loss = name
    trained: Network = network(scale, (feature,), loss)
    return smoothed(trained, SMOOTHING)


def _fused(scale: str, of: Members, weights_from: str, **options: Any) -> System:
    return _by_dimension({d: fused([_member(scale, m) for m in of[d]], weights_from, **options) for d in DIMENSIONS})


def _by_dimension(systems: Mapping[str, System]) -> System:
    return lambda key, dimension, seed: systems[dimension](key, dimension, seed)
