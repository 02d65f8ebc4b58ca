"""Random streams, the noise processes of the simulation, and its filters; time runs along the first axis."""

import numpy as np
from scipy.signal import lfilter

from replica.conventions import FRAME_SECONDS

# The number of each stream is part of what a seed means: never renumber.
STREAMS = {"state": 0, "talk": 1, "voice": 2, "face": 3, "heart": 4, "skin": 5, "raters": 6, "habits": 7} | {
    "sound": 8,
    "biosignals": 9,
    "picture": 10,
}


def generator(seed: int, speaker: int, stream: str) -> np.random.Generator:
    """One generator for each seed, speaker and stream, so that a change of the face never changes the voice."""
    return np.random.default_rng(np.random.SeedSequence([seed, speaker, STREAMS[stream]]))


def pole(seconds: float) -> float:
    """Decay from frame to frame of a time constant."""
    return float(np.exp(-FRAME_SECONDS / seconds))


def slow_noise(rng: np.random.Generator, seconds: float, shape: tuple[int, ...]) -> np.ndarray:
    """Ornstein-Uhlenbeck noise of unit variance; a time constant of 0 gives white noise.

    The first frame is drawn from the stationary distribution.
    """
    noise = rng.standard_normal(shape)
    if seconds == 0:
        return noise
    p = pole(seconds)
    noise[1:] *= np.sqrt(1 - p**2)
    return np.asarray(lfilter([1.0], [1.0, -p], noise, axis=0))


def smooth_noise(rng: np.random.Generator, seconds: float, onset_seconds: float, frames: int) -> np.ndarray:
    """Noise of two real poles and unit variance: slow, and without corners. It starts from rest, in the lead-in."""
    p, q = pole(seconds), pole(onset_seconds)
    # Variance of an AR(2) with these poles, driven by unit white noise.
    variance = (1 + p * q) / ((1 - p * q) * (1 - p**2) * (1 - q**2))
    drive = rng.standard_normal(frames) / np.sqrt(variance)
    return np.asarray(lfilter([1.0], np.convolve([1.0, -p], [1.0, -q]), drive))


def low_pass(x: np.ndarray, seconds: float) -> np.ndarray:
    """One-pole low-pass of unit gain, from rest."""
    p = pole(seconds)
    return np.asarray(lfilter([1 - p], [1.0, -p], x, axis=0))


def low_pass_lag(seconds: float) -> float:
    """Seconds by which :func:`low_pass` delays what is slow: its group delay at frequency 0."""
    p = pole(seconds)
    return p / (1 - p) * FRAME_SECONDS


def delayed(x: np.ndarray, seconds: float | np.ndarray) -> np.ndarray:
    """The series ``(frames,)`` as it was ``seconds`` ago, a number or ``(frames,)``; the ends are held."""
    time = np.arange(len(x), dtype=float)
    return np.interp(time - np.asarray(seconds) / FRAME_SECONDS, time, x)
