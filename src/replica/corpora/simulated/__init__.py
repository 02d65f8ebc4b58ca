"""A simulated cohort: the embedded default, made from a seed, with the truth known.

State (arousal and valence that nobody sees) drives cues of voice, face, heart and skin; six raters perceive state and
behaviour, late and with noise; the gold standard is made from their traces as in the challenge. This is the ground
floor: the features are tracks of the cues themselves.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from replica.conventions import FRAME_SECONDS, PARTITIONS
from replica.corpora.recording import Corpus, CorpusKey, Option, Recording
from replica.corpora.simulated import cues, latents, raters
from replica.corpora.simulated.parameters import FRAMES, LEAD_IN_SECONDS, SPEAKERS
from replica.corpora.simulated.processes import generator
from replica.gold_standard import gold_standard

__all__ = ["VERSION", "Speaker", "available", "key", "load", "speaker"]

VERSION = "tracks-1"
LONGEST_DELAY_SECONDS = 10.0

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
) -> Corpus:
    """Make a cohort: nine speakers of 300 s in each partition (``full``), or three of 40 s (``mini``).

    Args:
        seed: Another seed is another cohort: other speakers, other raters.
        size: ``mini`` is for tests and for trying out: 40 s hold two slow time constants, too few for a result.
        effect: In [0, 1]; scales what cues show of the state and what raters see of the behaviour. 0 is the control
            without effect: the gold standard has nothing to do with any feature.
        delay_seconds: In [0, 10]; the raters' mean total delay, the same for all; by default each has their own.

    Returns:
        The corpus; recordings are named as in the challenge, ``train_1`` to ``test_9``.

    Raises:
        ValueError: If an option is outside of its range.
    """
    corpus_key = key(seed=seed, size=size, effect=effect, delay_seconds=delay_seconds)
    recordings = (
        _recording(speaker(seed, _number(partition, n), FRAMES[size], effect, delay_seconds), partition, n, seed)
        for partition in PARTITIONS
        for n in range(1, SPEAKERS[size] + 1)
    )
    return Corpus(corpus_key, tuple(recordings), LICENCE, CITATION, LIMITS)


def key(
    *,
    seed: int = 0,
    size: Literal["mini", "full"] = "full",
    effect: float = 1.0,
    delay_seconds: float | None = None,
) -> CorpusKey:
    """The key of a cohort; a delay is part of it only where it is given.

    Raises:
        ValueError: If an option is outside of its range.
    """
    _require("seed", seed, "a whole number from 0", isinstance(seed, int | np.integer) and seed >= 0)
    _require("size", size, f"one of {tuple(SPEAKERS)}", size in SPEAKERS)
    _require("effect", effect, "in [0, 1]", 0 <= effect <= 1)
    options: list[Option] = [("effect", float(effect)), ("seed", int(seed)), ("size", size)]
    if delay_seconds is not None:
        in_range = 0 <= delay_seconds <= LONGEST_DELAY_SECONDS
        _require("delay_seconds", delay_seconds, f"None or in [0, {LONGEST_DELAY_SECONDS:g}]", in_range)
        options.append(("delay_seconds", float(delay_seconds)))
    return CorpusKey("simulated", VERSION, tuple(sorted(options)))


def available() -> bool:
    """Always: it is made where it is needed."""
    return True


def speaker(seed: int, number: int, frames: int, effect: float = 1.0, delay_seconds: float | None = None) -> Speaker:
    """One speaker, by a number from 1; a function of its arguments alone.

    Returns:
        The speaker with the truth, which the book shows beside the features and no model may see.
    """
    lead_in = round(LEAD_IN_SECONDS / FRAME_SECONDS)
    state = latents.state(generator(seed, number, "state"), lead_in + frames)
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


def _recording(speaker: Speaker, partition: str, n: int, seed: int) -> Recording:
    return Recording(
        name=f"{partition}_{n}",
        partition=partition,
        features=speaker.features,
        gold=gold_standard(speaker.annotations).astype(np.float32),
        annotations=speaker.annotations.astype(np.float32),
        face_found=speaker.face_found,
        source=f"the simulated cohort of seed {seed}",
    )


def _number(partition: str, n: int) -> int:
    """Speakers 1 to 9 are train, 10 to 18 dev, 19 to 27 test, in a small cohort too."""
    return PARTITIONS.index(partition) * SPEAKERS["full"] + n


def _require(option: str, value: object, required: str, holds: bool) -> None:
    if not holds:
        raise ValueError(
            f"The option {option} of the corpus 'simulated' is {required}. Received {value!r}. Give another value."
        )
