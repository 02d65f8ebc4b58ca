import math
from dataclasses import replace

import audmetric
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from replica.metrics import Moments, ccc, ccc_per_recording, ccc_pooled, moments, pearson_cc, pool, pool_rows, rmse

METRICS = [rmse, pearson_cc, ccc]
# Steps of 1e-6: a spread whose square is no longer a float64 is not what these properties are about.
frames = st.integers(-1_000_000, 1_000_000).map(lambda step: step / 1e6)


def pairs(max_frames=20):
    return st.integers(1, max_frames).flatmap(
        lambda n: st.tuples(arrays(float, n, elements=frames), arrays(float, n, elements=frames))
    )


@pytest.fixture
def recordings():
    """Four recordings of different length, each with its own level, as golds and predictions."""
    rng = np.random.default_rng(0)
    golds = [rng.normal(rng.normal(), 0.2, n) for n in (5, 40, 7, 300)]
    return golds, [0.6 * gold + rng.normal(0.1, 0.1, len(gold)) for gold in golds]


# Hand values


def test_hand_values():
    # gold 1 2 3, prediction 2 2 5: means 2 and 3, variances 2/3 and 2, covariance 1.
    gold, prediction = [1.0, 2.0, 3.0], [2.0, 2.0, 5.0]
    assert moments(gold, prediction).as_row() == pytest.approx((3, 2, 3, 2 / 3, 2, 1), abs=1e-15)
    assert rmse(gold, prediction) == pytest.approx(math.sqrt(5 / 3))
    assert pearson_cc(gold, prediction) == pytest.approx(1 / math.sqrt(4 / 3))
    assert ccc(gold, prediction) == pytest.approx(2 / (2 / 3 + 2 + 1))


def test_the_two_poolings_differ_by_hand():
    # Two recordings, each anticorrelated within itself (CCC -1), at levels -1 and +1 that the prediction meets.
    golds, predictions = [[-1.1, -0.9], [0.9, 1.1]], [[-0.9, -1.1], [1.1, 0.9]]
    assert ccc_per_recording(golds, predictions) == pytest.approx(-1.0)
    # Pooled: every mean 0, variances 1 + 0.01, covariance 1 - 0.01.
    assert ccc_pooled(golds, predictions) == pytest.approx(0.99 / 1.01)


# Independent oracles


def test_agrees_with_audmetric_scipy_and_numpy():
    rng = np.random.default_rng(1)
    for _ in range(2000):
        n = rng.integers(2, 60)
        gold = rng.normal(rng.normal(), rng.uniform(0.01, 1.0), n)
        prediction = rng.normal() * gold + rng.normal(rng.normal(), rng.uniform(0.01, 1.0), n)
        assert ccc(gold, prediction) == pytest.approx(audmetric.concordance_cc(gold, prediction), abs=1e-12)
        assert pearson_cc(gold, prediction) == pytest.approx(scipy.stats.pearsonr(gold, prediction)[0], abs=1e-12)
        assert rmse(gold, prediction) == pytest.approx(np.linalg.norm(gold - prediction) / np.sqrt(n), rel=1e-12)


def test_moments_agree_with_numpy():
    gold, prediction = np.random.default_rng(2).normal(5.0, 0.1, (2, 500))
    covariance = np.cov(gold, prediction, bias=True)
    expected = 500, gold.mean(), prediction.mean(), covariance[0, 0], covariance[1, 1], covariance[0, 1]
    np.testing.assert_allclose(moments(gold, prediction).as_row(), expected, rtol=1e-12)


def test_pool_is_the_moments_of_the_concatenation(recordings):
    golds, predictions = recordings
    pooled = pool([moments(*pair) for pair in zip(golds, predictions, strict=True)])
    whole = moments(np.concatenate(golds), np.concatenate(predictions))
    np.testing.assert_allclose(pooled.as_row(), whole.as_row(), rtol=1e-12)
    assert pooled.n == 352
    assert ccc_pooled(golds, predictions) == pytest.approx(whole.ccc, rel=1e-12)


def test_per_recording_is_the_mean_of_audmetric(recordings):
    each = [audmetric.concordance_cc(*pair) for pair in zip(*recordings, strict=True)]
    assert ccc_per_recording(*recordings) == pytest.approx(np.mean(each), rel=1e-12)


# Relations


@given(pairs())
def test_bounds_and_symmetry(pair):
    value, correlation = ccc(*pair), pearson_cc(*pair)
    if math.isnan(value):
        assert all(np.ptp(side) == 0 for side in pair)
    else:
        assert abs(value) <= abs(correlation) + 1e-9
        assert abs(correlation) <= 1.0
        assert value == pytest.approx(ccc(*pair[::-1]), abs=1e-12)


@given(st.lists(pairs(), min_size=1, max_size=5))
@settings(max_examples=50)
def test_pooling_in_two_steps_is_pooling_in_one(many):
    each = [moments(*pair) for pair in many]
    two_steps = pool([pool(each[:1]), *each[1:]])
    whole = moments(*(np.concatenate(side) for side in zip(*many, strict=True)))
    np.testing.assert_allclose(two_steps.as_row(), whole.as_row(), rtol=1e-12, atol=1e-12)


@given(pairs())
def test_rmse_by_two_routes(pair):
    assert moments(*pair).rmse == pytest.approx(rmse(*pair), abs=1e-7)  # the root of a difference near 1e-16


def test_ccc_falls_with_a_shift_and_a_scale_but_cc_does_not():
    gold = np.random.default_rng(3).normal(size=100)
    assert ccc(gold, gold) == pytest.approx(1.0)
    for changed in (gold + 0.5, 2.0 * gold, 0.5 * gold):
        assert pearson_cc(gold, changed) == pytest.approx(1.0)
        assert ccc(gold, changed) < 0.95


def test_time_reversal_changes_nothing(recordings):
    gold, prediction = recordings[0][1], recordings[1][1]
    for metric in METRICS:
        assert metric(gold[::-1], prediction[::-1]) == pytest.approx(metric(gold, prediction), rel=1e-12)


def test_rows_round_trip_and_pool_over_leading_axes(recordings):
    each = [moments(*pair) for pair in zip(*recordings, strict=True)]
    assert [Moments.from_row(m.as_row()) for m in each] == each
    rows = np.array([m.as_row() for m in each])
    stacked = pool_rows(np.stack([rows, rows[::-1], rows[[0, 0, 1, 1]]]))
    np.testing.assert_allclose(stacked[0], stacked[1], rtol=1e-12)
    np.testing.assert_allclose(stacked[2], pool([each[0], each[0], each[1], each[1]]).as_row(), rtol=1e-12)


# Degenerate input


@pytest.mark.reliability("constants")
@pytest.mark.parametrize("constant", [0.0, 0.1, 1 / 3, -1e6])
def test_one_constant_side_scores_exactly_0(constant):
    varying, flat = np.random.default_rng(4).normal(size=1000), np.full(1000, constant)
    for pair in ((varying, flat), (flat, varying)):
        assert ccc(*pair) == 0.0
        assert pearson_cc(*pair) == 0.0


@pytest.mark.reliability("constants")
@pytest.mark.parametrize("other", [0.1, 0.3])
def test_two_constant_sides_are_undefined(other):
    # 0.1 added 1000 times is not 100, so that a naive variance is 1e-34 and not 0.
    assert math.isnan(ccc(np.full(1000, 0.1), np.full(1000, other)))
    assert math.isnan(pearson_cc(np.full(1000, 0.1), np.full(1000, other)))
    assert rmse(np.full(1000, 0.1), np.full(1000, other)) == pytest.approx(other - 0.1)


@pytest.mark.reliability("constants")
def test_constants_stay_constant_when_pooled():
    lengths = (3, 7, 11)
    flat = [np.full(n, 0.1) for n in lengths]
    varying = [np.linspace(-1, 1, n) for n in lengths]
    assert math.isnan(ccc_pooled(flat, flat))
    assert ccc_pooled(varying, flat) == 0.0
    assert pool([moments(*pair) for pair in zip(flat, varying, strict=True)]).pearson_cc == 0.0


def test_constant_recordings_at_their_own_levels_vary_when_pooled():
    golds = [np.full(5, 0.1), np.full(5, 0.9)]
    assert ccc_pooled(golds, golds) == 1.0
    assert math.isnan(ccc_per_recording(golds, golds))


@pytest.mark.reliability("constants")
def test_one_frame_is_constant():
    assert math.isnan(ccc([0.5], [0.5]))
    assert rmse([0.5], [0.25]) == 0.25


def test_a_perfect_prediction_is_exact():
    gold = np.random.default_rng(5).normal(0.3, 0.1, 999)
    assert (rmse(gold, gold), moments(gold, gold).rmse, ccc(gold, gold)) == (0.0, 0.0, 1.0)


def test_float32_predictions_are_computed_in_float64():
    gold, prediction = np.random.default_rng(6).normal(100.0, 0.01, (2, 400)).astype(np.float32)
    assert ccc(gold, prediction) == ccc(gold.astype(np.float64), prediction.astype(np.float64))


# Error messages


@pytest.mark.parametrize("metric", [moments, *METRICS])
@pytest.mark.parametrize("shapes", [((3,), (4,)), ((3, 1), (3, 1)), ((3,), (3, 1)), ((0,), (0,)), ((), ())])
def test_shapes_are_checked(metric, shapes):
    with pytest.raises(ValueError, match="Pass one emotion dimension of one recording"):
        metric(*(np.zeros(shape) for shape in shapes))


@pytest.mark.reliability("not_finite")
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_not_finite_names_its_side(bad):
    with pytest.raises(ValueError, match="1 of 3 frames of prediction.*Drop these frames from both"):
        ccc([0.0, 1.0, 2.0], [0.0, bad, 2.0])


@pytest.mark.parametrize("metric", [ccc_pooled, ccc_per_recording])
@pytest.mark.parametrize("lists", [([], []), ([[0.0, 1.0]], [])])
def test_lists_are_checked(metric, lists):
    with pytest.raises(ValueError, match="Pass one array of each for every recording"):
        metric(*lists)


def test_pooling_nothing_is_an_error():
    with pytest.raises(ValueError, match="Pass one row of Moments"):
        pool([])


@pytest.mark.parametrize("place", ["var_gold", "var_prediction", "covariance", "mean_prediction"])
def test_an_undefined_moment_is_no_score(place):
    row = replace(Moments(3, 0.2, 0.1, 0.02, 0.01, 0.0), **{place: math.nan})
    assert math.isnan(row.rmse) and math.isnan(row.ccc)
    assert math.isnan(row.pearson_cc) or place == "mean_prediction"


def test_a_constant_side_beside_an_undefined_one_is_undefined():
    assert math.isnan(Moments(3, 0.2, 0.1, 0.0, math.nan, 0.0).pearson_cc)
    assert math.isnan(Moments(3, 0.2, 0.1, 0.0, 0.1, math.nan).pearson_cc)


def test_a_mask_is_not_lost_in_silence():
    masked = np.ma.array([0.1, 0.2, 0.3, 99.0], mask=[False, False, False, True])
    for pair in ((masked, [0.1, 0.2, 0.3, 0.4]), ([0.1, 0.2, 0.3, 0.4], masked)):
        with pytest.raises(ValueError, match="masked array as (gold|prediction)"):
            ccc(*pair)
