"""Section 2, "due to the correlation between arousal and valence": multi-task learning where the two are less related.

Runs: the networks of section 5.5 (Table 7), single and multi-task, on simulated cohorts that differ in nothing but how
arousal and valence correlate over a speaker's time; 30 trainings a cohort. The paper has no such numbers.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments import sec5_5_multi_task as sec5_5
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import System, few, only_where_chosen, runs_of, with_options
from replica.runs import AnyRun
from replica.store import Store

UNRELATED, RELATED = 0.0, 0.6  # correlation of the states that nobody sees

Name = tuple[float, str, str]  # correlation, feature set, single or multi-task


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """The networks of Table 7 at each correlation.

    Raises:
        LacksModalityError: If the corpus is not ``simulated``; only there can the correlation be chosen.
    """
    only_where_chosen(corpus, "How arousal and valence correlate")
    return {
        (correlation, *name): with_options(system, correlation=correlation)
        for correlation in (UNRELATED, RELATED)
        for name, system in sec5_5.systems(corpus, scale).items()
        if name[1] in (sec5_5.SINGLE, sec5_5.MULTI)
    }


def runs(
    corpus: str = "simulated",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this experiment."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this experiment."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale), partition)


def table(recorded: Recorded) -> pd.DataFrame:
    """Gain of multi-task learning in CCC: a row for each feature set, a column for each dimension and correlation."""
    ccc = {dimension: recorded.table(dimension).loc["mean"] for dimension in DIMENSIONS}
    gains = {
        (dimension, at): of[at].xs(sec5_5.MULTI, level=1) - of[at].xs(sec5_5.SINGLE, level=1)
        for dimension, of in ccc.items()
        for at in (UNRELATED, RELATED)
    }
    return pd.DataFrame(gains)


def _gain(ccc: dict[Name, np.ndarray], correlation: float) -> float:
    """Of multi-task learning, mean over feature sets and both emotion dimensions."""
    pairs = [(name, (*name[:2], sec5_5.SINGLE)) for name in ccc if name[0] == correlation and name[2] == sec5_5.MULTI]
    return float(np.mean([ccc[multi] - ccc[single] for multi, single in pairs]))


# The quantity of a claim of section 2, as written in reference/claims.csv. It names no feature sets: those of Table 7.
QUANTITIES: dict[str, Quantity] = {"2j": lambda ccc: _gain(ccc, RELATED) - _gain(ccc, UNRELATED)}


def effects(
    store: Store, corpus: str = "simulated", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantity of this experiment's claim."""
    return recorded(store, corpus, scale, seeds).effects(QUANTITIES)
