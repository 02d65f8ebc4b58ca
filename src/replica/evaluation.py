"""From predictions to a result: moments of every recording, and what shifted labels score."""

import numpy as np
from scipy import stats

from replica.fixed_point import on_grid
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
    tenths: dict[str, dict[str, dict[str, list[float]]]] = {}
    for partition, data in sequences.items():
        pairs = {d: (data.gold[..., k], predictions[partition][..., k]) for k, d in enumerate(run.dimensions)}
        scored[partition] = {
            d: {name: moments(g, p) for name, g, p in zip(data.names, gold, prediction, strict=True)}
            for d, (gold, prediction) in pairs.items()
        }
        shifted[partition] = {
            d: shifted_ccc(gold.ravel(), prediction.ravel()) for d, (gold, prediction) in pairs.items()
        }
        tenths[partition] = {
            d: {name: valleys_and_peaks(g, p) for name, g, p in zip(data.names, gold, prediction, strict=True)}
            for d, (gold, prediction) in pairs.items()
        }
    kept = {
        partition: dict(zip(sequences[partition].names, on_grid(predictions[partition]), strict=True))
        for partition in sequences
    }
    return Result(run, scored, shifted, kept, history, valleys_and_peaks=tenths)


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


def chance_band(lags: np.ndarray, coverage: float = 0.996) -> tuple[float, float]:
    """Where one more CCC would lie if it were of the kind that shifted labels give: Student's prediction interval.

    Args:
        lags: CCC against shifted labels, ``(lags,)``, two or more; as of :func:`shifted_ccc`.
        coverage: Probability to lie inside, in (0, 1).

    Returns:
        Lower and upper end.
    """
    scale = np.std(lags, ddof=1) * np.sqrt(1 + 1 / len(lags))
    half = stats.t.ppf((1 + coverage) / 2, len(lags) - 1) * scale
    return float(np.mean(lags) - half), float(np.mean(lags) + half)


def valleys_and_peaks(gold: np.ndarray, prediction: np.ndarray) -> list[float]:
    """How far a prediction is off where the gold standard is in its lowest tenth, and where in its highest.

    Source: section 5.2 and Figure 4, "curve fitting is better in peaks and valleys".

    Args:
        gold: Of one recording, ``(frames,)``; a tenth is of its own frames, whatever the others' level.
        prediction: The same shape.

    Returns:
        Number of frames and mean square error of the valleys, then of the peaks. Frames that share the value at the
        edge of a tenth all belong to it.
    """
    low, high = np.quantile(gold, [0.1, 0.9])
    square = (np.asarray(prediction, np.float64) - gold) ** 2
    return [x for inside in (gold <= low, gold >= high) for x in (float(inside.sum()), float(square[inside].mean()))]
