"""Section 3's claim 3b: which recorded runs are ordered, whose halves are compared, and what the effect counts."""

import numpy as np
import pytest
from made_up import MadeUpStore

from replica import claims
from replica.conventions import DIMENSIONS, LOSSES
from replica.experiments import sec3_reliability as experiment
from replica.experiments.systems import CORPORA, frame_by_frame, network, smoothed
from replica.metrics import Moments, ccc_of, pool
from replica.runs import RidgeRun, digest
from replica.split_half import reliability

FEATURES = {"simulated": ("voice", "face"), "studyforrest": ("sound",), "ceap360vr": ("head",)}


class Records:
    """A store of some runs, whose scores are made up."""

    def __init__(self, runs, ccc=lambda run, dimension, partition: 0.1 * LOSSES.index(getattr(run, "loss", "mse"))):
        self.made_up, self.runs = MadeUpStore(ccc), runs

    def records(self):
        return (self.made_up.load(run) for run in self.runs)


def networks(corpus, scale="desk", seeds=(0,), losses=("mse", "-ccc"), **options):
    return [
        network(scale, FEATURES[corpus], loss, **options)(key, dimension, seed)
        for loss in losses
        for seed in seeds
        for key in CORPORA[corpus](seed)
        for dimension in DIMENSIONS
    ]


def test_every_run_of_the_corpus_the_scale_and_the_seeds_is_ordered():
    (key,) = CORPORA["simulated"](0)
    plain = network("desk", FEATURES["simulated"], "mse")
    ridge, smooth = frame_by_frame(RidgeRun, "desk", ("voice",)), smoothed(plain, "forward")
    of_corpus = networks("simulated") + [system(key, d, 0) for system in (ridge, smooth) for d in DIMENSIONS]
    others = networks("simulated", "full_width") + networks("simulated", seeds=(7,)) + networks("studyforrest")
    found = experiment.recorded(Records(of_corpus + others), "simulated")
    assert {k: [record.run for record in records] for k, records in found.items()} == {key: of_corpus}
    of_film = experiment.recorded(Records(networks("studyforrest", seeds=(0, 7))), "studyforrest")
    assert {record.run.seed for records in of_film.values() for record in records} == {0}


def test_a_run_of_both_dimensions_counts_for_both():
    store = Records(networks("studyforrest") + networks("studyforrest", dimensions=DIMENSIONS)[::2])
    of = experiment.recorded(store, "studyforrest")
    assert [len(records) for records in of.values()] == [6] * 4
    table = experiment.table(of, "studyforrest")
    assert list(table["runs"]) == [4] * 8 and list(table["people"]) == [3] * 8
    assert list(table.index[:2]) == [("arousal", "rotation 0"), ("arousal", "rotation 1")]


def test_the_table_has_the_correlations_of_each_cohort():
    store = Records(
        networks("simulated", seeds=(0, 1), losses=LOSSES), lambda run, d, p: int(digest(run), 16) % 89 / 100
    )
    of = experiment.recorded(store, "simulated")
    table = experiment.table(of, "simulated")
    for key, records in of.items():
        rows = experiment.moments(records, "valence", "simulated")
        expected = reliability(rows)
        assert table.loc[("valence", f"seed {dict(key.options)['seed']}"), list(expected)].to_dict() == expected


def test_moments_are_of_test_and_of_people():
    """Of ceap360vr a person's recordings are one: here the names of all three begin with the partition."""

    class OfPeople(Records):
        def records(self):
            for run in self.runs:
                result = self.made_up.load(run)
                for d in run.dimensions:
                    moments = list(result.moments["test"][d].values())
                    names = ("P1-V1", "P1-V2", "P2-V1")
                    result.moments["test"][d] = dict(zip(names, moments, strict=True))
                yield result

    store = OfPeople(networks("ceap360vr", seeds=(0, 1)))
    (records,) = experiment.recorded(store, "ceap360vr").values()
    rows = experiment.moments(records, "arousal", "ceap360vr")
    assert rows.shape == (4, 2, 6)
    first_two = list(records[0].moments["test"]["arousal"].values())[:2]
    np.testing.assert_allclose(rows[0, 0], pool(first_two).as_row())
    assert isinstance(first_two[0], Moments) and ccc_of(rows).shape == (4, 2)


def test_the_effect_counts_the_seeds_and_is_judged():
    one, two = (
        experiment.effects(Records(networks("ceap360vr", seeds=seeds)), "ceap360vr") for seeds in ((0,), (0, 1))
    )
    assert set(one) == {"3b"}
    assert (one["3b"].seeds, two["3b"].seeds) == (1, 2)
    assert claims.judge("3b", "ceap360vr", *one["3b"]) == "undecided"  # one seed
    assert claims.get("3b").quantity.startswith("rank correlation of the runs' order between two halves")


@pytest.mark.parametrize(("corpus", "redrawn"), [("simulated", True), ("studyforrest", False), ("ceap360vr", False)])
def test_cohorts_are_redrawn_and_rotations_are_not(corpus, redrawn, monkeypatch):
    told = []
    tell = lambda cohorts, redraw_cohorts: told.append((len(cohorts), redraw_cohorts)) or (0, 0, 0)  # noqa: E731
    monkeypatch.setattr(experiment, "advantage", tell)
    experiment.effects(Records(networks(corpus, seeds=(0, 1))), corpus)
    assert told == [(len({key for seed in (0, 1) for key in CORPORA[corpus](seed)}), redrawn)]


@pytest.mark.parametrize("runs", [[], networks("simulated")[:3], networks("simulated", losses=("mse",))])
def test_too_few_runs_for_an_order(runs):
    with pytest.raises(FileNotFoundError, match="On simulated at desk scale there are none. Train some with"):
        experiment.recorded(Records(runs), "simulated")
