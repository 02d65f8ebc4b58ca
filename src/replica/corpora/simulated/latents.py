"""The state of a speaker that nobody sees, and the behaviour in time that it favours: talking and laughing."""

from dataclasses import dataclass

import numpy as np

from replica.conventions import FRAME_SECONDS
from replica.corpora.simulated import parameters as p
from replica.corpora.simulated.processes import smooth_noise


@dataclass(frozen=True)
class Behaviour:
    """What everybody in the room can hear and see coming and going, each ``(frames,)`` of 0 and 1."""

    talk: np.ndarray
    laugh: np.ndarray


def state(rng: np.random.Generator, frames: int, correlation: float | None = None) -> np.ndarray:
    r"""Arousal and valence ``(frames, 2)``: unit variance within a speaker, traits between them.

    .. math:: a = .75\,S_{20} + .66\,S_4 + .5\,A, \qquad v = \rho\,a_w + \sqrt{1 - \rho^2}\,v_w + .5\,V

    with S of the given time constants, :math:`a_w` and :math:`v_w` two independent sums of such S, A and V the
    speaker's traits, and a relation :math:`\rho` that differs from person to person, unless one ``correlation``
    is given for all. Arousal hangs on neither.
    """
    arousal, other = (_within_speaker(rng, frames) for _ in range(2))
    own = rng.normal(p.RELATION_MEAN, p.RELATION_DEVIATION)  # drawn in any case: traits do not hang on the option
    relation = np.clip(own, -p.RELATION_LIMIT, p.RELATION_LIMIT) if correlation is None else correlation
    valence = relation * arousal + np.sqrt(1 - relation**2) * other
    return np.stack([arousal, valence], axis=1) + p.STATE_TRAIT * rng.standard_normal(2)


def behaviour(rng: np.random.Generator, state: np.ndarray, effect: float) -> Behaviour:
    """When the speaker talks and laughs, more of both with arousal and of laughing with valence."""
    turns = _turns(rng, effect * state[:, 0])
    log_rate = effect * (state @ [p.LAUGH_AROUSAL, p.LAUGH_VALENCE])
    laughs = starts(rng, p.LAUGHS_PER_MINUTE * np.exp(log_rate))
    return Behaviour(turns, spans(laughs, np.full(len(laughs), p.LAUGH_SECONDS), len(state)))


def starts(rng: np.random.Generator, per_minute: np.ndarray) -> np.ndarray:
    """Frames at which the events of a Poisson process of varying rate start."""
    return np.flatnonzero(rng.random(len(per_minute)) < per_minute * FRAME_SECONDS / 60)


def spans(first: np.ndarray, seconds: np.ndarray, frames: int) -> np.ndarray:
    """1 from each start for so many seconds, else 0, ``(frames,)``."""
    active = np.zeros(frames)
    for start, length in zip(first, np.rint(seconds / FRAME_SECONDS).astype(int), strict=True):
        active[start : start + length] = 1
    return active


def _within_speaker(rng: np.random.Generator, frames: int) -> np.ndarray:
    slow = smooth_noise(rng, p.SLOW_SECONDS, p.ONSET_SECONDS, frames)
    fast = smooth_noise(rng, p.FAST_SECONDS, p.ONSET_SECONDS, frames)
    return p.SLOW_WEIGHT * slow + p.FAST_WEIGHT * fast


def _turns(rng: np.random.Generator, arousal: np.ndarray) -> np.ndarray:
    """Turns and pauses of log-normal length; arousal, and a talkative trait, lengthen turns and shorten pauses."""
    talk = np.zeros(len(arousal))
    talkative = p.TURN_TRAIT * rng.standard_normal()
    frame, talking = 0, bool(rng.integers(2))
    while frame < len(talk):
        lean = p.TURN_AROUSAL * arousal[frame] + talkative
        log_seconds = np.log(p.TURN_MEDIAN_SECONDS) + p.TURN_SIGMA * rng.standard_normal()
        seconds = np.exp(log_seconds + (lean if talking else -lean))
        length = max(1, round(seconds / FRAME_SECONDS))
        talk[frame : frame + length] = talking
        frame, talking = frame + length, not talking
    return talk
