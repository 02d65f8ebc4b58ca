"""What a simulated speaker does, as it was planted and before anything of it is measured, at 25 Hz.

The state, its cues and the raters are those of :func:`replica.corpora.simulated.speaker`: recordings made from a
performance and the feature tracks of the same seed have one truth and one gold standard.
"""

from dataclasses import dataclass

import numpy as np

from replica.conventions import FRAME_SECONDS
from replica.corpora.simulated import cues, latents
from replica.corpora.simulated import parameters as p
from replica.corpora.simulated.processes import generator

__all__ = ["Performance", "perform"]


@dataclass(frozen=True, eq=False)
class Performance:
    """The truth behind one speaker's recordings.

    Attributes:
        talk: ``(frames,)``, 1 where the speaker talks.
        voice: Nine cues of the voice ``(frames, 9)``, in deviations.
        expressions: Intensities of five action units and the logarithm of head motion's energy, ``(frames, 6)``.
        face_found: ``(frames,)`` bool, where the tracker has the face.
        heart_rate: Beats per minute, ``(frames,)``.
        responses: Frames in which a response of the skin begins; negative before the recording.
        skin_level: Microsiemens, ``(frames,)``.
    """

    talk: np.ndarray
    voice: np.ndarray
    expressions: np.ndarray
    face_found: np.ndarray
    heart_rate: np.ndarray
    responses: np.ndarray
    skin_level: np.ndarray


def perform(seed: int, number: int, frames: int, effect: float = 1.0, correlation: float | None = None) -> Performance:
    """The performance of one speaker, by a number from 1; a function of its arguments alone."""
    lead_in = round(p.LEAD_IN_SECONDS / FRAME_SECONDS)
    state = latents.state(generator(seed, number, "state"), lead_in + frames, correlation)
    behaviour = latents.behaviour(generator(seed, number, "talk"), state, effect)
    responses, skin_level = cues.sweat(generator(seed, number, "skin"), state, effect)
    face = (state, behaviour, effect)  # of whose stream the last draws tell where it is found: it is drawn to its end
    return Performance(
        talk=behaviour.talk[lead_in:],
        voice=cues.cues(generator(seed, number, "voice"), p.VOICE, state, effect)[lead_in:],
        expressions=cues.expressions(generator(seed, number, "face"), *face)[lead_in:],
        face_found=cues.face(generator(seed, number, "face"), *face)[1][lead_in:],
        heart_rate=cues.heart_rate(generator(seed, number, "heart"), *face)[lead_in:],
        responses=responses - lead_in,
        skin_level=skin_level[lead_in:],
    )
