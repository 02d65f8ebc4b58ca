"""Losses computed from a whole sequence rather than frame by frame (section 4.4).

Moments are population moments (divide by T, as equation 5 does). Where a sequence is constant, its correlation and its
concordance correlation count as 0. The correlation has a gradient of 0 there; the concordance correlation has it where
the gold standard is constant, while from a constant prediction one still learns, as equation 1 has it.
"""

import keras
from keras import KerasTensor as Tensor
from keras import ops

from replica.conventions import TIME
from replica.losses.single_point import check_paired_sequences, mean_over_time, mse

__all__ = ["covariance", "mse_minus_cov", "mse_over_cc_plus_one", "negative_ccc"]

# Below this, float32 cannot tell a correlation from -1, where the quotient is infinite. The paper prints no such floor.
SMALLEST_CC_PLUS_ONE = 1e-6


@keras.saving.register_keras_serializable("replica")
def covariance(gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
    r"""Covariance over time of each sequence.

    .. math:: \mathrm{cov}(y, \hat y) = \frac{1}{T} \sum_i (y_i - \bar y)(\hat y_i - \bar{\hat y})

    Source: equation 5, section 4.4.

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        pooled: Whether means run over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, squared rating units.

    Raises:
        ValueError: If the shapes differ or hold more than one channel.
    """
    check_paired_sequences(gold, prediction)
    return mean_over_time(_centred(gold, pooled) * _centred(prediction, pooled), pooled=pooled)


@keras.saving.register_keras_serializable("replica")
def negative_ccc(gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
    r"""Minus the concordance correlation coefficient of each sequence.

    .. math:: -\rho_c = -2\sigma_{xy} / (\sigma_x^2 + \sigma_y^2 + (\mu_x - \mu_y)^2)

    Source: equation 1 as the loss "-ccc" of section 4.4.

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        pooled: Whether moments run over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, unitless; -1 is perfect agreement.

    Raises:
        ValueError: If the shapes differ or hold more than one channel.
    """
    shared = covariance(gold, prediction, pooled=pooled)
    spread = covariance(gold, gold, pooled=pooled) + covariance(prediction, prediction, pooled=pooled)
    offset = mean_over_time(gold - prediction, pooled=pooled)
    # Two equal constant sequences have no defined CCC; divide_no_nan scores them 0.
    return -ops.divide_no_nan(2.0 * shared, spread + offset**2)


@keras.saving.register_keras_serializable("replica")
def mse_minus_cov(gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
    r"""Mean square error less the covariance, of each sequence.

    .. math:: \mathrm{mse}(y, \hat y) - \mathrm{cov}(y, \hat y)

    Source: section 4.4, "we use mse as distance constraint and use (mse-cov)". The weights 1 and 1 are as printed.

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        pooled: Whether moments run over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, squared rating units; may be negative.

    Raises:
        ValueError: If the shapes differ or hold more than one channel.

    Note:
        It does not ask for the gold standard's own spread: among the scaled copies of a signal whose correlation with
        the gold standard is :math:`\rho`, the best has the deviation :math:`1.5\,\rho\,\sigma_y`.
    """
    return mse(gold, prediction, pooled=pooled) - covariance(gold, prediction, pooled=pooled)


@keras.saving.register_keras_serializable("replica")
def mse_over_cc_plus_one(gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
    r"""Mean square error over Pearson's correlation plus one, of each sequence.

    .. math:: \mathrm{mse}(y, \hat y) / (\rho(y, \hat y) + 1)

    Source: section 4.4, "we use mse/(CC+1) as the overall correlation loss".

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        pooled: Whether moments run over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, squared rating units, at least 0.

    Raises:
        ValueError: If the shapes differ or hold more than one channel.

    Note:
        As printed it is unbounded where the correlation nears -1. The divisor is held at 1e-6 or above, so that
        value and gradient stay finite; above that the loss is the printed one.
    """
    divisor = ops.maximum(_pearson_cc(gold, prediction, pooled) + 1.0, SMALLEST_CC_PLUS_ONE)
    return mse(gold, prediction, pooled=pooled) / divisor


def _pearson_cc(gold: Tensor, prediction: Tensor, pooled: bool) -> Tensor:
    var_gold = covariance(gold, gold, pooled=pooled)
    var_prediction = covariance(prediction, prediction, pooled=pooled)
    varies = ops.logical_and(var_gold > 0.0, var_prediction > 0.0)

    def deviation(variance: Tensor) -> Tensor:
        # Guarded before the root, whose gradient at 0 is infinite and would turn into NaN behind the outer guard.
        return ops.sqrt(ops.where(varies, variance, ops.ones_like(variance)))

    cc = covariance(gold, prediction, pooled=pooled) / (deviation(var_gold) * deviation(var_prediction))
    return ops.where(varies, cc, ops.zeros_like(cc))


def _centred(sequences: Tensor, pooled: bool) -> Tensor:
    # Seen from its first frame a constant sequence is exactly 0, so that float32 cannot leave it a variance of 1e-18,
    # by which a correlation's gradient would be divided. The origin cancels: no gradient runs through it.
    origin = ops.stop_gradient(sequences[:1, :1] if pooled else sequences[:, :1])
    from_first = sequences - origin
    return from_first - ops.mean(from_first, axis=None if pooled else TIME, keepdims=True)
