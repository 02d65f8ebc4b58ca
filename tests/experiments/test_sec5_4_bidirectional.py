import json

import numpy as np
import pytest
from made_up import MadeUpStore

from replica import claims
from replica.experiments import sec5_3_loss_functions
from replica.experiments import sec5_4_bidirectional as experiment
from replica.experiments.systems import many
from replica.runs import RidgeRun, Run, digest


def networks():
    return [run for run in experiment.runs() if isinstance(run, Run)]


def test_runs_are_nine_systems_each_once_and_a_ridge():
    runs = [run for run in experiment.runs(seeds=(0, 1)) if isinstance(run, Run)]
    assert sum(isinstance(run, RidgeRun) for run in experiment.runs()) == 2 * 4
    assert len({digest(run) for run in runs}) == len(runs) == 9 * 2 * 4 * 2
    told = {
        (run.direction, run.assumptions.bidirectional_alignment, run.assumptions.label_delay_seconds) for run in runs
    }
    kinds = [("forward", "aligned"), ("bidirectional", "aligned"), ("bidirectional", "unreversed")]
    assert told == {(*kind, delay) for kind in kinds for delay in (0, 2, 4)}


def test_the_plain_lstm_is_section_5_3s():
    recorded = set(sec5_3_loss_functions.runs())
    assert len(recorded & set(networks())) == 8 * len(many("studyforrest"))


def test_table_6_has_more_seeds_than_the_label_delays(monkeypatch):
    monkeypatch.setattr(experiment, "few", lambda corpus, seeds=None, scale=None: range(1))
    monkeypatch.setattr(experiment, "many", lambda corpus, seeds=None, scale=None: range(3))
    of = {seed: [run for run in networks() if run.seed == seed] for seed in range(3)}
    assert {seed: len(runs) for seed, runs in of.items()} == {0: 9 * 8, 1: 2 * 8, 2: 2 * 8}
    assert {run.assumptions.label_delay_seconds for run in of[2]} == {0}


def test_only_what_is_recorded_is_shown_by_delay():
    class WithoutUnreversed(MadeUpStore):
        def __contains__(self, run):
            return isinstance(run, RidgeRun) or run.assumptions.bidirectional_alignment == "aligned"

    rows = experiment.by_delay(experiment.delayed(WithoutUnreversed(ccc), "simulated", "desk", (0,)), "valence")
    assert list(rows.index) == [(network, delay) for network in ("LSTM", "BLSTM") for delay in (0, 2, 4)]


def test_systems_differ_in_nothing_else():
    alike = {(run.corpus.name, run.features, run.loss, run.layer_sizes, run.scale, run.enters) for run in networks()}
    assert len(alike) == 1


def test_normalisation_is_kept_with_every_delay():
    assert {run.assumptions.normalisation for run in networks()} == {"train"}


# CCC of LSTM, BLSTM, BLSTM unreversed and ridge on train and test. Label delays add to all but the undelayed networks.
CCC = {"train": (0.5, 0.9, 0.6, 0.7), "dev": (0.0, 0.0, 0.0, 0.0), "test": (0.3, 0.35, 0.1, 0.4)}


def ccc(run, dimension, partition):
    if isinstance(run, RidgeRun):
        return CCC[partition][3]
    unreversed = run.assumptions.bidirectional_alignment == "unreversed"
    kind = 2 if unreversed else 1 if run.direction == "bidirectional" else 0
    return CCC[partition][kind] + 0.1 * run.assumptions.label_delay_seconds + 0.02 * (dimension == "valence")


HAND = {"5.4a": 0.35 - 0.3, "5.4d": 0.02 + 0.3 - 0.35, "5.4c": (0.9 - 0.35) - (0.5 - 0.3)}


def test_effects_by_hand():
    effects = experiment.effects(MadeUpStore(ccc), "studyforrest", "desk", (0, 1))
    for claim, value in HAND.items():
        np.testing.assert_allclose(effects[claim].estimate, value, atol=1e-9)
        assert effects[claim].seeds == 2


def test_effects_are_those_of_the_claims():
    table = claims.read()
    assert set(HAND) == set(table["id"][table["section"] == "5.4"]) - {"5.4b"}


def test_slowdown_by_hand(tmp_path, monkeypatch):
    """Ratios 2, 2, 5 and 3, 3, 3: medians 2 and 3, less 1; redrawn, a median is at least 2 and at most 5."""
    seconds = {"LSTM, 0 s": [[1.0, 2.0, 1.0], [2.0, 1.0, 1.0]], "BLSTM, 0 s": [[2.0, 4.0, 5.0], [6.0, 3.0, 3.0]]}
    folder = tmp_path / "benchmarks" / "results"
    folder.mkdir(parents=True)
    (folder / "bidirectional.json").write_text(json.dumps({"simulated": {"seconds": seconds}}))
    monkeypatch.setattr(experiment.paths, "root", lambda: tmp_path)
    effect = experiment.slowdown("simulated")
    assert effect.estimate == 1.5
    assert 1.0 == effect.low < effect.estimate < effect.high <= 4.0
    assert effect.seeds == 2
    with pytest.raises(FileNotFoundError, match="none of 'studyforrest', but of .'simulated'.. Add the corpus"):
        experiment.slowdown("studyforrest")


def test_by_delay_has_a_row_for_each_network_and_delay():
    rows = experiment.by_delay(experiment.delayed(MadeUpStore(ccc), "simulated", "desk", (0,)), "arousal")
    assert rows.index.names == ["network", "delay"]
    assert list(rows.index) == [(n, d) for n in ("LSTM", "BLSTM", "BLSTM unreversed") for d in (0, 2, 4)]
    np.testing.assert_allclose(rows.loc[("BLSTM unreversed", 4), "test CCC"], 0.1 + 0.4, atol=1e-9)
