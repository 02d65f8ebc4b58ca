"""Section 5.2, "Long-time vs. Short-time Features": Table 3 and Figure 4.

Runs: the audio features of each 40 ms, and their statistics in windows of 3 s, with layers of 160 and 120 units and
loss mse, for arousal and valence; 16 trainings a seed on studyforrest, 8 of which are section 5.1's; and beside them
a ridge regression on each.
The paper's values: table 3 of ``reference/paper_tables.csv``; .762 (short) against .703 (long) for
arousal, .224 against .312 for valence.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from replica import corpora, ratings
from replica.conventions import DIMENSIONS
from replica.experiments import of_ratings
from replica.experiments.recorded import Effect, Quantity, Recorded, where_recorded
from replica.experiments.systems import (
    LacksModalityError,
    System,
    corpus_name,
    few,
    frame_by_frame,
    network,
    runs_of,
    whose_features,
)
from replica.inputs import average_frames, frame_rate_hz
from replica.metrics import moments, pool_rows
from replica.runs import SCALES, AnyRun, Result, RidgeRun, trained
from replica.statistics import Interval, bootstrap
from replica.store import Store

Floats = np.ndarray

LOSS = "mse"  # its rows for the long-time set are those of Table 2
AUDIO_SETS = {  # long-time, short-time
    "studyforrest": ("sound_3s", "sound"),
    "simulated": ("voice_3s", "voice"),
    "avec2015": ("audio_long", "audio_short"),
}


LONG, SHORT = "long-time audio", "short-time audio"
DETAIL_HZ = 0.1  # above it lies what claim 5.2f calls detailed local information


def systems(corpus: str, scale: str) -> dict[str, System]:
    """The two kinds of audio features.

    Raises:
        LacksModalityError: If the corpus has no audio.
    """
    return {name: network(scale, (feature,), LOSS) for name, feature in _audio_sets(corpus).items()}


def with_ridges(corpus: str, scale: str) -> dict[tuple[str, str], System]:
    """The two networks, and beside each a ridge regression on the same features."""
    declared: dict[tuple[str, str], System] = {}
    for name, system in systems(corpus, scale).items():
        declared[name, "LSTM"] = system
        declared[name, "ridge"] = frame_by_frame(RidgeRun, scale, (_audio_sets(corpus)[name],))
    return declared


def _audio_sets(corpus: str) -> dict[str, str]:
    name = whose_features(corpus)
    if name not in AUDIO_SETS:
        raise LacksModalityError(
            f"Section 5.2 compares audio features. Received the corpus {corpus!r}, which has none. "
            f"Take one of {', '.join(AUDIO_SETS)}."
        )
    return dict(zip((LONG, SHORT), AUDIO_SETS[name], strict=True))


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(with_ridges(corpus, scale), corpus, few(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of the two networks."""
    return Recorded(store, systems(corpus, scale), corpus, few(corpus, seeds, scale), partition)


def beside_ridges(store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None) -> Recorded:
    """The recorded results of :func:`with_ridges`."""
    return Recorded(store, with_ridges(corpus, scale), corpus, few(corpus, seeds, scale))


def table(
    number: int, store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None
) -> pd.DataFrame:
    """Table 3, and the RMSE on dev in valleys and peaks."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat(
        {d: pd.concat([shown.scores(d), valleys_and_peaks(shown, d, "dev")], axis=1) for d in DIMENSIONS}, axis=1
    )


def example(recorded: Recorded, dimension: str = "arousal") -> str:
    """The recording that Figure 4 shows, by a rule: of dev, the one of median CCC from short-time audio.

    Of an even number, the better of the two in the middle. The first rotation and seed.
    """
    moments = recorded.results[recorded.rotations[0], dimension, SHORT][0].moments["dev"][dimension]
    order = sorted(moments, key=lambda name: moments[name].ccc)
    return order[len(order) // 2]


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


AROUSAL, VALENCE = map(DIMENSIONS.index, ("arousal", "valence"))

# The quantities of two claims on this section, as written in reference/claims.csv; claims 5.2e and 5.2f are below,
# 5.2d is about ratings, and no network without memory, which 5.2a asks for, is declared.
QUANTITIES: dict[str, Quantity] = {
    "5.2b": lambda ccc: (ccc[SHORT] - ccc[LONG])[AROUSAL],
    "5.2c": lambda ccc: (ccc[LONG] - ccc[SHORT])[VALENCE],
}


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of this section's claims, but those on audio where the corpus has none.

    That of claim 5.2f needs the gold standard, which no result holds: the corpus is loaded, and the claim left out
    where it is not on this machine. It is left out of studyforrest too, whose sound is no voice of who is rated.
    """
    of_features = partial(_effects_of_features, store, corpus, scale, seeds)
    return where_recorded(lambda: {"5.2d": slower_valence(corpus, seeds)}, of_features)


def slower_valence(corpus: str, seeds: Sequence[int] | None = None) -> Effect:
    """Claim 5.2d: how much longer valence takes to change than arousal, in seconds; see :mod:`replica.ratings`.

    Raises:
        FileNotFoundError: If a real corpus was not measured, or the corpus of somebody's own is not here.
    """
    return of_ratings.difference(corpus, seeds, ratings.measured, ratings.measure)


def _effects_of_features(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None) -> dict[str, Effect]:
    if whose_features(corpus) not in AUDIO_SETS:
        return {}
    shown = recorded(store, corpus, scale, seeds)
    of = {"5.2e": peaks_and_valleys_lost(shown)}
    if corpus_name(corpus) != "studyforrest" and is_here(shown):
        of["5.2f"] = detail_lost(shown)
    return shown.effects(QUANTITIES) | {claim: Effect(*i, len(shown.seeds)) for claim, i in of.items()}


def is_here(recorded: Recorded) -> bool:
    """Whether the corpora that the results are of can be loaded on this machine."""
    return {key.name for keys in recorded.keys.values() for key in keys} <= set(corpora.available())


def peaks_and_valleys_lost(recorded: Recorded) -> Interval:
    """Claim 5.2e: RMSE of arousal in valleys and peaks, of the long-time features less that of the short-time ones."""
    rows = [
        np.array(
            [
                [_square_errors(result, recorded.partition) for result in recorded.results[rotation, "arousal", name]]
                for name in (LONG, SHORT)
            ]
        )
        for rotation in recorded.rotations
    ]
    return bootstrap(rows, lambda rmse: float(rmse[0] - rmse[1]), metric=_pooled_rmse, cohorts=recorded.cohorts)


def _square_errors(result: Result, partition: str) -> list[tuple[float, ...]]:
    """Of each recording the mean square error in valleys and peaks together, where a row of moments has a variance."""
    tenths = np.array(list(result.valleys_and_peaks[partition]["arousal"].values()))
    frames, square = tenths[:, 0::2], tenths[:, 1::2]
    n = frames.sum(axis=1)
    return [(m, 0.0, 0.0, error, 0.0, 0.0) for m, error in zip(n, (frames * square).sum(axis=1) / n, strict=True)]


def detail_lost(recorded: Recorded) -> Interval:
    """Claim 5.2f: CC of what is faster than 0.1 Hz in arousal, of the short-time features less the long-time ones."""
    column = DIMENSIONS.index("arousal")
    rows = []
    for rotation, keys in recorded.keys.items():
        golds = [{r.name: r.gold[:, [column]] for r in corpora.load_pinned(key).recordings} for key in keys]
        rows.append(
            np.array(
                [
                    [
                        _detail_moments(result, recorded.partition, gold)
                        for result, gold in zip(recorded.results[rotation, "arousal", name], golds, strict=True)
                    ]
                    for name in (SHORT, LONG)
                ]
            )
        )
    return bootstrap(rows, lambda cc: float(cc[0] - cc[1]), metric=_pooled_cc, cohorts=recorded.cohorts)


def _detail_moments(result: Result, partition: str, golds: dict[str, Floats]) -> list[tuple[float, ...]]:
    run = trained(result.run)  # type: ignore[arg-type]  # of this section's networks
    rate, averaged = frame_rate_hz(run), SCALES[run.scale].frames_averaged
    return [
        moments(detail(average_frames(golds[name], averaged)[:, 0], rate), detail(prediction[:, 0], rate)).as_row()
        for name, prediction in result.predictions[partition].items()
    ]


def detail(x: Floats, rate_hz: float) -> Floats:
    """The part of a trace above 0.1 Hz: a Butterworth filter of fourth order, once forward and once backward.

    Args:
        x: ``(frames,)``.
        rate_hz: Frames a second.
    """
    from scipy import signal  # results are read without SciPy

    sections = signal.butter(4, DETAIL_HZ, "highpass", fs=rate_hz, output="sos")
    filtered: Floats = signal.sosfiltfilt(sections, np.asarray(x, np.float64))
    return filtered


def _pooled_rmse(rows: ArrayLike) -> Floats:
    """Of rows as :func:`_square_errors` makes them."""
    rmse: Floats = np.sqrt(pool_rows(rows)[..., 3])
    return rmse


def _pooled_cc(rows: ArrayLike) -> Floats:
    pooled = pool_rows(rows)
    cc: Floats = pooled[..., 5] / np.sqrt(pooled[..., 3] * pooled[..., 4])
    return cc
