"""What the remaining sections declare: systems that differ in what is compared, and in nothing else."""

import dataclasses
import importlib

import pytest
from made_up import MadeUpStore

from replica.conventions import DIMENSIONS
from replica.experiments import EXPERIMENTS, TABLES, assumptions, headline, sec2_non_temporal_models, unseen_people
from replica.experiments import sec5_2_long_and_short_time_features as sec5_2
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.systems import CORPORA, few, many
from replica.runs import Assumptions, Run, digest

STORE = MadeUpStore(lambda run, dimension, partition: 0.5 if dimension == "arousal" else 0.4)
MODULES = {name: importlib.import_module(f"replica.experiments.{name}") for name in EXPERIMENTS}


@pytest.mark.parametrize("corpus", ["studyforrest", "simulated", "avec2015"])
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_run_is_declared_once_on_every_corpus_that_can_carry_it(name, corpus):
    runs = MODULES[name].runs(corpus, "desk", (0,), STORE)
    assert len({digest(run) for run in runs}) == len(runs) > 0
    assert {run.corpus.name for run in runs} == {corpus}
    assert {dimension for run in runs for dimension in run.dimensions} == set(DIMENSIONS)


@pytest.mark.parametrize("number", TABLES)
def test_every_table_is_laid_out_from_results(number):
    table = MODULES[TABLES[number]].table(number, STORE, "simulated", "desk", (0, 1))
    assert len(table)
    assert not table.isna().any(axis=None)


@pytest.mark.parametrize("module", [sec2_non_temporal_models, assumptions, unseen_people, headline])
def test_every_other_layout(module):
    assert not module.scores(STORE, "simulated", seeds=(0, 1)).isna().any(axis=None)


def test_a_corpus_without_audio_says_so():
    with pytest.raises(ValueError, match="compares audio features. Received the corpus 'ceap360vr', which has none"):
        sec5_2.runs("ceap360vr")


def test_long_time_features_beside_short_time_ones():
    assert {run.features for run in sec5_2.runs("studyforrest")} == {("sound",), ("sound_3s",)}
    assert {run.features for run in sec5_2.runs("avec2015")} == {("audio_long",), ("audio_short",)}


def test_of_the_papers_corpus_the_best_single_modality_is_bidirectional():
    runs = sec5_4.runs("avec2015")
    assert {(run.dimensions, run.features) for run in runs} == {
        (("arousal",), ("audio_short",)),
        (("valence",), ("video_geo",)),
    }


def test_each_assumption_is_flipped_alone_to_each_of_its_other_values():
    networks = {name: s(CORPORA["simulated"](0)[0], "arousal", 0) for name, s in systems("simulated").items()}
    base, both_ways = networks.pop(assumptions.BASE), networks.pop(assumptions.BIDIRECTIONAL)
    assert (base.direction, both_ways.direction) == ("forward", "bidirectional")
    for name, run in networks.items():
        of = both_ways if name.startswith("bidirectional_alignment") else base
        flipped = [
            field.name
            for field in dataclasses.fields(Assumptions)
            if getattr(run.assumptions, field.name) != getattr(of.assumptions, field.name)
        ]
        assert [name.split(" = ")[0]] == flipped
        assert dataclasses.replace(run, assumptions=of.assumptions) == of
    assert len(networks) == 2 + 1 + 1 + 1 + 1 + 1 + 1 + 2 + 2
    assert len(systems("studyforrest")) == len(systems("simulated"))  # whose normalisation is another


def systems(corpus):
    return assumptions.systems(corpus, "desk")


def test_a_flip_is_told_by_how_far_ccc_moves():
    store = MadeUpStore(lambda run, d, p: 0.5 + 0.1 * (run.assumptions.batch == "single"))
    moved = assumptions.scores(store, "simulated")["arousal", "moved by"]
    assert moved["batch = single"] == pytest.approx(0.1)
    assert moved.drop("batch = single").abs().max() < 1e-12


def test_rivals_see_what_the_networks_see():
    runs = sec2_non_temporal_models.runs("simulated", seeds=(0,))
    assert {run.features for run in runs} == {("voice", "face", "heart", "skin")}
    contexts = {(type(run).__name__, run.context_seconds) for run in runs if not isinstance(run, Run)}
    assert contexts == {(kind, c) for kind in ("RidgeRun", "SvrRun") for c in ((), (2.0, 8.0, 32.0))}


def test_seeds_where_none_are_named():
    assert (list(few("studyforrest")), list(many("studyforrest"))) == ([0], [0, 1, 2])
    assert (len(few("simulated")), len(many("simulated"))) == (3, 10)
    assert few("simulated", (7,)) == (7,)
