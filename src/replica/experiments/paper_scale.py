"""The audio and video rows of Tables 4 and 5, and Table 6, as large as the paper had them: 25 Hz, 160 and 120 units.

Runs: audio and video feature sets, each alone with mse, -ccc and mse-cov, for arousal and valence, and the BLSTM of
Table 6 with the ridge regression beside it, for one seed; 20 trainings on simulated_signals, of 3 to 22 minutes on one
core. Each stands beside the same run at desk scale, 5 Hz and half of the units.
The paper's values: tables 4, 5 and 6 of ``reference/paper_tables.csv``.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.recorded import Effect, Quantity, Recorded
from replica.experiments.systems import MODALITIES, LacksModalityError, System, runs_of, whose_features
from replica.runs import AnyRun
from replica.store import Store

LOSSES = ("mse", "-ccc", "mse-cov")  # of the paper's baseline and of the two that it recommends
DESK, PAPER = "desk", "paper"
SEEDS = (0,)  # a second one would take three hours of one core more
TABLE_6 = "table 6"

Name = tuple[str, str]  # feature set and loss, or TABLE_6 and its row
AtScale = tuple[str, str, str]  # scale before that


def systems(corpus: str, scale: str) -> dict[Name, System]:
    """The cells of Tables 4 and 5, and the rows of Table 6.

    Raises:
        LacksModalityError: If the corpus has no audio or no video.
    """
    cells = sec5_3.modalities(corpus, scale, audio_and_video(corpus))
    rows = {(TABLE_6, row): system for row, system in sec5_4.table_6(corpus, scale).items()}
    return {name: system for name, system in cells.items() if name[1] in LOSSES} | rows


def audio_and_video(corpus: str) -> tuple[str, ...]:
    """The audio and the video feature sets of a corpus.

    Raises:
        LacksModalityError: If it has none of one of them.
    """
    of = MODALITIES[whose_features(corpus)]
    if not {"audio", "video"} <= set(of):
        raise LacksModalityError(
            f"The paper's scale is tried on audio and video. Received {corpus!r}, which has {', '.join(of)}. "
            "Take a corpus with both, such as simulated_signals, or leave this experiment out."
        )
    return (*of["audio"], *of["video"])


def runs(
    corpus: str = "simulated_signals",
    scale: str = PAPER,
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Its runs on a corpus at one scale; at desk scale they are those of sections 5.3 and 5.4."""
    return runs_of(systems(corpus, scale), corpus, SEEDS if seeds is None else seeds)


def recorded(store: Store, corpus: str = "simulated_signals", seeds: Sequence[int] | None = None) -> Recorded:
    """The recorded results at both scales, scored on test."""
    declared = {(scale, *name): system for scale in (DESK, PAPER) for name, system in systems(corpus, scale).items()}
    return Recorded(store, declared, corpus, SEEDS if seeds is None else seeds)


def table(recorded: Recorded) -> pd.DataFrame:
    """CCC on dev and on test: a row an emotion dimension and system, a column a partition and scale.

    Where trainings diverged, further columns count them.
    """
    return pd.concat({dimension: _scales_in_columns(recorded.scores(dimension)) for dimension in DIMENSIONS})


def gains(recorded: Recorded) -> dict[str, Effect]:
    """What the two losses gain over mse, and the BLSTM over the LSTM, at each scale and at the paper's less at desk.

    Differences of test CCC, means over both emotion dimensions, and of the losses over feature sets, as in claims 5.3c,
    5.3d and 5.4a. Intervals are over the people who are tested, and where there are several seeds over these.
    """
    return recorded.effects(QUANTITIES)


def changes(recorded: Recorded) -> dict[str, float]:
    """What becomes of the single cells of Tables 4 and 5, in test CCC, from desk scale to the paper's.

    Returns:
        ``cells``, how many are ``ahead`` at the paper's scale, and their mean ``change``; ``rows`` of these tables, and
        in how many of them an ``other_loss`` is the best.
    """
    cells = table(recorded)["test CCC"].drop(TABLE_6, level=1)
    best = {scale: cells[scale].unstack().idxmax(axis=1) for scale in (DESK, PAPER)}
    return {
        "cells": len(cells),
        "ahead": int((cells[PAPER] > cells[DESK]).sum()),
        "change": float((cells[PAPER] - cells[DESK]).mean()),
        "rows": len(best[DESK]),
        "other_loss": int((best[PAPER] != best[DESK]).sum()),
    }


def _gain(scale: str, name: str, over: str) -> Quantity:
    def mean(ccc: dict[AtScale, np.ndarray], which: str) -> float:
        return float(np.mean([values for (at, _, of), values in ccc.items() if (at, of) == (scale, which)]))

    return lambda ccc: mean(ccc, name) - mean(ccc, over)


def _at_both_scales(name: str, over: str) -> dict[str, Quantity]:
    desk, paper = _gain(DESK, name, over), _gain(PAPER, name, over)
    told = f"{name} less {over}"
    return {
        f"{told}, {DESK}": desk,
        f"{told}, {PAPER}": paper,
        f"{told}, {PAPER} less {DESK}": lambda ccc: paper(ccc) - desk(ccc),
    }


QUANTITIES: dict[str, Quantity] = {
    **_at_both_scales("-ccc", "mse"),
    **_at_both_scales("mse-cov", "mse"),
    **_at_both_scales(sec5_4.BLSTM, sec5_4.LSTM),
}


def _scales_in_columns(scores: pd.DataFrame) -> pd.DataFrame:
    columns = [column for column in ("dev CCC", "test CCC", "diverged") if column in scores]
    return pd.concat({column: scores[column].unstack(level=0)[[DESK, PAPER]] for column in columns}, axis=1)
