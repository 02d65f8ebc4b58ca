"""EDA features (section 4.2): 62 numbers over the 4 s around each frame.

The paper was given them ready-made. Documented, for the next year's challenge on the same recordings, are three signals
(the electrodermal activity, its slow level SCL and its quick responses SCR), their filters, and four moments of each
and of its derivative. That cannot make 62: ten numbers of each signal and the rate of responses, with their
derivatives, is our reading.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import find_peaks

from replica.conventions import FRAME_RATE_HZ
from replica.features import waveform
from replica.features.framing import check_signal, frame_count, share, whole_frames, windows

__all__ = ["COLUMNS", "SIGNALS", "WINDOW_SECONDS", "eda_features", "quality", "signals"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOW_SECONDS = 4.0
RATE_HZ = float(FRAME_RATE_HZ)  # after filtering, windows are taken at this rate
LOWEST_RATE_HZ = 4.0

SIGNALS = ("eda", "scl", "scr")
ORDER = 3
NOISE_HZ = 3.0  # the skin has nothing faster; left out where the signal is sampled too slowly to hold it
LEVEL_HZ = 0.5
RESPONSE_HZ = (0.5, 1.0)
SMALLEST_RESPONSE, RISE_SECONDS = 0.01, 3.0  # microsiemens above what is within this long before or after

DETACHED, DETACHED_SECONDS = 0.05, 1.0  # microsiemens: skin between two electrodes conducts more
FLAT_SECONDS = 4.0
MOST_LOST = 0.01  # share of a window

_MOMENTS = "four moments of each signal are documented for the challenge of 2016"
_READING = "our reading"

EXTREMES = ("minimum", "maximum")
VALUES: tuple[tuple[str, str], ...] = (
    *(
        (f"{signal}_{name}", _MOMENTS if name in ("mean", "deviation", "skewness", "kurtosis") else _READING)
        for signal in SIGNALS
        for name in (*waveform.SHAPE, *EXTREMES)
    ),
    ("scr_rate", _READING),
)
COLUMNS = VALUES + tuple(
    (
        f"{name}_derivative",
        "derivatives are documented for the challenge of 2016; of each number is our reading",
    )
    for name, _ in VALUES
)


def eda_features(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float32]:
    """The 62 EDA features.

    Source: section 4.2, "extracted with a sliding window of 4s in duration and 40ms shift".

    Args:
        signal: Skin conductance, ``(samples,)`` in microsiemens; NaN where it was not measured.
        sampling_rate_hz: At least 4.

    Returns:
        ``(frames, 62)`` in the order of ``COLUMNS``: microsiemens, seconds, responses a second. 0 where
        :func:`quality` is False.

    Raises:
        ValueError: If the signal is not one channel of numbers, or the rate too low.
    """
    good = quality(signal, sampling_rate_hz)
    if not good.any():
        return np.zeros((len(good), len(COLUMNS)), np.float32)
    parts = signals(signal, sampling_rate_hz)
    described = [waveform.by_chunks(_described, windows(part, RATE_HZ, WINDOW_SECONDS)) for part in parts.values()]
    responses = windows(_responses(parts["eda"]), RATE_HZ, WINDOW_SECONDS).mean(axis=1) * RATE_HZ
    first = whole_frames(len(parts["eda"]), RATE_HZ, WINDOW_SECONDS).start
    features = waveform.with_derivatives(np.column_stack([*described, responses]), len(good), first)
    return np.where(good[:, None], features, 0.0).astype(np.float32)


def quality(signal: ArrayLike, sampling_rate_hz: float) -> Flags:
    """Whether the window of each frame holds a conductance that was measured.

    Args:
        signal: As for :func:`eda_features`.
        sampling_rate_hz: As for :func:`eda_features`.

    Returns:
        ``(frames,)``, False where more than a hundredth of the window has no value, stays within 0.05 microsiemens of
        0 for a second (a detached sensor) or stands still for 4 s, or where the recording is shorter than a window.

    Raises:
        ValueError: As :func:`eda_features`.
    """
    raw = check_signal(signal, sampling_rate_hz)
    _check_rate(sampling_rate_hz)
    if len(raw) < WINDOW_SECONDS * sampling_rate_hz:
        return np.zeros(frame_count(len(raw) / sampling_rate_hz), bool)
    values, lost = waveform.filled(raw)
    still = waveform.long_runs(values, round(FLAT_SECONDS * sampling_rate_hz))
    # A signal that only crosses 0, as one that was centred before, is not there for long.
    none = np.abs(values) <= DETACHED
    detached = none & waveform.long_runs(none, round(DETACHED_SECONDS * sampling_rate_hz))
    return share(lost | still | detached, sampling_rate_hz, WINDOW_SECONDS) <= MOST_LOST


def signals(signal: ArrayLike, sampling_rate_hz: float) -> dict[str, Floats]:
    """The three signals behind the features, at 25 Hz, by the names of ``SIGNALS``.

    Source: the filters documented for the challenge of 2016, Butterworth of the third order: SCL up to 0.5 Hz, SCR from
    0.5 to 1 Hz. That they delay nothing, and that noise above 3 Hz is taken out of the EDA, is our reading.

    Args:
        signal: As for :func:`eda_features`.
        sampling_rate_hz: As for :func:`eda_features`.

    Returns:
        Each ``(floor(25 seconds),)`` in microsiemens.

    Raises:
        ValueError: As :func:`eda_features`.
    """
    values, _ = waveform.filled(check_signal(signal, sampling_rate_hz))
    _check_rate(sampling_rate_hz)
    holds_noise = sampling_rate_hz > 2 * NOISE_HZ
    parts = {
        "eda": waveform.filtered(values, sampling_rate_hz, NOISE_HZ, ORDER, "lowpass") if holds_noise else values,
        "scl": waveform.filtered(values, sampling_rate_hz, LEVEL_HZ, ORDER, "lowpass"),
        "scr": waveform.filtered(values, sampling_rate_hz, RESPONSE_HZ, ORDER, "bandpass"),
    }
    return {name: waveform.resampled(part, sampling_rate_hz, RATE_HZ) for name, part in parts.items()}


def _described(part: Floats) -> Floats:
    """Shape and extremes of each window of one signal, ``(windows, 10)``."""
    shape = [function(part, RATE_HZ) for function in waveform.SHAPE.values()]
    return np.column_stack([*shape, part.min(axis=1), part.max(axis=1)])


def _responses(eda: Floats) -> Floats:
    """1 at the peak of each response of at least 0.01 microsiemens, else 0.

    Peaks of the SCR would not do: its narrow filter rings on after each response.
    """
    marks = np.zeros_like(eda)
    around = 2 * round(RISE_SECONDS * RATE_HZ) + 1
    marks[find_peaks(eda, prominence=SMALLEST_RESPONSE, wlen=around)[0]] = 1
    return marks


def _check_rate(sampling_rate_hz: float) -> None:
    if sampling_rate_hz < LOWEST_RATE_HZ:
        raise ValueError(
            f"Skin conductance needs at least {LOWEST_RATE_HZ:g} samples a second, for responses of up to "
            f"{RESPONSE_HZ[1]:g} Hz. Received a rate of {sampling_rate_hz:g} Hz. "
            "Pass the recording as it was sampled."
        )
