"""Power from a spread: hand values, and the share of simulated experiments that show a known difference."""

import numpy as np
import pytest

from replica import power
from replica.statistics import Interval, bootstrap, difference


def test_standard_error_by_hand():
    """Half of 0.392 is 1.96 times 0.1; on a quarter of the people it is twice as large."""
    assert power.standard_error(Interval(0.5, 0.304, 0.696), 9) == pytest.approx(0.1, rel=1e-4)
    assert power.standard_error(Interval(0.5, 0.304, 0.696), 36) == pytest.approx(0.2, rel=1e-4)
    assert power.standard_error(Interval(0.5, 0.304, 0.696), 9, wanted=36) == pytest.approx(0.05, rel=1e-4)


def test_power_by_hand():
    """No difference is shown on its side by one interval in 40; one of 1.96 standard errors by every second."""
    assert power.of_sign(0.0, 0.1) == pytest.approx(0.025, rel=1e-6)
    assert power.of_sign(0.1 * 1.959964, 0.1) == pytest.approx(0.5, rel=1e-6)
    assert power.of_sign(-0.1, 0.1) < 0.025
    assert power.detectable(0.1) == pytest.approx(0.28016, rel=1e-4)
    assert power.of_sign(power.detectable(0.1), 0.1) == pytest.approx(0.8, rel=1e-9)


def test_equality_by_hand():
    """A margin of 1.96 standard errors leaves an estimate no room; twice that leaves it 1.96 either way."""
    assert power.of_equality(0.0, 0.1, 0.1) == 0.0
    assert power.of_equality(0.0, 2 * 0.1959964, 0.1) == pytest.approx(0.95, rel=1e-6)
    assert power.of_equality(0.05, 0.5, 0.1) == pytest.approx(power.of_equality(-0.05, 0.5, 0.1), rel=1e-12)
    assert power.of_equality(5.0, 0.5, 0.1) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("true", [0.0, 0.03, 0.06])
def test_power_is_the_share_of_experiments_that_show_the_difference(true):
    """Known standard error 0.02 of a mean over nine people; 4000 experiments, so a share is off by 0.02 at most."""
    rng = np.random.default_rng(3)
    estimates = (true + 0.06 * rng.standard_normal((4000, 9))).mean(axis=1)
    assert np.mean(estimates - 1.959964 * 0.02 > 0) == pytest.approx(power.of_sign(true, 0.02), abs=0.02)


def test_standard_error_from_a_bootstrap_over_many_people_is_that_of_nine():
    """Two systems of known paired difference per person: mean 0.05, deviation 0.12, so 0.04 on nine people."""
    rng = np.random.default_rng(5)
    people, common = 120, 0.3 + 0.1 * rng.standard_normal(120)
    covariance = np.stack([common + 0.05 + 0.12 * rng.standard_normal(people), common])
    rows = np.stack([np.array([[100, 0.0, 0.0, 1.0, 1.0, c] for c in of]) for of in covariance])[:, None]
    interval = bootstrap([rows], difference(0, 1))
    assert power.standard_error(interval, people) == pytest.approx(0.04, rel=0.15)


@pytest.mark.parametrize(("interval", "people"), [((0.1, 0.1, 0.1), 9), ((0.1, 0.0, 0.2), 0)])
def test_no_width_or_nobody(interval, people):
    with pytest.raises(ValueError, match="Take an interval over the recordings of more than one person"):
        power.standard_error(Interval(*interval), people)
