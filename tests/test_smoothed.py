"""A toy corpus whose dev asks for smoothing and whose test asks for none."""

import dataclasses

import numpy as np
import pytest

from replica import smoothed
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.runs import Result, Run, SmoothedRun
from replica.smoothing import GRID, exponential_smoothing, time_constant_seconds

KEY = CorpusKey("toy", "v")
NETWORK = Run(KEY, ("x",), ("valence",), "paper", layer_sizes=(2,), loss="mse", seed=0)
FRAMES = 200
SLOW = 0.5 * np.sin(np.arange(FRAMES) / 20)
NOISE = np.random.default_rng(0).normal(0, 0.5, FRAMES)
RAW = {"dev": {"d": (SLOW + NOISE)[:, None]}, "test": {"e": NOISE[:, None].clip(-1, 1)}}


def corpus():
    golds = {"t": ("train", SLOW), "d": ("dev", SLOW), "e": ("test", NOISE.clip(-1, 1))}
    recordings = [
        Recording(name, p, {"x": np.zeros((FRAMES, 1), "float32")}, np.stack([0 * gold, gold], axis=1))
        for name, (p, gold) in golds.items()
    ]
    return Corpus(KEY, tuple(recordings), "", "", "")


@pytest.fixture(params=["forward", "backward"])
def run(request):
    return SmoothedRun(NETWORK, request.param)


def test_alpha_is_chosen_on_dev_and_serves_for_test(run):
    result = smoothed.execute(run, corpus(), Result(NETWORK, {}, {}, RAW, {"stopped": "patience"}))
    alpha = result.history["alpha"]
    assert min(GRID) < alpha < 0.5  # test alone would take 1
    assert result.history["time_constant_seconds"] == time_constant_seconds(alpha, 0.04)
    for partition, recordings in RAW.items():
        for name, raw in recordings.items():
            expected = exponential_smoothing(raw, alpha, run.direction)
            np.testing.assert_allclose(result.predictions[partition][name], expected, atol=1 / 4096 + 1e-7)  # the grid
    assert sorted(result.moments) == ["dev", "test"]
    assert "stopped" not in result.history


def test_a_diverged_input_is_told(run):
    raw = Result(NETWORK, {}, {}, RAW, {"stopped": "diverged"})
    assert smoothed.execute(run, corpus(), raw).history["stopped"] == "diverged"
    finite = dataclasses.replace(raw, history={"stopped": "most_epochs"})
    assert "stopped" not in smoothed.execute(run, corpus(), finite).history
