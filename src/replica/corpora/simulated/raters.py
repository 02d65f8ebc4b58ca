"""Six raters who watch and listen: each late, biased and noisy in a way of their own. They never see heart or skin."""

from dataclasses import dataclass

import numpy as np

from replica.conventions import FRAME_SECONDS
from replica.corpora.simulated import parameters as p
from replica.corpora.simulated.latents import Behaviour
from replica.corpora.simulated.processes import delayed, low_pass, low_pass_lag, slow_noise

# A total delay includes these two: the hand's two low-passes, and the mean age of a value that is held.
HAND_LAG_SECONDS = 2 * low_pass_lag(p.HAND_SECONDS)
HOLD_LAG_SECONDS = (p.HOLD_FRAMES - 1) / 2 * FRAME_SECONDS


@dataclass(frozen=True)
class Habits:
    """What a rater keeps through all recordings: mean total delay in seconds, and gain on each dimension ``(2,)``."""

    delay_seconds: float
    gain: np.ndarray


def habits(rng: np.random.Generator, delay_seconds: float | None) -> list[Habits]:
    """The six raters of a cohort; ``delay_seconds`` gives all of them one total delay."""
    delays = rng.uniform(*p.DELAY_SECONDS, p.RATERS)  # drawn in any case, so that gains do not hang on the option
    gains = np.array(p.RATER_GAIN) * np.exp(p.RATER_GAIN_SIGMA * rng.standard_normal((p.RATERS, 2)))
    if delay_seconds is not None:
        delays[:] = delay_seconds
    return [Habits(float(delay), gain) for delay, gain in zip(delays, gains, strict=True)]


def percept(state: np.ndarray, behaviour: Behaviour, voice: np.ndarray, smile: np.ndarray, effect: float) -> np.ndarray:
    """What there is to perceive, ``(frames, 2)``: state, and behaviour that is heard or seen.

    ``effect`` scales the behaviour's part, so that at 0 nothing in the cues reaches the raters.
    """
    heard = p.AROUSAL_VOICE * voice + p.AROUSAL_TALK * (behaviour.talk - p.USUAL_TALK)
    seen = p.VALENCE_SMILE * (smile - p.USUAL_SMILE) + p.VALENCE_LAUGH * behaviour.laugh
    return state * [p.AROUSAL_STATE, p.VALENCE_STATE] + effect * np.stack([heard, seen], axis=1)


def annotate(rng: np.random.Generator, percept: np.ndarray, rater: Habits) -> np.ndarray:
    """One rater's trace ``(frames, 2)`` in [-1, 1]: perceived late, with noise, by a hand that moves in steps."""
    frames = len(percept)
    wander = p.DELAY_WANDER * slow_noise(rng, p.DELAY_WANDER_SECONDS, (frames,))
    # May be negative where the total is short: then the trace is moved as if its delay had been compensated.
    before_hand = rater.delay_seconds - HAND_LAG_SECONDS - HOLD_LAG_SECONDS + wander
    perceived = np.stack([delayed(dimension, before_hand) for dimension in percept.T], axis=1)
    perceived += p.RATER_NOISE * slow_noise(rng, p.RATER_NOISE_SECONDS, (frames, 2))
    hand = low_pass(low_pass(perceived, p.HAND_SECONDS), p.HAND_SECONDS)
    rating = rater.gain * hand + p.RATER_BIAS * rng.standard_normal(2)
    return np.clip(_held(rating, int(rng.integers(p.HOLD_FRAMES))), -1, 1)


def _held(rating: np.ndarray, phase: int) -> np.ndarray:
    """Each value held until the next step."""
    last_step = (np.arange(len(rating)) - phase) // p.HOLD_FRAMES * p.HOLD_FRAMES + phase
    return rating[np.maximum(last_step, 0)]
