"""Table 11 from made-up results whose every CCC is known."""

from dataclasses import replace

import numpy as np
import pytest

from replica.conventions import DIMENSIONS
from replica.experiments import recorded as shared
from replica.experiments import sec5_3_loss_functions
from replica.experiments import sec5_8_smoothing as experiment
from replica.metrics import Moments
from replica.runs import Result, Run, SmoothedRun
from replica.statistics import resample

CCC = {"raw": (0.40, 0.20), "forward": (0.43, 0.22), "backward": (0.44, 0.26)}  # arousal, valence
# Factors of a CCC. Their means are 1, so that a mean over rotations and seeds is the number above.
ROTATION = (0.5, 0.9, 1.0, 1.6)
SEED = (0.8, 0.9, 1.3)
PARTITION = {"test": 1.0, "dev": 1.2}
ALPHA = {"forward": (0.1, 0.2), "backward": (0.3, 0.4)}


class FakeStore:
    """Two recordings in the first rotation, and one more in each later one."""

    def __contains__(self, run):
        return True

    def load(self, run):
        smoothed = isinstance(run, SmoothedRun)
        name, network = (run.direction, run.input) if smoothed else ("raw", run)
        assert network.loss == "-ccc"
        (dimension,) = run.dimensions
        i, rotation = DIMENSIONS.index(dimension), dict(run.corpus.options).get("rotation", 0)
        ccc = CCC[name][i] * ROTATION[rotation] * SEED[network.seed]
        history = {"best_epoch": 5}
        if smoothed:
            alpha = ALPHA[name][i] + 0.01 * rotation + 0.4 * (network.seed == 2)
            history = {"alpha": alpha, "time_constant_seconds": 10 * alpha}
        return Result(
            run, {p: {dimension: recordings(ccc * x, rotation)} for p, x in PARTITION.items()}, {}, {}, history
        )


def recordings(ccc, rotation):
    """Pooled CCC is as asked for: means agree, both variances are 1, and the offsets cancel over frames."""
    values = [(10, ccc + 0.03), (30, ccc - 0.01), *[(20, ccc)] * rotation]
    return {f"part{i}": Moments(n, 0.3, 0.3, 1.0, 1.0, value) for i, (n, value) in enumerate(values)}


def recorded(**options):
    return experiment.recorded(FakeStore(), "studyforrest", "desk", **options)


def side_by_side(runs):
    """The networks of section 5.3 that 5.8 starts from."""
    return {run for run in runs if isinstance(run, Run) and run.loss == "-ccc" and len(run.features) > 1}


def both_directions(networks):
    return {replace(run, direction=way) for run in networks for way in ("forward", "backward")}


def test_runs_are_both_directions_of_smoothing_for_networks_of_both_directions():
    networks = both_directions(side_by_side(sec5_3_loss_functions.runs()))
    runs = experiment.runs()
    assert len(runs) == 48 + 96
    assert set(runs) == networks | {SmoothedRun(run, d) for run in networks for d in ("forward", "backward")}


def test_runs_of_another_scale_corpus_and_seeds():
    networks = both_directions(side_by_side(sec5_3_loss_functions.runs("simulated", "paper", (7,))))
    runs = experiment.runs("simulated", "paper", (7,))
    assert len(runs) == 4 + 8
    assert {run.input for run in runs if isinstance(run, SmoothedRun)} == networks


def test_unknown_scale():
    with pytest.raises(ValueError, match="scale is one of"):
        experiment.runs(scale="huge")


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_table(dimension):
    """Of twelve alphas, four far above the rest, the median is midway between the sixth and the seventh."""
    table = experiment.smoothing_table(recorded(), dimension)
    i = DIMENSIONS.index(dimension)
    assert list(table.index) == ["raw", "forward", "backward"]
    assert list(table.columns) == ["median alpha", "median seconds", "dev CCC", "test CCC"]
    alphas = [1.0, ALPHA["forward"][i] + 0.025, ALPHA["backward"][i] + 0.025]
    np.testing.assert_allclose(table["median alpha"], alphas, rtol=1e-12)
    np.testing.assert_allclose(table["median seconds"], [0.0, 10 * alphas[1], 10 * alphas[2]], rtol=1e-12)
    ccc = np.array([CCC[name][i] for name in table.index])
    np.testing.assert_allclose(table["dev CCC"], 1.2 * ccc, rtol=1e-12)
    np.testing.assert_allclose(table["test CCC"], ccc, rtol=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "by_hand"),
    [
        ("backward", "raw", (0.04 + 0.06) / 2),  # claims 4.6a, 5.8a and 5.8b
        ("backward", "forward", (0.01 + 0.04) / 2),  # claim 4.6d
        ("forward", "raw", (0.03 + 0.02) / 2),
        ("raw", "backward", -0.05),
    ],
)
def test_effect_is_the_mean_over_dimensions_of_the_first_less_the_second(first, second, by_hand):
    """Recordings cancel, being drawn alike for both; the ends are the least and the greatest seed.

    Three seeds are all the same one in 1 of 27 draws, more often than the 2.5 % beyond either end.
    """
    effect = experiment.gain(recorded(), first, second)
    low, high = sorted([0.8 * by_hand, 1.3 * by_hand])
    np.testing.assert_allclose(effect, (by_hand, low, high), rtol=1e-9)


@pytest.mark.parametrize("seeds", [(0, 1, 2), (2,), (1, 0)])
def test_each_rotation_is_given_its_own_networks(seeds, monkeypatch):
    given = []

    def told(rows, *, cohorts):
        given.extend(rows)
        return resample(rows, cohorts=cohorts)

    monkeypatch.setattr(shared, "resample", told)
    experiment.gain(recorded(seeds=seeds), "backward", "raw")
    assert [rows.shape for rows in given] == [(6, len(seeds), count, 6) for count in (2, 3, 4, 5)]
    base = np.array([0.40, 0.20, 0.43, 0.22, 0.44, 0.26])  # raw, forward, backward; arousal and valence of each
    for rows, rotation in zip(given, ROTATION, strict=True):
        expected = np.outer(base, [SEED[seed] for seed in seeds]) * rotation
        np.testing.assert_allclose(rows[:, :, 0, 5], expected + 0.03, rtol=1e-12)


def test_effects_by_hand_and_of_what_is_recorded():
    """The made-up store has the same scores for both directions of the network."""
    effects = experiment.effects(FakeStore())
    hand = {"4.6a": 0.05, "5.8a": 0.05, "5.8b": 0.05, "4.6d": 0.025, "4.6e": -0.025}
    assert {claim: effect.estimate for claim, effect in effects.items()} == pytest.approx(hand)

    class BackwardOfOneSeed(FakeStore):
        def __contains__(self, run):
            network = getattr(run, "input", run)
            return network.direction == "forward" or network.seed == 1

        def load(self, run):
            if run not in self:
                raise FileNotFoundError("not trained")
            return super().load(run)

    effects = experiment.effects(BackwardOfOneSeed())
    assert {claim: effect.seeds for claim, effect in effects.items()} == dict.fromkeys(hand, 3) | {"4.6e": 1}
    assert effects["4.6e"].estimate == pytest.approx(0.9 * -0.025)
    assert set(experiment.effects(BackwardOfOneSeed(), seeds=(0, 1))) == set(hand) - {"4.6e"}
