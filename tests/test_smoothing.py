import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replica.metrics import ccc_pooled
from replica.smoothing import GRID, best_alpha, exponential_smoothing, time_constant_seconds

DIRECTIONS = ["forward", "backward"]
alphas = st.floats(0.001, 1.0)


def literal_equation_7(x, alpha):
    smoothed = [x[0]]
    for value in x[1:]:
        smoothed.append(alpha * value + (1 - alpha) * smoothed[-1])
    return np.array(smoothed)


@pytest.fixture
def noisy():
    """Slow golds and the same under white noise, three recordings of 25 Hz."""
    rng = np.random.default_rng(0)
    golds = [np.sin(np.arange(n) / 40 + rng.uniform(0, 6)) / 2 for n in (400, 500, 600)]
    return golds, [gold + rng.normal(0, 0.4, len(gold)) for gold in golds]


# Hand values


def test_hand_values():
    np.testing.assert_allclose(exponential_smoothing([1.0, 0.0, 0.0, 4.0], 0.5), [1.0, 0.5, 0.25, 2.125])
    np.testing.assert_allclose(exponential_smoothing([4.0, 0.0, 0.0, 1.0], 0.5, "backward"), [2.125, 0.25, 0.5, 1.0])


def test_time_constant_by_hand():
    assert time_constant_seconds(1 - math.exp(-1), 0.04) == pytest.approx(0.04)
    assert time_constant_seconds(0.1, 0.04) == pytest.approx(0.3796, abs=5e-5)  # 0.04 / 0.10536


# Independent oracle


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), alphas)
def test_agrees_with_the_literal_loop(x, alpha):
    np.testing.assert_allclose(exponential_smoothing(x, alpha), literal_equation_7(x, alpha), atol=1e-12)


def test_channels_are_smoothed_apart():
    x = np.random.default_rng(1).normal(size=(50, 2))
    for direction in DIRECTIONS:
        expected = np.stack([exponential_smoothing(x[:, i], 0.3, direction) for i in (0, 1)], axis=-1)
        np.testing.assert_array_equal(exponential_smoothing(x, 0.3, direction), expected)


def test_best_alpha_is_the_maximum_of_the_grid(noisy):
    golds, predictions = noisy
    for direction in DIRECTIONS:
        scores = [ccc_pooled(golds, [exponential_smoothing(x, a, direction) for x in predictions]) for a in GRID]
        assert best_alpha(golds, predictions, direction) == GRID[int(np.argmax(scores))]
        assert max(scores) > scores[-1] + 0.05


# Relations


def test_best_alpha_looks_in_its_direction(noisy):
    # A prediction ahead of its gold standard gains from a delay, which is what forward smoothing adds.
    ahead = [np.roll(gold, -5) for gold in noisy[0]]
    assert best_alpha(noisy[0], ahead, "forward") < 1.0
    assert best_alpha(noisy[0], ahead, "backward") == 1.0


@given(alphas)
def test_backward_is_forward_in_reversed_time(alpha):
    x = np.random.default_rng(2).normal(size=40)
    np.testing.assert_array_equal(
        exponential_smoothing(x, alpha, "backward"), exponential_smoothing(x[::-1], alpha)[::-1]
    )


@given(alphas, st.floats(-2, 2), st.floats(-2, 2))
def test_it_is_linear_and_keeps_a_shift(alpha, scale, shift):
    x = np.random.default_rng(3).normal(size=40)
    expected = scale * exponential_smoothing(x, alpha) + shift
    np.testing.assert_allclose(exponential_smoothing(scale * x + shift, alpha), expected, atol=1e-12)


def test_the_first_frame_of_a_direction_is_kept_and_the_rest_lags_behind():
    step = np.r_[np.zeros(20), np.ones(20)]
    assert exponential_smoothing(step + 3.0, 0.2)[0] == 3.0
    assert exponential_smoothing(step + 3.0, 0.2, "backward")[-1] == 4.0
    assert exponential_smoothing(step, 0.2)[20] == pytest.approx(0.2)
    assert exponential_smoothing(step, 0.2, "backward")[19] == pytest.approx(0.8)


def test_a_pulse_decays_to_1_over_e_in_the_time_constant():
    pulse = np.r_[0.0, 1.0, np.zeros(99)]
    decay = exponential_smoothing(pulse, 0.05)[1:] / 0.05
    seconds = np.arange(100) * 0.04
    np.testing.assert_allclose(decay, np.exp(-seconds / time_constant_seconds(0.05, 0.04)), rtol=1e-9)


def test_more_smoothing_means_less_movement(noisy):
    movement = [np.abs(np.diff(exponential_smoothing(noisy[1][0], alpha))).sum() for alpha in GRID]
    assert movement == sorted(movement)


# Degenerate input


def test_alpha_1_changes_nothing():
    x = np.random.default_rng(4).normal(size=(9, 2))
    for direction in DIRECTIONS:
        np.testing.assert_allclose(exponential_smoothing(x, 1.0, direction), x, rtol=1e-14)
    assert time_constant_seconds(1.0, 0.04) == 0.0


def test_a_constant_and_a_single_frame_stay():
    # Exactly, so that smoothing cannot give a constant prediction a variance.
    np.testing.assert_array_equal(exponential_smoothing(np.full(100, 0.3), 0.01), 0.3)
    np.testing.assert_array_equal(exponential_smoothing([0.7], 0.1, "backward"), [0.7])


def test_ties_smooth_least():
    gold, flat = [np.linspace(0, 1, 9)], [np.zeros(9)]
    assert best_alpha(gold, flat, grid=(0.5, 0.9, 0.1)) == 0.9


def test_a_perfect_prediction_is_not_smoothed(noisy):
    assert best_alpha(noisy[0], noisy[0]) == 1.0


# Error messages


@pytest.mark.parametrize("alpha", [0.0, -0.1, 1.1, np.nan])
def test_alpha_is_checked(alpha):
    with pytest.raises(ValueError, match="Pass 1 for no smoothing"):
        exponential_smoothing([0.0, 1.0], alpha)
    with pytest.raises(ValueError, match="Pass 1 for no smoothing"):
        time_constant_seconds(alpha, 0.04)


@pytest.mark.parametrize("x", [np.zeros(0), np.zeros((2, 2, 2)), 1.0, [0.0, np.nan]])
def test_the_sequence_is_checked(x):
    with pytest.raises(ValueError, match="Smooth one recording at a time"):
        exponential_smoothing(x, 0.5)


def test_the_direction_is_checked():
    with pytest.raises(ValueError, match='Pass direction="forward"'):
        exponential_smoothing([0.0, 1.0], 0.5, "sideways")


def test_the_frame_distance_is_checked():
    with pytest.raises(ValueError, match=r"Pass seconds, 0\.04 at 25 Hz"):
        time_constant_seconds(0.5, 0.0)


@pytest.mark.parametrize("grid", [(), (0.5, 1.0)])
def test_no_defined_ccc_is_an_error(grid):
    with pytest.raises(ValueError, match="Pass recordings in which"):
        best_alpha([np.ones(5)], [np.ones(5)], grid=grid)
