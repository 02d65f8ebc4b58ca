r"""The cues that the state drives, and the feature tracks measured from them.

Each cue of a channel is

.. math:: x_k = b_a a + b_v v + \sqrt{1 - b_a^2 - b_v^2}\,(\sqrt{s}\,u + \sqrt{1 - s}\,u_k) + \text{trait}_k

with noise :math:`u` that the channel's cues share and noise :math:`u_k` of the cue's own. What is measured is the cue
in its unit, with measurement noise. No cue sees the gold standard.
"""

from dataclasses import dataclass

import numpy as np

from replica.conventions import FRAME_SECONDS
from replica.corpora.simulated import parameters as p
from replica.corpora.simulated.latents import Behaviour, spans, starts
from replica.corpora.simulated.processes import delayed, low_pass, slow_noise


@dataclass(frozen=True)
class Track:
    """A feature set ``(frames, width)``, and what a rater perceives of it, ``(frames,)``: loudness or smile."""

    features: np.ndarray
    perceived: np.ndarray


def cues(rng: np.random.Generator, channel: p.Channel, state: np.ndarray, effect: float) -> np.ndarray:
    """The channel's cues ``(frames, cues)``, about unit variance; ``effect`` scales the weights of the state."""
    frames, count = len(state), len(channel.cues)
    weights = effect * np.array([(cue.arousal, cue.valence) for cue in channel.cues])
    shared = slow_noise(rng, channel.shared_seconds, (frames, 1))
    own = np.stack([slow_noise(rng, cue.seconds, (frames,)) for cue in channel.cues], axis=1)
    noise = np.sqrt(channel.shared) * shared + np.sqrt(1 - channel.shared) * own
    trait = p.CUE_TRAIT * rng.standard_normal(count)
    return np.asarray(state @ weights.T + np.sqrt(1 - (weights**2).sum(axis=1)) * noise + trait)


def measured(rng: np.random.Generator, channel: p.Channel, values: np.ndarray) -> np.ndarray:
    """The cues in their units, with measurement noise."""
    noise = slow_noise(rng, channel.noise_seconds, values.shape)
    scale, deviation = (np.array([getattr(cue, of) for cue in channel.cues]) for of in ("scale", "noise"))
    return np.asarray(scale * (values + deviation * noise))


def voice(rng: np.random.Generator, state: np.ndarray, behaviour: Behaviour, effect: float) -> Track:
    """Nine cues of the voice and whether the speaker talks; a silent speaker has no voice to measure: zeros."""
    values = cues(rng, p.VOICE, state, effect)
    talk = behaviour.talk[:, None]
    heard = [cue.name in ("F0 level", "level", "effort") for cue in p.VOICE.cues]
    features = np.concatenate([measured(rng, p.VOICE, values) * talk, talk], axis=1)
    return Track(features, values[:, heard].mean(axis=1) * behaviour.talk)


def face(rng: np.random.Generator, state: np.ndarray, behaviour: Behaviour, effect: float) -> tuple[Track, np.ndarray]:
    """Five action units, head motion and mouth opening; and where the face was found, ``(frames,)`` bool.

    The mouth moves with talk, so that a face tells of arousal by talking alone.
    """
    values = expressions(rng, state, behaviour, effect)
    features = measured(rng, p.FACE, values)
    features[:, -1] = np.exp(features[:, -1])
    frames = len(state)
    mouth = behaviour.talk * np.abs(slow_noise(rng, p.MOUTH_SECONDS, (frames,)))
    mouth += p.MOUTH_NOISE * rng.standard_normal(frames)
    found = _face_found(rng, frames)
    # Section 4.2: "The features for frames without faces are padded with zeros."
    features = np.column_stack([features, mouth]) * found[:, None]
    return Track(features, values[:, 0]), found


def expressions(rng: np.random.Generator, state: np.ndarray, behaviour: Behaviour, effect: float) -> np.ndarray:
    """Intensities of five action units, and the logarithm of head motion's energy, ``(frames, 6)``; not measured."""
    values = cues(rng, p.FACE, state, effect)
    # An action unit is there or not: negative values are a face at rest. The last cue, head motion, is no action unit.
    gain = np.exp(p.FACE_EXPRESSIVITY * rng.standard_normal())
    values[:, :-1] = gain * np.maximum(values[:, :-1], 0)
    values[:, 0] += p.LAUGH_SMILE * behaviour.laugh
    return values


def heart(rng: np.random.Generator, state: np.ndarray, behaviour: Behaviour, effect: float) -> np.ndarray:
    """Heart rate as measured, in beats per minute, ``(frames, 1)``."""
    rate = heart_rate(rng, state, behaviour, effect)
    return np.asarray(rate + p.HEART_NOISE * rng.standard_normal(len(state)))[:, None]


def heart_rate(rng: np.random.Generator, state: np.ndarray, behaviour: Behaviour, effect: float) -> np.ndarray:
    """Heart rate in beats per minute, ``(frames,)``: the cue, slowed, with breath, blood pressure and speech."""
    (cue,) = p.HEART.cues
    values = cues(rng, p.HEART, state, effect)[:, 0]
    drive = delayed(low_pass(values, p.HEART_SMOOTHING_SECONDS), p.HEART_LAG_SECONDS)
    base = rng.normal(p.HEART_BASE, p.HEART_BASE_DEVIATION)
    rhythms = sum(_rhythm(rng, hz, size, len(state)) for hz, size in (p.HEART_BREATHING, p.HEART_PRESSURE))
    talking = p.HEART_TALKING * low_pass(behaviour.talk, p.HEART_SMOOTHING_SECONDS)
    return np.asarray(base + cue.scale * drive + rhythms + talking)


def skin(rng: np.random.Generator, state: np.ndarray, effect: float) -> np.ndarray:
    """Skin conductance ``(frames, 2)``: responses per minute over the last seconds, and level in microsiemens."""
    frames = len(state)
    arrivals, level = sweat(rng, state, effect)
    counted = np.cumsum(np.bincount(arrivals, minlength=frames)[:frames])
    window = round(p.SCR_WINDOW_SECONDS / FRAME_SECONDS)
    counted[window:] -= counted[:-window].copy()
    conductance = level + p.SCL_NOISE * rng.standard_normal(frames)
    return np.column_stack([counted * 60 / p.SCR_WINDOW_SECONDS, conductance])


def sweat(rng: np.random.Generator, state: np.ndarray, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """The frames in which responses of the skin begin, and its level in microsiemens, ``(frames,)``."""
    response, level = (cues(rng, p.SKIN, state, effect) * [cue.scale for cue in p.SKIN.cues]).T
    events = starts(rng, p.SCR_PER_MINUTE * np.exp(response - 0.5))  # the mean of exp(x - 1/2) is 1
    latency = rng.uniform(*p.SCR_LATENCY_SECONDS, len(events))
    arrivals = np.rint(events + latency / FRAME_SECONDS).astype(int)
    slow = delayed(low_pass(level, p.SCL_SMOOTHING_SECONDS), p.SCL_LAG_SECONDS)
    base = p.SCL_MEDIAN * np.exp(p.SCL_SIGMA * rng.standard_normal())
    return arrivals, np.asarray(base * np.exp(slow))


def _face_found(rng: np.random.Generator, frames: int) -> np.ndarray:
    losses = starts(rng, np.full(frames, p.LOSSES_PER_MINUTE))
    seconds = p.LOSS_MEDIAN_SECONDS * np.exp(p.LOSS_SIGMA * rng.standard_normal(len(losses)))
    return spans(losses, seconds, frames) == 0


def _rhythm(rng: np.random.Generator, hz: float, size: float, frames: int) -> np.ndarray:
    """A sine whose phase wanders."""
    steps = p.HEART_PHASE_WANDER * np.sqrt(FRAME_SECONDS) * rng.standard_normal(frames)
    phase = 2 * np.pi * (hz * FRAME_SECONDS * np.arange(frames) + rng.random())
    return np.asarray(size * np.sin(phase + np.cumsum(steps)))
