"""A simulated cohort: the embedded default, made from a seed, with the truth known.

State (arousal and valence that nobody sees) drives cues of voice, face, heart and skin; six raters perceive state and
behaviour, late and with noise; the gold standard is made from their traces as in the challenge. This is the ground
floor: the features are tracks of the cues themselves.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from replica.conventions import FRAME_SECONDS
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.corpora.simulated import cues, latents, raters
from replica.corpora.simulated.cohort import Cohort
from replica.corpora.simulated.parameters import LEAD_IN_SECONDS
from replica.corpora.simulated.processes import generator
from replica.gold_standard import gold_standard

__all__ = ["VERSION", "Cohort", "Speaker", "available", "key", "load", "speaker"]

VERSION = "tracks-1"

LICENCE = "MIT, as the package that makes it."
CITATION = "This package: replica, simulated cohort, version tracks-1."
LIMITS = (
    "Simulated: numbers measure the method in a known world, and never people. Which modality tells of which dimension "
    "was put in by hand, so that no order of modalities found here confirms anything. "
    "All speakers share one set of weights; there are no words and no partner."
)


@dataclass(frozen=True)
class Speaker:
    """One simulated speaker, truth included.

    Attributes:
        state: Latent arousal and valence ``(frames, 2)``, about unit variance.
        percept: What the raters perceive, before delay and noise, ``(frames, 2)``.
        features: ``voice`` (10), ``face`` (7), ``heart`` (1), ``skin`` (2), each ``(frames, width)`` float32.
        face_found: ``(frames,)`` bool.
        annotations: Six raters' traces ``(6, frames, 2)`` in [-1, 1].
    """

    state: np.ndarray
    percept: np.ndarray
    features: dict[str, np.ndarray]
    face_found: np.ndarray
    annotations: np.ndarray


def load(
    *,
    seed: int = 0,
    size: Literal["mini", "full"] = "full",
    effect: float = 1.0,
    delay_seconds: float | None = None,
    correlation: float | None = None,
) -> Corpus:
    """Make a cohort.

    Args:
        seed: As for :class:`~replica.corpora.simulated.cohort.Cohort`.
        size: As for :class:`~replica.corpora.simulated.cohort.Cohort`.
        effect: As for :class:`~replica.corpora.simulated.cohort.Cohort`.
        delay_seconds: As for :class:`~replica.corpora.simulated.cohort.Cohort`.
        correlation: As for :class:`~replica.corpora.simulated.cohort.Cohort`.

    Returns:
        The corpus; recordings are named as in the challenge, ``train_1`` to ``test_9``.

    Raises:
        ValueError: If an option is outside of its range.
    """
    cohort = Cohort(seed, size, effect, delay_seconds, correlation)
    recordings = (
        _recording(name, speaker(seed, number, cohort.frames, effect, delay_seconds, correlation), seed)
        for name, number in cohort.speakers.items()
    )
    return Corpus(_key(cohort), tuple(recordings), LICENCE, CITATION, LIMITS)


def key(**options: Any) -> CorpusKey:
    """The key of the cohort that :func:`load` makes with the same options.

    Raises:
        ValueError: If an option is outside of its range.
    """
    return _key(Cohort(**options))


def available() -> bool:
    """Always: it is made where it is needed."""
    return True


def speaker(
    seed: int,
    number: int,
    frames: int,
    effect: float = 1.0,
    delay_seconds: float | None = None,
    correlation: float | None = None,
) -> Speaker:
    """One speaker, by a number from 1; a function of its arguments alone.

    Returns:
        The speaker with the truth, which the book shows beside the features and no model may see.
    """
    lead_in = round(LEAD_IN_SECONDS / FRAME_SECONDS)
    state = latents.state(generator(seed, number, "state"), lead_in + frames, correlation)
    behaviour = latents.behaviour(generator(seed, number, "talk"), state, effect)
    voice = cues.voice(generator(seed, number, "voice"), state, behaviour, effect)
    face, face_found = cues.face(generator(seed, number, "face"), state, behaviour, effect)
    heart = cues.heart(generator(seed, number, "heart"), state, behaviour, effect)
    skin = cues.skin(generator(seed, number, "skin"), state, effect)
    percept = raters.percept(state, behaviour, voice.perceived, face.perceived, effect)
    rng = generator(seed, number, "raters")
    habits = raters.habits(generator(seed, 0, "habits"), delay_seconds)  # the same six people rate every speaker
    annotations = np.stack([raters.annotate(rng, percept, rater) for rater in habits])
    tracks = {"voice": voice.features, "face": face.features, "heart": heart, "skin": skin}
    return Speaker(
        state=state[lead_in:],
        percept=percept[lead_in:],
        features={name: track[lead_in:].astype(np.float32) for name, track in tracks.items()},
        face_found=face_found[lead_in:],
        annotations=annotations[:, lead_in:],
    )


def _key(cohort: Cohort) -> CorpusKey:
    return CorpusKey("simulated", VERSION, cohort.options())


def _recording(name: str, speaker: Speaker, seed: int) -> Recording:
    return Recording(
        name=name,
        partition=name.split("_")[0],
        features=speaker.features,
        gold=gold_standard(speaker.annotations).astype(np.float32),
        annotations=speaker.annotations.astype(np.float32),
        face_found=speaker.face_found,
        source=f"the simulated cohort of seed {seed}",
    )
