"""The audio and video rows of Tables 4 and 5, and Table 6, as large as the paper had them: 25 Hz, 160 and 120 units.

Runs: audio and video feature sets, each alone with mse, -ccc and mse-cov, for arousal and valence, and the BLSTM of
Table 6 with the ridge regression beside it, for one seed; 20 trainings on simulated_signals, of a quarter of an hour
each on one core. Each stands beside the same run at desk scale, 5 Hz and half of the units.
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
SCALES = ("desk", "paper")
SEEDS = (0,)  # a second one would take five hours of one core more


def systems(corpus: str, scale: str) -> dict[tuple[str, str], System]:
    """The cells of Tables 4 and 5 by feature set and loss, and the rows of Table 6 as ``("table 6", row)``.

    Raises:
        LacksModalityError: If the corpus has no audio or no video.
    """
    cells = sec5_3.modalities(corpus, scale, audio_and_video(corpus))
    table_6 = {("table 6", row): system for row, system in sec5_4.table_6(corpus, scale).items()}
    return {(feature, loss): system for (feature, loss), system in cells.items() if loss in LOSSES} | table_6


def audio_and_video(corpus: str) -> tuple[str, ...]:
    """The audio and the video feature sets of a corpus.

    Raises:
        LacksModalityError: If it has none of one of them.
    """
    of = MODALITIES[whose_features(corpus)]
    if not {"audio", "video"} <= set(of):
        raise LacksModalityError(
            f"The paper's scale is tried on audio and video. Received {corpus!r}, which has {', '.join(of)}. "
            "Take one with both."
        )
    return (*of["audio"], *of["video"])


def runs(
    corpus: str = "simulated_signals",
    scale: str = "paper",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Its runs on a corpus at one scale."""
    return runs_of(systems(corpus, scale), corpus, SEEDS if seeds is None else seeds)


def recorded(
    store: Store, corpus: str = "simulated_signals", scale: str = "paper", seeds: Sequence[int] | None = None
) -> Recorded:
    """The recorded results at one scale, scored on test."""
    return Recorded(store, systems(corpus, scale), corpus, SEEDS if seeds is None else seeds)


def beside_desk(store: Store, corpus: str = "simulated_signals", seeds: Sequence[int] | None = None) -> pd.DataFrame:
    """CCC on dev and on test: a row an emotion dimension and system, a column a partition and scale."""
    of = {scale: recorded(store, corpus, scale, seeds) for scale in SCALES}
    return pd.concat({dimension: _scales_in_columns(of, dimension) for dimension in DIMENSIONS})


# What the sections say of these systems: a mean over feature sets and both emotion dimensions.
QUANTITIES: dict[str, Quantity] = {
    "-ccc less mse": lambda ccc: _mean(ccc, "-ccc") - _mean(ccc, "mse"),
    "mse-cov less mse": lambda ccc: _mean(ccc, "mse-cov") - _mean(ccc, "mse"),
    "BLSTM less LSTM": lambda ccc: _mean(ccc, sec5_4.BLSTM) - _mean(ccc, sec5_4.LSTM),
}


def gains(
    store: Store, corpus: str = "simulated_signals", seeds: Sequence[int] | None = None
) -> dict[str, dict[str, Effect]]:
    """By scale, what the losses and the second direction gain in test CCC, with 95 % intervals."""
    return {scale: recorded(store, corpus, scale, seeds).effects(QUANTITIES) for scale in SCALES}


def _mean(ccc: dict[tuple[str, str], np.ndarray], name: str) -> float:
    return float(np.mean([values for (_, which), values in ccc.items() if which == name]))


def _scales_in_columns(of: dict[str, Recorded], dimension: str) -> pd.DataFrame:
    scores = {scale: recorded.scores(dimension) for scale, recorded in of.items()}
    return pd.concat(
        {
            column: pd.DataFrame({scale: rows[column] for scale, rows in scores.items()})
            for column in ("dev CCC", "test CCC")
        },
        axis=1,
    )
