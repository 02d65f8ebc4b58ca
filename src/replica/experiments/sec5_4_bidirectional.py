"""Section 5.4, "Bidirectional LSTM": Table 6, and what a label delay has to do with it.

Runs: LSTM, BLSTM, and BLSTM as theanets computed it, each with the gold standard taken to stand 0, 2 or 4 s after its
cause; arousal and valence x four rotations x three seeds on studyforrest, 216 trainings at desk scale, 24 of which are
section 5.3's; 36 on simulated (two cohorts). A bidirectional one takes about 40 seconds on one core.
The paper's values: table 6 of ``reference/paper_tables.csv``, .807 (LSTM) and .812 (BLSTM) for arousal, .557 and .564
for valence.
"""

from collections.abc import Sequence

import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import System, best_single, many, network, runs_of
from replica.runs import Alignment, AnyRun, Direction
from replica.store import Store

LOSS = "-ccc"  # of both systems in Table 6; its two values of the LSTM are those of -ccc in Tables 4 and 5
DELAYS_SECONDS = (0, 2, 4)
NETWORKS: dict[str, tuple[Direction, Alignment]] = {
    "LSTM": ("forward", "aligned"),
    "BLSTM": ("bidirectional", "aligned"),
    "BLSTM unreversed": ("bidirectional", "unreversed"),
}


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


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus, seed by seed."""
    return runs_of(systems(corpus, scale), corpus, many(corpus, seeds))


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    partition: str = "test",
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, many(corpus, seeds), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 6, with every label delay."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)
