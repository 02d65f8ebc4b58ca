"""Split-half reliability: does a metric put systems in the same order on two halves of the people?

Source: section 3 calls CCC "a much more reliable measurement"; claim 3b asks whether the order that it gives holds on
other recordings better than the order by CC does. Moments of each person (:class:`replica.metrics.Moments`) pool
exactly, so no frames are needed.
"""

from collections.abc import Sequence
from functools import cache, partial
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from replica.metrics import ccc_of, pearson_cc_of, pool_rows
from replica.statistics import Interval

__all__ = ["METRICS", "advantage", "halves", "reliability"]

Floats = NDArray[np.float64]

METRICS = {"CCC": ccc_of, "CC": pearson_cc_of}


def halves(people: int) -> list[tuple[list[int], list[int]]]:
    """Every way to part people into two halves, each once; of an odd number the second half has one more.

    Raises:
        ValueError: If there are fewer than two.
    """
    if people < 2:
        raise ValueError(
            "Two halves take at least two people or recordings. "
            f"Received {people}. "
            "Score the systems on a partition with more of them; one alone cannot be halved."
        )
    first = list(combinations(range(people), people // 2))
    if people % 2 == 0:
        first = first[: len(first) // 2]  # the rest are the same, the other way round
    return [(list(half), [k for k in range(people) if k not in half]) for half in first]


def reliability(rows: ArrayLike, copies: ArrayLike | None = None) -> dict[str, float]:
    """Rank correlation of the systems' order between two halves of the people, by each of ``METRICS``.

    Spearman's correlation over systems of a metric pooled over one half and pooled over the other, mean over all
    :func:`halves`.

    Args:
        rows: Moments of each system on each person, ``(systems, people, 6)``.
        copies: How often each person counts, ``(people,)``; without it, once. All copies of one are in one half, and
            who counts no time is in none.

    Returns:
        For each metric a number in [-1, 1]; a half on which all systems score the same has no order, and its
        correlation is 0.

    Raises:
        ValueError: If there are fewer than two systems, or fewer than two people count.
    """
    rows = np.asarray(rows, np.float64)
    if rows.ndim != 3 or len(rows) < 2 or rows.shape[-1] != 6:
        raise ValueError(
            "An order is of at least two systems, whose moments are (systems, people, 6). "
            f"Received an array of shape {rows.shape}. "
            "Pass the moments of every system on the same people."
        )
    times = np.ones(rows.shape[1]) if copies is None else np.asarray(copies, np.float64)
    counted = rows[:, times > 0] * np.where(np.arange(6) == 0, times[times > 0][:, None], 1.0)  # n, and the rest as is
    pooled = [pool_rows(counted[:, list(half)]) for half in zip(*halves(counted.shape[1]), strict=True)]
    kept = _spearman(np.array([[of(half).T for of in METRICS.values()] for half in pooled]))  # (metrics, halvings)
    return dict(zip(METRICS, kept.mean(axis=-1).tolist(), strict=True))


def advantage(
    cohorts: Sequence[Sequence[ArrayLike]], *, redraw_cohorts: bool, draws: int = 500, seed: int = 0
) -> Interval:
    """Reliability of the order by CCC less that of the order by CC, with its 95 % interval over people.

    Each draw takes as many people as there are, with replacement, the same for all systems and emotion dimensions;
    those with fewer than two different people are left out. The systems are not redrawn: the interval is about other
    people, not about other networks.

    Args:
        cohorts: For each cohort, or rotation of one corpus, the ``rows`` of :func:`reliability` of each emotion
            dimension, of the same people.
        redraw_cohorts: Whether each draw also takes as many cohorts as there are, with replacement. Rotations are all
            taken.
        draws: Number of draws.
        seed: Seed of the draws.

    Returns:
        Mean over emotion dimensions and cohorts, in [-2, 2].

    Raises:
        ValueError: As :func:`reliability`.
    """
    rng = np.random.default_rng(seed)
    observed = [_advantage(cohort) for cohort in cohorts]
    drawn = np.array([_redrawn(cohort, draws, rng) for cohort in cohorts])  # (cohorts, draws)
    if redraw_cohorts:  # each with people of its own draw, also the same cohort taken twice
        taken = len(cohorts), draws
        drawn = drawn[rng.integers(0, len(cohorts), taken), rng.integers(0, draws, taken)]
    means = drawn.mean(axis=0)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(np.mean(observed)), float(low), float(high))


def _redrawn(cohort: Sequence[ArrayLike], draws: int, rng: np.random.Generator) -> Floats:
    """The advantage on redrawn people, ``(draws,)``; a set of people that comes again is computed once."""
    people = np.shape(cohort[0])[1]
    halves(people)  # of one alone no draw could be halved
    advantage_on = cache(partial(_advantage, cohort))
    values: list[float] = []
    while len(values) < draws:
        copies = tuple(np.bincount(rng.integers(0, people, people), minlength=people).tolist())
        if np.count_nonzero(copies) > 1:
            values.append(advantage_on(copies))
    return np.array(values)


def _advantage(cohort: Sequence[ArrayLike], copies: ArrayLike | None = None) -> float:
    of = [reliability(rows, copies) for rows in cohort]
    return float(np.mean([kept["CCC"] - kept["CC"] for kept in of]))


def _spearman(halves: Floats) -> Floats:
    """Rank correlation over systems of two halves ``(2, ..., systems)``; 0 where one of them is constant."""
    first, second = rankdata(halves, axis=-1) - (halves.shape[-1] + 1) / 2
    spread = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    return np.divide((first * second).sum(axis=-1), spread, out=np.zeros_like(spread), where=spread > 0)
