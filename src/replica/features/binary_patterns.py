"""Local binary patterns in a plane of a film, and how often each occurs: the second step of LGBP-TOP (section 4.2)."""

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["LABELS", "PIXELS", "block_counts", "pattern_labels"]

Floats = NDArray[np.float32]

PIXELS = slice(1, -1)  # those with all eight neighbours
AROUND = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))  # once around, so that steps count


def _uniform_labels() -> NDArray[np.uint8]:
    """A label for each of the 256 patterns: 0 to 57 for those of at most two steps around, 58 for all others."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    return np.where(uniform, np.cumsum(uniform) - 1, uniform.sum()).astype(np.uint8)


LABEL_OF_PATTERN = _uniform_labels()
LABELS = int(LABEL_OF_PATTERN.max()) + 1


def pattern_labels(picture: Floats, plane: tuple[int, int]) -> NDArray[np.uint8]:
    """The label of each inner pixel's local binary pattern in one plane.

    Args:
        picture: ``(frames, height, width)``, each at least 3.
        plane: Its two axes, such as ``(1, 2)`` for x-y and ``(0, 2)`` for x-t.

    Returns:
        ``(frames - 2, height - 2, width - 2)``: of the 256 patterns of neighbours at least as large as the pixel, those
        with at most two changes around it have the labels 0 to 57, all others 58.
    """
    centre = picture[PIXELS, PIXELS, PIXELS]
    pattern, bit = np.zeros(centre.shape, np.uint8), np.empty(centre.shape, bool)
    for step in AROUND:
        start = [1, 1, 1]
        for axis, offset in zip(plane, step, strict=True):
            start[axis] += offset
        neighbour = picture[tuple(slice(s, s + n) for s, n in zip(start, centre.shape, strict=True))]
        np.greater_equal(neighbour, centre, out=bit)
        pattern += pattern
        pattern |= bit.view(np.uint8)
    labels: NDArray[np.uint8] = cv2.LUT(pattern.reshape(len(pattern), -1), LABEL_OF_PATTERN)  # type: ignore[assignment]
    return labels.reshape(pattern.shape)


def block_counts(labels: NDArray[np.uint8], blocks: NDArray[np.intp]) -> Floats:
    """How often each label occurs in each block of each frame, ``(frames, blocks x labels)``."""
    frames, bins = len(labels), (int(blocks.max()) + 1) * LABELS
    counts = np.bincount(
        (labels + (np.arange(frames)[:, None, None] * bins + blocks * LABELS)).ravel(), minlength=frames * bins
    )
    return counts.reshape(frames, bins).astype(np.float32)
