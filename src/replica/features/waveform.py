"""What ECG and EDA have in common: gaps closed, another sampling rate, and numbers that describe a stretch of signal.

The functions over windows take ``(windows, samples)`` and return ``(windows,)``; where a window is constant, what is
relative to its deviation is 0.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import butter, sosfiltfilt

from replica.conventions import FRAME_SECONDS
from replica.features.framing import hold_edges

__all__ = ["SHAPE", "by_chunks", "filled", "filtered", "long_runs", "resampled", "with_derivatives"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LARGEST = 1e6  # in mV or microsiemens; no body gives more, and the fourth moment stays finite
CHUNK = 1000  # windows that are worked on at once
SEGMENTS = 8  # of a window, for its non-stationarity
SMALLEST_DEVIATION = 1e-9  # relative to the largest value: below, a window is constant but for rounding


def filled(signal: Floats) -> tuple[Floats, Flags]:
    """The signal with straight lines across its gaps, and where these are.

    Args:
        signal: ``(samples,)``.

    Returns:
        The signal, finite everywhere (0 where there is no value at all), and ``(samples,)`` True where a value was NaN,
        infinite, or larger than any measurement.
    """
    lost = ~(np.abs(signal) < LARGEST)
    if lost.all():
        return np.zeros_like(signal), lost
    samples = np.arange(len(signal))
    return np.interp(samples, samples[~lost], signal[~lost]), lost


def long_runs(signal: ArrayLike, samples: int) -> Flags:
    """Where the signal keeps one value for at least so many samples, ``(samples,)``."""
    signal = np.asarray(signal)
    edges = np.flatnonzero(np.r_[True, signal[1:] != signal[:-1], True])
    lengths = np.diff(edges)
    return np.repeat(lengths >= samples, lengths)


def filtered(signal: Floats, sampling_rate_hz: float, band_hz: ArrayLike, order: int, kind: str) -> Floats:
    """A Butterworth filter run forward and backward, so that nothing is delayed.

    Args:
        signal: ``(samples,)``, finite.
        sampling_rate_hz: Its rate, above twice the highest frequency of the band.
        band_hz: Corner frequency, or both of a band.
        order: Of the filter in one direction, as :func:`scipy.signal.butter` counts it.
        kind: ``"lowpass"`` or ``"bandpass"``.
    """
    sections = butter(order, band_hz, kind, fs=sampling_rate_hz, output="sos")
    # A slow filter needs a long run-up, here of one period of its lowest corner.
    run_up = min(len(signal) - 1, round(sampling_rate_hz / np.min(band_hz)))
    return sosfiltfilt(sections, signal, padlen=run_up)


def resampled(signal: Floats, sampling_rate_hz: float, to_hz: float) -> Floats:
    """The signal at another rate, by straight lines; it must hold nothing above half of either rate."""
    times = np.arange(np.floor(len(signal) / sampling_rate_hz * to_hz + 1e-6)) / to_hz
    return np.interp(times, np.arange(len(signal)) / sampling_rate_hz, signal)


def by_chunks(function: Callable[[Floats], NDArray], windows: Floats) -> NDArray:
    """A function of windows, a thousand at a time: what it needs to compute does not grow with the recording.

    Args:
        function: Maps windows ``(windows, samples)`` to ``(windows, ...)``.
        windows: At least one, such as a view of a signal.
    """
    starts = range(0, len(windows), CHUNK)
    return np.concatenate([function(windows[start : start + CHUNK]) for start in starts])


def with_derivatives(values: NDArray, frames: int, first: int) -> NDArray:
    """Features and their first derivatives over time, for all frames.

    Args:
        values: ``(whole, width)``, one row for each frame that has a whole window.
        frames: How many rows there have to be.
        first: The frame of the first row.

    Returns:
        ``(frames, 2 width)``: the values, then their change per second; edges held.
    """
    several = len(values) > 1
    derivatives = np.gradient(values, FRAME_SECONDS, axis=0) if several else np.zeros_like(values)
    return hold_edges(np.hstack([values, derivatives]), frames, first)


def mean(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Mean, in the signal's unit."""
    return windows.mean(axis=1)


def deviation(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Standard deviation, in the signal's unit."""
    return windows.std(axis=1)


def skewness(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Third moment of the z-scored window."""
    return (z_scored(windows) ** 3).mean(axis=1)


def kurtosis(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Fourth moment of the z-scored window, less the 3 of a normal distribution."""
    z = z_scored(windows)
    return np.where(z.any(axis=1), (z**4).mean(axis=1) - 3, 0.0)


def slope(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Slope of the least-squares line, in the signal's unit per second."""
    seconds = np.arange(windows.shape[1]) / sampling_rate_hz
    seconds -= seconds.mean()
    return windows @ seconds / (seconds @ seconds)


def length_density(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Normalised length density: the length of the z-scored signal's path, per second."""
    return np.abs(np.diff(z_scored(windows), axis=1)).mean(axis=1) * sampling_rate_hz


def non_stationarity(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Non-stationary index: the deviation of the means of the window's eighths, z-scored; 0 to 1."""
    z = z_scored(windows)
    starts = np.arange(SEGMENTS) * z.shape[1] // SEGMENTS
    sums = np.add.reduceat(z, starts, axis=1)
    return (sums / np.diff(np.r_[starts, z.shape[1]])).std(axis=1)


def zero_crossing_rate(windows: Floats, sampling_rate_hz: float) -> Floats:
    """Crossings of the window's mean, per second."""
    above = z_scored(windows) > 0
    return (above[:, 1:] != above[:, :-1]).mean(axis=1) * sampling_rate_hz


SHAPE: dict[str, Callable[[Floats, float], Floats]] = {
    "mean": mean,
    "deviation": deviation,
    "skewness": skewness,
    "kurtosis": kurtosis,
    "slope": slope,
    "length_density": length_density,
    "non_stationarity": non_stationarity,
    "zero_crossing_rate": zero_crossing_rate,
}


def z_scored(windows: Floats) -> Floats:
    """Each window less its mean, in units of its deviation; 0 where it is constant."""
    centred = windows - windows.mean(axis=1, keepdims=True)
    deviations = centred.std(axis=1, keepdims=True)
    constant = deviations <= SMALLEST_DEVIATION * np.abs(windows).max(axis=1, keepdims=True)
    return np.where(constant, 0.0, centred / np.where(constant, 1.0, deviations))
