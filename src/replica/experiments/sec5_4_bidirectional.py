"""Section 5.4, "Bidirectional LSTM": Table 6, and what a label delay has to do with it.

Runs: LSTM, BLSTM, and BLSTM as theanets computed it, each with the gold standard taken to stand 0, 2 or 4 s after its
cause; arousal and valence x four rotations x three seeds on studyforrest, 216 trainings at desk scale, 24 of which are
those of section 5.3, which took about a minute each on one core.
The paper's values: table 6 of ``reference/paper_tables.csv``, .807 (LSTM) and .812 (BLSTM) for arousal, .557 and .564
for valence.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import Recorded, System, runs_of
from replica.experiments.sec5_3_loss_functions import SEEDS, network
from replica.runs import AnyRun, Run
from replica.store import Store

Direction = Literal["forward", "bidirectional"]
Alignment = Literal["aligned", "unreversed"]
Delay = Literal[0, 2, 4]

LOSS = "-ccc"  # of both systems in Table 6; its two values of the LSTM are those of -ccc in Tables 4 and 5
DELAYS_SECONDS: tuple[Delay, ...] = (0, 2, 4)
NETWORKS: dict[str, tuple[Direction, Alignment]] = {
    "LSTM": ("forward", "aligned"),
    "BLSTM": ("bidirectional", "aligned"),
    "BLSTM unreversed": ("bidirectional", "unreversed"),
}


def trained(name: str, delay_seconds: Delay, scale: str, key: CorpusKey, dimension: str, seed: int) -> Run:
    """One network with one label delay; layer sizes are those of each direction, so a BLSTM's layers are doubled."""
    run, (direction, alignment) = network(LOSS, scale, key, dimension, seed), NETWORKS[name]
    assumptions = replace(run.assumptions, label_delay_seconds=delay_seconds, bidirectional_alignment=alignment)
    return replace(run, direction=direction, assumptions=assumptions)


def systems(scale: str) -> dict[str, System]:
    """Every network with every label delay."""
    return {f"{name}, {delay} s": partial(trained, name, delay, scale) for name in NETWORKS for delay in DELAYS_SECONDS}


def runs(corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> list[AnyRun]:
    """Every run of this section on a corpus, seed by seed."""
    return runs_of(systems(scale), corpus, seeds)


def recorded(
    store: Store,
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] = SEEDS,
    partition: str = "test",
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(scale), corpus, seeds, partition)
