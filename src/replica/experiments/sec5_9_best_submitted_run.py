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

from replica.conventions import DIMENSIONS, PARTITIONS
from replica.corpora.recording import CorpusKey
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments import sec5_6_early_fusion as sec5_6
from replica.experiments import sec5_7_late_fusion as sec5_7
from replica.experiments.recorded import Recorded
from replica.experiments.systems import System, corpus_name, few, fused, missing, runs_of
from replica.runs import AnyRun, Result
from replica.store import Store

PAPERS_CHOICE = {"arousal": "fused again", "valence": sec5_6.CONCATENATION}

# Among which ours is chosen: systems of which no weight was learned on the dev recording that it is scored on.
UNFITTED = ("best single", "late fusion, other recordings", sec5_6.CONCATENATION, sec5_6.NEW_STRUCTURE)


def systems(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> dict[str, System]:
    """The systems among which one is submitted."""
    early = sec5_6.systems(corpus, scale, sec5_1.gate(store, corpus, scale, seeds))
    late = sec5_7.systems(store, corpus, scale, seeds)
    structures = {name: system for (row, name), system in early.items() if row == "all modalities"}
    # "late fusion of all modalities as described in section 5.7", which lists members of the paper's corpus alone.
    described = late["as printed, mae" if corpus_name(corpus) == "avec2015" else "late fusion"]
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
    return runs_of(systems(store, corpus, scale, seeds), corpus, few(corpus, seeds))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(store, corpus, scale, seeds), corpus, few(corpus, seeds), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 12: the paper's choice for each emotion dimension, and ours, the best on dev; train, dev and test."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({(d, which): _rows(of, d) for d in DIMENSIONS for which, of in _shown(shown, d).items()})


def best_on_dev(recorded: Recorded, dimension: str, rotation: str) -> str:
    """The system with the highest CCC on dev of one rotation, mean over seeds, among those not fitted on dev."""
    return str(recorded.scores(dimension, rotation)["dev CCC"][list(UNFITTED)].idxmax())


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
