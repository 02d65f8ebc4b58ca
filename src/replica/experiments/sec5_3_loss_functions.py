"""Section 5.3, "Comparison of Loss Functions": Tables 4 and 5.

Runs: six losses x arousal and valence x four rotations x three seeds on studyforrest, 144 trainings of about 40 seconds
at desk scale on one core, and beside them a ridge regression for each
rotation and emotion dimension.
The paper's values: tables 4 and 5 of ``reference/paper_tables.csv``; its averages over modalities are .520 (-ccc) and
.533 (mse-cov) against .483 (mse) for arousal, .409 and .397 against .313 for valence.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from replica import corpora
from replica.conventions import DIMENSIONS, LOSSES, OVERALL_LOSSES, SINGLE_POINT_LOSSES
from replica.corpora.recording import CorpusKey
from replica.runs import AnyRun, Assumptions, Normalisation, Result, RidgeRun, Run, units_at
from replica.statistics import Interval, bootstrap, pooled_ccc, system
from replica.store import Store

LAYER_SIZES = (160, 120)  # the size fixed in section 5.2; section 5.3 names none
SEEDS = (0, 1, 2)
SYSTEMS = (*LOSSES, "ridge")

# All modalities side by side, since none of the open corpora has the paper's six feature sets.
FEATURES = {
    "studyforrest": ("sound", "light", "hash", "events", "speech"),
    "simulated": ("voice", "face", "heart", "skin"),
}
NORMALISATION: dict[str, Normalisation] = {
    "studyforrest": "train",  # its recordings are stretches of one film, not speakers
    "simulated": "speaker",
}

Floats = np.ndarray
Quantity = Callable[[dict[str, Floats]], float]  # from CCC of each loss, (dimensions,), to a claim's quantity


def corpus_keys(corpus: str) -> list[CorpusKey]:
    """The corpora of this experiment: the four rotations of studyforrest, else the one default."""
    if corpus == "studyforrest":
        return [corpora.key(corpus, rotation=rotation) for rotation in range(4)]
    return [corpora.key(corpus)]


def runs(corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> list[AnyRun]:
    """Every run of Tables 4 and 5 on a corpus: the ridges, then the networks, seed by seed."""
    keys = corpus_keys(corpus)
    ridges = [ridge(key, dimension, scale) for key in keys for dimension in DIMENSIONS]
    networks = [
        network(key, dimension, loss, scale, seed)
        for seed in seeds
        for key in keys
        for dimension in DIMENSIONS
        for loss in LOSSES
    ]
    return [*ridges, *networks]


def network(key: CorpusKey, dimension: str, loss: str, scale: str, seed: int) -> Run:
    """One cell of a table: a network trained with one loss."""
    return Run(
        corpus=key,
        features=FEATURES[key.name],
        dimensions=(dimension,),
        scale=scale,
        layer_sizes=units_at(scale, LAYER_SIZES),
        loss=loss,
        seed=seed,
        assumptions=Assumptions(normalisation=NORMALISATION[key.name]),
    )


def ridge(key: CorpusKey, dimension: str, scale: str) -> RidgeRun:
    """The rival of a table's row on the same frames."""
    return RidgeRun(key, FEATURES[key.name], (dimension,), scale, NORMALISATION[key.name])


class Recorded:
    """The recorded results of this experiment on one corpus, as moments of every recording of one partition.

    Args:
        store: Where the results are.
        corpus: ``studyforrest`` or ``simulated``.
        scale: A key of ``replica.runs.SCALES``.
        seeds: Seeds of the networks. A ridge has none, and stands at each seed as the same.
        partition: The partition that is scored; the paper's tables show dev, on which training also stopped.
    """

    def __init__(
        self, store: Store, corpus: str, scale: str, seeds: Sequence[int] = SEEDS, partition: str = "test"
    ) -> None:
        self.partition, self.keys, self.seeds = partition, corpus_keys(corpus), tuple(seeds)
        self.results: dict[tuple[CorpusKey, str, str], list[Result]] = {
            (key, dimension, name): [store.load(run) for run in _of_each_seed(key, dimension, name, scale, self.seeds)]
            for key in self.keys
            for dimension in DIMENSIONS
            for name in SYSTEMS
        }

    def moments(self, key: CorpusKey, dimension: str, name: str) -> Floats:
        """Rows of moments ``(seeds, recordings, 6)`` of one loss, or of the ridge, on one rotation."""
        results = self.results[key, dimension, name]
        return np.array([[m.as_row() for m in r.moments[self.partition][dimension].values()] for r in results])

    def table(self, dimension: str) -> pd.DataFrame:
        """CCC pooled over recordings, mean over seeds: a row a rotation, and their mean; a column a system."""
        cells = {name: [pooled_ccc(self.moments(key, dimension, name)).mean() for key in self.keys] for name in SYSTEMS}
        table = pd.DataFrame(cells, index=pd.Index([_label(key) for key in self.keys], name="tested on"))
        table.loc["mean"] = table.mean()
        return table

    def shifted(self, dimension: str) -> pd.DataFrame:
        """97.5 % point of the CCC against shifted labels, in the form of :meth:`table`: chance for each cell.

        As a cell of the table is, each of the 20 lags is a mean over seeds, and in the last row over rotations. Of so
        few lags the point lies just below the greatest.
        """
        points = {}
        for name in SYSTEMS:
            lags = np.array([self._shifted_ccc(key, dimension, name) for key in self.keys])  # (rotations, lags)
            points[name] = [*np.quantile(lags, 0.975, axis=1), np.quantile(lags.mean(axis=0), 0.975)]
        return pd.DataFrame(points, index=self.table(dimension).index)

    def _shifted_ccc(self, key: CorpusKey, dimension: str, name: str) -> Floats:
        results = self.results[key, dimension, name]
        return np.mean([r.shifted_ccc[self.partition][dimension] for r in results], axis=0)

    def interval(self, dimension: str, name: str) -> Interval:
        """95 % interval of one system's mean over rotations, over seeds and recordings."""
        return bootstrap([self.moments(key, dimension, name)[None] for key in self.keys], system(0))

    def effect(self, quantity: Quantity) -> Interval:
        """95 % interval of a claim's quantity, over seeds and recordings; all systems on the same draws."""
        rows = [
            np.stack([self.moments(key, dimension, name) for name in SYSTEMS for dimension in DIMENSIONS])
            for key in self.keys
        ]
        return bootstrap(rows, lambda ccc: quantity(dict(zip(SYSTEMS, ccc.reshape(-1, len(DIMENSIONS)), strict=True))))

    def trainings(self) -> pd.DataFrame:
        """One row a training: dimension, loss, the epoch whose weights were kept, and why it stopped."""
        return pd.DataFrame(
            [
                {
                    "dimension": dimension,
                    "loss": name,
                    "kept epoch": r.history["best_epoch"],
                    "stopped": r.history["stopped"],
                }
                for (_, dimension, name), results in self.results.items()
                if name != "ridge"
                for r in results
            ]
        )


def _mean_of(ccc: dict[str, Floats], names: Sequence[str]) -> Floats:
    return np.mean([ccc[name] for name in names], axis=0)


# The quantities of the claims on this section, as written in reference/claims.csv. Claim 5.3b needs each feature alone.
QUANTITIES: dict[str, Quantity] = {
    "5.3a": lambda ccc: min((ccc["mse"] - ccc[other]).mean() for other in ("mae", "tube0.05")),
    "5.3c": lambda ccc: (ccc["-ccc"] - ccc["mse"]).mean(),
    "5.3d": lambda ccc: (ccc["mse-cov"] - ccc["mse"]).mean(),
    "5.3e": lambda ccc: (ccc["mse/(cc+1)"] - ccc["mse"]).mean(),
    "5.3f": lambda ccc: (ccc["mse-cov"] - ccc["-ccc"])[DIMENSIONS.index("arousal")],
    "5.3g": lambda ccc: (ccc["-ccc"] - ccc["mse-cov"])[DIMENSIONS.index("valence")],
    "5.3h": lambda ccc: (_mean_of(ccc, OVERALL_LOSSES) - _mean_of(ccc, SINGLE_POINT_LOSSES)).mean(),
    "5.3i": lambda ccc: (_mean_of(ccc, ("-ccc", "mse-cov")) - ccc["mse/(cc+1)"]).mean(),
}


def _of_each_seed(key: CorpusKey, dimension: str, name: str, scale: str, seeds: Sequence[int]) -> list[AnyRun]:
    if name == "ridge":
        return [ridge(key, dimension, scale) for _ in seeds]
    return [network(key, dimension, name, scale, seed) for seed in seeds]


def _label(key: CorpusKey) -> str:
    """A rotation by the film parts that it tests."""
    rotation = dict(key.options).get("rotation")
    return key.name if rotation is None else f"parts {int(rotation) + 1} and {int(rotation) + 5}"
