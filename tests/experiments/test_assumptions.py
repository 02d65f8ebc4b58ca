"""The switchboard: each flip is compared with the network that it flips, on made-up results."""

import pandas as pd
import pytest
from made_up import MadeUpStore

from replica.experiments import assumptions


def ccc(run, dimension, partition):
    """0.3 as assumed and 0.5 bidirectional; the delay adds a tenth for arousal, the alignment takes a fifth."""
    value = 0.5 if run.direction == "bidirectional" else 0.3
    value += 0.1 if run.assumptions.label_delay_seconds == 2 and dimension == "arousal" else 0.0
    return value - (0.2 if run.assumptions.bidirectional_alignment == "unreversed" else 0.0)


@pytest.fixture(scope="module")
def moved():
    shown = assumptions.recorded(MadeUpStore(ccc), "studyforrest", "desk", seeds=(0,))
    return assumptions.moved(shown)


def test_every_value_of_every_field_but_the_assumed_one_is_a_flip(moved):
    flips = set(moved.index.unique("assumption"))
    assert flips == set(assumptions.systems("studyforrest", "desk")) - {assumptions.BASE, assumptions.BIDIRECTIONAL}
    assert {"normalisation = speaker", "normalisation = partition"} < flips  # train is assumed on studyforrest


@pytest.mark.parametrize(
    ("flip", "target", "difference"),
    [
        ("label_delay_seconds = 2", "arousal", 0.1),
        ("label_delay_seconds = 2", "valence", 0.0),
        ("bidirectional_alignment = unreversed", "arousal", -0.2),  # against 0.5, not 0.3
        ("batch = single", "valence", 0.0),
    ],
)
def test_moved_by(moved, flip, target, difference):
    row = moved.loc[(flip, target)]
    assert row["estimate"] == pytest.approx(difference)
    # The same recordings are drawn for both, and their offsets are the same: no width.
    assert (row["low"], row["high"]) == (pytest.approx(difference), pytest.approx(difference))


def test_scores_are_those_that_moved_is_computed_from(moved):
    scores = assumptions.scores(MadeUpStore(ccc), "studyforrest", "desk", seeds=(0,))
    assert isinstance(scores, pd.DataFrame)
    by_hand = scores["arousal"]["moved by"].drop([assumptions.BASE, assumptions.BIDIRECTIONAL])
    assert moved.xs("arousal", level="target")["estimate"].to_dict() == pytest.approx(by_hand.to_dict())
