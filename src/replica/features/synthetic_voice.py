"""A voice made from a seed, with its F0 known: what the extractors are shown and tested on where nobody was recorded.

Harmonics of a wandering F0, shaped by formants that change from vowel to vowel; hissing and pauses between the voiced
stretches. It says no words and tells nothing about people.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from replica.conventions import FRAME_SECONDS
from replica.features.framing import frame_count

__all__ = ["SAMPLING_RATE_HZ", "Voice", "voice"]

SAMPLING_RATE_HZ = 16_000

# The first three formants of five vowels, as in "father, bed, see, law, do", and a bandwidth for each formant.
VOWELS_HZ = np.array([[700, 1200, 2600], [550, 1800, 2500], [300, 2300, 3000], [550, 850, 2400], [320, 900, 2300]])
BANDWIDTHS_HZ = np.array([80.0, 100.0, 140.0])

HIGHEST_HZ = 5000.0  # of a harmonic
VOICED_SECONDS, OTHER_SECONDS = (0.25, 0.9), (0.08, 0.45)  # stretches with, and without, voice
RAMP_SECONDS = 0.015


@dataclass(frozen=True, eq=False)
class Voice:
    """A signal and what it was made from.

    Attributes:
        signal: ``(samples,)`` at 16 kHz, full scale at 1.
        f0_hz: F0 at each frame ``(frames,)``, 0 where there is no voice.
    """

    signal: NDArray[np.float64]
    f0_hz: NDArray[np.float64]


def voice(seconds: float, seed: int = 0, f0_hz: float = 150.0) -> Voice:
    """A voice of some length.

    Args:
        seconds: Above 0.
        seed: Of stretches, vowels, melody and noise.
        f0_hz: Where F0 wanders about, by some semitones; 60 to 400.

    Raises:
        ValueError: If there is nothing to make, or F0 is out of range.
    """
    frames = frame_count(seconds)
    if not 60 <= f0_hz <= 400:
        raise ValueError(f"A voice has an F0 of 60 to 400 Hz. Received {f0_hz!r}. Choose one between.")
    rng = np.random.default_rng(seed)
    samples = round(seconds * SAMPLING_RATE_HZ)
    voiced, vowel, hiss = _stretches(samples, rng)
    melody = gaussian_filter1d(rng.standard_normal(samples // 160 + 2), 25)  # at 100 Hz, over a quarter of a second
    melody *= 2.0 / melody.std()  # semitones
    f0 = f0_hz * 2 ** (np.interp(np.arange(samples) / 160, np.arange(len(melody)), melody) / 12)
    ramp = round(RAMP_SECONDS * SAMPLING_RATE_HZ)
    signal = 0.12 * _harmonics(f0, vowel) * gaussian_filter1d(voiced.astype(float), ramp / 2)
    noise = rng.standard_normal(samples)
    signal += 0.03 * np.diff(noise, prepend=0) * gaussian_filter1d(hiss.astype(float), ramp / 2)
    signal += 0.0005 * noise[::-1]  # the room, 46 dB below
    at = np.minimum((np.arange(frames) * FRAME_SECONDS * SAMPLING_RATE_HZ).round().astype(int), samples - 1)
    return Voice(np.clip(signal, -1, 1), np.where(voiced, f0, 0.0)[at])


def _stretches(samples: int, rng: np.random.Generator) -> tuple[NDArray, NDArray, NDArray]:
    """For each sample: whether it is voiced, the formants of its vowel, whether it hisses."""
    voiced, hiss = np.zeros(samples, bool), np.zeros(samples, bool)
    vowel = np.zeros((samples, len(BANDWIDTHS_HZ)), np.float32)
    start, on = 0, False
    while start < samples:
        end = start + round(rng.uniform(*(VOICED_SECONDS if on else OTHER_SECONDS)) * SAMPLING_RATE_HZ)
        voiced[start:end] = on
        hiss[start:end] = not on and rng.random() < 0.5
        vowel[start:end] = VOWELS_HZ[rng.integers(len(VOWELS_HZ))]
        start, on = end, not on
    return voiced, vowel, hiss


def _harmonics(f0: NDArray, formants: NDArray) -> NDArray:
    """All harmonics, the k-th at 1/k before the formants, at about the same level for every F0."""
    phase = 2 * np.pi * np.cumsum(f0) / SAMPLING_RATE_HZ
    total = np.zeros(len(f0))
    for k in range(1, int(HIGHEST_HZ / f0.min()) + 1):
        distance = (k * f0[:, None] - formants) / BANDWIDTHS_HZ
        gain = (1 / (1 + distance**2)).sum(axis=1) + 0.02
        total += np.sin(k * phase) * gain / np.sqrt(k) * (k * f0 < HIGHEST_HZ)
    return total / np.abs(total).max() * 4
