"""The gold standard of a recording from the traces of its raters (section 3)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replica.conventions import DIMENSIONS
from replica.metrics import ccc

__all__ = ["gold_standard", "rater_weights"]

Floats = NDArray[np.float64]


def rater_weights(annotations: ArrayLike) -> Floats:
    r"""How far each rater agrees with the others.

    .. math:: w_k = \frac{1}{K - 1} \sum_{l \ne k} \rho_c(r_k, r_l)

    Args:
        annotations: One recording, ``(raters, frames)`` or ``(raters, frames, 2)`` in the order arousal, valence;
            rating units in [-1, 1].

    Returns:
        Mean CCC of each rater with every other, ``(raters,)`` or ``(raters, 2)``, in [0, 1]. A negative mean counts
        as 0, and so does the undefined CCC of two constant raters within it.

    Raises:
        ValueError: If there are not at least two raters, or the ratings are no finite array of that shape.
    """
    annotations = np.asarray(annotations, np.float64)
    _check(annotations)
    if annotations.ndim == 3:
        return np.stack([rater_weights(channel) for channel in np.moveaxis(annotations, -1, 0)], axis=-1)
    raters = len(annotations)
    agreement = np.zeros((raters, raters))
    for one in range(raters):
        for other in range(one):
            agreement[one, other] = agreement[other, one] = ccc(annotations[one], annotations[other])
    return np.maximum(np.nan_to_num(agreement).sum(axis=1) / (raters - 1), 0.0)


def gold_standard(annotations: ArrayLike) -> Floats:
    r"""One trace from several raters: the mean of their centred traces, at an offset weighted by agreement.

    .. math:: y(t) = \frac{1}{K} \sum_k [r_k(t) - \bar r_k] + \frac{\sum_k w_k \bar r_k}{\sum_k w_k}

    Source: section 3, "a specific normalization technique as reported in [20]". The formula is the one that the
    challenge's organisers published in 2016; weights are those of :func:`rater_weights`.

    Args:
        annotations: One recording, ``(raters, frames)`` or ``(raters, frames, 2)`` in the order arousal, valence;
            rating units in [-1, 1].

    Returns:
        Gold standard, ``(frames,)`` or ``(frames, 2)``, rating units. If no rater agrees with the others (all weights
        0), the offset is the plain mean.

    Raises:
        ValueError: If there are not at least two raters, or the ratings are no finite array of that shape.

    Note:
        That the challenge of 2015 used the identical formula is unproven. The weights act on the offset alone, which is
        one number for each recording: the shape is the plain mean of the raters. The organisers state no rule for
        negative weights or a zero sum; the rules here are ours.
    """
    annotations = np.asarray(annotations, np.float64)
    _check(annotations)
    if annotations.ndim == 3:
        return np.stack([gold_standard(channel) for channel in np.moveaxis(annotations, -1, 0)], axis=-1)
    means = annotations.mean(axis=1)
    weights = rater_weights(annotations)
    offset = np.average(means, weights=weights if weights.any() else None)
    return (annotations - means[:, None]).mean(axis=0) + offset


def _check(annotations: Floats) -> None:
    shape = annotations.shape
    if len(shape) not in (2, 3) or shape[0] < 2 or shape[1] < 1 or shape[2:] not in ((), (len(DIMENSIONS),)):
        raise ValueError(
            "A gold standard takes ratings (raters, frames) or (raters, frames, 2) of at least two raters. "
            f"Received shape {shape}. "
            "Put the raters first, the frames second, and arousal and valence last."
        )
    if not np.isfinite(annotations).all():
        gaps = np.unique(np.argwhere(~np.isfinite(annotations))[:, 0]).tolist()
        raise ValueError(
            "A gold standard takes finite ratings. "
            f"Received NaN or infinity from the raters {gaps}, counted from 0. "
            "Fill the gaps or leave these raters out of this recording."
        )
