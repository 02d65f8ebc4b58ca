"""Recorded results system by system: what the tables, intervals and claims of section 5 are computed from."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from replica import corpora
from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.metrics import pool
from replica.runs import AnyRun, Normalisation, Result
from replica.statistics import Interval, bootstrap, pooled_ccc, system
from replica.store import Store

# The feature sets of each corpus; none of the open corpora has the paper's six.
FEATURES = {
    "studyforrest": ("sound", "light", "hash", "events", "speech"),
    "simulated": ("voice", "face", "heart", "skin"),
}
NORMALISATION: dict[str, Normalisation] = {
    "studyforrest": "train",  # its recordings are stretches of one film, not speakers
    "simulated": "speaker",
}

# A system of a table, such as a loss: its run for a rotation of the corpus, an emotion dimension, and a seed.
System = Callable[[CorpusKey, str, int], AnyRun]
Floats = np.ndarray
Quantity = Callable[[dict[str, Floats]], float]  # from CCC of each system, (dimensions,), to a claim's quantity


def corpus_keys(corpus: str) -> list[CorpusKey]:
    """The corpora that an experiment averages over: the four rotations of studyforrest, else the one default."""
    if corpus == "studyforrest":
        return [corpora.key(corpus, rotation=rotation) for rotation in range(4)]
    return [corpora.key(corpus)]


def runs_of(systems: Mapping[str, System], corpus: str, seeds: Sequence[int]) -> list[AnyRun]:
    """Every run of the systems for both emotion dimensions, whole seeds one after the other, none twice."""
    return list(
        dict.fromkeys(
            run(key, dimension, seed)
            for seed in seeds
            for key in corpus_keys(corpus)
            for dimension in DIMENSIONS
            for run in systems.values()
        )
    )


class Recorded:
    """The recorded results of some systems on one corpus, as moments of every recording of one partition.

    Args:
        store: Where the results are.
        systems: The systems by their names in the table.
        corpus: ``studyforrest`` or ``simulated``.
        seeds: Seeds of the networks. A system without a seed stands at each of them as the same.
        partition: The partition that is scored; the paper's tables show dev, on which training also stopped.

    Raises:
        FileNotFoundError: If a run is not recorded.
    """

    def __init__(
        self,
        store: Store,
        systems: Mapping[str, System],
        corpus: str,
        seeds: Sequence[int],
        partition: str = "test",
    ) -> None:
        self.systems, self.keys, self.seeds, self.partition = (
            tuple(systems),
            corpus_keys(corpus),
            tuple(seeds),
            partition,
        )
        self.results: dict[tuple[CorpusKey, str, str], list[Result]] = {
            (key, dimension, name): [store.load(run(key, dimension, seed)) for seed in self.seeds]
            for key in self.keys
            for dimension in DIMENSIONS
            for name, run in systems.items()
        }

    def __iter__(self) -> Iterator[Result]:
        """Every result."""
        return (result for results in self.results.values() for result in results)

    def of_system(self, dimension: str, name: str) -> list[Result]:
        """The results of one system, rotation by rotation and seed by seed."""
        return [result for key in self.keys for result in self.results[key, dimension, name]]

    def moments(self, key: CorpusKey, dimension: str, name: str) -> Floats:
        """Rows of moments ``(seeds, recordings, 6)`` of one system on one rotation."""
        results = self.results[key, dimension, name]
        return np.array([[m.as_row() for m in r.moments[self.partition][dimension].values()] for r in results])

    def table(self, dimension: str) -> pd.DataFrame:
        """CCC pooled over recordings, mean over seeds: a row a rotation, and their mean; a column a system."""
        cells = {
            name: [pooled_ccc(self.moments(key, dimension, name)).mean() for key in self.keys] for name in self.systems
        }
        table = pd.DataFrame(cells, index=pd.Index([_label(key) for key in self.keys], name="tested on"))
        table.loc["mean"] = table.mean()
        return table

    def scores(self, dimension: str) -> pd.DataFrame:
        """RMSE, CC and CCC as the paper's tables have them, pooled over recordings; a row a system.

        Each is a mean over rotations and seeds.
        """
        rows = {}
        for name in self.systems:
            results = self.of_system(dimension, name)
            pooled = [pool(list(r.moments[self.partition][dimension].values())) for r in results]
            rows[name] = np.mean([(m.rmse, m.pearson_cc, m.ccc) for m in pooled], axis=0)
        return pd.DataFrame.from_dict(rows, orient="index", columns=["rmse", "cc", "ccc"])

    def shifted(self, dimension: str) -> pd.DataFrame:
        """97.5 % point of the CCC against shifted labels, in the form of :meth:`table`: chance for each cell.

        As a cell of the table is, each of the 20 lags is a mean over seeds, and in the last row over rotations. Of so
        few lags the point lies just below the greatest.
        """
        points = {}
        for name in self.systems:
            lags = np.array([self._shifted_ccc(key, dimension, name) for key in self.keys])  # (rotations, lags)
            points[name] = [*np.quantile(lags, 0.975, axis=1), np.quantile(lags.mean(axis=0), 0.975)]
        return pd.DataFrame(points, index=self.table(dimension).index)

    def interval(self, dimension: str, name: str) -> Interval:
        """95 % interval of one system's mean over rotations, over seeds and recordings."""
        return bootstrap([self.moments(key, dimension, name)[None] for key in self.keys], system(0))

    def effect(self, quantity: Quantity) -> Interval:
        """95 % interval of a claim's quantity, over seeds and recordings; all systems on the same draws."""
        rows = [
            np.stack([self.moments(key, dimension, name) for name in self.systems for dimension in DIMENSIONS])
            for key in self.keys
        ]
        shape = (len(self.systems), len(DIMENSIONS))
        return bootstrap(rows, lambda ccc: quantity(dict(zip(self.systems, ccc.reshape(shape), strict=True))))

    def trainings(self) -> pd.DataFrame:
        """One row a training: dimension, system, the epoch whose weights were kept, and why it stopped."""
        return pd.DataFrame(
            [
                {
                    "dimension": dimension,
                    "system": name,
                    "kept epoch": r.history["best_epoch"],
                    "stopped": r.history["stopped"],
                }
                for (_, dimension, name), results in self.results.items()
                for r in results
                if "best_epoch" in r.history
            ]
        )

    def _shifted_ccc(self, key: CorpusKey, dimension: str, name: str) -> Floats:
        return np.mean([r.shifted_ccc[self.partition][dimension] for r in self.results[key, dimension, name]], axis=0)


def _label(key: CorpusKey) -> str:
    """A rotation by the film parts that it tests."""
    rotation = dict(key.options).get("rotation")
    return key.name if rotation is None else f"parts {int(rotation) + 1} and {int(rotation) + 5}"
