import numpy as np
import pytest

from replica.late_fusion import LateFusion


def test_hand_values():
    """gold = 2 a - b + 0.5, four frames, no noise."""
    a, b = np.array([0.0, 1, 0, 1]), np.array([0.0, 0, 1, 3])
    fusion = LateFusion().fit([a, b], 2 * a - b + 0.5)
    np.testing.assert_allclose(fusion.weights, [2, -1], atol=1e-12)
    assert fusion.intercept == pytest.approx(0.5)
    np.testing.assert_allclose(fusion.predict([[1.0], [1.0]]), [1.5])


def test_is_the_least_squares_solution():
    rng = np.random.default_rng(0)
    members, gold = rng.normal(size=(3, 50)), rng.normal(size=50)
    fusion = LateFusion().fit(members, gold)
    design = np.column_stack([*members, np.ones(50)])
    solution = np.linalg.lstsq(design, gold, rcond=None)[0]
    np.testing.assert_allclose([*fusion.weights, fusion.intercept], solution, rtol=1e-9)
    residual = gold - fusion.predict(members)
    np.testing.assert_allclose(design.T @ residual, 0, atol=1e-9)


def test_one_member_gets_its_best_line():
    rng = np.random.default_rng(1)
    x = rng.normal(size=40)
    fusion = LateFusion().fit([x], 0.3 * x - 0.1)
    np.testing.assert_allclose(fusion.predict([x]), 0.3 * x - 0.1, atol=1e-12)


def test_constant_member_changes_nothing():
    rng = np.random.default_rng(2)
    x, gold = rng.normal(size=(2, 30))
    with_constant = LateFusion().fit([x, np.full(30, 0.2)], gold)
    np.testing.assert_allclose(
        with_constant.predict([x, np.full(30, 0.2)]), LateFusion().fit([x], gold).predict([x]), atol=1e-12
    )


@pytest.mark.parametrize(
    "members", [[], [np.zeros(3), np.zeros(4)], [np.zeros((3, 1))], [np.array([0, np.nan, 1.0])]], ids=str
)
def test_bad_predictions(members):
    with pytest.raises(ValueError, match="Join the recordings of a subsystem to one array"):
        LateFusion().fit(members, np.zeros(3))


@pytest.mark.parametrize("gold", [np.zeros(4), np.zeros((3, 1)), [0, 1, np.inf]], ids=str)
def test_bad_gold(gold):
    with pytest.raises(ValueError, match="in the order of the predictions"):
        LateFusion().fit([np.arange(3.0)], gold)


def test_other_subsystems_than_fitted():
    fusion = LateFusion().fit([np.arange(3.0)], np.arange(3.0))
    with pytest.raises(ValueError, match="Received 2. Pass the same subsystems"):
        fusion.predict([np.zeros(2), np.zeros(2)])


def test_what_is_not_fitted_predicts_nothing():
    with pytest.raises(ValueError, match=r"Call fit\(\) first"):
        LateFusion().predict([[0.1, 0.2]])
