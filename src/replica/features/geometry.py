"""Geometric features of a face (section 4.2): 316 numbers a frame from 49 landmarks.

The 49 points are the 68 of iBUG without the jaw line and the two inner corners of the mouth, in that order. "Left" and
"right" are the person's. The paper was given the features ready-made; its source describes the four groups and their
sizes, and leaves open what stands beside the columns as "our reading".
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["COLUMNS", "LANDMARKS", "STABLE", "align", "face_found", "geometric", "mean_shape"]

Floats = NDArray[np.float64]
Points = NDArray[np.complex128]

LANDMARKS = 49
RIGHT_BROW, LEFT_BROW, NOSE, RIGHT_EYE, LEFT_EYE, MOUTH = (
    tuple(range(first, last)) for first, last in ((0, 5), (5, 10), (10, 19), (19, 25), (25, 31), (31, 49))
)
OUTER_CORNERS = (RIGHT_EYE[0], LEFT_EYE[3])
# The documented "eye corners and nose region": four corners and all nine points of the nose.
STABLE = (RIGHT_EYE[0], RIGHT_EYE[3], LEFT_EYE[0], LEFT_EYE[3], *NOSE)

# Three regions are documented, with 71 distances and angles in all. Distances between neighbours along 11, 11 and 18
# points are 10 + 10 + 17, angles at the points between them 9 + 9 + 16: no other simple rule that we know gives 71.
REGIONS = {"left_eye": LEFT_BROW + LEFT_EYE, "right_eye": RIGHT_BROW + RIGHT_EYE, "mouth": MOUTH}

MOST_ROUNDS = 100  # of the mean shape; faces settle within ten

_DOCUMENTED = "documented; the order of the columns is our reading"
_NEIGHBOURS = "71 distances and angles in three regions are documented; between which points is our reading"

COLUMNS: tuple[tuple[str, str], ...] = (
    *((f"shape_{axis}_{k}", _DOCUMENTED) for k in range(LANDMARKS) for axis in "xy"),
    *((f"movement_{axis}_{k}", _DOCUMENTED) for k in range(LANDMARKS) for axis in "xy"),
    *(
        (f"{region}_distance_{a}_{b}", _NEIGHBOURS)
        for region, points in REGIONS.items()
        for a, b in zip(points, points[1:], strict=False)
    ),
    *((f"{region}_angle_{k}", _NEIGHBOURS) for region, points in REGIONS.items() for k in points[1:-1]),
    *((f"distance_to_median_{k}", _DOCUMENTED) for k in range(LANDMARKS)),
)


def geometric(landmarks: ArrayLike, shape: ArrayLike | None = None) -> NDArray[np.float32]:
    """The 316 geometric features: shape, its movement, distances and angles, distances to the median.

    Source: section 4.2, whose features are the challenge's: landmarks are aligned with a mean shape by their stable
    points; 98 are their coordinates less the mean shape, 98 less those of the previous frame, 71 are distances and
    angles within eye and brow, left and right, and mouth, 49 the distances to the median of the stable points.

    Args:
        landmarks: ``(frames, 49, 2)`` in pixels, x to the right and y down, 25 frames a second; NaN where no face
            was found.
        shape: The mean shape ``(49, 2)``, as :func:`mean_shape` makes it of the training speakers; by default it is
            made of this recording, which then needs no other.

    Returns:
        ``(frames, 316)`` in the order of ``COLUMNS``: lengths in units of the mean shape, which is the distance of its
        outer eye corners, angles in radians in [0, pi]. All 0 where :func:`face_found` is False.

    Raises:
        ValueError: If an array has another shape, or the mean shape is not finite.

    Note:
        Whose mean shape it was is not documented. The choice moves each of the first 98 columns by a constant and a
        scale close to 1, which a z-score by speaker takes out. Without a face in the frame before, movement is 0.
    """
    points, found = _as_points(landmarks), face_found(landmarks)
    features = np.zeros((len(points), len(COLUMNS)), np.float32)
    if not found.any():
        return features
    mean = _checked_shape(mean_shape([landmarks]) if shape is None else shape)
    aligned = np.zeros_like(points)
    aligned[found] = align(points[found], mean)
    movement = np.zeros_like(points)
    moved = found[1:] & found[:-1]
    movement[1:][moved] = (aligned[1:] - aligned[:-1])[moved]
    parts = [_coordinates(aligned - mean), _coordinates(movement), *_distances(aligned), *_angles(aligned)]
    features[found] = np.hstack([*parts, _distances_to_median(aligned)])[found]
    return features


def face_found(landmarks: ArrayLike) -> NDArray[np.bool_]:
    """Whether each frame has a face: ``(frames,)``, True where all points are finite and the stable ones spread.

    Args:
        landmarks: ``(frames, 49, 2)`` in pixels.

    Raises:
        ValueError: If the array has another shape.
    """
    points = _as_points(landmarks)
    stable = points[:, STABLE]
    return np.isfinite(points).all(axis=1) & (stable != stable[:, :1]).any(axis=1)


def mean_shape(recordings: Sequence[ArrayLike], tolerance: float = 1e-9) -> Floats:
    """The mean of the faces, each aligned with it by the stable points.

    Args:
        recordings: Landmarks of each recording, ``(frames, 49, 2)`` in pixels.
        tolerance: The largest movement of a point, in eye distances, at which the mean has settled.

    Returns:
        ``(49, 2)``: the outer eye corners level and at distance 1, the centre of the stable points at 0.

    Raises:
        ValueError: If an array has another shape, or no frame of any recording has a face.
    """
    faces = np.concatenate([_as_points(landmarks)[face_found(landmarks)] for landmarks in recordings])
    faces = faces[faces[:, OUTER_CORNERS[0]] != faces[:, OUTER_CORNERS[1]]]
    if not len(faces):
        raise ValueError(
            "A mean shape needs at least one frame with a face. "
            f"Received {len(recordings)} recordings without any. "
            "Leave the recordings out, or run the landmark tracker again."
        )
    mean = _upright(faces[0])
    for _ in range(MOST_ROUNDS):
        before, mean = mean, _upright(align(faces, mean).mean(axis=0))
        if np.abs(mean - before).max() <= tolerance:
            break
    return np.stack([mean.real, mean.imag], axis=-1)


def align(points: Points, mean: Points) -> Points:
    r"""Move, turn and scale each face so that its stable points lie nearest to those of the mean shape.

    .. math:: a = \sum_k \overline{(z_k - \bar z)} (m_k - \bar m) / \sum_k |z_k - \bar z|^2, \quad
        z' = a (z - \bar z) + \bar m

    over the stable points k: the least-squares similarity, in closed form with points as complex numbers.

    Args:
        points: Faces ``(frames, 49)`` as x + iy, whose stable points spread.
        mean: The mean shape ``(49,)`` as x + iy.

    Returns:
        The aligned faces, ``(frames, 49)``.
    """
    centre, target = points[:, STABLE].mean(axis=1, keepdims=True), mean[list(STABLE)].mean()
    centred = points - centre
    stable = centred[:, STABLE]
    turn = (stable.conj() @ (mean[list(STABLE)] - target)) / (np.abs(stable) ** 2).sum(axis=1)
    return turn[:, None] * centred + target


def _distances(aligned: Points) -> list[Floats]:
    """Distances between neighbours, one array a region."""
    return [np.abs(np.diff(aligned[:, points], axis=1)) for points in REGIONS.values()]


def _angles(aligned: Points) -> list[Floats]:
    """Angle at each point between its two neighbours, one array a region; 0 where a neighbour lies on the point."""
    steps = [np.diff(aligned[:, points], axis=1) for points in REGIONS.values()]
    products = [step[:, 1:] * -step[:, :-1].conj() for step in steps]
    return [np.where(product == 0, 0.0, np.abs(np.angle(product))) for product in products]


def _distances_to_median(aligned: Points) -> Floats:
    stable = aligned[:, STABLE]
    median = np.median(stable.real, axis=1) + 1j * np.median(stable.imag, axis=1)
    return np.abs(aligned - median[:, None])


def _coordinates(points: Points) -> Floats:
    """Complex points ``(frames, 49)`` as coordinates x, y, x, y ... ``(frames, 98)``."""
    return np.stack([points.real, points.imag], axis=-1).reshape(len(points), -1)


def _upright(face: Points) -> Points:
    """The face with its outer eye corners level and at distance 1, its stable points around 0."""
    right, left = face[list(OUTER_CORNERS)]
    return (face - face[list(STABLE)].mean()) / (left - right)


def _as_points(landmarks: ArrayLike) -> Points:
    landmarks = np.asarray(landmarks, np.float64)
    if landmarks.ndim != 3 or landmarks.shape[1:] != (LANDMARKS, 2):
        raise ValueError(
            f"Landmarks are {LANDMARKS} points of a face in each frame, (frames, {LANDMARKS}, 2). "
            f"Received shape {landmarks.shape}. "
            "Read 68-point files with replica.features.landmarks.read, which keeps the 49 of them."
        )
    return landmarks[..., 0] + 1j * landmarks[..., 1]


def _checked_shape(shape: ArrayLike) -> Points:
    shape = np.asarray(shape, np.float64)
    if shape.shape != (LANDMARKS, 2) or not np.isfinite(shape).all():
        raise ValueError(
            f"A mean shape is {LANDMARKS} finite points, ({LANDMARKS}, 2). "
            f"Received shape {shape.shape} with {np.count_nonzero(~np.isfinite(shape))} values NaN or infinite. "
            "Make one with mean_shape from the recordings of the training speakers."
        )
    return shape[:, 0] + 1j * shape[:, 1]
