"""The claims that a calculation settles, whatever the corpus: each function returns the quantity of one claim.

Random sequences come from a seed; gradients come from TensorFlow and know nothing of the paper's equations.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from replica import losses, metrics
from replica.corpora import load
from replica.layers import BidirectionalPeepholeLSTM
from replica.smoothing import GRID, exponential_smoothing

__all__ = ["QUANTITIES", "example", "frames_seen", "gradients", "roughness_by_alpha"]

Floats = np.ndarray
TUBE = 0.05  # of Tables 4 and 5, rating units
NOISE_FRAMES = 20_000


def ccc_from_cc_and_mse(seed: int) -> float:
    """Claim 3a: greatest difference between CCC and 2 cov / (mse + 2 cov) over 1000 random pairs of sequences."""
    rng = np.random.default_rng(seed)
    differences = []
    for x, y, scale, offset in zip(*rng.standard_normal((2, 1000, 50)), *rng.uniform(-2, 2, (2, 1000)), strict=True):
        y = scale * (x + y) + offset
        covariance = metrics.pearson_cc(x, y) * x.std() * y.std()
        differences.append(metrics.ccc(x, y) - 2 * covariance / (metrics.rmse(x, y) ** 2 + 2 * covariance))
    return float(np.abs(differences).max())


def frames_seen(layer: Callable[[tf.Tensor], tf.Tensor], seed: int) -> Floats:
    """Which of 20 random input frames each output of a layer depends on, by its gradient: ``(outputs, inputs)``."""
    frames = tf.constant(np.random.default_rng(seed).standard_normal((1, 20, 3)))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(frames)
        outputs = tf.reduce_sum(layer(frames), axis=(0, 2))
    slopes = tape.jacobian(outputs, frames, experimental_use_pfor=False).numpy()  # (output, 1, input, channel)
    return np.asarray((slopes[:, 0] != 0).any(axis=-1))


def frames_unseen_by_an_aligned_blstm(seed: int) -> float:
    """Claim 4.3c: input frames without influence on an aligned BLSTM, at the output that sees least."""
    layer = BidirectionalPeepholeLSTM(4, initialisation="theanets", dtype="float64")
    return float((~frames_seen(layer, seed)).sum(axis=1).max())


def loss_inside_the_tube(seed: int) -> float:
    """Claim 4.4a: greatest tube loss of 1000 random frames whose prediction is off by less than the tube."""
    rng = np.random.default_rng(seed)
    gold = tf.constant(rng.uniform(-1, 1, (1000, 1, 1)))
    within = gold + rng.uniform(-TUBE, TUBE, (1000, 1, 1))
    return float(tf.reduce_max(losses.get("tube0.05")(gold, within)))


def example(seed: int) -> tuple[Floats, Floats]:
    """Forty seconds of a simulated gold standard, and a prediction wrong in the usual ways: high, flat, late, noisy."""
    gold = load("simulated", seed=seed, size="mini").partition("train")[0].gold[:, 0].astype(float)
    late = exponential_smoothing(gold, 0.04)
    noise = exponential_smoothing(np.random.default_rng(seed).standard_normal(2 * len(gold)), 0.05)[len(gold) :]
    return gold, 0.05 + 0.7 * late + 0.3 * noise


def gradients(gold: Floats, prediction: Floats, loss: str) -> Floats:
    """Gradient of a loss with respect to each frame of a prediction ``(frames,)``."""
    y, y_hat = tf.constant(gold[None, :, None]), tf.Variable(prediction[None, :, None])
    with tf.GradientTape() as tape:
        value = losses.get(loss)(y, y_hat)
    return np.asarray(tape.gradient(value, y_hat)).ravel()


def gradient_from_inside_the_tube(seed: int) -> float:
    """Claim 4.4b: share of the tube loss's absolute gradient that comes from frames inside the tube."""
    gold, prediction = example(seed)
    gradient = np.abs(gradients(gold, prediction, "tube0.05"))
    return float(gradient[np.abs(gold - prediction) < TUBE].sum() / gradient.sum())


def gradient_of_covariance_moved(seed: int) -> float:
    """Claim 4.4d: greatest difference of the gradients of cov at two random predictions of one gold standard."""
    _, (first, second) = _covariance_gradients(seed)
    return float(np.abs(first - second).max())


def gradient_of_covariance_beside_equation_6(seed: int) -> float:
    """Claim 4.4e: greatest difference of the gradient of cov from (gold - mean of gold) / T."""
    gold, (first, _) = _covariance_gradients(seed)
    return float(np.abs(first - (gold - gold.mean()) / len(gold)).max())


def covariance_moved_by_a_constant(seed: int) -> float:
    """Claim 4.4f: greatest change of cov when 0.5 is added to a random prediction."""
    golds, predictions = _random_pairs(seed)
    return float(np.abs(losses.covariance(golds, predictions + 0.5) - losses.covariance(golds, predictions)).max())


def fall_without_a_distance(seed: int) -> float:
    """Claim 4.4g: least relative fall of -cov over ten doublings of a prediction that covaries with its gold."""
    gold, prediction = example(seed)
    y = tf.constant(np.repeat(gold[None, :, None], 11, axis=0))
    cov = np.asarray(losses.covariance(y, tf.constant(2.0 ** np.arange(11)[:, None, None] * prediction[:, None])))
    return float(((cov[1:] - cov[:-1]) / np.abs(cov[:-1])).min())


def correlation_beyond_one(seed: int) -> float:
    """Claim 4.4h: by how much the size of CC, unclipped, exceeds 1 over random pairs and exact multiples."""
    random = np.random.default_rng(seed).standard_normal((200, 2, 100))
    multiples = [(one, factor * one) for one, _ in random for factor in (-3.0, 0.1, 7.0)]
    pairs = [metrics.moments(*pair) for pair in [*random, *multiples]]
    cc = np.array([m.covariance / np.sqrt(m.var_gold * m.var_prediction) for m in pairs])
    return float(np.abs(cc).max() - 1)


def ccc_loss_away_from_the_gold_standard(seed: int) -> float:
    """Claim 4.4i: least increase of -ccc when a prediction of gold's mean and variance is moved or stretched."""
    rng = np.random.default_rng(seed)
    golds = rng.standard_normal((200, 100, 1))
    centred = tf.constant(golds - golds.mean(axis=1, keepdims=True))
    shuffled = tf.constant(rng.permuted(centred, axis=1))  # the same mean and variance
    shape = tf.sign(losses.covariance(centred, shuffled))[:, None, None] * shuffled
    base = losses.negative_ccc(centred, shape)
    return float(np.min([losses.negative_ccc(centred, changed) - base for changed in (shape + 0.5, 10 * shape)]))


def least_weight_of_the_past(seed: int) -> float:
    """Claim 4.6b: smallest weight of any past frame of 100 in the last smoothed one, alpha 0.1; the seed has no say."""
    return float(exponential_smoothing(np.eye(100), 0.1)[-1, :-1].min())


def roughness_by_alpha(seed: int) -> Floats:
    """Mean squared frame-to-frame difference of unit white noise smoothed with each alpha."""
    white = np.random.default_rng(seed).standard_normal(NOISE_FRAMES)
    return np.array([np.mean(np.diff(exponential_smoothing(white, alpha)) ** 2) for alpha in GRID])


def roughness_gained_with_alpha(seed: int) -> float:
    """Claim 4.6c: least difference in roughness between two neighbouring alphas of the grid."""
    return float(np.diff(roughness_by_alpha(seed)).min())


QUANTITIES: dict[str, Callable[[int], float]] = {
    "3a": ccc_from_cc_and_mse,
    "4.3c": frames_unseen_by_an_aligned_blstm,
    "4.4a": loss_inside_the_tube,
    "4.4b": gradient_from_inside_the_tube,
    "4.4d": gradient_of_covariance_moved,
    "4.4e": gradient_of_covariance_beside_equation_6,
    "4.4f": covariance_moved_by_a_constant,
    "4.4g": fall_without_a_distance,
    "4.4h": correlation_beyond_one,
    "4.4i": ccc_loss_away_from_the_gold_standard,
    "4.6b": least_weight_of_the_past,
    "4.6c": roughness_gained_with_alpha,
}


def _random_pairs(seed: int) -> tuple[tf.Tensor, tf.Variable]:
    rng = np.random.default_rng(seed)
    golds = tf.constant(np.repeat(rng.standard_normal((1, 100, 1)), 2, axis=0))
    return golds, tf.Variable(rng.standard_normal((2, 100, 1)))


def _covariance_gradients(seed: int) -> tuple[Floats, Floats]:
    golds, predictions = _random_pairs(seed)
    with tf.GradientTape() as tape:
        cov = losses.covariance(golds, predictions)
    return golds.numpy()[0], tape.gradient(cov, predictions).numpy()
