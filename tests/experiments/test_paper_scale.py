"""The rows at the paper's scale: which networks they are, what is laid out beside what, gains by hand value."""

import numpy as np
import pytest
from made_up import MadeUpStore

from replica.experiments import paper_scale as experiment
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.systems import LacksModalityError
from replica.runs import Run

GAIN = {"mse": 0.0, "-ccc": 0.1, "mse-cov": 0.03}


def ccc(run, dimension, partition):
    """Of valence .2 lower, of dev .3 higher; at the paper's scale a loss gains twice as much, and a BLSTM .05 more."""
    large = run.scale == "paper"
    gain = (
        GAIN[run.loss] * (1 + large) + 0.05 * large * (run.direction == "bidirectional") if isinstance(run, Run) else 0
    )
    return 0.4 - 0.2 * (dimension == "valence") + 0.3 * (partition == "dev") + gain


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
    table = experiment.beside_desk(MadeUpStore(ccc))
    assert table.columns.tolist() == [(p, s) for p in ("dev CCC", "test CCC") for s in ("desk", "paper")]
    np.testing.assert_allclose(table.loc[("arousal", "audio", "-ccc")], [0.8, 0.8 + 0.1, 0.5, 0.6], atol=1e-9)
    np.testing.assert_allclose(table.loc[("valence", "video_geo", "mse-cov")], [0.53, 0.56, 0.23, 0.26], atol=1e-9)
    np.testing.assert_allclose(table.loc[("valence", "table 6", sec5_4.BLSTM)], [0.6, 0.75, 0.3, 0.45], atol=1e-9)


def test_gains_by_hand():
    gains = experiment.gains(MadeUpStore(ccc))
    assert list(gains) == ["desk", "paper"]
    found = [[effect.estimate for effect in of.values()] for of in gains.values()]
    np.testing.assert_allclose(found, [[0.1, 0.03, 0.0], [0.2, 0.06, 0.05]], atol=1e-9)


def test_a_corpus_without_video_says_so():
    with pytest.raises(
        LacksModalityError, match="tried on audio and video. Received 'ceap360vr', which has gaze, head"
    ):
        experiment.runs("ceap360vr")
