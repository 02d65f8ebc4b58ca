"""Intervals over seeds and recordings: how far a CCC would move with other seeds and other people.

Frames of one recording are no independent draws, and networks of one seed share their start. So the bootstrap redraws
whole recordings and whole seeds. It needs no frames: the moments of each recording (:class:`replica.metrics.Moments`)
pool exactly.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replica.metrics import ccc_of, pool_rows

__all__ = ["Interval", "Resampled", "bootstrap", "difference", "per_recording_ccc", "pooled_ccc", "resample", "system"]

Floats = NDArray[np.float64]
Metric = Callable[[ArrayLike], Floats]  # rows (..., recordings, 6) -> (...)
Statistic = Callable[[Floats], float]  # CCC of each system (systems,) -> one number


class Interval(NamedTuple):
    """A statistic on the data as they are, with the ends of its percentile interval."""

    estimate: float
    low: float
    high: float


class Resampled(NamedTuple):
    """CCC, or another metric, of each system: on the data as they are, and on each draw.

    Every statistic of them is compared on the same draws, however many are asked.
    """

    observed: Floats  # (systems,)
    drawn: Floats  # (draws, systems)

    def interval(self, statistic: Statistic, level: float = 0.95) -> Interval:
        """The statistic on the data as they are, and the ends of its percentile interval.

        Args:
            statistic: From the CCC of each system, ``(systems,)``, to a number, such as ``system(0)`` or
                ``difference(0, 1)``.
            level: Share of the draws between the two ends, in (0, 1).
        """
        drawn = [statistic(ccc) for ccc in self.drawn]
        low, high = np.quantile(drawn, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
        return Interval(float(statistic(self.observed)), float(low), float(high))


def pooled_ccc(rows: ArrayLike) -> Floats:
    """CCC over all frames of the recordings together.

    Args:
        rows: Rows of moments, ``(..., recordings, 6)``.

    Returns:
        ``(...)``, in [-1, 1]; 0 where exactly one side is constant, NaN where both are.
    """
    return ccc_of(pool_rows(rows))


def per_recording_ccc(rows: ArrayLike) -> Floats:
    """Mean over recordings of each recording's own CCC.

    Args:
        rows: Rows of moments, ``(..., recordings, 6)``.

    Returns:
        ``(...)``, in [-1, 1]; NaN if it is undefined for any recording.
    """
    return ccc_of(rows).mean(axis=-1)


def system(index: int) -> Statistic:
    """The statistic "CCC of this system", for :func:`bootstrap`."""
    return lambda ccc: float(ccc[index])


def difference(first: int, second: int) -> Statistic:
    """The statistic "CCC of the first system less that of the second", for :func:`bootstrap`."""
    return lambda ccc: float(ccc[first] - ccc[second])


def bootstrap(
    rows: Sequence[ArrayLike],
    statistic: Statistic,
    *,
    metric: Metric = pooled_ccc,
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    cohorts: bool = False,
) -> Interval:
    """Percentile interval of one statistic over seeds and recordings.

    :func:`resample`, whose arguments and errors it has, then :meth:`Resampled.interval`.

    Note:
        With few recordings a percentile interval is too narrow (nine speakers cover clearly less than the level
        promises), so it is with three seeds that scatter more than their recordings do, and with one seed and one
        recording it has no width at all.
    """
    return resample(rows, metric=metric, draws=draws, seed=seed, cohorts=cohorts).interval(statistic, level)


def resample(
    rows: Sequence[ArrayLike],
    *,
    metric: Metric = pooled_ccc,
    draws: int = 2000,
    seed: int = 0,
    cohorts: bool = False,
) -> Resampled:
    """CCC, or another metric, of every system on redrawn seeds and recordings.

    Each draw takes as many seeds as there are, with replacement, the same for all systems and rotations; and within
    each rotation as many recordings as it has, with replacement, the same for all systems, so that systems are
    compared on the same recordings. They are the same for all seeds as well, or where each seed is another cohort, for
    each drawn cohort anew: then the third recording of one has nothing to do with the third of another, and to draw
    them together would make the interval up to 1.6 times as wide as it should be. The CCC of a system is the mean over
    rotations and drawn seeds of the metric over the drawn recordings.

    Args:
        rows: For each rotation, rows of moments ``(systems, seeds, recordings, 6)``; only the number of recordings
            may differ between rotations.
        metric: How recordings combine: :func:`pooled_ccc` or :func:`per_recording_ccc`.
        draws: Number of draws.
        seed: Seed of the draws.
        cohorts: Whether each seed has recordings of its own, of other people.

    Returns:
        The metric of each system, on the data as they are and on each draw.

    Raises:
        ValueError: If there is no rotation, or a rotation's rows have another shape.
    """
    arrays = _check(rows)
    rng = np.random.default_rng(seed)
    seeds = arrays[0].shape[1]
    drawn_seeds = rng.integers(0, seeds, (draws, seeds))
    observed, drawn = [], []
    for array in arrays:
        recordings = array.shape[2]
        observed.append(metric(array).mean(axis=1))
        if cohorts:
            drawn_recordings = rng.integers(0, recordings, (draws, seeds, recordings))
            resampled = metric(array[:, drawn_seeds[..., None], drawn_recordings])  # (systems, draws, seeds)
            drawn.append(resampled.mean(axis=-1))
        else:
            drawn_recordings = rng.integers(0, recordings, (draws, recordings))
            resampled = metric(array[:, :, drawn_recordings])  # (systems, seeds, draws)
            drawn.append(np.take_along_axis(resampled, drawn_seeds.T[None], axis=1).mean(axis=1))
    return Resampled(np.mean(observed, axis=0), np.mean(drawn, axis=0).T)


def _check(rows: Sequence[ArrayLike]) -> list[Floats]:
    arrays = [np.asarray(rotation, np.float64) for rotation in rows]
    shapes = [array.shape for array in arrays]
    if not shapes or any(len(s) != 4 or 0 in s or s[-1] != 6 or s[:2] != shapes[0][:2] for s in shapes):
        raise ValueError(
            "The bootstrap takes one array (systems, seeds, recordings, 6) for each rotation, with the same systems "
            "and seeds in all. "
            f"Received the shapes {shapes}. "
            "Pass a list of arrays, also for a single rotation, and train the missing seeds."
        )
    return arrays
