"""RMSE, Pearson's CC and the CCC (equation 1), and the moments of a recording from which all three follow.

Every variance and covariance here is the population moment (divide by the number of frames). The pooling over several
recordings is in a function's name: :func:`ccc_pooled` takes the moments over all frames of all recordings, as the
challenge's organisers did; :func:`ccc_per_recording` is the mean of the recordings' own values.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Moments",
    "ccc",
    "ccc_of",
    "ccc_per_recording",
    "ccc_pooled",
    "moments",
    "pearson_cc",
    "pearson_cc_of",
    "pool",
    "pool_rows",
    "rmse",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """What one recording contributes to every metric: the population moments of gold standard and prediction.

    Attributes:
        n: Number of frames.
        mean_gold: Mean of the gold standard, rating units.
        mean_prediction: Mean of the prediction, rating units.
        var_gold: Variance of the gold standard, exactly 0 where it is constant.
        var_prediction: Variance of the prediction, exactly 0 where it is constant.
        covariance: Covariance of the two (equation 5).
    """

    n: int
    mean_gold: float
    mean_prediction: float
    var_gold: float
    var_prediction: float
    covariance: float

    @classmethod
    def from_row(cls, row: ArrayLike) -> "Moments":
        """The moments from six numbers in the order of the fields."""
        n, *rest = np.asarray(row, np.float64).tolist()
        return cls(int(n), *rest)

    def as_row(self) -> tuple[float, ...]:
        """Six floats in the order of the fields, the form in which moments are stored."""
        return tuple(float(value) for value in vars(self).values())

    @property
    def rmse(self) -> float:
        """Root mean square error, rating units.

        Note:
            A difference of moments: below about 1e-8 it is rounding error, where :func:`rmse` is exact.
        """
        bias = self.mean_gold - self.mean_prediction
        square = self.var_gold + self.var_prediction - 2.0 * self.covariance + bias**2
        return float(np.sqrt(np.maximum(0.0, square)))  # NaN stays NaN

    @property
    def pearson_cc(self) -> float:
        """Pearson's correlation in [-1, 1], 0 where exactly one side is constant, NaN where both are."""
        return float(pearson_cc_of(self.as_row()))

    @property
    def ccc(self) -> float:
        """Concordance correlation (equation 1), 0 where exactly one side is constant, NaN where both are."""
        return float(ccc_of(self.as_row()))


def moments(gold: ArrayLike, prediction: ArrayLike) -> Moments:
    """Moments of one recording.

    Args:
        gold: Gold standard, ``(frames,)``, rating units in [-1, 1].
        prediction: Same shape and units.

    Returns:
        Its moments, computed in float64.

    Raises:
        ValueError: If the two are not one-dimensional and of one length, are empty or hold NaN or infinity.
    """
    gold, prediction = _paired(gold, prediction)
    # Seen from its first frame a constant side is exactly 0, so that its variance is exactly 0 whatever its value.
    gold_from_first, prediction_from_first = gold - gold[0], prediction - prediction[0]
    centred_gold = gold_from_first - gold_from_first.mean()
    centred_prediction = prediction_from_first - prediction_from_first.mean()
    return Moments(
        n=len(gold),
        mean_gold=float(gold[0] + gold_from_first.mean()),
        mean_prediction=float(prediction[0] + prediction_from_first.mean()),
        var_gold=float(np.mean(centred_gold**2)),
        var_prediction=float(np.mean(centred_prediction**2)),
        covariance=float(np.mean(centred_gold * centred_prediction)),
    )


def pool(recordings: Sequence[Moments]) -> Moments:
    """Moments of the concatenation of recordings, exactly, without their frames.

    Args:
        recordings: Moments of at least one recording.

    Returns:
        The moments of all frames together.

    Raises:
        ValueError: If there is no recording.
    """
    return Moments.from_row(pool_rows([recording.as_row() for recording in recordings]))


def pool_rows(rows: ArrayLike) -> Floats:
    r"""Moments of the concatenation, for many sets of recordings at once.

    .. math:: \mathrm{cov}(x, y) = \sum_r w_r \left[\mathrm{cov}_r(x, y)
        + (\mu_{x,r} - \mu_x)(\mu_{y,r} - \mu_y)\right], \quad w_r = n_r / n

    Source: the law of total covariance.

    Args:
        rows: Rows of :meth:`Moments.as_row`, ``(..., recordings, 6)``.

    Returns:
        One row for each set, ``(..., 6)``.

    Raises:
        ValueError: If the last two axes are not at least one recording by six moments.
    """
    rows = np.asarray(rows, np.float64)
    if rows.ndim < 2 or rows.shape[-2] == 0 or rows.shape[-1] != 6:
        raise ValueError(
            "Pooling takes rows of six moments of at least one recording, (..., recordings, 6). "
            f"Received an array of shape {rows.shape}. "
            "Pass one row of Moments.as_row() for each recording."
        )
    n, mean_gold, mean_prediction, var_gold, var_prediction, covariance = np.moveaxis(rows, -1, 0)
    total = n.sum(axis=-1)
    weight = n / total[..., None]

    def mean(values: Floats) -> Floats:
        return (weight * values).sum(axis=-1)

    # Seen from the first recording, equal means are exactly 0 apart: constants pool to a variance of exactly 0.
    gold_from_first = mean_gold - mean_gold[..., :1]
    prediction_from_first = mean_prediction - mean_prediction[..., :1]
    gold_offset = gold_from_first - mean(gold_from_first)[..., None]
    prediction_offset = prediction_from_first - mean(prediction_from_first)[..., None]
    pooled = [
        total,
        mean_gold[..., 0] + mean(gold_from_first),
        mean_prediction[..., 0] + mean(prediction_from_first),
        mean(var_gold + gold_offset**2),
        mean(var_prediction + prediction_offset**2),
        mean(covariance + gold_offset * prediction_offset),
    ]
    return np.stack(pooled, axis=-1)


def ccc_of(rows: ArrayLike) -> Floats:
    r"""Concordance correlation coefficient of each row of moments.

    .. math:: \rho_c = \frac{2\sigma_{xy}}{\sigma_x^2 + \sigma_y^2 + (\mu_x - \mu_y)^2}

    Source: equation 1, section 3, with :math:`\rho\sigma_x\sigma_y = \sigma_{xy}`.

    Args:
        rows: Rows of :meth:`Moments.as_row`, ``(..., 6)``.

    Returns:
        ``(...)``, in [-1, 1]; 0 where exactly one side is constant, NaN where both are.
    """
    _, mean_gold, mean_prediction, var_gold, var_prediction, covariance = np.moveaxis(
        np.asarray(rows, np.float64), -1, 0
    )
    spread = var_gold + var_prediction
    undefined = np.full(spread.shape, np.nan)
    return np.divide(2.0 * covariance, spread + (mean_gold - mean_prediction) ** 2, out=undefined, where=spread > 0.0)


def pearson_cc_of(rows: ArrayLike) -> Floats:
    """Pearson's correlation coefficient of each row of moments.

    Args:
        rows: Rows of :meth:`Moments.as_row`, ``(..., 6)``.

    Returns:
        ``(...)``, in [-1, 1]; 0 where exactly one side is constant, NaN where both are.
    """
    *_, var_gold, var_prediction, covariance = np.moveaxis(np.asarray(rows, np.float64), -1, 0)
    moving = (var_gold > 0.0) & (var_prediction > 0.0)
    still = (var_gold <= 0.0).astype(int) + (var_prediction <= 0.0)
    values = np.where((still == 1) & np.isfinite(var_gold + var_prediction + covariance), 0.0, np.nan)
    # Two divisions, since the product of two small variances may underflow to 0.
    np.divide(covariance, np.sqrt(var_gold), out=values, where=moving)
    np.divide(values, np.sqrt(var_prediction), out=values, where=moving)
    return np.clip(values, -1.0, 1.0)


def rmse(gold: ArrayLike, prediction: ArrayLike) -> float:
    """Root mean square error of one recording.

    Args:
        gold: Gold standard, ``(frames,)``, rating units in [-1, 1].
        prediction: Same shape and units.

    Returns:
        In rating units.

    Raises:
        ValueError: As :func:`moments`.
    """
    gold, prediction = _paired(gold, prediction)
    return math.sqrt(np.mean((gold - prediction) ** 2))


def pearson_cc(gold: ArrayLike, prediction: ArrayLike) -> float:
    """Pearson's correlation coefficient of one recording.

    Args:
        gold: Gold standard, ``(frames,)``, rating units in [-1, 1].
        prediction: Same shape and units.

    Returns:
        In [-1, 1]; 0 where exactly one side is constant, NaN where both are.

    Raises:
        ValueError: As :func:`moments`.
    """
    return moments(gold, prediction).pearson_cc


def ccc(gold: ArrayLike, prediction: ArrayLike) -> float:
    """Concordance correlation coefficient of one recording (equation 1).

    Args:
        gold: Gold standard, ``(frames,)``, rating units in [-1, 1].
        prediction: Same shape and units.

    Returns:
        In [-1, 1]; 0 where exactly one side is constant, NaN where both are.

    Raises:
        ValueError: As :func:`moments`.
    """
    return moments(gold, prediction).ccc


def ccc_pooled(golds: Sequence[ArrayLike], predictions: Sequence[ArrayLike]) -> float:
    """CCC over all frames of all recordings together.

    Args:
        golds: Gold standards, one ``(frames,)`` for each recording.
        predictions: Predictions of the same recordings in the same order.

    Returns:
        In [-1, 1]; 0 where exactly one side is constant over all recordings, NaN where both are.

    Raises:
        ValueError: If the lists are empty or of different length, or as :func:`moments`.
    """
    return pool(_moments_of_recordings(golds, predictions)).ccc


def ccc_per_recording(golds: Sequence[ArrayLike], predictions: Sequence[ArrayLike]) -> float:
    """Mean over recordings of each recording's own CCC.

    Args:
        golds: Gold standards, one ``(frames,)`` for each recording.
        predictions: Predictions of the same recordings in the same order.

    Returns:
        In [-1, 1]; NaN if it is undefined for any recording.

    Raises:
        ValueError: If the lists are empty or of different length, or as :func:`moments`.
    """
    return float(np.mean([recording.ccc for recording in _moments_of_recordings(golds, predictions)]))


def _moments_of_recordings(golds: Sequence[ArrayLike], predictions: Sequence[ArrayLike]) -> list[Moments]:
    if len(golds) != len(predictions) or len(golds) == 0:
        raise ValueError(
            "Metrics over recordings take two lists of one length, with at least one recording. "
            f"Received {len(golds)} gold standards and {len(predictions)} predictions. "
            "Pass one array of each for every recording, in the same order."
        )
    return [moments(gold, prediction) for gold, prediction in zip(golds, predictions, strict=True)]


def _paired(gold: ArrayLike, prediction: ArrayLike) -> tuple[Floats, Floats]:
    for name, values in (("gold", gold), ("prediction", prediction)):
        if np.ma.is_masked(values):
            raise ValueError(
                "Metrics take every frame that they are given. "
                f"Received a masked array as {name}, whose mask would be lost. "
                "Pass the frames that count, such as values.compressed(), of both arrays."
            )
    gold, prediction = np.asarray(gold, np.float64), np.asarray(prediction, np.float64)
    if gold.ndim != 1 or gold.shape != prediction.shape or len(gold) == 0:
        raise ValueError(
            "Metrics take two one-dimensional arrays of one length, with at least one frame. "
            f"Received gold {gold.shape} and prediction {prediction.shape}. "
            "Pass one emotion dimension of one recording; for several recordings call ccc_pooled or ccc_per_recording."
        )
    for name, values in (("gold", gold), ("prediction", prediction)):
        if not np.isfinite(values).all():
            raise ValueError(
                "Metrics take finite values. "
                f"Received {np.count_nonzero(~np.isfinite(values))} of {len(values)} frames of {name} NaN or infinite. "
                "Drop these frames from both arrays, or find where the network or the corpus produced them."
            )
    return gold, prediction
