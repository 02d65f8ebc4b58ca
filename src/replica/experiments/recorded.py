"""Recorded results system by system: what the tables, intervals and claims of section 5 are computed from."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.evaluation import chance_band
from replica.experiments.systems import CORPORA, Chosen, System, speaker_of
from replica.metrics import Moments, pool_rows
from replica.runs import Result
from replica.statistics import Interval, Resampled, Statistic, pooled_ccc, resample, system
from replica.store import Store

Name = Any  # of a system: text, or a tuple such as (feature set, loss)
T = TypeVar("T")
Floats = np.ndarray
Quantity = Callable[[dict[Name, Floats]], float]  # from CCC of each system, (dimensions,), to a claim's quantity


class Effect(NamedTuple):
    """A claim's quantity, as :func:`replica.claims.judge` takes it: estimate, 95 % interval, and how many seeds."""

    estimate: float
    low: float
    high: float
    seeds: int


class Recorded:
    """The recorded results of some systems on one corpus, as moments of every recording of one partition.

    Args:
        store: Where the results are.
        systems: The systems by their names in the table.
        corpus: One of ``systems.CORPORA``.
        seeds: Seeds of the networks, and of the cohorts where the corpus is simulated. A system without a seed stands
            at each of them as the same.
        partition: The partition that is scored; the paper's tables show dev, on which training also stopped.

    Raises:
        FileNotFoundError: If a run is not recorded.
    """

    def __init__(
        self,
        store: Store,
        systems: Mapping[Any, System],
        corpus: str,
        seeds: Sequence[int],
        partition: str = "test",
    ) -> None:
        self.systems, self.seeds, self.partition = tuple(systems), tuple(seeds), partition
        keys = [CORPORA[corpus](seed) for seed in self.seeds]  # of each seed, of each rotation
        self.rotations = tuple(_label(key, corpus) for key in keys[0])
        self.keys = {r: [of_seed[k] for of_seed in keys] for k, r in enumerate(self.rotations)}
        self._corpus = corpus
        self.results: dict[tuple[str, str, Name], list[Result]] = {
            (rotation, dimension, name): [
                store.load(run(key, dimension, seed)) for key, seed in zip(of_seeds, self.seeds, strict=True)
            ]
            for rotation, of_seeds in self.keys.items()
            for dimension in DIMENSIONS
            for name, run in systems.items()
        }

    @property
    def people(self) -> int:
        """How many are tested, over all rotations; where each seed is another cohort, over all of these too."""
        name, dimension = self.systems[0], DIMENSIONS[0]
        return sum(len(set(keys)) * self.moments(r, dimension, name).shape[1] for r, keys in self.keys.items())

    @property
    def cohorts(self) -> bool:
        """Whether each seed is another cohort, whose recordings are of other people."""
        return any(len(set(of_seeds)) > 1 for of_seeds in self.keys.values())

    def __iter__(self) -> Iterator[Result]:
        """Every result."""
        return (result for results in self.results.values() for result in results)

    def on(self, partition: str) -> "Recorded":
        """The same results, scored on another partition."""
        other = copy.copy(self)
        other.partition = partition
        return other

    def of_system(self, dimension: str, name: Name, rotation: str | None = None) -> list[Result]:
        """The results of one system, rotation by rotation and seed by seed, or those of one rotation."""
        rotations = self.rotations if rotation is None else (rotation,)
        return [result for r in rotations for result in self.results[r, dimension, name]]

    def moments(self, rotation: str, dimension: str, name: Name) -> Floats:
        """Rows of moments ``(seeds, speakers, 6)`` of one system on one rotation; recordings of a speaker pooled."""
        results = self.results[rotation, dimension, name]
        return np.array([by_speaker(r.moments[self.partition][dimension], self._corpus) for r in results])

    def table(self, dimension: str) -> pd.DataFrame:
        """CCC pooled over recordings, mean over seeds: a row a rotation, and their mean; a column a system."""
        cells = {
            name: [pooled_ccc(self.moments(rotation, dimension, name)).mean() for rotation in self.rotations]
            for name in self.systems
        }
        table = pd.DataFrame(cells, index=pd.Index(self.rotations, name="tested on"))
        table.loc["mean"] = table.mean()
        return table

    def scores(self, dimension: str, rotation: str | None = None) -> pd.DataFrame:
        """RMSE, CC and CCC on dev, as the paper's tables have them, and CCC on test; a row a system.

        Each is pooled over recordings, and a mean over rotations and seeds; or of one rotation alone, as a choice on
        dev needs it: what is dev in one rotation is tested in another. Where trainings diverged, a last column
        counts them: what they score is that of their last finite weights.
        """

        def score(result: Result) -> tuple[float, ...]:
            dev, test = (result.pooled(partition, dimension) for partition in ("dev", "test"))
            return dev.rmse, dev.pearson_cc, dev.ccc, test.ccc

        of = {name: self.of_system(dimension, name, rotation) for name in self.systems}
        rows = {name: np.mean([score(result) for result in of[name]], axis=0) for name in self.systems}
        table = pd.DataFrame(rows, index=["dev RMSE", "dev CC", "dev CCC", "test CCC"]).T
        diverged = [sum(map(has_diverged, of[name])) for name in self.systems]
        return _indexed(table.assign(diverged=diverged) if any(diverged) else table)

    def summary(self, dimension: str) -> pd.DataFrame:
        """:meth:`scores`, with the 95 % interval of the recorded partition's CCC and what shifted labels score."""
        table = self.scores(dimension)
        intervals = [self.interval(dimension, name) for name in self.systems]
        chance = list(self.shifted(dimension).loc["mean"])
        beside = {"low": [i.low for i in intervals], "high": [i.high for i in intervals], "chance": chance}
        place = list(table.columns).index(f"{self.partition} CCC") + 1
        for k, (column, values) in enumerate(beside.items()):
            table.insert(place + k, column, values)
        return table

    def chosen(self, choose: Callable[[str, str], T]) -> Chosen[T]:
        """What a rule chooses for each rotation and emotion dimension, to declare further systems by."""
        of = {
            (key, dimension): choice
            for rotation, keys in self.keys.items()
            for dimension in DIMENSIONS
            for choice in [choose(rotation, dimension)]
            for key in keys
        }
        return lambda key, dimension: of[key, dimension]

    def shifted(self, dimension: str) -> pd.DataFrame:
        """97.5 % point of the CCC against shifted labels, in the form of :meth:`table`: chance for each cell.

        As a cell of the table is, each of the 20 lags is a mean over seeds, and in the last row over rotations. Of so
        few lags the point lies just below the greatest.
        """
        points = {}
        for name in self.systems:
            lags = np.array(
                [self._shifted_ccc(rotation, dimension, name) for rotation in self.rotations]
            )  # (rotations, lags)
            points[name] = [*np.quantile(lags, 0.975, axis=1), np.quantile(lags.mean(axis=0), 0.975)]
        return pd.DataFrame(points, index=self.table(dimension).index)

    def among_shifted(self, dimension: str) -> pd.DataFrame:
        """Each system's CCC, mean over rotations and seeds, beside the least and the greatest that shifted labels give.

        A system that learnt nothing has one of 21 values alike, so that it lies outside with a probability of 2 / 21.

        Returns:
            ``CCC, least, greatest, outside``, a row a system.
        """
        rows = {
            name: {"CCC": ccc, "least": lags.min(), "greatest": lags.max()}
            for name, ccc, lags in self._against_shifted(dimension)
        }
        return _outside(rows, "least", "greatest")

    def beside_chance(self, dimension: str, coverage: float = 0.996) -> pd.DataFrame:
        """Each system's CCC, mean over rotations and seeds, beside the band in which chance would have it.

        The band is :func:`replica.evaluation.chance_band`. Of twelve systems that learnt nothing,
        any lies outside a band of 99.6 % with a probability of 5 % (Bonferroni).

        Returns:
            ``CCC, low, high, outside``, a row a system.
        """
        rows = {}
        for name, ccc, lags in self._against_shifted(dimension):
            low, high = chance_band(lags, coverage)
            rows[name] = {"CCC": ccc, "low": low, "high": high}
        return _outside(rows, "low", "high")

    def _against_shifted(self, dimension: str) -> list[tuple[Name, float, np.ndarray]]:
        """Of each system its CCC and those against shifted labels, a lag each; means over rotations and seeds."""
        table, shifted = self.table(dimension), self._shifted_ccc
        return [
            (name, table.loc["mean", name], np.mean([shifted(r, dimension, name) for r in self.rotations], axis=0))
            for name in self.systems
        ]

    def interval(self, dimension: str, name: Name) -> Interval:
        """95 % interval of one system's mean over rotations, over seeds and recordings."""
        rows = [self.moments(rotation, dimension, name)[None] for rotation in self.rotations]
        return resample(rows, cohorts=self.cohorts).interval(system(0))

    def effect(self, quantity: Quantity) -> Interval:
        """95 % interval of a claim's quantity, over seeds and recordings; all systems on the same draws."""
        return self._resampled().interval(self._statistic(quantity))

    def effects(self, quantities: Mapping[str, Quantity]) -> dict[str, Effect]:
        """:meth:`effect` of several claims, by their ids in ``reference/claims.csv``; all on the same draws."""
        resampled, seeds = self._resampled(), len(self.seeds)
        intervals = {claim: resampled.interval(self._statistic(of)) for claim, of in quantities.items()}
        return {claim: Effect(*interval, seeds) for claim, interval in intervals.items()}

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

    def _resampled(self) -> Resampled:
        """CCC of all systems, those of one for all emotion dimensions in a row, on the same draws."""
        rows = [
            np.stack([self.moments(rotation, dimension, name) for name in self.systems for dimension in DIMENSIONS])
            for rotation in self.rotations
        ]
        return resample(rows, cohorts=self.cohorts)

    def _statistic(self, quantity: Quantity) -> Statistic:
        shape = (len(self.systems), len(DIMENSIONS))
        return lambda ccc: quantity(dict(zip(self.systems, ccc.reshape(shape), strict=True)))

    def _shifted_ccc(self, rotation: str, dimension: str, name: Name) -> Floats:
        return np.mean(
            [r.shifted_ccc[self.partition][dimension] for r in self.results[rotation, dimension, name]], axis=0
        )


def where_recorded(*groups: Callable[[], dict[str, Effect]]) -> dict[str, Effect]:
    """The effects of several groups of claims, each from runs of its own; a group whose runs are missing has none.

    Raises:
        FileNotFoundError: If no group's runs are recorded.
    """
    found: dict[str, Effect] = {}
    missing: list[FileNotFoundError] = []
    for group in groups:
        try:
            found |= group()
        except FileNotFoundError as error:
            missing.append(error)
    if len(missing) == len(groups):
        raise missing[0]
    return found


def by_speaker(moments: Mapping[str, Moments], corpus: str) -> Floats:
    """Rows of moments ``(speakers, 6)`` of recordings by name; those of one speaker are pooled."""
    of: dict[str, list[tuple[float, ...]]] = {}
    for recording, m in moments.items():
        of.setdefault(speaker_of(corpus, recording), []).append(m.as_row())
    return np.array([rows[0] if len(rows) == 1 else pool_rows(rows) for rows in of.values()])


def has_diverged(result: Result) -> bool:
    """Whether a training, of the run or of what it starts from, ended because its loss was no longer finite."""
    return bool(result.history.get("stopped") == "diverged")


def _indexed(table: pd.DataFrame) -> pd.DataFrame:
    """Systems named by tuples become levels of the index."""
    if all(isinstance(name, tuple) for name in table.index):
        table.index = pd.MultiIndex.from_tuples(table.index)
    return table


def _outside(rows: Mapping[Name, Mapping[str, float]], low: str, high: str) -> pd.DataFrame:
    """A row a system, and whether its CCC lies below the one column or above the other."""
    table = pd.DataFrame(rows).T
    return _indexed(table.assign(outside=(table["CCC"] < table[low]) | (table["CCC"] > table[high])))


def _label(key: CorpusKey, corpus: str) -> str:
    """A rotation by the film parts that it tests; another corpus by its name."""
    rotation = dict(key.options).get("rotation")
    return corpus if rotation is None else f"parts {int(rotation) + 1} and {int(rotation) + 5}"
