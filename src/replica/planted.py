"""Planted cues, and the column of a feature set that should follow each: what :mod:`replica.recovery` compares.

A window of a feature set is matched by the mean of the planted cue over the same window; where it is of the voice, over
its voiced frames. A column that should fall as its cue rises has its sign turned. The components of the appearance have
no meaning of their own, and head motion has no column, since faces are aligned first: neither is here.

Pairs and columns were laid down on 2026-11-28, before they were compared, and have not been changed since.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from replica.conventions import FRAME_RATE_HZ
from replica.corpora.simulated.face import CORNERS, LOWER_LIDS, UPPER_LIDS
from replica.corpora.simulated.performance import Performance
from replica.corpora.simulated.voice import NAMES, Voice
from replica.features import audio, ecg, eda
from replica.features.geometry import LEFT_BROW, MOUTH, RIGHT_BROW

__all__ = ["PAIRS", "Pair", "Truth", "Values", "over"]

Floats = NDArray[np.float64]
Values = Mapping[str, NDArray[np.floating]]

ENOUGH_VOICE = 1.0  # seconds of voice that a window of 3 s must hold to tell of a cue of the voice


class Truth(NamedTuple):
    """What was planted in one speaker's signals."""

    performance: Performance
    voice: Voice


@dataclass(frozen=True)
class Pair:
    """A planted cue and the column that should follow it.

    Attributes:
        cue: What was planted.
        feature: The feature set.
        column: Its column, or what is made of columns.
        planted: From the truth about a speaker to the cue, ``(frames,)``; NaN where there is none.
        extracted: From a feature set's columns, by their names, to ``(frames,)``; NaN where nothing was measured.
        sign: -1 where the column should fall as the cue rises.
    """

    cue: str
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
    place = NAMES.index(name)

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


def _long(cue: str, column: str, sign: int = 1) -> Pair:
    return Pair(cue, "audio_long", column, _voice(cue), _column(column), sign)


PAIRS: tuple[Pair, ...] = (
    Pair("F0, by frame", "audio_short", "F0final_sma",
         lambda truth: _within_voice(_semitones(truth.voice.f0_hz)),
         lambda values: _within_voice(_semitones(values["F0final_sma"]))),
    Pair("F0, over 3 s", "audio_long", "F0semitoneFrom27.5Hz_sma3nz_amean",
         lambda truth: over(audio.LONG_WINDOW_SECONDS, _semitones(truth.voice.f0_hz), ENOUGH_VOICE),
         _column("F0semitoneFrom27.5Hz_sma3nz_amean")),
    _long("F0 level", "F0semitoneFrom27.5Hz_sma3nz_amean"),
    _long("F0 range", "F0semitoneFrom27.5Hz_sma3nz_stddevNorm"),
    _long("level", "loudness_sma3_percentile80.0"),
    _long("effort", "alphaRatioV_sma3nz_amean"),
    _long("effort", "slopeV500-1500_sma3nz_amean"),
    _long("effort", "logRelF0-H1-H2_sma3nz_amean", -1),
    _long("syllable rate", "loudnessPeaksPerSec"),
    _long("jitter", "jitterLocal_sma3nz_amean"),
    _long("shimmer", "shimmerLocaldB_sma3nz_amean"),
    _long("formant scale", "F2frequency_sma3nz_amean"),
    _long("aspiration", "HNRdBACF_sma3nz_amean", -1),
    Pair("AU12 smile", "video_geo", "width of the mouth", _expression(0),
         _gap("x", CORNERS[:1], CORNERS[1:])),
    Pair("AU4 frown", "video_geo", "distance of the inner brows", _expression(1),
         _gap("x", RIGHT_BROW[-1:], LEFT_BROW[:1]), -1),
    Pair("AU1+2 brows up", "video_geo", "height of the brows, down", _expression(2),
         _coordinate("y", RIGHT_BROW + LEFT_BROW), -1),
    Pair("AU5 lids up", "video_geo", "opening of the eyes", _expression(3),
         _gap("y", UPPER_LIDS, LOWER_LIDS)),
    Pair("AU15 mouth corners down", "video_geo", "height of the mouth's corners, down", _expression(4),
         _coordinate("y", CORNERS)),
    Pair("visible talking", "video_geo", "gap of the inner lips",
         lambda truth: truth.voice.opening, _gap("y", MOUTH[13:14], MOUTH[16:17])),
    Pair("heart rate", "ecg", "heart_rate",
         lambda truth: over(ecg.WINDOW_SECONDS, truth.performance.heart_rate), _column("heart_rate")),
    Pair("skin conductance level", "eda", "scl_mean",
         lambda truth: over(eda.WINDOW_SECONDS, truth.performance.skin_level), _column("scl_mean")),
    Pair("skin conductance responses", "eda", "scr_rate",
         lambda truth: over(eda.WINDOW_SECONDS, _responses(truth)), _column("scr_rate")),
)  # fmt: skip


def _responses(truth: Truth) -> Floats:
    """1 in each frame in which a response begins."""
    frames = len(truth.performance.talk)
    within = truth.performance.responses
    return np.bincount(within[(within >= 0) & (within < frames)], minlength=frames).astype(float)
