"""From predictions to a result: moments of every recording, and what shifted labels score."""

import numpy as np

from replica.inputs import Sequences
from replica.metrics import Moments, ccc, moments
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
    for partition, data in sequences.items():
        pairs = {d: (data.gold[..., k], predictions[partition][..., k]) for k, d in enumerate(run.dimensions)}
        scored[partition] = {
            d: {name: moments(g, p) for name, g, p in zip(data.names, gold, prediction, strict=True)}
            for d, (gold, prediction) in pairs.items()
        }
        shifted[partition] = {
            d: shifted_ccc(gold.ravel(), prediction.ravel()) for d, (gold, prediction) in pairs.items()
        }
    kept = {
        partition: dict(zip(sequences[partition].names, predictions[partition].astype("float16"), strict=True))
        for partition in ("dev", "test")
    }
    return Result(run, scored, shifted, kept, history)


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
