"""What results owe to two numbers that were assumed of simulated people: how much cues show, and how late raters are.

Runs: LSTM with mse and with -ccc, BLSTM with -ccc, and a ridge regression, each on all feature sets side by side, on
simulated cohorts that differ in nothing but one number; 36 trainings a cohort, of which the six at the corpus' own
values are sections 5.3's and 5.4's; half a minute each on one core, a BLSTM a minute. The paper has no such numbers.
At no effect at all stands the control of sections 2 and 5.3.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.recorded import Quantity, Recorded
from replica.experiments.systems import System, few, only_where_chosen, runs_of, with_options
from replica.runs import AnyRun
from replica.store import Store

EFFECTS = (0.25, 0.5, 1.0)  # of what cues show of the state, and raters see of the behaviour; 1 is the corpus
DELAYS_SECONDS = (0.0, 2.0, 4.0)  # of all raters alike; in the corpus each has their own, of 2 to 4 s
VALUES = {"effect": EFFECTS, "delay_seconds": DELAYS_SECONDS}

MSE, CCC, BLSTM, RIDGE = "LSTM, mse", "LSTM, -ccc", "BLSTM, -ccc", "ridge"

Name = tuple[str, float, str]  # option of the cohort, its value, system


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """The four systems at each value of each number.

    Raises:
        LacksModalityError: If the corpus is not ``simulated``; only there can the numbers be chosen.
    """
    only_where_chosen(corpus, "How much cues show and how late raters are")
    together = sec5_3.systems(corpus, scale)
    declared: dict[str, System] = {
        MSE: together["mse"],
        CCC: together["-ccc"],
        BLSTM: sec5_4.systems(corpus, scale)[sec5_4.BLSTM],
        RIDGE: together["ridge"],
    }
    return {
        (option, value, name): with_options(system, **{option: value})
        for option, values in VALUES.items()
        for value in values
        for name, system in declared.items()
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
    store: Store, corpus: str = "simulated", scale: str = "desk", seeds: Sequence[int] | None = None
) -> Recorded:
    """The recorded results of this experiment, scored on test."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale))


def table(recorded: Recorded) -> pd.DataFrame:
    """Test CCC: a row for each value of each number, a column for each emotion dimension and system.

    Where trainings diverged, a last column for each dimension counts them.
    """
    return pd.concat({dimension: _systems_in_columns(recorded.scores(dimension)) for dimension in DIMENSIONS}, axis=1)


# What was expected before any network was trained at a value that is not the corpus' own, whose results were known.
# Each is a difference of test CCC, mean over both emotion dimensions, and comes as expected if its 95 % interval lies
# above 0. mse shrinks what it cannot explain, so that -ccc should gain more where cues show little, though there is
# less to gain. And where raters are not late, part of what tells of a moment, as slow answers of heart and skin do,
# comes after it, so that a second direction should gain more.
EXPECTATIONS: dict[str, Quantity] = {
    "LSTM, -ccc: effect 0.5 less 0.25": lambda ccc: _mean(ccc, "effect", 0.5, CCC) - _mean(ccc, "effect", 0.25, CCC),
    "LSTM, -ccc: effect 1 less 0.5": lambda ccc: _mean(ccc, "effect", 1.0, CCC) - _mean(ccc, "effect", 0.5, CCC),
    "-ccc less mse: effect 0.25 less 1": lambda ccc: (
        _lead(ccc, "effect", 0.25, CCC, MSE) - _lead(ccc, "effect", 1.0, CCC, MSE)
    ),
    "BLSTM less LSTM: delay 0 s less 4 s": lambda ccc: (
        _lead(ccc, "delay_seconds", 0.0, BLSTM, CCC) - _lead(ccc, "delay_seconds", 4.0, BLSTM, CCC)
    ),
}


def expectations(
    store: Store, corpus: str = "simulated", scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Each expectation: estimate, 95 % interval, ``cohort N`` by itself, and whether it came ``as expected``.

    With two cohorts the interval tells how people differ, and hardly how cohorts do; so each stands beside it.
    """
    every = few(corpus, seeds, scale)
    found = pd.DataFrame(
        recorded(store, corpus, scale, every).effects(EXPECTATIONS), index=["estimate", "low", "high", "seeds"]
    ).T
    for seed in every:
        alone = recorded(store, corpus, scale, (seed,)).effects(EXPECTATIONS)
        found[f"cohort {seed}"] = [alone[name].estimate for name in found.index]
    words = np.select([found["low"] > 0, found["high"] < 0], ["as expected", "the opposite"], "undecided")
    return found.drop(columns="seeds").assign(came=words)


def _mean(ccc: dict[Name, np.ndarray], option: str, value: float, name: str) -> float:
    return float(ccc[option, value, name].mean())


def _lead(ccc: dict[Name, np.ndarray], option: str, value: float, name: str, over: str) -> float:
    return _mean(ccc, option, value, name) - _mean(ccc, option, value, over)


def _systems_in_columns(scores: pd.DataFrame) -> pd.DataFrame:
    ccc = scores["test CCC"].unstack()
    rows = pd.MultiIndex.from_tuples(
        [(o, v) for o, values in VALUES.items() for v in values], names=["option", "value"]
    )
    ccc = ccc.loc[rows, [MSE, CCC, BLSTM, RIDGE]]
    return ccc.assign(diverged=scores["diverged"].groupby(level=[0, 1]).sum()) if "diverged" in scores else ccc
