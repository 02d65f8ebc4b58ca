"""How far CCC moves with what the paper leaves open: each field of ``Assumptions`` flipped, one at a time.

Runs: the network of section 5.3 with -ccc on all feature sets side by side, and for the alignment section 5.4's
bidirectional one, with each other value of each field. 72 new trainings on studyforrest (four rotations, one seed), 36
on simulated (two cohorts).
"""

import dataclasses
from collections.abc import Sequence
from typing import get_args

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import NORMALISATION, System, corpus_name, features_of, few, network, runs_of
from replica.runs import AnyRun, Assumptions, Direction
from replica.statistics import bootstrap, difference
from replica.store import Store

LOSS = "-ccc"
BASE, BIDIRECTIONAL = "as assumed", "as assumed, bidirectional"


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The network as assumed, and with each assumption flipped."""
    features = features_of(corpus)
    declared: dict[str, System] = {
        BASE: network(scale, features, LOSS),
        BIDIRECTIONAL: network(scale, features, LOSS, direction="bidirectional"),
    }
    for field in dataclasses.fields(Assumptions):
        direction: Direction = "bidirectional" if field.name == "bidirectional_alignment" else "forward"
        assumed = NORMALISATION[corpus_name(corpus)] if field.name == "normalisation" else field.default
        for value in get_args(field.type):
            if value != assumed:
                declared[f"{field.name} = {value}"] = network(
                    scale, features, LOSS, direction=direction, **{field.name: value}
                )
    return declared


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of the switchboard on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of the switchboard."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale), partition)


def moved(shown: Recorded) -> pd.DataFrame:
    """How far test CCC moves with each flip, with its 95 % interval: ``estimate, low, high`` by flip and dimension.

    Args:
        shown: From :func:`recorded`, or of those systems that are recorded. An interval is over recordings, and over
            seeds where there are several.
    """
    rows = {}
    for name in shown.systems:
        for dimension in DIMENSIONS:
            if name not in (BASE, BIDIRECTIONAL):
                pairs = [
                    np.stack([shown.moments(rotation, dimension, of) for of in (name, _base(name))])
                    for rotation in shown.rotations
                ]
                rows[name, dimension] = bootstrap(pairs, difference(0, 1), cohorts=shown.cohorts)
    index = pd.MultiIndex.from_tuples(rows, names=["assumption", "target"])
    return pd.DataFrame(list(rows.values()), index=index, columns=["estimate", "low", "high"])


def _base(name: str) -> str:
    """The network as assumed that a flip is compared with."""
    return BIDIRECTIONAL if name.startswith("bidirectional_alignment") else BASE


def scores(store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None) -> pd.DataFrame:
    """Test CCC with each flip, and how far it lies from the network as assumed, mean over rotations and seeds."""
    shown = recorded(store, corpus, scale, seeds)
    columns = {}
    for dimension in DIMENSIONS:
        test = shown.scores(dimension)["test CCC"]
        base = [test[_base(name)] for name in test.index]
        columns[dimension] = pd.DataFrame({"test CCC": test, "moved by": test - base})
    return pd.concat(columns, axis=1)
