"""The rival without memory cells: a ridge regression on frames and on means of the past."""

import numpy as np
from sklearn.linear_model import Ridge

from replica.conventions import PARTITIONS
from replica.corpora.recording import Corpus
from replica.evaluation import evaluate
from replica.inputs import Sequences, frame_rate_hz, prepare
from replica.runs import Result, RidgeRun

PENALTIES = tuple(10.0**k for k in range(1, 8))  # on the sum of squares over all training frames


def execute(run: RidgeRun, corpus: Corpus) -> Result:
    """Fit one ridge regression for each penalty, keep the one with the smallest error on dev, and score it.

    Its window of the past is as causal as a forward LSTM's. Its penalty is chosen on the dev partition by mean square
    error, as early stopping chooses the epoch of a network.
    """
    sequences = prepare(run, corpus)
    windows = [max(1, round(seconds * frame_rate_hz(run))) for seconds in run.context_seconds]
    rows = {p: with_context(sequences[p].features, windows) for p in PARTITIONS}
    fits = {penalty: _fit(rows["train"], sequences["train"], penalty) for penalty in PENALTIES}
    errors = {
        penalty: float(np.mean((_predict(fit, rows["dev"]) - sequences["dev"].gold) ** 2))
        for penalty, fit in fits.items()
    }
    penalty = min(errors, key=errors.__getitem__)
    predictions = {p: _predict(fits[penalty], rows[p]) for p in PARTITIONS}
    return evaluate(run, sequences, predictions, {"penalty": penalty, "dev_mse": list(errors.values())})


def with_context(features: np.ndarray, windows: list[int]) -> np.ndarray:
    """Beside each frame, the mean of the frames up to it in each window; at the start, of those there are.

    Args:
        features: ``(recordings, frames, width)``.
        windows: Lengths in frames, this frame included.

    Returns:
        ``(recordings, frames, width * (1 + len(windows)))``.
    """
    total = np.cumsum(features, axis=1, dtype=np.float64)
    count = np.arange(1, features.shape[1] + 1)[:, None]
    means = []
    for window in windows:
        before = np.zeros_like(total)
        before[:, window:] = total[:, :-window]
        means.append((total - before) / np.minimum(count, window))
    return np.concatenate([features, *means], axis=2)


def _fit(rows: np.ndarray, train: Sequences, penalty: float) -> Ridge:
    return Ridge(alpha=penalty).fit(rows.reshape(-1, rows.shape[-1]), train.gold.reshape(-1, train.gold.shape[-1]))


def _predict(fit: Ridge, rows: np.ndarray) -> np.ndarray:
    return fit.predict(rows.reshape(-1, rows.shape[-1])).reshape(*rows.shape[:2], -1)
