"""What results owe to two numbers that were assumed of simulated people: how much cues show, and how late raters are.

Runs: LSTM with mse and with -ccc, BLSTM with -ccc, and a ridge regression, each on all feature sets side by side, on
simulated cohorts that differ in nothing but one number; 42 trainings a cohort, of which those at full effect are
sections 5.3's and 5.4's. The paper has no such numbers.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import LacksModalityError, System, few, runs_of, with_options
from replica.runs import AnyRun
from replica.store import Store

EFFECTS = (0.0, 0.25, 0.5, 1.0)  # of what cues show of the state, and raters see of the behaviour; 1 is the corpus
DELAYS_SECONDS = (0.0, 2.0, 4.0)  # of all raters alike; in the corpus each has their own, of 2 to 4 s
VALUES = {"effect": EFFECTS, "delay_seconds": DELAYS_SECONDS}

MSE, CCC, BLSTM, RIDGE = "LSTM, mse", "LSTM, -ccc", "BLSTM, -ccc", "ridge"

Name = tuple[str, float, str]  # option of the cohort, its value, system


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """The four systems at each value of each number.

    Raises:
        LacksModalityError: If the corpus is not ``simulated``; only there can the numbers be chosen.
    """
    if corpus != "simulated":
        raise LacksModalityError(
            f"How much cues show and how late raters are can be chosen in the corpus simulated alone. Received "
            f"{corpus!r}. Choose that corpus, or leave this experiment out."
        )
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
    """Test CCC: a row for each value of each number, a column for each emotion dimension and system."""
    ccc = {dimension: recorded.table(dimension).loc["mean"] for dimension in DIMENSIONS}
    rows = pd.MultiIndex.from_tuples(
        list(dict.fromkeys(name[:2] for name in recorded.systems)), names=["option", "value"]
    )
    return pd.concat({d: of.unstack().loc[rows, [MSE, CCC, BLSTM, RIDGE]] for d, of in ccc.items()}, axis=1)


# What was expected before any of these networks was trained, each as a difference that is positive if it comes so;
# means over both emotion dimensions. mse shrinks what it cannot explain, so that -ccc should gain where cues show
# little; and a second direction should gain where raters are not late, since then what is rated is still to come.
EXPECTATIONS: dict[str, Quantity] = {
    "more effect, more CCC": lambda ccc: min(
        _mean(ccc, "effect", after, CCC) - _mean(ccc, "effect", before, CCC)
        for before, after in zip(EFFECTS, EFFECTS[1:], strict=False)
    ),
    "-ccc gains more over mse at a quarter of the effect": lambda ccc: (
        _lead(ccc, "effect", 0.25, CCC, MSE) - _lead(ccc, "effect", 1.0, CCC, MSE)
    ),
    "a second direction gains more without delay": lambda ccc: (
        _lead(ccc, "delay_seconds", 0.0, BLSTM, CCC) - _lead(ccc, "delay_seconds", 4.0, BLSTM, CCC)
    ),
}


def expectations(recorded: Recorded) -> dict[str, Effect]:
    """The three expectations, with 95 % intervals over cohorts and their people."""
    return recorded.effects(EXPECTATIONS)


def _mean(ccc: dict[Name, np.ndarray], option: str, value: float, name: str) -> float:
    return float(ccc[option, value, name].mean())


def _lead(ccc: dict[Name, np.ndarray], option: str, value: float, name: str, over: str) -> float:
    return _mean(ccc, option, value, name) - _mean(ccc, option, value, over)
