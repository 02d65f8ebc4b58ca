"""What was planted in simulated signals, and what of it the feature sets find again.

A planted cue is not a measured one. In a folder that ``replica simulate`` and ``replica features`` have written, each
column is compared with the cue that it should follow: a CC within each speaker, over all frames where both exist. A
column that should fall as its cue rises counts with its sign turned. A window of a feature set is matched by the mean
of the planted cue over the same window; where it is of the voice, over its voiced frames.

Laid down on 2026-11-28, before this was measured. Of a smaller look at six of the pairs the rounded values were known,
from six speakers of 100 s: F0 .93 by frame and .84 over 3 s, level .68, effort .44, smile .87, heart rate .993. Pairs,
columns and words have not been changed since:

- *recovered*: the 95 % interval over speakers of the mean CC lies above 0.5;
- *partly*: it lies above 0;
- *not recovered*: it reaches 0, or lies below.

The components of the appearance have no meaning of their own, and head motion has no column, since faces are aligned
first: neither is compared.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter1d

from replica import paths
from replica.conventions import FRAME_RATE_HZ
from replica.corpora import arff, avec2015
from replica.corpora.simulated import parameters as p
from replica.corpora.simulated.performance import Performance, perform
from replica.corpora.simulated.processes import generator
from replica.corpora.simulated.voice import Voice, voice
from replica.corpora.simulated_signals import Cohort
from replica.extraction import QUALITY
from replica.features import audio, ecg, eda, wav
from replica.features.geometry import LEFT_BROW, LEFT_EYE, MOUTH, RIGHT_BROW, RIGHT_EYE
from replica.metrics import pearson_cc
from replica.raw_recordings import find
from replica.statistics import Interval

__all__ = ["PAIRS", "RECOVERED", "Pair", "compared", "interval", "measure", "measured", "table", "word"]

Floats = NDArray[np.float64]
Values = Mapping[str, NDArray[np.floating]]

FILE = "planted_cues.json"
RECOVERED = 0.5  # what the lower end of the interval must pass for "recovered", and 0 for "partly"
ENOUGH_VOICE = 1.0  # seconds of voice that a window of 3 s must hold to tell of a cue of the voice
SETS = ("audio_short", "audio_long", "video_geo", "ecg", "eda")


class Truth(NamedTuple):
    """What was planted in one speaker's signals."""

    performance: Performance
    voice: Voice


@dataclass(frozen=True)
class Pair:
    """A planted cue and the column that should follow it.

    Attributes:
        cue: What was planted.
        unit: How the cue is told; "dev." for deviations of its own.
        feature: The feature set.
        column: Its column, or what is made of columns.
        planted: From the truth about a speaker to the cue, ``(frames,)``; NaN where there is none.
        extracted: From a feature set's columns, by their names, to ``(frames,)``; NaN where nothing was measured.
        sign: -1 where the column should fall as the cue rises.
    """

    cue: str
    unit: str
    feature: str
    column: str
    planted: Callable[[Truth], Floats]
    extracted: Callable[[Values], Floats]
    sign: int = 1


def over(seconds: float, values: Floats, least: float | None = None) -> Floats:
    """Mean over the window around each frame of what is no NaN; NaN where the window holds too little, or is not whole.

    Args:
        seconds: Length of the window.
        values: ``(frames,)`` at 25 Hz.
        least: Seconds that must not be NaN; by default the whole window.
    """
    width = round(seconds * FRAME_RATE_HZ) // 2 * 2 + 1  # odd, so that its middle is a frame
    known = np.isfinite(values)
    count = uniform_filter1d(known.astype(float), width, mode="constant") * width
    total = uniform_filter1d(np.where(known, values, 0.0), width, mode="constant") * width
    wanted = width if least is None else least * FRAME_RATE_HZ
    mean = np.divide(total, count, out=np.full(len(values), np.nan), where=count > wanted - 0.5)
    mean[: width // 2] = np.nan
    mean[len(mean) - width // 2 :] = np.nan
    return mean


def _semitones(hertz: NDArray[np.floating]) -> Floats:
    """Semitones from 27.5 Hz, as eGeMAPS has them; NaN where there is no voice."""
    return 12 * np.log2(np.where(hertz > 0, hertz, np.nan) / 27.5)


def _within_voice(values: Floats) -> Floats:
    """Without the first and the last frame of each voiced stretch: openSMILE's smoothing mixes them with silence."""
    return np.where(np.isfinite(over(3 / FRAME_RATE_HZ, values)), values, np.nan)


def _voice(name: str) -> Callable[[Truth], Floats]:
    """A cue of the voice, in deviations, over the 3 s around each frame, where the speaker's cords swing."""
    place = [cue.name for cue in p.VOICE.cues].index(name)

    def planted(truth: Truth) -> Floats:
        cue = np.where(truth.voice.f0_hz > 0, truth.performance.voice[:, place], np.nan)
        return over(audio.LONG_WINDOW_SECONDS, cue, ENOUGH_VOICE)

    return planted


def _expression(place: int) -> Callable[[Truth], Floats]:
    return lambda truth: truth.performance.expressions[:, place]


def _column(name: str) -> Callable[[Values], Floats]:
    return lambda values: np.asarray(values[name], np.float64)


def _coordinate(axis: str, points: tuple[int, ...]) -> Callable[[Values], Floats]:
    return lambda values: np.mean([values[f"shape_{axis}_{k}"] for k in points], axis=0, dtype=np.float64)


def _gap(axis: str, first: tuple[int, ...], second: tuple[int, ...]) -> Callable[[Values], Floats]:
    """How much further along the axis the second points lie."""
    return lambda values: _coordinate(axis, second)(values) - _coordinate(axis, first)(values)


def _long(cue: str, unit: str, column: str, sign: int = 1) -> Pair:
    return Pair(cue, unit, "audio_long", column, _voice(cue), _column(column), sign)


_UPPER_LIDS, _LOWER_LIDS = (*RIGHT_EYE[1:3], *LEFT_EYE[1:3]), (*RIGHT_EYE[4:], *LEFT_EYE[4:])
_CORNERS = (MOUTH[0], MOUTH[6])

PAIRS: tuple[Pair, ...] = (
    Pair("F0, by frame", "semitones", "audio_short", "F0final_sma",
         lambda truth: _within_voice(_semitones(truth.voice.f0_hz)),
         lambda values: _within_voice(_semitones(values["F0final_sma"]))),
    Pair("F0, over 3 s", "semitones", "audio_long", "F0semitoneFrom27.5Hz_sma3nz_amean",
         lambda truth: over(audio.LONG_WINDOW_SECONDS, _semitones(truth.voice.f0_hz), ENOUGH_VOICE),
         _column("F0semitoneFrom27.5Hz_sma3nz_amean")),
    _long("F0 level", "dev.", "F0semitoneFrom27.5Hz_sma3nz_amean"),
    _long("F0 range", "dev.", "F0semitoneFrom27.5Hz_sma3nz_stddevNorm"),
    _long("level", "dev.", "loudness_sma3_percentile80.0"),
    _long("effort", "dev.", "alphaRatioV_sma3nz_amean"),
    _long("effort", "dev.", "slopeV500-1500_sma3nz_amean"),
    _long("effort", "dev.", "logRelF0-H1-H2_sma3nz_amean", -1),
    _long("syllable rate", "dev.", "loudnessPeaksPerSec"),
    _long("jitter", "dev.", "jitterLocal_sma3nz_amean"),
    _long("shimmer", "dev.", "shimmerLocaldB_sma3nz_amean"),
    _long("formant scale", "dev.", "F2frequency_sma3nz_amean"),
    _long("aspiration", "dev.", "HNRdBACF_sma3nz_amean", -1),
    Pair("AU12 smile", "intensity", "video_geo", "width of the mouth", _expression(0),
         _gap("x", _CORNERS[:1], _CORNERS[1:])),
    Pair("AU4 frown", "intensity", "video_geo", "distance of the inner brows", _expression(1),
         _gap("x", RIGHT_BROW[-1:], LEFT_BROW[:1]), -1),
    Pair("AU1+2 brows up", "intensity", "video_geo", "height of the brows, down", _expression(2),
         _coordinate("y", RIGHT_BROW + LEFT_BROW), -1),
    Pair("AU5 lids up", "intensity", "video_geo", "opening of the eyes", _expression(3),
         _gap("y", _UPPER_LIDS, _LOWER_LIDS)),
    Pair("AU15 mouth corners down", "intensity", "video_geo", "height of the mouth's corners, down", _expression(4),
         _coordinate("y", _CORNERS)),
    Pair("visible talking", "opening", "video_geo", "gap of the inner lips",
         lambda truth: truth.voice.opening, _gap("y", MOUTH[13:14], MOUTH[16:17])),
    Pair("heart rate", "beats per minute", "ecg", "heart_rate",
         lambda truth: over(ecg.WINDOW_SECONDS, truth.performance.heart_rate), _column("heart_rate")),
    Pair("skin conductance level", "microsiemens", "eda", "scl_mean",
         lambda truth: over(eda.WINDOW_SECONDS, truth.performance.skin_level), _column("scl_mean")),
    Pair("skin conductance responses", "a window", "eda", "scr_rate",
         lambda truth: over(eda.WINDOW_SECONDS, _responses(truth)), _column("scr_rate")),
)  # fmt: skip


def _responses(truth: Truth) -> Floats:
    """1 in each frame in which a response begins."""
    frames = len(truth.performance.talk)
    within = truth.performance.responses
    return np.bincount(within[(within >= 0) & (within < frames)], minlength=frames).astype(float)


def compared(planted: ArrayLike, extracted: ArrayLike) -> tuple[float, int]:
    """CC over the frames in which both are numbers, and how many those are; NaN if fewer than two, or nothing moves.

    Args:
        planted: ``(frames,)``.
        extracted: ``(frames,)``.
    """
    x, y = np.asarray(planted, np.float64), np.asarray(extracted, np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    moving = both.sum() > 1 and np.ptp(x[both]) > 0 and np.ptp(y[both]) > 0
    return (pearson_cc(x[both], y[both]) if moving else float("nan")), int(both.sum())


def measure(folder: Path, cohort: Cohort, names: Iterable[str]) -> pd.DataFrame:
    """Compare what was planted with what was extracted.

    Args:
        folder: Of recordings, by ``replica simulate``, with features beside them, by ``replica features``.
        cohort: Whose they are.
        names: Of the recordings that are compared.

    Returns:
        Columns ``cue, feature, column, recording, cc, frames``, a row for each pair and recording.

    Raises:
        FileNotFoundError: If a recording or its features are not there.
        ValueError: If the folder holds another cohort, or one of another version.
    """
    files = {recording.name: recording.files for recording in find(folder)}
    rows = []
    for name in names:
        truth = _truth(cohort, name)
        _check(files[name]["audio"], truth.voice)
        values = {feature: _extracted(folder / "avec2015", feature, name) for feature in SETS}
        for pair in PAIRS:
            cc, count = compared(pair.planted(truth), pair.extracted(values[pair.feature]))
            rows.append((pair.cue, pair.feature, pair.column, name, pair.sign * cc, count))
    return pd.DataFrame(rows, columns=["cue", "feature", "column", "recording", "cc", "frames"])


def _truth(cohort: Cohort, name: str) -> Truth:
    number = cohort.speakers[name]
    done = perform(cohort.seed, number, cohort.frames, cohort.effect, cohort.correlation)
    return Truth(done, voice(generator(cohort.seed, number, "sound"), done.voice, done.talk))


def _check(file: Path, made: Voice) -> None:
    """Refuse a sound that is another than the truth is about; a file holds 16 bits."""
    sound, _ = wav.read(file)
    if len(sound) != len(made.signal) or np.abs(sound - made.signal).max() > 2 / 32767:
        raise ValueError(
            f"What was planted is known of the cohort that was named, made by this version. {file} holds another "
            "sound. Name its cohort, or make the recordings again."
        )


def _extracted(root: Path, feature: str, name: str) -> Values:
    """The columns of one feature set, NaN where nothing was measured."""
    table = arff.read(root / avec2015.FOLDERS[feature] / f"{name}.arff")
    good = arff.read(root / QUALITY / feature / f"{name}.csv").values[:, 0] == 1
    return dict(zip(table.columns, np.where(good[:, None], table.values, np.nan).T, strict=True))


def measured() -> pd.DataFrame:
    """The rows of ``measured/planted_cues.json``, as :func:`measure` gave them.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    return pd.DataFrame(about()["rows"])


def about() -> dict[str, Any]:
    """That file whole: ``seed, frames, provenance, rows``.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    file = paths.measured() / FILE
    if not file.exists():
        raise FileNotFoundError(
            f"What was planted and found again is read from measured/{FILE}. There is none. "
            "Measure it with `python tools/measure_planted_cues.py`."
        )
    return dict(json.loads(file.read_text()))


def interval(correlations: ArrayLike, draws: int = 2000, seed: int = 0) -> Interval:
    """Mean CC over speakers with its 95 % interval, from drawing speakers with replacement.

    Args:
        correlations: One CC a speaker, ``(speakers,)``.
        draws: Number of draws.
        seed: Of the draws.
    """
    of = np.asarray(correlations, np.float64)
    drawn = of[np.random.default_rng(seed).integers(0, len(of), (draws, len(of)))].mean(axis=1)
    return Interval(float(of.mean()), *map(float, np.quantile(drawn, [0.025, 0.975])))


def word(found: Interval) -> str:
    """*recovered*, *partly* or *not recovered*, as laid down at the head of this module."""
    if found.low > RECOVERED:
        return "recovered"
    return "partly" if found.low > 0 else "not recovered"


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """For each pair, by ``cue, feature, column``: ``cc, low, high, frames, verdict``, in the order of the rows.

    Args:
        rows: As :func:`measure` or :func:`measured` gives them.
    """
    told = {}
    for key, of in rows.groupby(["cue", "feature", "column"], sort=False):
        found = interval(of["cc"].to_numpy(np.float64))
        told[key] = (*found, int(of["frames"].sum()), word(found))
    index = pd.MultiIndex.from_tuples(told, names=["cue", "feature", "column"])
    return pd.DataFrame(list(told.values()), index, ["cc", "low", "high", "frames", "verdict"])
