"""The face of a simulated speaker: 49 landmarks as a tracker gives them, and the grey patch that goes with each frame.

A mean face in three dimensions is moved by action units, by the mouth of the voice that is heard, by blinks and by the
head, and is seen in weak perspective. Patches are painted from the landmarks of the aligned face. All of it is our
construction; the order of the points is that of :mod:`replica.features.geometry`.

Numbers were set from physical targets on 2026-11-28, before any training on these faces. Lengths are in units of the
distance between the outer corners of the eyes, some nine centimetres.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from replica.conventions import FRAME_RATE_HZ
from replica.corpora.simulated.processes import slow_noise
from replica.features.appearance import PATCH
from replica.features.geometry import LANDMARKS, LEFT_BROW, LEFT_EYE, MOUTH, NOSE, RIGHT_BROW, RIGHT_EYE, align

__all__ = ["Face", "face", "in_patch", "paint"]

Floats = NDArray[np.float64]

# --- The mean face: x to the right of the picture, y down, z towards the camera; 0 is between the eyes ----------------
_BROW = [(-0.56, -0.16, 0.02), (-0.46, -0.23, 0.06), (-0.35, -0.25, 0.09), (-0.24, -0.23, 0.11), (-0.13, -0.19, 0.12)]
_EYE = [(-0.50, 0.0, 0.0), (-0.41, -0.045, 0.03), (-0.30, -0.045, 0.04), (-0.20, 0.01, 0.02), (-0.30, 0.035, 0.03),
        (-0.41, 0.035, 0.02)]  # fmt: skip
_BRIDGE = [(0.0, -0.02, 0.14), (0.0, 0.12, 0.20), (0.0, 0.25, 0.27), (0.0, 0.37, 0.34)]
_NOSTRILS = [(-0.15, 0.45, 0.16), (-0.08, 0.47, 0.21), (0.0, 0.49, 0.24), (0.08, 0.47, 0.21), (0.15, 0.45, 0.16)]
_OUTER_LIPS = [(-0.30, 0.76, 0.06), (-0.20, 0.70, 0.15), (-0.08, 0.67, 0.20), (0.0, 0.685, 0.21), (0.08, 0.67, 0.20),
               (0.20, 0.70, 0.15), (0.30, 0.76, 0.06), (0.20, 0.84, 0.14), (0.10, 0.875, 0.18), (0.0, 0.88, 0.19),
               (-0.10, 0.875, 0.18), (-0.20, 0.84, 0.14)]  # fmt: skip
_INNER_LIPS = [(-0.10, 0.757, 0.17), (0.0, 0.76, 0.18), (0.10, 0.757, 0.17), (0.10, 0.768, 0.17), (0.0, 0.77, 0.18),
               (-0.10, 0.768, 0.17)]  # fmt: skip


def _mirrored(points: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    return [(-x, y, z) for x, y, z in points]


_LEFT_EYE = [_mirrored(_EYE)[k] for k in (3, 2, 1, 0, 5, 4)]  # from the inner corner, over the upper lid
MEAN_FACE = np.array(
    _BROW + _mirrored(_BROW)[::-1] + _BRIDGE + _NOSTRILS + _EYE + _LEFT_EYE + _OUTER_LIPS + _INNER_LIPS
)

UPPER_LIDS, LOWER_LIDS = (*RIGHT_EYE[1:3], *LEFT_EYE[1:3]), (*RIGHT_EYE[4:], *LEFT_EYE[4:])
CORNERS, OUTER, INNER = (MOUTH[0], MOUTH[6]), MOUTH[:12], MOUTH[12:]
LOWER_LIP = (*OUTER[7:], *INNER[3:])

# --- Movement. An intensity of 1 is a plain expression, one deviation of the cue; all sizes assumed. ------------------
SMILE_OUT, SMILE_UP = 0.05, 0.06  # of the corners of the mouth: half a centimetre
SMILE_LID = 0.010  # the lower lid rises in a smile
FROWN_IN, FROWN_DOWN = 0.025, 0.035  # of the inner brows
BROWS_UP = 0.05
LIDS_UP = 0.015
CORNERS_DOWN = 0.04
JAW_DOWN = 0.16  # of the lower lip, where a vowel opens the mouth most
LIPS_IN, CORNERS_WITH_JAW = 0.03, JAW_DOWN / 3  # of the corners then: inwards, and down
BLINKS_PER_MINUTE, BLINK_SECONDS = 17.0, 0.06  # deviation of its hill: closed for about 0.15 s
CLOSED = 0.9  # of the eye's opening, which a blink takes: lashes are left
MOST_INTENSE = 3.0  # a face cannot go further
HEAD_DEGREES, HEAD_SECONDS = (8.0, 5.0, 3.0), 1.5  # yaw, pitch, roll: deviations and time constant
HEAD_SMOOTHING = 3.0  # frames; a head has mass
EXPRESSION_SMOOTHING = 2.0  # frames; so have muscles
PERSON = 0.03  # deviation of a person's points from the mean face, of one region from another

# --- The tracker ------------------------------------------------------------------------------------------------------
EYES_PIXELS, CENTRE_PIXELS = 100.0, (360.0, 260.0)  # in a picture of 720 x 576; assumed
SWAY_PIXELS, SWAY_SECONDS = 12.0, 4.0  # deviation and time constant: the speaker moves on the chair; assumed
TRACKER_NOISE = 0.01  # deviation of a point in each frame: a millimetre; assumed, as a tracker reports on clear video
SLIPS_PER_MINUTE, SLIP_SECONDS, SLIP = 0.3, 0.4, 0.06  # the mouth is found elsewhere for a moment; assumed

# --- The patch --------------------------------------------------------------------------------------------------------
FINE = 2 * PATCH  # painted at twice the size, then averaged: edges without steps
FACE_WIDTH = 1.7  # of the patch, in eye distances: from above the brows to below an open mouth
EYES_AT = 0.27  # of its height
SKIN_GREY, SKIN_DEVIATION = 165.0, 18.0  # between people; assumed
TEXTURE, CAMERA_NOISE = 3.0, 2.5  # grey levels: pores, and each frame's own noise; assumed
LIGHT_GREY, LIGHT_SECONDS = 12.0, 60.0  # across the face, and its drift; assumed
_SHIFT = 4  # binary digits below a pixel that OpenCV takes
_CHUNK = 500


@dataclass(frozen=True, eq=False)
class Face:
    """What the camera's software gives, and the truth.

    Attributes:
        landmarks: ``(frames, 49, 2)`` in pixels; NaN where no face was found.
        patches: ``(frames, 48, 48)`` uint8; 0 where no face was found.
        shape: The moving face seen from the front and without noise, ``(frames, 49, 2)`` in eye distances.
    """

    landmarks: Floats
    patches: NDArray[np.uint8]
    shape: Floats


def face(rng: np.random.Generator, expressions: Floats, opening: Floats, found: NDArray[np.bool_]) -> Face:
    """Make landmarks and patches.

    Args:
        rng: Of the stream ``picture``.
        expressions: ``(frames, 6)``: intensities of AU12, AU4, AU1+2, AU5 and AU15, and the logarithm of head motion.
        opening: ``(frames,)`` in [0, 1], how far the voice opens the mouth.
        found: ``(frames,)``, where the tracker has the face.
    """
    frames = len(found)
    person = _person(rng)
    shape = person + _displacements(rng, expressions, opening)
    seen = _turned(shape, _head(rng, expressions[:, -1]))
    seen += slow_noise(rng, SWAY_SECONDS, (frames, 1, 2)) * SWAY_PIXELS / EYES_PIXELS
    tracked = seen + TRACKER_NOISE * rng.standard_normal(seen.shape)
    tracked[:, MOUTH] += _slips(rng, frames)
    patches = paint(rng, _aligned(seen, tracked), expressions)
    landmarks = tracked * EYES_PIXELS + CENTRE_PIXELS
    landmarks[~found] = np.nan
    patches[~found] = 0
    return Face(landmarks, patches, shape[..., :2])


def _person(rng: np.random.Generator) -> Floats:
    """A person's face at rest: regions larger, wider or elsewhere than in the mean face."""
    points = MEAN_FACE.copy()
    for region in (RIGHT_BROW + LEFT_BROW, NOSE, RIGHT_EYE + LEFT_EYE, MOUTH):
        chosen = list(region)
        centre = points[chosen].mean(axis=0)
        scale = 1 + PERSON * rng.standard_normal(3)
        points[chosen] = centre + scale * (points[chosen] - centre) + [0, PERSON / 2 * rng.standard_normal(), 0]
    return points


def _displacements(rng: np.random.Generator, expressions: Floats, opening: Floats) -> Floats:
    """How far action units, mouth and blinks move each point, ``(frames, 49, 3)``."""
    units = gaussian_filter1d(np.clip(expressions[:, :5], 0, MOST_INTENSE), EXPRESSION_SMOOTHING, axis=0)
    blink = _hills(rng, BLINKS_PER_MINUTE, BLINK_SECONDS, len(opening))
    fields = np.zeros((6, LANDMARKS, 3))
    smile, frown, brows, lids, sad, jaw = fields
    outward = np.sign(MEAN_FACE[:, 0])
    near_corner = np.abs(MEAN_FACE[list(OUTER), 0]) / np.abs(MEAN_FACE[CORNERS[0], 0])
    smile[list(OUTER), 0] = SMILE_OUT * near_corner * outward[list(OUTER)]
    smile[list(OUTER), 1] = -SMILE_UP * near_corner**2
    smile[list(LOWER_LIDS), 1] = -SMILE_LID
    all_brows = np.array(RIGHT_BROW + LEFT_BROW)
    inner = 1 - np.abs(MEAN_FACE[all_brows, 0]) / np.abs(MEAN_FACE[all_brows, 0]).max()
    frown[all_brows, 0], frown[all_brows, 1] = -FROWN_IN * inner * outward[all_brows], FROWN_DOWN * inner
    brows[all_brows, 1] = -BROWS_UP
    lids[list(UPPER_LIDS), 1] = -LIDS_UP
    sad[list(CORNERS), 1] = CORNERS_DOWN
    jaw[list(LOWER_LIP), 1] = JAW_DOWN
    jaw[list(CORNERS), 0] = -LIPS_IN * outward[list(CORNERS)]
    jaw[list(CORNERS), 1] = CORNERS_WITH_JAW
    moved = np.einsum("tk,kpc->tpc", np.column_stack([units, opening]), fields)
    for upper, lower in zip(UPPER_LIDS, (*RIGHT_EYE[:3:-1], *LEFT_EYE[:3:-1]), strict=True):
        gap = MEAN_FACE[lower, 1] - MEAN_FACE[upper, 1] + moved[:, lower, 1] - moved[:, upper, 1]
        moved[:, upper, 1] += blink * CLOSED * gap
    return np.asarray(moved)


def _head(rng: np.random.Generator, log_energy: Floats) -> Floats:
    """Yaw, pitch and roll in radians, ``(frames, 3)``; lively where the cue of head motion is high."""
    noise = gaussian_filter1d(slow_noise(rng, HEAD_SECONDS, (len(log_energy), 3)), HEAD_SMOOTHING, axis=0)
    return np.radians(HEAD_DEGREES) * noise * np.exp(log_energy)[:, None]


def _turned(points: Floats, head: Floats) -> Floats:
    """The points turned by yaw, pitch and roll, and seen from afar: ``(frames, 49, 2)``."""
    x, y, z = np.moveaxis(points, -1, 0)
    yaw, pitch, roll = (np.exp(1j * angle)[:, None] for angle in head.T)
    across = (z + 1j * x) * yaw  # turned about y
    z, x = across.real, across.imag
    y = ((y + 1j * z) * pitch).real  # about x
    picture = (x + 1j * y) * roll
    return np.stack([picture.real, picture.imag], axis=-1)


def _slips(rng: np.random.Generator, frames: int) -> Floats:
    """Where the tracker loses the mouth for a moment: the same shift of all its points, ``(frames, 1, 2)``."""
    begins = np.flatnonzero(rng.random(frames) < SLIPS_PER_MINUTE / 60 / FRAME_RATE_HZ)
    shift = np.zeros((frames, 1, 2))
    for begin in begins:
        shift[begin : begin + round(SLIP_SECONDS * FRAME_RATE_HZ)] = SLIP * rng.standard_normal(2)
    return shift


def _hills(rng: np.random.Generator, per_minute: float, seconds: float, frames: int) -> Floats:
    events = (rng.random(frames) < per_minute / 60 / FRAME_RATE_HZ).astype(float)
    width = seconds * FRAME_RATE_HZ
    return np.minimum(gaussian_filter1d(events, width) * width * np.sqrt(2 * np.pi), 1.0)


def _aligned(seen: Floats, tracked: Floats) -> Floats:
    """The true points where the patch puts them: by the similarity that aligns the tracked ones with the mean face."""
    true, noisy = (points[..., 0] + 1j * points[..., 1] for points in (seen, tracked))
    fitted = align(noisy, MEAN_FACE[:, 0] + 1j * MEAN_FACE[:, 1])
    # Two points tell a similarity: z -> scale * z + shift.
    one, other = RIGHT_BROW[0], NOSE[-1]
    scale = (fitted[:, other] - fitted[:, one]) / (noisy[:, other] - noisy[:, one])
    put = scale[:, None] * (true - noisy[:, one, None]) + fitted[:, one, None]
    return np.stack([put.real, put.imag], axis=-1)


# --- Painting ---------------------------------------------------------------------------------------------------------


def paint(rng: np.random.Generator, points: Floats, expressions: Floats) -> NDArray[np.uint8]:
    """Grey patches of aligned faces.

    Args:
        rng: Of the stream ``picture``: skin, light and the camera's noise.
        points: Landmarks ``(frames, 49, 2)`` in eye distances, upright, 0 between the eyes.
        expressions: ``(frames, 6)``; smile and frown fold the skin.

    Returns:
        ``(frames, 48, 48)`` uint8.
    """
    skin = np.clip(SKIN_GREY + SKIN_DEVIATION * rng.standard_normal(), 110, 215)
    grain = 3.5 * cv2.GaussianBlur(rng.standard_normal((PATCH, PATCH)), (0, 0), 1.0)  # blurred, its deviation again 1
    texture = TEXTURE * grain
    light = LIGHT_GREY * slow_noise(rng, LIGHT_SECONDS, (len(points), 2))
    slope = np.linspace(-1, 1, PATCH)
    corners = np.rint(in_patch(points, FINE) * 2**_SHIFT).astype(np.int32)
    folds = np.clip(expressions[:, :2], 0, MOST_INTENSE) / MOST_INTENSE
    patches = np.empty((len(points), PATCH, PATCH), np.uint8)
    for first in range(0, len(points), _CHUNK):
        chosen = slice(first, first + _CHUNK)
        drawn = np.stack([_drawn(c, f, skin) for c, f in zip(corners[chosen], folds[chosen], strict=True)])
        grey = sum(drawn[:, y::2, x::2].astype(np.uint16) for y in (0, 1) for x in (0, 1)) / 4 + texture
        grey += light[chosen, :1, None] * slope + light[chosen, 1:, None] * slope[:, None]
        grey += CAMERA_NOISE * rng.standard_normal(grey.shape)
        patches[chosen] = np.clip(np.rint(grey), 1, 255)
    return patches


def in_patch(points: Floats, size: int) -> Floats:
    """Where points of the aligned face, in eye distances, lie in a patch of so many pixels."""
    return points * size / FACE_WIDTH + [size / 2, EYES_AT * size]


def _drawn(at: NDArray[np.int32], folds: Floats, skin: float) -> NDArray[np.uint8]:
    """One face at twice the size, back to front; ``at`` in sixteenths of a pixel."""
    picture = np.full((FINE, FINE), int(skin), np.uint8)

    def fill(points: tuple[int, ...], grey: float) -> None:
        cv2.fillPoly(picture, [at[list(points)]], int(grey), cv2.LINE_AA, _SHIFT)

    def line(points: NDArray[np.int32], grey: float, width: int) -> None:
        cv2.polylines(picture, [points], False, int(grey), width, cv2.LINE_AA, _SHIFT)

    wing, smile_fold = (NOSE[4], NOSE[8]), skin - 15 - 45 * folds[0]
    for side, (nostril, corner) in enumerate(zip(wing, CORNERS, strict=True)):  # from the nose round the mouth
        out = np.array([(-1, 1)[side] * 5, 0]) * 2**_SHIFT
        line(np.array([at[nostril] + out, (at[nostril] + at[corner]) // 2 + 2 * out, at[corner] + out]), smile_fold, 2)
    between = (at[RIGHT_BROW[-1]] + at[LEFT_BROW[0]]) // 2
    line(np.array([between, between + np.array([0, 8]) * 2**_SHIFT]), skin - 70 * folds[1], 2)
    for brow in (RIGHT_BROW, LEFT_BROW):
        line(at[list(brow)], skin * 0.4, 4)
    for eye in (RIGHT_EYE, LEFT_EYE):
        fill(eye, 225)
        x, y = at[list(eye)].T.tolist()  # so few numbers are faster added without NumPy
        height = (y[4] + y[5] - y[1] - y[2]) / 2
        if height > 2 * 2**_SHIFT:  # of an open eye
            centre = (int(sum(x) / len(x)), int(sum(y) / len(y)))
            cv2.circle(picture, centre, int(min(height / 2, 4 * 2**_SHIFT)), 40, -1, cv2.LINE_AA, _SHIFT)
        line(at[[*eye, eye[0]]], skin * 0.5, 1)
    line(at[list(NOSE[:4])], skin + 18, 3)
    line(at[list(NOSE[4:])], skin * 0.6, 2)
    fill(OUTER, skin * 0.66)
    fill((OUTER[0], *INNER[:3], OUTER[6], *INNER[3:]), 35)
    return picture
