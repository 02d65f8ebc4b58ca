"""Section 5.2, "Long-time vs. Short-time Features": Table 3 and Figure 4.

Runs: the audio features of each 40 ms, and their statistics in windows of 3 s, with layers of 160 and 120 units and
loss mse, for arousal and valence; 16 trainings on studyforrest, 8 of which are section 5.1's.
The paper's values: table 3 of ``reference/paper_tables.csv``; .762 (short) against .703 (long) for
arousal, .224 against .312 for valence.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.experiments.systems import LacksModalityError, System, corpus_name, few, network, runs_of
from replica.runs import AnyRun, Result
from replica.store import Store

LOSS = "mse"  # its rows for the long-time set are those of Table 2
AUDIO_SETS = {  # long-time, short-time
    "studyforrest": ("sound_3s", "sound"),
    "simulated": ("voice_3s", "voice"),
    "avec2015": ("audio_long", "audio_short"),
}


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The two kinds of audio features.

    Raises:
        LacksModalityError: If the corpus has no audio.
    """
    name = corpus_name(corpus)
    if name not in AUDIO_SETS:
        raise LacksModalityError(
            f"Section 5.2 compares audio features. Received the corpus {corpus!r}, which has none. "
            f"Take one of {', '.join(AUDIO_SETS)}."
        )
    long_time, short_time = AUDIO_SETS[name]
    return {
        "long-time audio": network(scale, (long_time,), LOSS),
        "short-time audio": network(scale, (short_time,), LOSS),
    }


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, few(corpus, seeds))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds), partition)


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 3, and the RMSE on dev in valleys and peaks."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat(
        {d: pd.concat([shown.scores(d), valleys_and_peaks(shown, d, "dev")], axis=1) for d in DIMENSIONS}, axis=1
    )


def valleys_and_peaks(recorded: Recorded, dimension: str, partition: str) -> pd.DataFrame:
    """RMSE in the lowest and the highest tenth of each recording's gold standard, mean over rotations and seeds."""
    rows = {
        name: np.mean([_rmse(r, dimension, partition) for r in recorded.of_system(dimension, name)], axis=0)
        for name in recorded.systems
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["RMSE in valleys", "RMSE in peaks"])


def _rmse(result: Result, dimension: str, partition: str) -> np.ndarray:
    """Of all recordings together: valleys, peaks."""
    rows = np.array(list(result.valleys_and_peaks[partition][dimension].values()))
    frames, square = rows[:, 0::2], rows[:, 1::2]
    return np.sqrt((frames * square).sum(axis=0) / frames.sum(axis=0))
