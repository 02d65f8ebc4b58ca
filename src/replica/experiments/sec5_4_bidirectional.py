"""Section 5.4, "Bidirectional LSTM": Table 6, and what a label delay has to do with it.

Runs: LSTM and BLSTM, arousal and valence x four rotations on studyforrest, 16 trainings a seed at desk scale, half of
which are section 5.3's; for fewer seeds these two, and the BLSTM as theanets computed it, each with the gold standard
taken to stand 0, 2 or 4 s after its cause, 72 trainings a seed; and beside them a ridge regression.
The paper's values: table 6 of ``reference/paper_tables.csv``, .807 (LSTM) and .812 (BLSTM) for arousal, .557 and .564
for valence.
"""

import json
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from replica import paths
from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Effect, Quantity, Recorded, where_recorded
from replica.experiments.systems import System, best_single, few, frame_by_frame, many, missing, network, runs_of
from replica.runs import Alignment, AnyRun, Direction, RidgeRun
from replica.statistics import Interval, bootstrap
from replica.store import Store

LOSS = "-ccc"  # of both systems in Table 6; its two values of the LSTM are those of -ccc in Tables 4 and 5
DELAYS_SECONDS = (0, 2, 4)
NETWORKS: dict[str, tuple[Direction, Alignment]] = {
    "LSTM": ("forward", "aligned"),
    "BLSTM": ("bidirectional", "aligned"),
    "BLSTM unreversed": ("bidirectional", "unreversed"),
}
LSTM, BLSTM = "LSTM, 0 s", "BLSTM, 0 s"  # the two rows of Table 6


def systems(corpus: str, scale: str) -> dict[str, System]:
    """Every network with every label delay; sizes are those of each direction, so a BLSTM's layers are doubled."""
    return {
        f"{name}, {delay} s": network(
            scale,
            best_single(corpus),
            LOSS,
            direction=direction,
            bidirectional_alignment=alignment,
            label_delay_seconds=delay,
        )
        for name, (direction, alignment) in NETWORKS.items()
        for delay in DELAYS_SECONDS
    }


def table_6(corpus: str, scale: str) -> dict[str, System]:
    """The two rows of Table 6, and a ridge regression on the same features."""
    declared = systems(corpus, scale)
    ridge = {"ridge": frame_by_frame(RidgeRun, scale, best_single(corpus))}
    return {LSTM: declared[LSTM], BLSTM: declared[BLSTM]} | ridge


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus: those of Table 6, for more seeds, then those of the label delays."""
    of_table = runs_of(table_6(corpus, scale), corpus, many(corpus, seeds, scale))
    return list(dict.fromkeys([*of_table, *runs_of(systems(corpus, scale), corpus, few(corpus, seeds, scale))]))


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    partition: str = "test",
) -> Recorded:
    """The recorded results of Table 6."""
    return Recorded(store, table_6(corpus, scale), corpus, many(corpus, seeds, scale), partition)


def delayed(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> Recorded:
    """The networks and label delays of which every run is recorded, and a ridge regression on the same features."""
    chosen = few(corpus, seeds, scale)
    declared = systems(corpus, scale) | table_6(corpus, scale)
    there = {name: s for name, s in declared.items() if not missing(runs_of({name: s}, corpus, chosen), store)}
    return Recorded(store, there, corpus, chosen)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 6."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)


# The quantities of two claims on this section, as written in reference/claims.csv; claim 5.4c is
# :func:`overfitting`, and 5.4b, about seconds, :func:`slowdown`.
QUANTITIES: dict[str, Quantity] = {
    "5.4a": lambda ccc: (ccc[BLSTM] - ccc[LSTM]).mean(),
    "5.4d": lambda ccc: (0.02 + ccc[LSTM] - ccc[BLSTM]).mean(),
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims; that of 5.4b where the time of an epoch was measured."""
    return where_recorded(partial(_effects_on_scores, store, corpus, scale, seeds), lambda: {"5.4b": slowdown(corpus)})


def slowdown(corpus: str, draws: int = 2000, seed: int = 0) -> Effect:
    """Claim 5.4b: seconds of an epoch of the BLSTM over those of the LSTM, less 1; as a benchmark took them.

    The networks took their epochs in turn, so each round has its ratio; of a seed's rounds the median, then the mean
    over seeds. The interval redraws seeds, and rounds within each.

    Raises:
        FileNotFoundError: If no epoch of the corpus' size was timed.
    """
    file = paths.root() / "benchmarks" / "results" / "bidirectional.json"
    timed = json.loads(file.read_text()) if file.exists() else {}
    if corpus not in timed:
        raise FileNotFoundError(
            f"Seconds of an epoch are read from {file.name}. It has none of {corpus!r}, but of {sorted(timed)}. "
            "Add the corpus to benchmarks/bidirectional.py and run that."
        )
    seconds = {name: np.array(timed[corpus]["seconds"][name]) for name in (LSTM, BLSTM)}
    ratios = seconds[BLSTM] / seconds[LSTM]  # (seeds, rounds)
    seeds, rounds = ratios.shape
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, seeds, (draws, seeds, 1)), rng.integers(0, rounds, (draws, seeds, rounds))
    low, high = np.quantile(np.median(ratios[drawn], axis=2).mean(axis=1), [0.025, 0.975])
    return Effect(float(np.median(ratios, axis=1).mean() - 1), float(low - 1), float(high - 1), seeds)


def _effects_on_scores(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None) -> dict[str, Effect]:
    test = recorded(store, corpus, scale, seeds)
    over = overfitting(recorded(store, corpus, scale, seeds, "train"), test)
    return test.effects(QUANTITIES) | {"5.4c": Effect(*over, len(test.seeds))}


def overfitting(train: Recorded, test: Recorded) -> Interval:
    """Claim 5.4c: train CCC less test CCC of the BLSTM, less the same of the LSTM, mean over both emotion dimensions.

    Recordings of train and of test are redrawn each for themselves, seeds for both alike.
    """
    rows = [
        np.stack([shown.moments(rotation, dimension, name) for name in names for dimension in DIMENSIONS])
        for shown, names in ((train, (BLSTM, LSTM)), (test, (LSTM, BLSTM)))
        for rotation in shown.rotations
    ]
    # The bootstrap's mean over train and test is half of "BLSTM on train and LSTM on test", then half of the rest.
    return bootstrap(rows, lambda ccc: float(2 * (ccc[:2] - ccc[2:]).mean()), cohorts=test.cohorts)


def by_delay(recorded: Recorded, dimension: str) -> pd.DataFrame:
    """Test CCC, its 95 % interval and chance: a row for each network and label delay in seconds that is recorded."""
    rows = recorded.summary(dimension).drop(index="ridge")
    pairs = [name.removesuffix(" s").rsplit(", ", 1) for name in rows.index]
    rows.index = pd.MultiIndex.from_tuples([(name, int(delay)) for name, delay in pairs], names=["network", "delay"])
    return rows
