"""Heart and skin of a simulated speaker as signals at 250 Hz: an ECG in millivolts, an EDA in microsiemens.

A beat begins where the integral of the heart rate passes a whole number. Its waves are five Gaussians at the angles and
with the widths of McSharry, Clifford, Tarassenko & Smith (2003), here added instead of integrated; their heights are
assumed. A response of the skin rises and falls as a difference of two exponentials. What disturbs both is our
construction.

Numbers were set from physical targets on 2026-11-28, before any training on these signals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from replica.conventions import FRAME_SECONDS
from replica.corpora.simulated import parameters as p

__all__ = ["SAMPLING_RATE_HZ", "Physiology", "physiology"]

Floats = NDArray[np.float64]

SAMPLING_RATE_HZ = 250

# P, Q, R, S, T: angle and width in the cycle as the defaults of ECGSYN have them; height in mV assumed, as of lead II.
WAVE_ANGLES = np.radians([-70.0, -15.0, 0.0, 15.0, 100.0])
WAVE_WIDTHS = np.array([0.25, 0.1, 0.1, 0.1, 0.4])  # radians
WAVE_MILLIVOLTS = np.array([0.12, -0.10, 1.00, -0.20, 0.30])
HEIGHT_SIGMA = 0.2  # log, between people; assumed: where the electrodes are

BREATH_HZ, _ = p.HEART_BREATHING  # one breath moves the chest and the heart rate, if not in one phase
BREATH_ON_HEIGHT, BREATH_ON_BASELINE = 0.05, 0.05  # share of the height, and mV; assumed: the chest moves
WANDER_MILLIVOLTS, WANDER_SECONDS = 0.05, 2.0  # of the baseline; assumed: electrodes drift
MUSCLE_MILLIVOLTS, MUSCLE_TALKING = 0.015, 2.0  # noise, and its factor while talking; assumed
MAINS_MILLIVOLTS, MAINS_HZ = 0.01, 50.0  # assumed: a shielded amplifier in Europe
BURSTS_PER_MINUTE, BURST_SECONDS, BURST_MILLIVOLTS = 0.2, 1.0, 0.6  # the speaker moves; assumed: as large as a beat
TREMOR_SECONDS = 0.05  # time constant within a burst; assumed: as fast as a beat, so that no filter tells them apart

RISE_SECONDS, DECAY_SECONDS = 0.75, 2.0  # of a response; assumed
RESPONSE_MEDIAN, RESPONSE_SIGMA = 0.18, 0.6  # microsiemens at the peak, log-normal; assumed
SKIN_NOISE = 0.003  # microsiemens; assumed: of the amplifier
BUMPS_PER_MINUTE, BUMP_SECONDS, BUMP_MICROSIEMENS = 0.1, 0.3, 0.3  # an electrode is pressed; assumed
LOWEST_MICROSIEMENS = 0.2  # dry skin; assumed


@dataclass(frozen=True, eq=False)
class Physiology:
    """Two signals at 250 Hz and the truth about one.

    Attributes:
        ecg: ``(samples,)`` in mV.
        eda: ``(samples,)`` in microsiemens.
        beats: When the R waves peak, in seconds, ascending.
    """

    ecg: Floats
    eda: Floats
    beats: Floats


def physiology(
    rng: np.random.Generator, heart_rate: Floats, talk: Floats, responses: NDArray[np.intp], skin_level: Floats
) -> Physiology:
    """Make both signals.

    Args:
        rng: Of the stream ``biosignals``.
        heart_rate: Beats per minute, ``(frames,)``.
        talk: ``(frames,)``, 1 where the speaker talks: muscles then disturb the ECG.
        responses: Frames in which a response of the skin begins, before the recording too.
        skin_level: Microsiemens, ``(frames,)``.

    Returns:
        Signals of ``(frames - 1) * 0.04`` seconds.
    """
    samples = round((len(talk) - 1) * FRAME_SECONDS * SAMPLING_RATE_HZ)
    seconds = np.arange(samples) / SAMPLING_RATE_HZ
    at_frames = np.arange(len(talk)) * FRAME_SECONDS
    phase = rng.random() + np.cumsum(np.interp(seconds, at_frames, heart_rate)) / 60 / SAMPLING_RATE_HZ
    turns = np.arange(np.ceil(phase[0]), np.floor(phase[-1]) + 1)
    breath = np.sin(2 * np.pi * (BREATH_HZ * seconds + rng.random()))
    ecg = np.exp(HEIGHT_SIGMA * rng.standard_normal()) * (1 + BREATH_ON_HEIGHT * breath) * _waves(phase)
    ecg += BREATH_ON_BASELINE * breath + _disturbance(rng, np.interp(seconds, at_frames, talk), seconds)
    level = np.interp(seconds, at_frames, skin_level)
    return Physiology(ecg, _skin(rng, level, responses), np.interp(turns, phase, seconds))


def _waves(phase: Floats) -> Floats:
    """Five Gaussians in each cycle; the R wave peaks where the phase is a whole number."""
    angle = 2 * np.pi * phase
    total = np.zeros(len(phase))
    for at, width, height in zip(WAVE_ANGLES, WAVE_WIDTHS, WAVE_MILLIVOLTS, strict=True):
        distance = (angle - at + np.pi) % (2 * np.pi) - np.pi
        total += height * np.exp(-(distance**2) / (2 * width**2))
    return total


def _disturbance(rng: np.random.Generator, talk: Floats, seconds: Floats) -> Floats:
    """Drift of the baseline, muscles, mains, and bursts of movement, in mV."""
    samples = len(seconds)
    muscle = MUSCLE_MILLIVOLTS * (1 + (MUSCLE_TALKING - 1) * talk) * rng.standard_normal(samples)
    mains = MAINS_MILLIVOLTS * np.sin(2 * np.pi * (MAINS_HZ * seconds + rng.random()))
    moving = _events(rng, BURSTS_PER_MINUTE, BURST_SECONDS, samples)
    burst = BURST_MILLIVOLTS * moving * _slow_noise(rng, TREMOR_SECONDS, samples)
    return np.asarray(WANDER_MILLIVOLTS * _slow_noise(rng, WANDER_SECONDS, samples) + muscle + mains + burst)


def _skin(rng: np.random.Generator, level: Floats, responses: NDArray[np.intp]) -> Floats:
    """The level with its responses on top, noise, and an electrode that is pressed now and then."""
    samples, step = len(level), round(FRAME_SECONDS * SAMPLING_RATE_HZ)
    size = RESPONSE_MEDIAN * np.exp(RESPONSE_SIGMA * rng.standard_normal(len(responses)))
    earliest = -round(10 * DECAY_SECONDS * SAMPLING_RATE_HZ)  # what began before has faded
    at = responses * step - earliest
    inside = (at >= 0) & (at < samples - earliest)
    impulses = np.bincount(at[inside], size[inside], samples - earliest)
    slow, fast = (np.exp(-1 / (s * SAMPLING_RATE_HZ)) for s in (DECAY_SECONDS, RISE_SECONDS))
    shape = lfilter([1.0], [1.0, -slow], impulses) - lfilter([1.0], [1.0, -fast], impulses)
    pressed = BUMP_MICROSIEMENS * _events(rng, BUMPS_PER_MINUTE, BUMP_SECONDS, samples)
    noise = SKIN_NOISE * rng.standard_normal(samples)
    return np.maximum(level + shape[-earliest:] / _peak() + pressed + noise, LOWEST_MICROSIEMENS)


def _peak() -> float:
    """The largest value of exp(-t / decay) - exp(-t / rise), where its derivative is 0."""
    time = np.log(DECAY_SECONDS / RISE_SECONDS) / (1 / RISE_SECONDS - 1 / DECAY_SECONDS)
    return float(np.exp(-time / DECAY_SECONDS) - np.exp(-time / RISE_SECONDS))


def _events(rng: np.random.Generator, per_minute: float, seconds: float, samples: int) -> Floats:
    """Events that begin at random, each a smooth hill of height 1."""
    begin = np.flatnonzero(rng.random(samples) < per_minute / 60 / SAMPLING_RATE_HZ)
    length = round(seconds * SAMPLING_RATE_HZ)
    hill = np.sin(np.pi * np.arange(length) / length) ** 2
    return np.minimum(np.convolve(np.bincount(begin, minlength=samples).astype(float), hill)[:samples], 1.0)


def _slow_noise(rng: np.random.Generator, seconds: float, samples: int) -> Floats:
    """Noise of unit variance with a time constant, as the cues have it, but at 250 Hz and from rest."""
    pole = np.exp(-1 / (seconds * SAMPLING_RATE_HZ))
    return np.asarray(lfilter([np.sqrt(1 - pole**2)], [1.0, -pole], rng.standard_normal(samples)))
