"""What printed metrics prove: hand values, sampled predictions as the oracle, and the edges of the formulas."""

import numpy as np
import pytest

from replica import forensics, metrics
from replica.forensics import Range


def exact(value):
    return Range(value, value)


# Gold deviation 0.2, prediction 0.1, correlation 0.5, no offset: mse = 0.04 + 0.01 - 0.02, CCC = 0.02 / 0.05.
BY_HAND = {"rmse": exact(0.03**0.5), "cc": exact(0.5), "ccc": exact(0.4)}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("0.780", 0.7795, 0.7805), ("0.78", 0.775, 0.785), ("0.8073", 0.80725, 0.80735), ("12", 11.5, 12.5)],
)
def test_a_printed_number_is_half_a_unit_of_its_last_digit_wide(text, low, high):
    assert forensics.printed(text) == Range(low, high)


def test_a_column_keeps_its_order():
    assert np.array(forensics.column(["0.2", "0.13"])).tolist() == [[0.15, 0.125], [0.25, 0.135]]


@pytest.mark.parametrize("text", ["-0.1", "1e-3", "", "0.1.2"])
def test_what_no_table_prints_is_refused(text):
    with pytest.raises(ValueError, match=r"Pass the text of reference/paper_tables\.csv"):
        forensics.printed(text)


def test_computed_values_are_rounded_as_if_printed():
    low, high = forensics.rounded([0.12345, 0.5], digits=3)
    np.testing.assert_allclose([low, high], [[0.1225, 0.4995], [0.1235, 0.5005]])


def test_gold_deviation_by_hand():
    """0.1 and 0.2 are exchangeable without an offset; with one, anything between."""
    np.testing.assert_allclose(forensics.gold_deviation(**BY_HAND), [0.1, 0.2])


def test_ratio_and_prediction_by_hand():
    np.testing.assert_allclose(forensics.ratio(**BY_HAND, gold=exact(0.2)), [0.5, 0.5])
    np.testing.assert_allclose(forensics.prediction_deviation(**BY_HAND, gold=Range(0.1, 0.2)), [0.1, 0.2])
    np.testing.assert_allclose(forensics.ratio(**BY_HAND, gold=Range(0.1, 0.2)), [0.5, 2.0])  # the product is 0.02


def sampled(rng, count):
    """Deviations of gold standard and prediction, and the metrics they give by the formulas of replica.metrics."""
    gold, prediction = rng.uniform(0.05, 0.3, (2, count))
    cc, offset = rng.uniform(-0.5, 0.98, count), rng.normal(0, 0.1, count)
    rows = np.stack([np.ones(count), 0 * gold, offset, gold**2, prediction**2, cc * gold * prediction], -1)
    each = [metrics.Moments.from_row(row) for row in rows]
    return gold, prediction, [np.array([getattr(m, name) for m in each]) for name in ("rmse", "pearson_cc", "ccc")]


def test_the_truth_is_never_excluded_by_rounding():
    gold, prediction, values = sampled(np.random.default_rng(0), 5000)
    printed = [forensics.rounded(value) for value in values]
    found = forensics.gold_deviation(*printed)
    assert (found.low <= gold).all()
    assert (gold <= found.high).all()
    above_0 = values[2] > 0.001  # the ratio needs a CCC that is printed above 0
    ratio = forensics.ratio(*[Range(r.low[above_0], r.high[above_0]) for r in printed], exact(gold[above_0]))
    assert (ratio.low <= (prediction / gold)[above_0]).all()
    assert ((prediction / gold)[above_0] <= ratio.high).all()


@pytest.mark.parametrize(
    ("rmse", "cc", "ccc"), [("0.096", "0.867", "0.860"), ("0.149", "0.802", "0.777"), ("0.195", "0.140", "0.065")]
)
def test_the_range_is_the_least_one(rmse, cc, ccc):
    """Of the whole box of what rounds to a row, a fine grid reaches both ends."""
    box = [forensics.printed(text) for text in (rmse, cc, ccc)]
    m, r, c = np.meshgrid(*[np.linspace(*side, 41) for side in box], indexing="ij")
    half, k = m**2 / (1 - c) / 2, c / r
    low, high = np.sqrt(half * (1 - np.sqrt(1 - k**2))), np.sqrt(half * (1 + np.sqrt(1 - k**2)))
    found = forensics.gold_deviation(*box)
    np.testing.assert_allclose(found, [low.min(), high.max()], rtol=1e-5)  # the grid may miss the greatest CCC
    assert found.low <= low.min() * (1 + 1e-12)
    assert found.high >= high.max() * (1 - 1e-12)


def test_a_ccc_above_the_cc_leaves_nothing():
    low, high = forensics.gold_deviation(exact(0.1), exact(0.5), exact(0.6))
    assert low > high


def test_a_ccc_of_0_leaves_everything():
    assert forensics.gold_deviation(exact(0.1), Range(-0.1, 0.1), Range(-0.0005, 0.0005)) == (0, np.inf)


def test_a_regression_on_its_own_data():
    """The signature holds for least squares with an intercept, and not for the same coefficients on other data."""
    rng = np.random.default_rng(0)
    inputs, gold = rng.standard_normal((400, 3)), rng.standard_normal(400)
    gold += inputs @ [0.5, -0.2, 0.1]
    design = np.column_stack([inputs, np.ones(400)])
    fitted = design[:300] @ np.linalg.lstsq(design[:300], gold[:300], rcond=None)[0]
    m = metrics.moments(gold[:300], fitted)
    assert forensics.regression_ccc(exact(m.pearson_cc)).low == pytest.approx(m.ccc, abs=1e-12)
    deviation = exact(m.var_gold**0.5)
    assert forensics.regression_rmse(exact(m.pearson_cc), deviation).high == pytest.approx(m.rmse, abs=1e-12)
    elsewhere = metrics.moments(gold[300:], design[300:] @ np.linalg.lstsq(design[:300], gold[:300], rcond=None)[0])
    assert abs(forensics.regression_ccc(exact(elsewhere.pearson_cc)).low - elsewhere.ccc) > 1e-3


def test_regression_ranges_keep_their_order():
    found = forensics.regression_rmse(Range(0.6, 0.8), Range(0.1, 0.2))
    np.testing.assert_allclose(found, [0.1 * 0.6, 0.2 * 0.8])


def test_common_mean_and_overlap():
    ranges = Range(np.array([[1.0, 2.0], [1.0, 4.0]]), np.array([[3.0, 5.0], [2.0, 5.0]]))
    low, high = forensics.common(ranges)
    assert low.tolist() == [2.0, 4.0]
    assert high.tolist() == [3.0, 2.0]  # the second pair does not meet
    assert forensics.mean([Range(0, 2), Range(4, 8)]) == (2, 5)
    assert forensics.overlap(Range(0, 1), Range(1, 2))
    assert not forensics.overlap(Range(0, 1), Range(1.1, 2))


# Made-up recordings


def test_alike_recordings_score_what_they_were_given_however_pooled():
    """sigma_y 0.2, ratio 0.5, correlation 0.5: the numbers by hand above."""
    rows = forensics.draw_moments(np.random.default_rng(0), 2, [0.5, 0.9], [0.5, 1.0], unlike=0.0)
    assert rows.shape == (2, 2, 9, 6)
    for pooled in (True, False):
        values = np.array(forensics.metrics(rows, pooled=pooled))[:, 0, 0]
        np.testing.assert_allclose(values, [0.03**0.5, 0.5, 0.4])


def test_unlike_recordings_share_their_gold_standard_and_pool_as_recordings_do():
    rows = forensics.draw_moments(np.random.default_rng(0), 3, [0.5, 0.9], [0.5, 1.0], unlike=0.3)
    assert (rows[:, 0][..., [1, 3]] == rows[:, 1][..., [1, 3]]).all()
    each = [metrics.Moments.from_row(row) for row in rows[1, 1]]
    whole = metrics.pool(each)
    expected = {
        True: [whole.rmse, whole.pearson_cc, whole.ccc],
        False: np.mean([[m.rmse, m.pearson_cc, m.ccc] for m in each], axis=0),
    }
    for pooled, values in expected.items():
        np.testing.assert_allclose(np.array(forensics.metrics(rows, pooled=pooled))[:, 1, 1], values)
    assert (np.abs(rows[..., 5]) <= np.sqrt(rows[..., 3] * rows[..., 4])).all()  # no correlation beyond 1


def test_unlike_is_the_deviation_of_everything_that_differs():
    """In units of the gold standard's deviation, 0.2, or of logarithms; 3 % is nine times what 45,000 draws leave."""
    unlike = 0.2
    rows = forensics.draw_moments(np.random.default_rng(0), 5000, [0.5, 0.9], [0.5, 1.0], unlike=unlike)
    _, level, mean, var_gold, var_prediction, covariance = np.moveaxis(rows[:, 0], -1, 0)
    gold, prediction = np.sqrt(var_gold), np.sqrt(var_prediction)
    spreads = [
        level.std() / 0.2,
        (mean - level).std() / 0.2,
        np.log(gold).std(),
        np.log(prediction / gold).std(),
        np.arctanh(covariance / (gold * prediction)).std(),
    ]
    np.testing.assert_allclose(spreads, unlike, rtol=0.03)
