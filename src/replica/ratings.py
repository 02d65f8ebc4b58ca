"""What ratings alone tell, without a network: how fast they change, and how far people agree in them."""

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from replica import paths
from replica.conventions import DIMENSIONS, FRAME_SECONDS
from replica.corpora.recording import Corpus
from replica.metrics import Moments, moments, pool_rows
from replica.statistics import Interval, bootstrap, system

__all__ = [
    "agreed",
    "agreement",
    "decorrelation_seconds",
    "difference",
    "foretold",
    "foretold_ccc",
    "measure",
    "measured",
    "of_others",
]

# A real corpus' ratings are measured once, where they are; they themselves are not committed.
FILE, OF_OTHERS, RATERS = "ratings.csv", "ratings_of_others.csv", "raters.csv"
COLUMNS = [field.name for field in fields(Moments)]


def decorrelation_seconds(trace: ArrayLike, frame_seconds: float = FRAME_SECONDS) -> float:
    """Seconds until the autocorrelation of a trace falls to 1/e, the ratio of the autocovariance to its variance.

    Source: claim 5.2d, for section 5.2, "valence is more related to longer time period".

    Args:
        trace: ``(frames,)``.
        frame_seconds: Time from frame to frame.

    Returns:
        Seconds, interpolated between frames; NaN for a constant trace, whose autocorrelation is undefined.
    """
    x = np.asarray(trace, np.float64)
    if np.ptp(x) == 0:
        return float("nan")
    x = x - x.mean()
    n = len(x)
    power = np.abs(np.fft.rfft(x, 2 * n)) ** 2  # with as many zeros again, so that nothing wraps around
    covariance = np.fft.irfft(power)[:n]
    correlation = covariance / covariance[0]
    after = int(np.argmax(correlation < np.exp(-1)))  # it always falls below: over all lags it sums to less than 1/2
    before = correlation[after - 1]
    return float((after - 1 + (before - np.exp(-1)) / (before - correlation[after])) * frame_seconds)


def measure(corpus: Corpus) -> pd.DataFrame:
    """:func:`decorrelation_seconds` of each recording's gold standard, a row a recording, a column a dimension."""
    rows = {r.name: [decorrelation_seconds(r.gold[:, k]) for k in range(len(DIMENSIONS))] for r in corpus.recordings}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(DIMENSIONS)).rename_axis("recording")


def agreement(corpus: Corpus) -> pd.DataFrame:
    """Mean CC between all pairs of raters of each recording, a row a recording, a column a dimension.

    Source: claim 2o, for section 2, "the perception of arousal is more universal".

    Raises:
        FileNotFoundError: If a recording comes without at least two raters' traces.

    Note:
        A rater whose trace does not move has no CC with any other; it is NaN where fewer than two raters' traces move.
    """
    rows = {}
    for recording in corpus.recordings:
        traces = recording.annotations
        if traces is None or len(traces) < 2:
            raise FileNotFoundError(
                "Agreement is between the traces of at least two raters. "
                f"Received the recording {recording.name!r} with {0 if traces is None else len(traces)}. "
                "Put the raters' files beside the corpus."
            )
        rows[recording.name] = [_mean_cc_of_pairs(traces[:, :, k]) for k in range(len(DIMENSIONS))]
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(DIMENSIONS)).rename_axis("recording")


def _mean_cc_of_pairs(traces: np.ndarray) -> float:
    moving = traces[np.ptp(traces, axis=1) > 0].astype(np.float64)
    if len(moving) < 2:
        return float("nan")
    return float(np.corrcoef(moving)[np.triu_indices(len(moving), k=1)].mean())


def agreed(corpus: str) -> pd.DataFrame:
    """The rows of ``measured/raters.csv`` of one corpus: ``corpus, digest, recording``, and CC by dimension.

    Raises:
        FileNotFoundError: If that corpus was not measured.
    """
    return _of_corpus(RATERS, corpus)


def measured(corpus: str) -> pd.DataFrame:
    """The rows of ``measured/ratings.csv`` of one corpus: ``corpus, digest, recording``, and seconds by dimension.

    Raises:
        FileNotFoundError: If that corpus was not measured.
    """
    return _of_corpus(FILE, corpus)


def foretold(corpus: str) -> pd.DataFrame:
    """The rows of ``measured/ratings_of_others.csv`` of one corpus: ``corpus, digest``, and those of :func:`of_others`.

    Raises:
        FileNotFoundError: If that corpus was not measured.
    """
    return _of_corpus(OF_OTHERS, corpus)


def of_others(
    corpus: Corpus, stimulus: Callable[[str], str] = lambda name: name.rpartition("-")[2], partition: str = "test"
) -> pd.DataFrame:
    """What the ratings of other people foretell: moments of each person's own against the mean of train's.

    The prediction for a recording is the mean, frame by frame, of the gold standard of all train recordings with the
    same stimulus. It sees no feature, and so scores what is won by recognising the stimulus.

    Args:
        corpus: Recordings of several people with the same stimuli, of equal lengths.
        stimulus: From a recording's name to its stimulus; without it, what follows the name's last hyphen.
        partition: Whose ratings are foretold.

    Returns:
        A row for each emotion dimension and person, the fields of :class:`replica.metrics.Moments` over all frames of
        that person's recordings.
    """
    golds: dict[str, list[np.ndarray]] = {}
    for recording in (r for r in corpus.recordings if r.partition == "train"):
        golds.setdefault(stimulus(recording.name), []).append(recording.gold)
    foretold = {name: np.mean(of, axis=0) for name, of in golds.items()}
    rows: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for k, dimension in enumerate(DIMENSIONS):
        for recording in (r for r in corpus.recordings if r.partition == partition):
            own = moments(recording.gold[:, k], foretold[stimulus(recording.name)][:, k])
            rows.setdefault((dimension, recording.speaker), []).append(own.as_row())
    index = pd.MultiIndex.from_tuples(rows, names=["dimension", "person"])
    return pd.DataFrame([pool_rows(of) for of in rows.values()], index, columns=COLUMNS).reset_index()


def foretold_ccc(rows: pd.DataFrame, dimension: str) -> Interval:
    """CCC of what others foretell, pooled over people, with its 95 % interval over people.

    Args:
        rows: As :func:`of_others` or :func:`foretold` gives them.
        dimension: Emotion dimension.
    """
    people = rows.loc[rows["dimension"] == dimension, COLUMNS].to_numpy(np.float64)
    return bootstrap([people[None, None]], system(0))


def _of_corpus(name: str, corpus: str) -> pd.DataFrame:
    file = paths.measured() / name
    rows = pd.read_csv(file) if file.exists() else pd.DataFrame({"corpus": []})
    rows = rows[rows["corpus"] == corpus]
    if rows.empty:
        raise FileNotFoundError(
            f"What ratings tell is read from measured/{name}. It has no row of {corpus!r}. "
            "Measure that corpus with `python tools/measure_ratings.py`, where it is on the machine."
        )
    return rows.reset_index(drop=True)


def difference(rows: pd.DataFrame, people: Sequence[str], draws: int = 2000, seed: int = 0) -> Interval:
    """Valence less arousal, mean over recordings, with its 95 % interval over people: claim 5.2d, and minus claim 2o.

    Args:
        rows: As :func:`measure`, :func:`measured`, :func:`agreement` or :func:`agreed` gives them.
        people: Whose each recording is; people are redrawn with all their recordings.
        draws: Number of draws of as many people as there are, with replacement.
        seed: Seed of the draws.

    Note:
        Recordings in which either dimension is NaN, since it does not move, have no such difference and are left out.
    """
    differences = pd.Series((rows["valence"] - rows["arousal"]).to_numpy(), index=list(people)).dropna()
    of = differences.groupby(level=0).agg(["sum", "count"]).to_numpy()
    drawn = of[np.random.default_rng(seed).integers(0, len(of), (draws, len(of)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return Interval(float(differences.mean()), float(low), float(high))
