"""The rivals without memory cells (section 2): regressions on frames, with or without means of the past."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.multioutput import MultiOutputRegressor
from sklearn.svm import LinearSVR

from replica.conventions import PARTITIONS
from replica.corpora.recording import Corpus
from replica.evaluation import evaluate
from replica.inputs import frame_rate_hz, prepare
from replica.runs import FrameRegression, Result, RidgeRun

PENALTIES = tuple(10.0**k for k in range(1, 8))  # on the sum of squares over all training frames
COSTS = tuple(10.0**k for k in range(-6, -1))  # C, of the sum of errors over all training frames
TUBE = 0.05  # rating units; the paper's own tube (Tables 4 and 5), so that SVR and network mean the same by an error
MOST_ITERATIONS = 10_000  # five times what the largest C needed on studyforrest


def execute(run: FrameRegression, corpus: Corpus) -> Result:
    """Fit a regression for each penalty, or each C, keep the one with the smallest error on dev, and score it.

    Its window of the past is as causal as a forward LSTM's. Penalty and C are chosen on the dev partition by mean
    square error, as early stopping chooses the epoch of a network; one serves all dimensions of a run.
    """
    sequences = prepare(run, corpus)
    windows = [max(1, round(seconds * frame_rate_hz(run))) for seconds in run.context_seconds]
    rows = {p: with_context(sequences[p].features, windows) for p in PARTITIONS}
    x, y = _frames(rows["train"]), _frames(sequences["train"].gold)
    fits: dict[float, Ridge | MultiOutputRegressor] = (
        {penalty: Ridge(alpha=penalty).fit(x, y) for penalty in PENALTIES}
        if isinstance(run, RidgeRun)
        else {cost: fit_svr(x, y, cost) for cost in COSTS}
    )
    errors = {
        value: float(np.mean((_predict(fit, rows["dev"]) - sequences["dev"].gold) ** 2)) for value, fit in fits.items()
    }
    best = min(errors, key=errors.__getitem__)
    predictions = {p: _predict(fits[best], rows[p]) for p in PARTITIONS}
    history = {"penalty" if isinstance(run, RidgeRun) else "C": best, "dev_mse": list(errors.values())}
    if not isinstance(run, RidgeRun):
        history["unconverged"] = [cost for cost, fit in fits.items() if not _converged(fit)]
    return evaluate(run, sequences, predictions, history)


def with_context(features: np.ndarray, windows: list[int]) -> np.ndarray:
    """Beside each frame, the mean of the frames up to it in each window; at the start, of those there are.

    Args:
        features: ``(recordings, frames, width)``.
        windows: Lengths in frames, this frame included; none: the frames alone.

    Returns:
        ``(recordings, frames, width * (1 + len(windows)))``, float64.
    """
    total = np.cumsum(features, axis=1, dtype=np.float64)
    count = np.arange(1, features.shape[1] + 1)[:, None]
    means = []
    for window in windows:
        before = np.zeros_like(total)
        before[:, window:] = total[:, :-window]
        means.append((total - before) / np.minimum(count, window))
    return np.concatenate([features, *means], axis=2, dtype=np.float64)


def fit_svr(x: np.ndarray, y: np.ndarray, cost: float) -> MultiOutputRegressor:
    r"""A linear support vector regression for each dimension.

    .. math:: \min_{w, b} \tfrac{1}{2} \|w\|^2 + C \sum_t \max(0, |y_t - w^T x_t - b| - \mathrm{tube})

    The error is equation 4's tube error, which section 4.4 takes from support vector regression.

    Args:
        x: ``(frames, width)``.
        y: ``(frames, dimensions)``, rating units.
        cost: C.

    Note:
        The library penalises the intercept as well; here at 1 % of the weights' penalty, so that a small C does not
        pull the predictions to 0. A fit that ends unfinished does not warn; its C is named in the run's history.
    """
    svr = LinearSVR(C=cost, epsilon=TUBE, intercept_scaling=10, max_iter=MOST_ITERATIONS, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return MultiOutputRegressor(svr).fit(x, y)


def _converged(fit: MultiOutputRegressor) -> bool:
    return all(svr.n_iter_ < svr.max_iter for svr in fit.estimators_)


def _frames(sequences: np.ndarray) -> np.ndarray:
    """Recordings one after the other."""
    return sequences.reshape(-1, sequences.shape[-1])


def _predict(fit: Ridge | MultiOutputRegressor, rows: np.ndarray) -> np.ndarray:
    return fit.predict(_frames(rows)).reshape(*rows.shape[:2], -1)
