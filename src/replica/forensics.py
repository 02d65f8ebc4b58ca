r"""What printed metrics prove about the numbers behind them, from their digits alone.

A printed decimal stands for a range, the numbers that round to it, and each function returns the range of what follows
from such ranges. RMSE, CC and CCC of one prediction are three equations in four unknowns: the deviations
:math:`\sigma_y` of the gold standard and :math:`\sigma_{\hat y}` of the prediction, their correlation, and the offset
of their means. From equation 1,

.. math:: S = \sigma_y^2 + \sigma_{\hat y}^2 + (\mu_y - \mu_{\hat y})^2 = \frac{RMSE^2}{1 - CCC}, \qquad
    P = \sigma_y \sigma_{\hat y} = \frac{CCC}{CC} \cdot \frac{S}{2}.

All of it holds for moments over one and the same set of frames, a CC and a CCC above 0 and a CCC below 1.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replica.metrics import ccc_of, pool_rows

__all__ = [
    "Range",
    "column",
    "common",
    "draw_moments",
    "gold_deviation",
    "mean",
    "metrics",
    "overlap",
    "prediction_deviation",
    "printed",
    "ratio",
    "regression_ccc",
    "regression_rmse",
    "rounded",
]

Floats = NDArray[np.float64]


class Range(NamedTuple):
    """The numbers from ``low`` to ``high``, or arrays of such ranges; empty where ``low`` is above ``high``."""

    low: float | Floats
    high: float | Floats


def printed(text: str) -> Range:
    """The numbers that a printed decimal may stand for, half a unit of its last digit to either side.

    Args:
        text: As printed, since ``"0.78"`` stands for more numbers than ``"0.780"``.

    Raises:
        ValueError: If it is not a plain decimal number such as ``"0.780"``.
    """
    if not text.replace(".", "", 1).isdecimal():
        raise ValueError(
            "A range is read off a number as it is printed, a text of digits with one point. "
            f"Received {text!r}. Pass the text of reference/paper_tables.csv, not a number made from it."
        )
    number = Decimal(text)
    half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
    return Range(float(number - half), float(number + half))


def column(texts: Iterable[str]) -> Range:
    """:func:`printed` of many numbers, as arrays in their order."""
    low, high = np.transpose([printed(text) for text in texts])
    return Range(low, high)


def rounded(values: ArrayLike, digits: int = 3) -> Range:
    """The ranges that computed values would stand for, were they printed with so many digits."""
    half = 0.5 * 10.0**-digits
    shown = np.asarray(values, np.float64).round(digits)
    return Range(shown - half, shown + half)


def gold_deviation(rmse: Range, cc: Range, ccc: Range) -> Range:
    r"""Deviation of the gold standard behind one row of RMSE, CC and CCC, whatever the offset of the means.

    .. math:: \tfrac{S}{2} \left(1 - \sqrt{1 - k^2}\right) \le \sigma_y^2 \le
        \tfrac{S}{2} \left(1 + \sqrt{1 - k^2}\right), \quad k = CCC / CC

    The lower end rises with RMSE and CCC and falls with CC. The upper end rises with RMSE and CC; over CCC it is
    greatest at :math:`2 CC^2 / (1 + CC^2)`, the CCC of a regression on the data that it was fitted to, where it is
    :math:`RMSE / \sqrt{1 - CC^2}`.

    Source: equation 1, and that an offset is a real number.

    Args:
        rmse: Rating units.
        cc: Pearson's CC.
        ccc: CCC.

    Returns:
        Rating units. Empty if the CCC is above the CC, which no prediction can have; from 0 to infinity where the CCC
        may be 0 or less, of which the two roots say nothing.
    """
    silent, impossible = np.less_equal(ccc.low, 0), np.greater(ccc.low, cc.high)
    open_or_empty = silent | impossible
    most_cc = np.where(open_or_empty, 1.0, cc.high)
    least_ccc = np.where(open_or_empty, 0.0, ccc.low)
    highest = np.clip(regression_ccc(cc).high, least_ccc, np.where(open_or_empty, 0.0, ccc.high))
    low = _root(rmse.low, most_cc, least_ccc, -1)
    high = _root(rmse.high, most_cc, highest, 1)
    return Range(np.where(silent, 0.0, low), np.where(silent, np.inf, np.where(impossible, -np.inf, high)))


def prediction_deviation(rmse: Range, cc: Range, ccc: Range, gold: Range) -> Range:
    r"""Deviation of the prediction, :math:`P / \sigma_y`, where that of the gold standard is known.

    Args:
        rmse: Rating units.
        cc: Pearson's CC.
        ccc: CCC.
        gold: Deviation of the gold standard, rating units, such as what :func:`common` leaves of many rows.

    Returns:
        Rating units.
    """
    low, high = _product(rmse, cc, ccc)
    return Range(np.divide(low, gold.high), np.divide(high, gold.low))


def ratio(rmse: Range, cc: Range, ccc: Range, gold: Range) -> Range:
    r"""Deviation of the prediction over that of the gold standard, :math:`P / \sigma_y^2`; arguments as above."""
    low, high = _product(rmse, cc, ccc)
    return Range(np.divide(low, np.square(gold.high)), np.divide(high, np.square(gold.low)))


def regression_ccc(cc: Range) -> Range:
    r"""CCC of a linear regression with intercept on the very data that it was fitted to, :math:`2 r^2 / (1 + r^2)`.

    Such a regression has no offset and a prediction whose deviation is :math:`r \sigma_y`.
    """
    low, high = (np.square(end) for end in cc)
    return Range(2 * low / (1 + low), 2 * high / (1 + high))


def regression_rmse(cc: Range, gold: Range) -> Range:
    r"""RMSE of the same, :math:`\sigma_y \sqrt{1 - r^2}`, where the gold standard's deviation is ``gold``."""
    return Range(gold.low * np.sqrt(1 - np.square(cc.high)), gold.high * np.sqrt(1 - np.square(cc.low)))


def common(ranges: Range) -> Range:
    """What all ranges along the last axis share; empty, low above high, where they do not all meet."""
    return Range(np.max(np.asarray(ranges.low), axis=-1), np.min(np.asarray(ranges.high), axis=-1))


def mean(ranges: Iterable[Range]) -> Range:
    """The range of the mean of several numbers, each anywhere in its own range."""
    low, high = zip(*ranges, strict=True)
    return Range(float(np.mean(low)), float(np.mean(high)))


def overlap(one: Range, other: Range) -> bool:
    """Whether two ranges share a number: if they do, what they stand for may be equal; if not, it cannot be."""
    return bool(max(one.low, other.low) <= min(one.high, other.high))


def draw_moments(
    rng: np.random.Generator, trials: int, cc: ArrayLike, ratios: ArrayLike, *, recordings: int = 9, unlike: float = 0.3
) -> Floats:
    """Moments of made-up recordings on which several systems are scored; a toy, no corpus behind it.

    Args:
        rng: Source of all randomness.
        trials: How many sets of recordings.
        cc: Correlation that each system has on a typical recording, ``(systems,)``, in (0, 1).
        ratios: Deviation of its prediction over that of the gold standard there, ``(systems,)``, above 0.
        recordings: Recordings of a set; all systems of a trial are scored on the same gold standard.
        unlike: How unlike recordings are: standard deviation of the logarithms of deviations and ratios, of the
            gold standard's means and the systems' offsets (both in units of its deviation), and of the inverse
            hyperbolic tangents of the correlations. 0 makes them all the same.

    Returns:
        Rows of :meth:`replica.metrics.Moments.as_row`, ``(trials, systems, recordings, 6)``.
    """
    cc, ratios = np.asarray(cc, np.float64)[:, None], np.asarray(ratios, np.float64)[:, None]
    of_gold, of_system = (trials, 1, recordings), (trials, cc.size, recordings)
    gold = np.broadcast_to(0.2 * np.exp(unlike * rng.standard_normal(of_gold)), of_system)
    level = 0.2 * unlike * rng.standard_normal(of_gold)
    prediction = gold * ratios * np.exp(unlike * rng.standard_normal(of_system))
    offset = 0.2 * unlike * rng.standard_normal(of_system)
    correlation = np.tanh(np.arctanh(cc) + unlike * rng.standard_normal(of_system))
    frames, level = np.ones(of_system), np.broadcast_to(level, of_system)
    covariance = correlation * gold * prediction
    return np.stack([frames, level, level + offset, gold**2, prediction**2, covariance], axis=-1)


def metrics(rows: ArrayLike, *, pooled: bool) -> tuple[Floats, Floats, Floats]:
    """RMSE, CC and CCC of moments ``(..., recordings, 6)``: over all frames together, or means over recordings."""
    rows = pool_rows(rows)[..., None, :] if pooled else np.asarray(rows, np.float64)
    _, gold, prediction, var_gold, var_prediction, covariance = np.moveaxis(rows, -1, 0)
    rmse = np.sqrt(var_gold + var_prediction - 2 * covariance + (gold - prediction) ** 2)
    cc = covariance / np.sqrt(var_gold * var_prediction)
    return rmse.mean(axis=-1), cc.mean(axis=-1), ccc_of(rows).mean(axis=-1)


def _product(rmse: Range, cc: Range, ccc: Range) -> Range:
    """P of the module's head: it rises with RMSE and CCC, and falls with CC."""
    low = ccc.low * np.square(rmse.low) / (2 * cc.high * (1 - ccc.low))
    high = ccc.high * np.square(rmse.high) / (2 * cc.low * (1 - ccc.high))
    return Range(low, high)


def _root(rmse: ArrayLike, cc: ArrayLike, ccc: ArrayLike, sign: int) -> Floats:
    """The smaller (-1) or larger (1) deviation of the gold standard that three exact numbers allow."""
    k = np.minimum(np.divide(ccc, cc), 1.0)
    return np.divide(rmse, np.sqrt(2 * np.subtract(1, ccc))) * np.sqrt(1 + sign * np.sqrt(1 - k**2))
