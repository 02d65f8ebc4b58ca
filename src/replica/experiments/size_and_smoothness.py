"""How far a prediction moves and how smoothly: what a loss gains by size alone, and what the tube does to smoothness.

Both are asked of recorded results: size from their moments, smoothness (section 4.4) from their predictions.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from replica.conventions import DIMENSIONS
from replica.experiments.recorded import Recorded
from replica.metrics import Moments, pool, pool_rows
from replica.runs import Result
from replica.statistics import Interval, bootstrap

__all__ = ["controls", "rescaled", "roughness", "smoother"]

Floats = np.ndarray


def rescaled(result: Result, dimension: str, partition: str = "test") -> list[Moments]:
    """Moments of a result as if its predictions had the deviation that the gold standard has on dev.

    The control of section 5.3: does an overall loss gain by the shape of a prediction, or only by its size? The
    predictions are stretched about their mean on dev by one factor, both learned on dev.
    """
    dev = result.pooled("dev", dimension)
    factor = float(np.sqrt(dev.var_gold / dev.var_prediction)) if dev.var_prediction > 0 else 1.0
    return [
        Moments(
            m.n,
            m.mean_gold,
            dev.mean_prediction + factor * (m.mean_prediction - dev.mean_prediction),
            m.var_gold,
            factor**2 * m.var_prediction,
            factor * m.covariance,
        )
        for m in result.moments[partition][dimension].values()
    ]


def roughness(result: Result, dimension: str, partition: str = "test") -> float:
    """Standard deviation of the prediction's first differences over that of the prediction: smaller is smoother.

    Source: section 4.4, the tube loss "may [...] make the predictions smoother".
    """
    return float(_pooled_roughness(_differences(result, dimension, partition)))


def controls(recorded: Recorded) -> pd.DataFrame:
    """For each loss and dimension: test CCC as it is and rescaled, and roughness; means over rotations and seeds."""
    rows = {}
    for dimension in DIMENSIONS:
        for name in recorded.systems:
            results = recorded.of_system(dimension, name)
            rows[dimension, name] = {
                "test CCC": np.mean([r.pooled("test", dimension).ccc for r in results]),
                "rescaled": np.mean([pool(rescaled(r, dimension)).ccc for r in results]),
                "roughness": np.mean([roughness(r, dimension) for r in results]),
            }
    return pd.DataFrame(rows).T


def smoother(recorded: Recorded, first: str, second: str) -> Interval:
    """95 % interval of the roughness of one loss's test predictions over another's, minus 1, mean over dimensions."""
    rows = [
        np.array(
            [
                [_differences(r, d, recorded.partition) for r in recorded.results[rotation, d, name]]
                for name in (first, second)
                for d in DIMENSIONS
            ]
        )
        for rotation in recorded.rotations
    ]
    n = len(DIMENSIONS)
    return bootstrap(
        rows,
        lambda rough: float((rough[:n] / rough[n:]).mean() - 1),
        metric=_pooled_roughness,
        cohorts=recorded.cohorts,
    )


def _differences(result: Result, dimension: str, partition: str) -> list[tuple[float, ...]]:
    """Of each recording a row in the form of moments: those of first differences where gold's are, of the prediction.

    Rows in that form pool exactly, up to the one difference that a recording has less than frames.
    """
    column = result.run.dimensions.index(dimension)
    traces = [np.asarray(x[:, column], np.float64) for x in result.predictions[partition].values()]
    return [(len(x), float(np.diff(x).mean()), x.mean(), float(np.diff(x).var()), x.var(), 0.0) for x in traces]


def _pooled_roughness(rows: ArrayLike) -> Floats:
    pooled = pool_rows(rows)
    ratio: Floats = np.sqrt(pooled[..., 3] / pooled[..., 4])
    return ratio
