"""Does an order keep from one half of the people to the other: by hand, against scipy on frames, and at the edges."""

import numpy as np
import pytest
import scipy.stats

from replica.metrics import ccc_pooled, moments, pearson_cc
from replica.split_half import advantage, halves, reliability


def row(covariance, variance=1.0, n=10):
    """Moments of one person on whom the gold standard has variance 1 and no mean differs."""
    return (n, 0.0, 0.0, 1.0, variance, covariance)


def frames(rng, systems=5, people=4, length=30):
    """Gold standards of people, and each system's predictions of them."""
    golds = [rng.normal(0, 0.2, length + k) for k in range(people)]
    scale = rng.uniform(0.2, 2.0, systems)
    noise = rng.uniform(0.1, 0.4, systems)
    return golds, [[a * g + rng.normal(0, b, len(g)) for g in golds] for a, b in zip(scale, noise, strict=True)]


def rows_of(golds, predictions):
    return np.array([[moments(g, y).as_row() for g, y in zip(golds, of, strict=True)] for of in predictions])


# --- Hand values


def test_every_halving_once():
    assert halves(2) == [([0], [1])]
    assert halves(3) == [([0], [1, 2]), ([1], [0, 2]), ([2], [0, 1])]
    assert halves(4) == [([0, 1], [2, 3]), ([0, 2], [1, 3]), ([0, 3], [1, 2])]
    assert [len(halves(n)) for n in (5, 8, 9)] == [10, 35, 126]


def test_an_order_by_hand():
    """By CC the first person ranks the systems 1, 2, 3 and the second 1, 3, 2: a correlation of 1 - 6 * 2 / 24.

    On the first person the second system moves ten times too far, which CC does not see: by CCC 2, 1, 3.
    """
    rows = [
        [row(0.1), row(0.1)],
        [row(2.0, variance=100.0), row(0.3)],  # CC 0.2, CCC 0.04
        [row(0.3), row(0.2)],
    ]
    assert reliability(rows) == pytest.approx({"CCC": 1 - 6 * 6 / 24, "CC": 0.5})


def test_the_advantage_by_hand():
    """Six systems that differ by scale alone are ordered alike everywhere by CCC, and not at all by CC."""
    scales = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
    only_scale = [[row(0.5 * s, s**2)] * 4 for s in scales]
    same = [[row(0.5)] * 4] * 6
    assert advantage([[only_scale, only_scale]], redraw_cohorts=False) == (1.0, 1.0, 1.0)
    assert advantage([[only_scale, same]], redraw_cohorts=False) == (0.5, 0.5, 0.5)  # a mean over dimensions
    both = [[only_scale], [same]]
    assert advantage(both, redraw_cohorts=False) == (0.5, 0.5, 0.5)
    assert advantage(both, redraw_cohorts=True) == (0.5, 0.0, 1.0)


# --- Independent oracle


def test_equals_scipy_on_frames_where_one_person_counts_twice():
    golds, predictions = frames(np.random.default_rng(0), systems=30)
    copies = [2, 1, 0, 1]  # of four people: the first twice, in one half, and the third not at all

    def scores(half, metric):
        named = [k for k in half for _ in range(copies[k])]
        return [metric([golds[k] for k in named], [of[k] for k in named]) for of in predictions]

    def cc(golds, predictions):
        return pearson_cc(np.concatenate(golds), np.concatenate(predictions))

    for name, metric in {"CCC": ccc_pooled, "CC": cc}.items():
        expected = np.mean(
            [
                scipy.stats.spearmanr(scores(first, metric), scores(second, metric)).statistic
                for first, second in (([0], [1, 3]), ([1], [0, 3]), ([3], [0, 1]))
            ]
        )
        assert reliability(rows_of(golds, predictions), copies)[name] == pytest.approx(expected)


def test_the_interval_is_that_of_redrawn_people():
    rows = rows_of(*frames(np.random.default_rng(1)))
    rng = np.random.default_rng(9)
    drawn = [np.bincount(rng.integers(0, 4, 4), minlength=4) for _ in range(4000)]
    kept = [reliability(rows, copies) for copies in drawn if np.count_nonzero(copies) > 1]
    low, high = np.quantile([k["CCC"] - k["CC"] for k in kept], [0.025, 0.975])
    interval = advantage([[rows]], redraw_cohorts=False, draws=4000)
    assert interval[1:] == pytest.approx((low, high), abs=0.05)
    assert low < interval.estimate < high


# --- Relations


def test_of_two_people_every_draw_that_can_be_halved_is_the_same():
    rows = rows_of(*frames(np.random.default_rng(7), systems=20, people=2))
    interval = advantage([[rows]], redraw_cohorts=False)
    assert interval.low == interval.high == interval.estimate != 0


def test_the_order_of_systems_and_of_people_does_not_matter():
    rows = rows_of(*frames(np.random.default_rng(2)))
    expected = reliability(rows)
    assert reliability(rows[::-1]) == pytest.approx(expected)
    assert reliability(rows[:, ::-1]) == pytest.approx(expected)


def test_cc_does_not_see_what_a_factor_does():
    golds, predictions = frames(np.random.default_rng(3))
    stretched = [[k * y for y in of] for k, of in enumerate(predictions, 1)]
    before, after = (reliability(rows_of(golds, of)) for of in (predictions, stretched))
    assert after["CC"] == pytest.approx(before["CC"])
    assert after["CCC"] != pytest.approx(before["CCC"])


# --- Degenerate input


def test_where_all_systems_are_equal_there_is_no_order_to_keep():
    rows = np.repeat(rows_of(*frames(np.random.default_rng(4)))[:1], 5, axis=0)
    assert reliability(rows) == {"CCC": 0.0, "CC": 0.0}
    assert advantage([[rows]], redraw_cohorts=False) == (0.0, 0.0, 0.0)


def test_a_constant_prediction_is_last_by_both():
    rows = [[row(0.0, 0.0)] * 2, [row(0.1)] * 2, [row(0.2)] * 2]
    assert reliability(rows) == {"CCC": 1.0, "CC": 1.0}


# --- Errors


def test_one_person_cannot_be_halved():
    one = rows_of(*frames(np.random.default_rng(5), people=1))
    with pytest.raises(ValueError, match=r"(?s)Received 1\. Score the systems on a partition with more"):
        reliability(one)
    with pytest.raises(ValueError, match="one alone cannot be halved"):
        advantage([[one]], redraw_cohorts=False)


def test_one_system_has_no_order():
    with pytest.raises(ValueError, match=r"Received an array of shape \(1, 4, 6\)\. Pass the moments of every system"):
        reliability(rows_of(*frames(np.random.default_rng(6), systems=1)))
