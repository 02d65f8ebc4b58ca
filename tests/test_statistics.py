import numpy as np
import pytest
import scipy.stats

from replica.metrics import ccc_per_recording as ccc_per_recording_of_frames
from replica.metrics import ccc_pooled as ccc_pooled_of_frames
from replica.metrics import moments
from replica.statistics import bootstrap, difference, per_recording_ccc, pooled_ccc, system


def rows_of(golds, predictions):
    """Moments of each recording, (recordings, 6)."""
    return np.array([moments(*pair).as_row() for pair in zip(golds, predictions, strict=True)])


def simulated(rng, *, systems=2, seeds=3, recordings=9, frames=60, shared=0.3):
    """Rows (systems, seeds, recordings, 6); `shared` is how far a recording is hard for every system alike."""
    golds = rng.normal(0, 0.2, (recordings, frames))
    hard = rng.normal(0, shared, (recordings, 1))
    noise = rng.normal(0, 0.15, (systems, seeds, recordings, frames))
    predictions = 0.7 * golds + hard + rng.normal(0, 0.05, (systems, seeds, recordings, 1)) + noise
    return np.array([[rows_of(golds, of_seed) for of_seed in of_system] for of_system in predictions])


# Hand values


def test_the_estimate_is_the_mean_over_rotations_and_seeds_by_hand():
    # One recording each, equal variances 1 and means 0: the CCC is the covariance.
    def rotation(ccc_of_seeds):
        return [[[(10, 0, 0, 1, 1, ccc)] for ccc in of_system] for of_system in ccc_of_seeds]

    rows = [rotation([[0.2, 0.4], [0.0, 0.1]]), rotation([[0.6, 0.8], [0.1, 0.2]])]
    assert bootstrap(rows, system(0)).estimate == pytest.approx(0.5)
    assert bootstrap(rows, difference(0, 1)).estimate == pytest.approx(0.4)
    # A seed is drawn for all rotations at once: 0.4 (twice the first), 0.5, or 0.6 (twice the second).
    assert bootstrap(rows, system(0))[1:] == pytest.approx((0.4, 0.6))


def test_poolings_are_those_of_the_metrics():
    rng = np.random.default_rng(0)
    golds = [rng.normal(rng.normal(), 0.2, n) for n in (30, 50, 70)]
    predictions = [gold + rng.normal(0, 0.2, len(gold)) for gold in golds]
    rows = rows_of(golds, predictions)
    assert pooled_ccc(rows) == pytest.approx(ccc_pooled_of_frames(golds, predictions))
    assert per_recording_ccc(rows) == pytest.approx(ccc_per_recording_of_frames(golds, predictions))
    assert pooled_ccc(np.stack([rows, rows[::-1]])).shape == (2,)


# Independent oracle


@pytest.mark.parametrize("metric", [pooled_ccc, per_recording_ccc])
def test_equals_scipy_in_the_flat_case(metric):
    rows = simulated(np.random.default_rng(1), systems=1, seeds=1, recordings=12)
    expected = scipy.stats.bootstrap(
        (np.arange(12),),
        lambda index, axis: metric(rows[0, 0, index]),
        n_resamples=4000,
        method="percentile",
        rng=np.random.default_rng(2),
    )
    interval = bootstrap([rows], system(0), metric=metric, draws=4000)
    # Two sets of 4000 draws: their quantiles differ by the draws' own error, 2 % of the interval's width or so.
    width = interval.high - interval.low
    np.testing.assert_allclose(interval[1:], expected.confidence_interval, atol=0.06 * width)


def test_equals_a_literal_loop_over_draws():
    rng = np.random.default_rng(3)
    rows = [simulated(rng, recordings=n) for n in (4, 5)]
    draws = np.random.default_rng(0)
    seeds = draws.integers(0, 3, (200, 3))
    recordings = [draws.integers(0, n, (200, n)) for n in (4, 5)]
    values = []
    for draw in range(200):
        of_system = [
            np.mean(
                [
                    pooled_ccc(rotation[s, seed][drawn[draw]])
                    for rotation, drawn in zip(rows, recordings, strict=True)
                    for seed in seeds[draw]
                ]
            )
            for s in (0, 1)
        ]
        values.append(of_system[0] - of_system[1])
    expected = np.quantile(values, [0.025, 0.975])
    np.testing.assert_allclose(bootstrap(rows, difference(0, 1), draws=200)[1:], expected, rtol=1e-12)


def test_the_interval_covers_the_true_value_as_often_as_it_says():
    # Known moments: gold N(0, 1), prediction 0.6 gold + N(0, 0.8^2), recording offsets N(0, 0.5^2) on the prediction.
    true = 2 * 0.6 / (1.0 + 0.6**2 + 0.8**2 + 0.5**2)
    rng = np.random.default_rng(4)
    trials, recordings, frames = 200, 30, 50
    gold = rng.normal(size=(trials, recordings, frames))
    offset = rng.normal(0, 0.5, (trials, recordings, 1))
    prediction = 0.6 * gold + rng.normal(0, 0.8, gold.shape) + offset
    covered = 0
    for golds, predictions in zip(gold, prediction, strict=True):
        interval = bootstrap([rows_of(golds, predictions)[None, None]], system(0), draws=300)
        covered += interval.low <= true <= interval.high
    # 95 % promised; 200 trials have a deviation of 1.5 %, and 30 recordings and 300 draws cost about 2 %.
    assert 0.88 <= covered / trials <= 0.99


def test_the_interval_of_a_paired_difference_covers_it_over_seeds_and_recordings():
    """Two systems whose CCC differs by .05, moved by a start of each seed and by what each recording makes harder.

    Means agree and variances are 1, so that the pooled CCC is the mean covariance, and the true difference is known.
    Seeds and recordings move the difference too; the difference that both share is paired away.
    """
    rng = np.random.default_rng(11)
    trials, seeds, recordings, true = 200, 10, 20, 0.05
    covered, widths = 0, []
    for _ in range(trials):
        shared = rng.normal(0, 0.1, (1, 1, recordings))  # hard for both
        starts, harder = rng.normal(0, 0.03, (2, seeds, 1)), rng.normal(0, 0.04, (2, 1, recordings))
        covariance = 0.4 + true * np.array([1, 0])[:, None, None] + shared + starts + harder
        rows = np.zeros((2, seeds, recordings, 6))
        rows[..., 0], rows[..., 3:5], rows[..., 5] = 100, 1.0, covariance
        interval = bootstrap([rows], difference(0, 1), draws=300)
        covered += interval.low <= true <= interval.high
        widths.append(interval.high - interval.low)
    # 95 % promised; 200 trials have a deviation of 1.5 %, and 10 seeds, 20 recordings and 300 draws cost about 3 %.
    assert 0.87 <= covered / trials <= 0.99
    by_hand = 2 * 1.96 * np.sqrt(2 * (0.03**2 / seeds + 0.04**2 / recordings))
    assert np.mean(widths) == pytest.approx(by_hand, rel=0.1)


@pytest.mark.parametrize("between", [0.0, 0.03])
def test_the_interval_over_cohorts_covers_a_difference_and_is_no_wider_than_it_must_be(between):
    """Each seed has nine people of its own, who move the difference of two systems by .1; a cohort moves all its own.

    The width by hand is that of independent people in independent cohorts. To redraw cohorts and their people widens
    it, most where cohorts do not differ: by sqrt(2) in the limit.
    """
    rng = np.random.default_rng(12)
    trials, seeds, recordings, true = 120, 10, 9, 0.05
    covered, widths = 0, []
    for _ in range(trials):
        moved = rng.normal(0, between, (seeds, 1)) + rng.normal(0, 0.1, (seeds, recordings))
        rows = np.zeros((2, seeds, recordings, 6))
        rows[..., 0], rows[..., 3:5] = 100, 1.0
        rows[..., 5] = 0.4 + np.stack([true + moved, np.zeros_like(moved)])
        interval = bootstrap([rows], difference(0, 1), draws=200, cohorts=True)
        covered += interval.low <= true <= interval.high
        widths.append(interval.high - interval.low)
    # 95 % promised; 120 trials have a deviation of 2 %, and to redraw at both levels is cautious.
    assert covered / trials >= 0.9
    by_hand = 2 * 1.96 * np.sqrt(between**2 / seeds + 0.1**2 / (seeds * recordings))
    assert 0.95 < np.mean(widths) / by_hand < np.sqrt(2)


def test_people_of_a_cohort_are_drawn_for_each_drawn_cohort_by_a_literal_loop():
    rng = np.random.default_rng(13)
    rows = [simulated(rng, recordings=n) for n in (4, 5)]
    draws = np.random.default_rng(0)
    seeds = draws.integers(0, 3, (200, 3))
    people = [draws.integers(0, n, (200, 3, n)) for n in (4, 5)]
    values = [
        np.mean(
            [
                pooled_ccc(rotation[0, seed][of_rotation[draw, k]])
                - pooled_ccc(rotation[1, seed][of_rotation[draw, k]])
                for rotation, of_rotation in zip(rows, people, strict=True)
                for k, seed in enumerate(seeds[draw])
            ]
        )
        for draw in range(200)
    ]
    expected = np.quantile(values, [0.025, 0.975])
    np.testing.assert_allclose(bootstrap(rows, difference(0, 1), draws=200, cohorts=True)[1:], expected, rtol=1e-12)


# Relations


def test_a_paired_difference_is_narrower_than_an_unpaired_one():
    rows = simulated(np.random.default_rng(5), shared=0.4)
    paired = bootstrap([rows], difference(0, 1))
    one, other = (bootstrap([rows], system(i), seed=i) for i in (0, 1))
    unpaired = np.hypot(one.high - one.low, other.high - other.low)
    assert paired.high - paired.low < 0.5 * unpaired


def test_a_system_against_itself_differs_by_0():
    rows = simulated(np.random.default_rng(6), systems=1)
    assert bootstrap([np.concatenate([rows, rows])], difference(0, 1)) == (0.0, 0.0, 0.0)


def test_seeds_that_scatter_widen_the_interval():
    rows = simulated(np.random.default_rng(7), systems=1, seeds=3)
    alike = np.repeat(rows[:, :1], 3, axis=1)
    scattered = alike.copy()
    scattered[..., 5] *= np.array([0.5, 1.0, 1.5])[:, None]  # the covariance, and so the CCC
    of_alike, of_scattered = (bootstrap([r], system(0)) for r in (alike, scattered))
    assert of_scattered.high - of_scattered.low > 1.2 * (of_alike.high - of_alike.low)


def test_a_higher_level_is_wider_and_the_estimate_stays():
    rows = [simulated(np.random.default_rng(8))]
    narrow, wide = (bootstrap(rows, system(0), level=level) for level in (0.5, 0.95))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert narrow.estimate == wide.estimate


def test_the_seed_alone_decides_the_draws():
    rows = [simulated(np.random.default_rng(9))]
    assert bootstrap(rows, system(0)) == bootstrap(rows, system(0))
    assert bootstrap(rows, system(0)) != bootstrap(rows, system(0), seed=1)


# Degenerate input


def test_one_seed_and_one_recording_have_no_width():
    interval = bootstrap([simulated(np.random.default_rng(10), seeds=1, recordings=1)], system(0))
    assert interval.low == interval.high == pytest.approx(interval.estimate)


def test_constant_predictions_score_0():
    rows = np.broadcast_to([50.0, 0.1, 0.3, 0.04, 0.0, 0.0], (1, 2, 3, 6))
    assert bootstrap([rows], system(0)) == (0.0, 0.0, 0.0)


# Error messages


@pytest.mark.parametrize("shapes", [[], [(2, 3, 4)], [(2, 3, 4, 5)], [(2, 3, 4, 6), (2, 1, 4, 6)], [(2, 3, 0, 6)]])
def test_shapes_are_checked(shapes):
    with pytest.raises(ValueError, match="Pass a list of arrays, also for a single rotation"):
        bootstrap([np.ones(shape) for shape in shapes], system(0))
