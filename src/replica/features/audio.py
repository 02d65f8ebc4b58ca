"""Short-time and long-time features of the voice (section 4.1), by openSMILE.

The 76 short-time features are the authors' own. Section 4.1 gives frames of 40 ms without overlap, and the descriptors
of openSMILE's set of 2010; its Table 1 yields 60 columns, and the eight line spectral frequencies of that set make 76.

The 102 long-time features were given to the authors. What is published of them are 42 descriptors with mean and
coefficient of variation, eight more statistics of pitch and of loudness, six of voiced stretches and loudness peaks,
and the level of the sound, over windows of 3 s. Taken by the letter these are 107 columns. Two readings make them 102,
and every column that eGeMAPS defines (88) is among them:

- eGeMAPS itself takes no coefficient of variation of its five descriptors of unvoiced frames; left out here too.
- eGeMAPS has 35 descriptors if those on voiced, unvoiced and all frames count as several. To have each of its nine
  spectral ones in all three kinds takes eight more, one too many for 42. The Hammarberg index over all frames is left
  out, which tells nearly what the alpha ratio does.

Which seven descriptors the organisers had is not published. No column's name comes from their files.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replica.conventions import FRAME_SECONDS
from replica.features import audio_configurations as configurations
from replica.features import smile
from replica.features.framing import check_signal, frame_count, hold_edges, share, whole_frames

__all__ = [
    "EGEMAPS_COLUMNS",
    "LONG_TIME_COLUMNS",
    "LONG_WINDOW_SECONDS",
    "SHORT_TIME_COLUMNS",
    "at_frames",
    "egemaps",
    "long_time",
    "quality",
    "short_time",
]

LONG_WINDOW_SECONDS = 3.0
LONGEST_FRAME_SECONDS = 0.06  # of eGeMAPS' descriptors
SHORTEST_SECONDS = 0.5
PIECE_SECONDS, MARGIN_SECONDS = 300.0, 10.0  # of a long recording: what openSMILE gets at a time

CLIPPED = 0.999  # of full scale
MOST_LOST = 0.01  # of a window's samples, clipped or without a value

TABLE_1, DESCRIBED, OUR_READING = "Table 1", "described by the organisers, defined by eGeMAPS", "our reading"


Rows = tuple[tuple[str, ...], NDArray[np.float32]]
Run = Callable[[NDArray[np.float32]], Rows]


def _short_time_columns() -> tuple[tuple[str, str], ...]:
    """Names, and whether the column stands in Table 1, which tells of no deltas of its MFCC line."""
    groups = [
        ("pcm_loudness_sma{}", [""], TABLE_1, TABLE_1),
        ("mfcc_sma{}[%d]", range(15), TABLE_1, OUR_READING),
        ("logMelFreqBand_sma{}[%d]", range(8), TABLE_1, OUR_READING),
        ("lspFreq_sma{}[%d]", range(8), OUR_READING, OUR_READING),
        ("%s_sma{}", ["F0finEnv", "voicingFinalUnclipped", "F0final"], TABLE_1, TABLE_1),
        ("%s_sma{}", ["jitterLocal", "jitterDDP", "shimmerLocal"], TABLE_1, TABLE_1),
    ]
    return tuple(
        (form.format(delta) % (each,) if "%" in form else form.format(delta), sources[bool(delta)])
        for delta in ("", "_de")
        for form, all_of_them, *sources in groups
        for each in all_of_them
    )


def _egemaps_columns() -> tuple[str, ...]:
    mean, variation = moments = ("amean", "stddevNorm")
    more = ["percentile20.0", "percentile50.0", "percentile80.0", "pctlrange0-2"]
    more += [f"{what}{way}Slope" for way in ("Rising", "Falling") for what in ("mean", "stddev")]
    spectral = ["alphaRatio{}", "hammarbergIndex{}", "slope{}0-500", "slope{}500-1500", "spectralFlux{}"]
    cepstra = [f"mfcc{k}" for k in range(1, 5)]
    formants = [f"F{k}{what}" for k in (1, 2, 3) for what in ("frequency", "bandwidth", "amplitudeLogRelF0")]
    quality = ["jitterLocal", "shimmerLocaldB", "HNRdBACF", "logRelF0-H1-H2", "logRelF0-H1-A3"]
    voiced = [*quality, *formants, *(name.format("V") for name in spectral), *(f"{name}V" for name in cepstra)]
    return (
        *(f"F0semitoneFrom27.5Hz_sma3nz_{what}" for what in (*moments, *more)),
        *(f"loudness_sma3_{what}" for what in (*moments, *more)),
        *(f"{name}_sma3_{what}" for name in ("spectralFlux", *cepstra) for what in moments),
        *(f"{name}_sma3nz_{what}" for name in voiced for what in moments),
        *(f"{name.format('UV')}_sma3nz_{mean}" for name in spectral),
        "loudnessPeaksPerSec",
        "VoicedSegmentsPerSec",
        *(f"{what}VoicedSegmentLengthSec" for what in ("Mean", "Stddev")),
        *(f"{what}UnvoicedSegmentLength" for what in ("Mean", "Stddev")),
        "equivalentSoundLevel_dBp",
    )


_SEVEN_MORE = ["alphaRatio_sma3", "slope0-500_sma3", "slope500-1500_sma3", *(f"mfcc{k}UV_sma3nz" for k in range(1, 5))]

SHORT_TIME_COLUMNS = _short_time_columns()  # (name, source) of each column
EGEMAPS_COLUMNS = tuple((name, "eGeMAPS, version 2") for name in _egemaps_columns())
LONG_TIME_COLUMNS = (
    *((name, DESCRIBED) for name in _egemaps_columns()),
    *((f"{name}_{what}", OUR_READING) for name in _SEVEN_MORE for what in ("amean", "stddevNorm")),
)


def short_time(signal: ArrayLike, sampling_rate_hz: float, *, voicing_cutoff: float = 0.65) -> NDArray[np.float32]:
    """The authors' 38 low-level descriptors and their deltas, of 40 ms around each frame.

    Source: section 4.1 and Table 1.

    Args:
        signal: One channel ``(samples,)``, floating point, full scale at 1. NaN counts as silence.
        sampling_rate_hz: 8000 to 96000; other rates than 16000 are resampled to that.
        voicing_cutoff: Frames whose voicing is below it have no F0, jitter or shimmer. openSMILE's own is 0.75, with
            which frames of 40 ms lose most of the voice; the default agrees best with eGeMAPS' pitch tracker on a real
            sentence.

    Returns:
        ``(frames, 76)`` in openSMILE's units (F0 in Hz), columns as :data:`SHORT_TIME_COLUMNS`.

    Raises:
        ValueError: If the signal is none, or the rate or the cutoff out of range.
        ImportError: If openSMILE is not installed.

    Note:
        Each descriptor is smoothed over three frames, here 120 ms. Across the border of a voiced stretch this mixes F0
        with zeros: F0final_sma and the like are right within such a stretch only. The loudness of this set of openSMILE
        hears but the first sample of each frame.
    """
    configuration = configurations.short_time(voicing_cutoff)
    names, values = at_frames(signal, sampling_rate_hz, configuration, configurations.SHORT_LEVEL)
    return _checked(names, SHORT_TIME_COLUMNS, values)


def egemaps(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float32]:
    """The functionals of eGeMAPS over the 3 s around each frame: the nearest set that is public.

    Source: Eyben et al. (2016), version 2; the windows are those of the long-time features.

    Args:
        signal: As for :func:`short_time`.
        sampling_rate_hz: As for :func:`short_time`.

    Returns:
        ``(frames, 88)``, columns as :data:`EGEMAPS_COLUMNS`.

    Raises:
        ValueError: If the signal is none, or the rate out of range.
        ImportError: If openSMILE is not installed.
    """
    names, values = _over_long_windows(signal, sampling_rate_hz, configurations.egemaps(), "func")
    return _checked(names, EGEMAPS_COLUMNS, values)


def long_time(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float32]:
    """The long-time features of the 3 s around each frame, as far as their description goes.

    Source: section 4.1, "102-dimensional"; the organisers' description as told at the head of this module.

    Args:
        signal: As for :func:`short_time`.
        sampling_rate_hz: As for :func:`short_time`.

    Returns:
        ``(frames, 102)``, columns as :data:`LONG_TIME_COLUMNS`; the first 88 are those of :func:`egemaps`.

    Raises:
        ValueError: If the signal is none, or the rate out of range.
        ImportError: If openSMILE is not installed.

    Note:
        A coefficient of variation divides by a mean that may be near 0, as of a cepstrum: such columns have outliers.
    """
    names, values = _over_long_windows(signal, sampling_rate_hz, configurations.seven_more(), configurations.LONG_LEVEL)
    return _checked(names, LONG_TIME_COLUMNS, values)


def quality(signal: ArrayLike, sampling_rate_hz: float, window_seconds: float = FRAME_SECONDS) -> NDArray[np.bool_]:
    """Whether the window of each frame holds sound that was measured.

    Args:
        signal: As for :func:`short_time`.
        sampling_rate_hz: As for :func:`short_time`.
        window_seconds: The window: 0.04 for short-time, 3 for long-time features.

    Returns:
        ``(frames,)``, False where more than a hundredth of the window is clipped or has no value, where all samples of
        the window are equal but for a step, or where the recording is shorter than the window. Silence in a room is
        sound; zeros are none.

    Raises:
        ValueError: If the signal is none.
    """
    samples = check_signal(signal, sampling_rate_hz, np.float32)
    width = round(window_seconds * sampling_rate_hz)
    kept = samples < CLIPPED  # not NaN
    kept &= samples > -CLIPPED
    good = share(kept, sampling_rate_hz, window_seconds) >= 1 - MOST_LOST
    moved = np.zeros(len(samples), bool)
    np.not_equal(samples[1:], samples[:-1], out=moved[1:])
    good &= share(moved, sampling_rate_hz, window_seconds) * width > 1.5  # twice or more
    return good & (len(samples) >= width)


def at_frames(
    signal: ArrayLike, sampling_rate_hz: float, configuration: str, level: str
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """A level of openSMILE with a row every 40 ms, each row centred on its frame.

    Args:
        signal: As for :func:`short_time`.
        sampling_rate_hz: As for :func:`short_time`.
        configuration: Text of a configuration, such as :func:`replica.features.audio_configurations.short_time`.
        level: The level that is asked for.

    Returns:
        Names of the columns, and ``(frames, columns)``.

    Raises:
        ValueError: If the signal is none, or the rate out of range.
        ImportError: If openSMILE is not installed.
    """
    samples = smile.prepared(signal, sampling_rate_hz)
    # openSMILE's frames start at 0, 40, ... ms: half a frame later they are centred on 40, 80, ... ms.
    half = round(FRAME_SECONDS / 2 * smile.SAMPLING_RATE_HZ)
    names, rows = _in_pieces(samples[half:], FRAME_SECONDS, lambda piece: smile.run(piece, configuration, level))
    return names, _framed(rows, samples, FRAME_SECONDS)


def _over_long_windows(
    signal: ArrayLike, sampling_rate_hz: float, configuration: str, level: str
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Functionals of the 3 s around each frame, or of the whole of a recording that is shorter."""
    samples = smile.prepared(signal, sampling_rate_hz)
    whole = len(samples) < (LONG_WINDOW_SECONDS + LONGEST_FRAME_SECONDS) * smile.SAMPLING_RATE_HZ
    files = configurations.long_windows(None if whole else LONG_WINDOW_SECONDS)
    names, rows = _in_pieces(samples, LONG_WINDOW_SECONDS, lambda piece: smile.run(piece, configuration, level, files))
    # A window holds 300 steps of 10 ms, whose frames of 20 to 60 ms begin there: the first is centred on 1.51 to
    # 1.53 s, as the first frame that has a whole window is on 1.52 s.
    return names, _framed(rows, samples, LONG_WINDOW_SECONDS)


def _in_pieces(samples: NDArray[np.float32], window_seconds: float, run: Run) -> Rows:
    """Rows of windows that begin every 40 ms, of pieces of a long recording, which openSMILE would hold whole.

    A piece begins earlier than it counts and ends later, since trackers and smoothing know of what was before.
    """
    step = round(FRAME_SECONDS * smile.SAMPLING_RATE_HZ)
    piece, margin = round(PIECE_SECONDS / FRAME_SECONDS), round(MARGIN_SECONDS / FRAME_SECONDS)
    windows = (len(samples) - round(window_seconds * smile.SAMPLING_RATE_HZ)) // step + 1
    if windows <= piece + margin:
        return run(_at_least(SHORTEST_SECONDS, samples))
    parts = []
    for first in range(0, windows, piece):
        early = max(0, first - margin)
        late = min(windows, first + piece) + margin
        end = late * step + round(window_seconds * smile.SAMPLING_RATE_HZ)
        names, rows = run(samples[early * step : end])
        parts.append(rows[first - early : min(windows, first + piece) - early])
    return names, np.concatenate(parts)


def _framed(rows: NDArray[np.float32], samples: NDArray, window_seconds: float) -> NDArray[np.float32]:
    whole = whole_frames(len(samples), smile.SAMPLING_RATE_HZ, window_seconds)
    return hold_edges(rows[: len(whole)], frame_count(len(samples) / smile.SAMPLING_RATE_HZ), whole.start)


def _at_least(seconds: float, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """A recording too short for openSMILE goes on in silence."""
    return np.pad(samples, (0, max(0, round(seconds * smile.SAMPLING_RATE_HZ) - len(samples))))


def _checked(names: tuple[str, ...], columns: tuple[tuple[str, str], ...], values: NDArray) -> NDArray[np.float32]:
    expected = tuple(name for name, _ in columns)
    if names != expected:
        other = next(((want, have) for want, have in zip(expected, names, strict=False) if want != have), None)
        raise RuntimeError(
            f"openSMILE must give the {len(expected)} columns listed here. Received {len(names)}; first other one: "
            f"{other}. Install the version that requirements/dev.txt names."
        )
    return values
