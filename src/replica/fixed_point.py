"""Predictions in fixed point: whole steps of 1/2048 rating units, which take little room on disk.

A step is a thousandth of the scale's range of 2, far below what raters resolve. Predictions are smooth, so the
differences of their differences are small: most fit into one byte, and the planes of the upper bytes hold zeros.
"""

import numpy as np

from replica.conventions import TIME

STEP = 1 / 2048  # rating units
NOT_A_NUMBER, MINUS_INFINITY, INFINITY = -(2**31), -(2**31) + 1, 2**31 - 1  # steps that stand for no number
ORDER = 2  # differences of differences: on the recorded predictions an eighth smaller than differences


def on_grid(predictions: np.ndarray) -> np.ndarray:
    """The nearest whole steps, as float32: exactly what is read back from disk."""
    return decode(encode(predictions))


def encode(predictions: np.ndarray) -> np.ndarray:
    """Predictions as planes of bytes, the lowest first.

    Args:
        predictions: ``(recordings, frames, dimensions)`` in rating units. NaN and the infinities are kept; what lies
            beyond a million becomes infinite.

    Returns:
        ``(4, recordings, frames, dimensions)``, uint8.
    """
    exact = np.asarray(predictions, dtype=np.float64)
    steps = np.clip(np.rint(exact / STEP), MINUS_INFINITY, INFINITY)
    change = np.where(np.isnan(exact), NOT_A_NUMBER, steps).astype(np.int32)
    for _ in range(ORDER):  # modulo 2 ** 32, as the sums that take it back
        change = np.diff(change, axis=TIME, prepend=np.int32(0))
    folded = ((change << 1) ^ (change >> 31)).view(np.uint32)  # 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ...
    return np.stack([(folded >> shift).astype(np.uint8) for shift in (0, 8, 16, 24)])


def decode(planes: np.ndarray) -> np.ndarray:
    """Predictions of which :func:`encode` made planes, ``(recordings, frames, dimensions)``, float32."""
    folded = sum(plane.astype(np.uint32) << shift for plane, shift in zip(planes, (0, 8, 16, 24), strict=True))
    steps = ((folded >> 1) ^ -(folded & 1)).view(np.int32)
    for _ in range(ORDER):
        steps = np.cumsum(steps, axis=TIME, dtype=np.int32)
    predictions = (steps * STEP).astype(np.float32)
    for stand_in, value in ((NOT_A_NUMBER, np.nan), (MINUS_INFINITY, -np.inf), (INFINITY, np.inf)):
        predictions[steps == stand_in] = value
    return predictions
