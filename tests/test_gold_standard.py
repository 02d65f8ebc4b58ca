import audmetric
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replica.gold_standard import gold_standard, rater_weights


@pytest.fixture
def annotations():
    """Six raters of one recording, (raters, frames, 2): a shared trace, own offset, own scale, own noise."""
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(1, 200, 2)).cumsum(axis=1) / 20
    return rng.uniform(0.3, 1, (6, 1, 2)) * shared + rng.normal(0, 0.2, (6, 1, 2)) + rng.normal(0, 0.05, (6, 200, 2))


# Hand values


def test_hand_values():
    # Raters 1 and 2 are equal, rater 3 is constant: pairwise CCC 1, 0, 0, so weights 1/2, 1/2, 0.
    annotations = np.array([[0.0, 0.4], [0.0, 0.4], [0.8, 0.8]])
    np.testing.assert_allclose(rater_weights(annotations), [0.5, 0.5, 0.0])
    # Offset 0.2 from the first two; shape (-0.2, 0.2) from two of three raters.
    np.testing.assert_allclose(gold_standard(annotations), [0.2 - 0.4 / 3, 0.2 + 0.4 / 3])


# Independent oracle


def test_agrees_with_the_formula_and_audmetric(annotations):
    arousal = annotations[..., 0]
    agreement = np.array([[audmetric.concordance_cc(a, b) for b in arousal] for a in arousal])
    weights = (agreement.sum(axis=1) - 1.0) / 5
    assert (weights > 0).all()
    offset = sum(w * rater.mean() for w, rater in zip(weights, arousal, strict=True)) / sum(weights)
    expected = np.mean([rater - rater.mean() for rater in arousal], axis=0) + offset
    np.testing.assert_allclose(rater_weights(arousal), weights, rtol=1e-12)
    np.testing.assert_allclose(gold_standard(arousal), expected, rtol=1e-12)


# Relations


def test_both_dimensions_are_computed_apart(annotations):
    for function in (gold_standard, rater_weights):
        both = function(annotations)
        np.testing.assert_array_equal(both[:, 0], function(annotations[..., 0]))
        np.testing.assert_array_equal(both[:, 1], function(annotations[..., 1]))


def test_the_weights_move_the_offset_only(annotations):
    difference = gold_standard(annotations) - annotations.mean(axis=0)
    np.testing.assert_allclose(difference, np.broadcast_to(difference[:1], difference.shape), atol=1e-14)
    assert np.abs(difference[0]).min() > 1e-3


@given(st.floats(-0.5, 0.5), st.permutations(range(6)))
@settings(max_examples=20)
def test_a_common_shift_carries_over_and_the_order_of_raters_does_not_matter(shift, order):
    annotations = np.random.default_rng(1).normal(size=(6, 30))
    np.testing.assert_allclose(
        gold_standard(annotations[order] + shift), gold_standard(annotations) + shift, atol=1e-12
    )


def test_time_reversal_reverses_the_gold_standard(annotations):
    np.testing.assert_allclose(gold_standard(annotations[:, ::-1]), gold_standard(annotations)[::-1], atol=1e-14)


def test_raters_that_agree_fully_are_their_gold_standard(annotations):
    same = np.repeat(annotations[:1], 3, axis=0)
    np.testing.assert_allclose(gold_standard(same), annotations[0], atol=1e-14)
    np.testing.assert_allclose(rater_weights(same), 1.0)


# Degenerate input


def test_a_negative_weight_counts_as_0():
    trace = np.random.default_rng(2).normal(size=50)
    opposed = np.stack([trace, trace + 0.1, -trace + 3.0])
    assert rater_weights(opposed)[2] == 0.0
    first, second, _ = weights = rater_weights(opposed)
    expected = (first * trace.mean() + second * (trace.mean() + 0.1)) / weights.sum()
    assert gold_standard(opposed).mean() == pytest.approx(expected)


def test_no_agreement_at_all_gives_the_plain_mean():
    opposed = np.array([[0.1, 0.5, 0.9], [0.9, 0.5, 0.1]])
    np.testing.assert_array_equal(rater_weights(opposed), 0.0)
    np.testing.assert_allclose(gold_standard(opposed), 0.5)


def test_constant_raters_have_weight_0():
    levels = (0.1, 0.1, 0.7)
    constant = np.stack([np.full(9, level) for level in levels])
    np.testing.assert_array_equal(rater_weights(constant), 0.0)
    np.testing.assert_allclose(gold_standard(constant), 0.3)


def test_one_frame():
    np.testing.assert_allclose(gold_standard([[0.2], [0.6]]), [0.4])


# Error messages


@pytest.mark.parametrize("shape", [(5,), (1, 5), (3, 0), (3, 5, 3), (3, 5, 2, 1)])
def test_shapes_are_checked(shape):
    for function in (gold_standard, rater_weights):
        with pytest.raises(ValueError, match="Put the raters first"):
            function(np.zeros(shape))


@pytest.mark.parametrize(("rater", "frame"), [(0, 4), (2, 0)])
def test_a_gap_names_its_rater(rater, frame):
    annotations = np.zeros((3, 5))
    annotations[rater, frame] = np.nan
    with pytest.raises(ValueError, match=rf"raters \[{rater}\].*leave these raters out"):
        gold_standard(annotations)
