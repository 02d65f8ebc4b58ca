"""From predictions to a result: moments of every recording, and what shifted labels score."""

import numpy as np

from replica.fixed_point import on_grid
from replica.inputs import Sequences
from replica.metrics import Moments, ccc, moments, rmse
from replica.runs import AnyRun, Result

SHIFTS = 20  # lags of the shifted labels, evenly spread over the partition


def evaluate(
    run: AnyRun, sequences: dict[str, Sequences], predictions: dict[str, np.ndarray], history: dict[str, object]
) -> Result:
    """Score predictions ``(recordings, frames, dimensions)`` of each partition against the gold standard.

    The partitions are those of ``sequences``, dev and test among them.

    Returns:
        The result, its provenance still empty.
    """
    scored: dict[str, dict[str, dict[str, Moments]]] = {}
    shifted: dict[str, dict[str, list[float]]] = {}
    deciles: dict[str, dict[str, list[float]]] = {}
    for partition, data in sequences.items():
        pairs = {d: (data.gold[..., k], predictions[partition][..., k]) for k, d in enumerate(run.dimensions)}
        scored[partition] = {
            d: {name: moments(g, p) for name, g, p in zip(data.names, gold, prediction, strict=True)}
            for d, (gold, prediction) in pairs.items()
        }
        shifted[partition] = {
            d: shifted_ccc(gold.ravel(), prediction.ravel()) for d, (gold, prediction) in pairs.items()
        }
        deciles[partition] = {d: decile_rmse(gold, prediction) for d, (gold, prediction) in pairs.items()}
    kept = {
        partition: dict(zip(sequences[partition].names, on_grid(predictions[partition]), strict=True))
        for partition in sequences
    }
    return Result(run, scored, shifted, kept, history, decile_rmse=deciles)


def shifted_ccc(gold: np.ndarray, prediction: np.ndarray) -> list[float]:
    """CCC of a prediction with the gold standard shifted in a circle: chance, with both autocorrelations kept.

    Args:
        gold: The recordings of a partition one after the other, ``(frames,)``.
        prediction: The same.

    Returns:
        One CCC for each of 20 lags, which divide the frames evenly.
    """
    lags = [len(gold) * k // (SHIFTS + 1) for k in range(1, SHIFTS + 1)]
    return [ccc(np.roll(gold, lag), prediction) for lag in lags]


def decile_rmse(gold: np.ndarray, prediction: np.ndarray) -> list[float]:
    """RMSE over the frames whose gold standard is in its lowest decile, and over those in its highest.

    Source: section 5.2 and Figure 4, the "peaks" and "valleys" that one kind of features catches better than another.

    Args:
        gold: All recordings of a partition, any shape; a decile is of all their frames together.
        prediction: The same shape.

    Returns:
        Two numbers in rating units. Frames that share the value at the edge of a decile all belong to it.
    """
    low, high = np.quantile(gold, [0.1, 0.9])
    return [rmse(gold[inside], prediction[inside]) for inside in (gold <= low, gold >= high)]
