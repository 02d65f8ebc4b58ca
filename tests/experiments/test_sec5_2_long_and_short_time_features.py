"""Table 3, Figure 4 and their claims, from made-up results and from sums of sines."""

import dataclasses

import numpy as np
import pytest
from made_up import MadeUpStore

from replica import claims, corpora
from replica.conventions import DIMENSIONS
from replica.experiments import sec5_2_long_and_short_time_features as experiment
from replica.inputs import average_frames
from replica.runs import Result, RidgeRun
from replica.statistics import bootstrap

# Test CCC: arousal, valence.
CCC = {"voice_3s": (0.2, 0.35), "voice": (0.5, 0.1)}


def ccc(run, dimension, partition):
    if isinstance(run, RidgeRun):
        return 0.15
    return CCC[run.features[0]][DIMENSIONS.index(dimension)]


class WithTenths(MadeUpStore):
    """Valleys of 2 and peaks of 6 frames; mean square errors .01 and .09 short-time, .04 and .16 long-time."""

    def load(self, run):
        square = (0.04, 0.16) if run.features[0].endswith("_3s") else (0.01, 0.09)
        row = [2.0, square[0], 6.0, square[1]]
        made = super().load(run)
        of = {p: {d: dict.fromkeys(rows, row) for d, rows in ds.items()} for p, ds in made.valleys_and_peaks.items()}
        return dataclasses.replace(made, valleys_and_peaks=of)


HAND = {
    "5.2b": 0.5 - 0.2,
    "5.2c": 0.35 - 0.1,
    "5.2e": np.sqrt((2 * 0.04 + 6 * 0.16) / 8) - np.sqrt((2 * 0.01 + 6 * 0.09) / 8),
}


def test_effects_by_hand(monkeypatch):
    monkeypatch.setattr(experiment, "is_here", lambda recorded: False)
    effects = experiment.effects(WithTenths(ccc), "simulated", "desk", (0, 1))
    assert set(effects) - {"5.2d"} == set(HAND)
    for claim, value in HAND.items():
        np.testing.assert_allclose(effects[claim].estimate, value, atol=1e-9)
        assert effects[claim].seeds == 2


def test_every_claim_is_somewhere():
    table = claims.read()
    elsewhere = {"5.2a", "5.2d", "5.2f"}  # not run; of ratings; needs the gold standard, below
    assert set(HAND) | elsewhere == set(table["id"][table["section"] == "5.2"])


def test_a_ridge_beside_each():
    recorded = experiment.beside_ridges(MadeUpStore(ccc), "simulated", "desk", (0,))
    table = recorded.table("valence").loc["mean"]
    kinds = [(name, kind) for name in ("long-time audio", "short-time audio") for kind in ("LSTM", "ridge")]
    assert list(recorded.systems) == kinds
    np.testing.assert_allclose(table, [0.35, 0.15, 0.1, 0.15])


# --- what is faster than 0.1 Hz

RATE = 5.0
SECONDS = np.arange(1500) / RATE


@pytest.mark.parametrize(("hertz", "left"), [(0.01, 0.0), (0.03, 0.0), (0.4, 1.0), (1.0, 1.0)])
def test_detail_keeps_what_is_faster_than_a_tenth_of_a_hertz(hertz, left):
    wave = np.sin(2 * np.pi * hertz * SECONDS)
    inner = slice(200, -200)  # a filter's edges are its own
    np.testing.assert_allclose(experiment.detail(0.7 + wave, RATE)[inner], left * wave[inner], atol=0.01)


def test_half_of_a_wave_at_the_limit_is_detail():
    """Forward and backward, a Butterworth filter passes 1/2 of the amplitude at its cut-off."""
    wave = np.sin(2 * np.pi * 0.1 * SECONDS)
    np.testing.assert_allclose(experiment.detail(wave, RATE)[300:-300], wave[300:-300] / 2, atol=0.01)


class OfOneCorpus:
    """Short-time predictions are the gold standard; long-time ones are its slow part less its fast part."""

    def __init__(self, corpus):
        self.corpus = corpus

    def load(self, run):
        made = {}
        for recording in self.corpus.partition("test"):
            gold = average_frames(recording.gold, 5)[:, DIMENSIONS.index(run.dimensions[0])]
            fast = experiment.detail(gold, RATE)
            made[recording.name] = (gold - 2 * fast if run.features[0].endswith("_3s") else gold)[:, None]
        return Result(run, {}, {}, {"test": made}, {})


def test_detail_lost_by_hand():
    """CC of the detail is 1 and about -1: filtered twice, a slow wave keeps its sign and a fast one its size."""
    store = OfOneCorpus(corpora.load("simulated", seed=0))
    interval = experiment.detail_lost(experiment.recorded(store, "simulated", "desk", (0,)))
    assert 1.7 < interval.low <= interval.estimate <= interval.high < 2.0


def test_detail_lost_draws_the_people_of_each_cohort_by_themselves(monkeypatch):
    asked = []
    of_seed = {seed: OfOneCorpus(corpora.load("simulated", seed=seed)) for seed in (0, 1)}

    class OfTwo:
        def load(self, run):
            return of_seed[dict(run.corpus.options)["seed"]].load(run)

    def told(rows, statistic, *, metric, cohorts):
        asked.append(cohorts)
        return bootstrap(rows, statistic, metric=metric, cohorts=cohorts)

    monkeypatch.setattr(experiment, "bootstrap", told)
    experiment.detail_lost(experiment.recorded(OfTwo(), "simulated", "desk", (0, 1)))
    assert asked == [True]
