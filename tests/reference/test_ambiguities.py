"""What the paper leaves open, as listed: complete, and tied to the fields that can be switched."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from replica.conventions import FEATURE_WIDTHS
from replica.runs import Assumptions

LISTED = pd.read_csv(Path(__file__).parents[2] / "reference/ambiguities.csv", dtype=str, keep_default_na=False)


def test_numbered_in_order_and_nothing_left_empty():
    assert list(LISTED.columns) == ["number", "group", "place", "issue", "chosen", "why", "assumption"]
    assert LISTED["number"].tolist() == [str(k) for k in range(1, len(LISTED) + 1)]
    assert (LISTED[["group", "place", "issue", "chosen", "why"]] != "").all(axis=None)


def test_every_switch_answers_one_listed_question():
    fields = sorted(field.name for field in dataclasses.fields(Assumptions))
    assert sorted(LISTED["assumption"][LISTED["assumption"] != ""]) == fields


@pytest.mark.parametrize(
    ("width", "features"),
    [
        (530, ["audio_short", "video_app", "video_geo", "ecg"]),
        (618, ["audio_long", "video_app", "video_geo", "ecg", "eda"]),
    ],
)
def test_the_widths_that_it_states_are_sums(width, features):
    assert sum(FEATURE_WIDTHS[name] for name in features) == width
    assert str(width) in LISTED.loc[25, "chosen"]
