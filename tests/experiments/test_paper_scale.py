"""The rows at the paper's scale: which networks they are, what is laid out beside what, gains by hand value."""

import dataclasses

import numpy as np
import pytest
from made_up import MadeUpStore

from replica.experiments import paper_scale as experiment
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.systems import LacksModalityError
from replica.runs import Run

GAIN = {"mse": 0.0, "-ccc": 0.1, "mse-cov": 0.03}
BY_SET = {"audio_short": 0.0, "audio_long": 0.0, "video_app": 0.03, "video_geo": -0.06}  # mean -.01


def ccc(run, dimension, partition):
    """At the paper's scale a loss gains twice as much and a BLSTM .05 more; half of all for valence, none on dev."""
    level = 0.4 - 0.2 * (dimension == "valence") + 0.3 * (partition == "dev")
    if not isinstance(run, Run) or partition == "dev":
        return level
    large = run.scale == "paper"
    by_set = BY_SET[run.features[0]] * (run.loss != "mse")
    gain = (GAIN[run.loss] + by_set) * (1 + large) + 0.05 * large * (run.direction == "bidirectional")
    return level + gain * (0.5 if dimension == "valence" else 1)


def test_twenty_networks_of_the_papers_size_and_a_ridge():
    declared = experiment.runs(store=None)
    networks = [run for run in declared if isinstance(run, Run)]
    assert len(networks) == 20
    assert len(declared) == 22
    assert {run.layer_sizes for run in networks} == {(160, 120)}
    assert {run.scale for run in declared} == {"paper"}
    assert {dict(run.corpus.options)["seed"] for run in declared} == {0}
    assert {run.features for run in networks if run.dimensions == ("arousal",)} == {
        ("audio_short",),
        ("video_app",),
        ("video_geo",),
    }
    both_ways = [(run.dimensions, run.features) for run in networks if run.direction == "bidirectional"]
    assert both_ways == [(("arousal",), ("audio_short",)), (("valence",), ("video_geo",))]


def test_at_desk_scale_they_are_those_of_the_tables():
    of_tables = {*sec5_3.runs("simulated_signals", "desk", (0,)), *sec5_4.runs("simulated_signals", "desk", (0,))}
    assert set(experiment.runs("simulated_signals", "desk")) <= of_tables


def test_scales_stand_side_by_side():
    table = experiment.table(experiment.recorded(MadeUpStore(ccc)))
    assert table.columns.tolist() == [(p, s) for p in ("dev CCC", "test CCC") for s in ("desk", "paper")]
    np.testing.assert_allclose(table.loc[("arousal", "audio", "-ccc")], [0.7, 0.7, 0.5, 0.6], atol=1e-9)
    np.testing.assert_allclose(table.loc[("valence", "video_app", "mse-cov")], [0.5, 0.5, 0.23, 0.26], atol=1e-9)
    np.testing.assert_allclose(
        table.loc[("arousal", "table 6", sec5_4.BLSTM), "test CCC"], [0.5, 0.4 + 0.2 + 0.05], atol=1e-9
    )


def test_diverged_trainings_are_counted():
    class Diverging(MadeUpStore):
        def load(self, run):
            result = super().load(run)
            bad = isinstance(run, Run) and run.scale == "paper" and (run.loss, run.features[0]) == ("mse", "video_app")
            return dataclasses.replace(result, history={"stopped": "diverged"}) if bad else result

    table = experiment.table(experiment.recorded(Diverging(ccc)))
    assert table["diverged"].sum().to_dict() == {"desk": 0, "paper": 2}
    assert table.loc[("valence", "video_app", "mse"), ("diverged", "paper")] == 1


def test_gains_by_hand():
    """Of arousal .1 - .01, .03 - .01, 0; of valence half; so three quarters; at the paper's scale twice, and .05."""
    found = {name: effect.estimate for name, effect in experiment.gains(experiment.recorded(MadeUpStore(ccc))).items()}
    # The BLSTM of arousal sees audio_short, that of valence video_geo, as the LSTM does.
    np.testing.assert_allclose(
        list(found.values()), [0.0675, 0.135, 0.0675, 0.015, 0.03, 0.015, 0.0, 0.0375, 0.0375], atol=1e-9
    )
    assert [name for name in found if name.endswith("paper less desk")] == list(found)[2::3]


def test_a_corpus_without_video_says_so():
    with pytest.raises(
        LacksModalityError, match="tried on audio and video. Received 'ceap360vr', which has gaze, head"
    ):
        experiment.runs("ceap360vr")


def test_changes_of_single_cells_by_hand():
    """-ccc and mse-cov of each set gain as much again, which video_geo makes a loss for mse-cov; mse stays as it is."""

    def larger(run, dimension, partition):
        paper = isinstance(run, Run) and run.scale == "paper"
        return ccc(run, dimension, partition) + 0.2 * (paper and run.loss == "mse" and run.features == ("video_app",))

    found = experiment.changes(experiment.recorded(MadeUpStore(larger)))
    gains = [GAIN[loss] + by for loss in ("-ccc", "mse-cov") for by in (0.0, 0.03, -0.06)]
    change = (sum(gains) * 1.5 + 2 * 0.2) / 18
    assert found == pytest.approx({"cells": 18, "ahead": 2 * (5 + 1), "change": change, "rows": 6, "other_loss": 1})
