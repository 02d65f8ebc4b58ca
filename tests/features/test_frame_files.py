"""Numbers of frames; what the readers of landmarks and faces do with them is tested there."""

from pathlib import Path

import numpy as np
import pytest

from replica.features.frame_files import numbered, rows

SOURCE = Path("dev_2.csv")


def test_rows_count_from_0():
    assert rows(SOURCE, np.array([3.0, 1.0, 7.0])).tolist() == [2, 0, 6]


def test_the_last_number_of_a_name_counts(tmp_path):
    for name in ("dev_2_frame_10.PTS", "dev_2_frame_9.pts", "dev_2_frame_11_aligned.pts", "dev_2.csv"):
        (tmp_path / name).touch()
    files, row = numbered(tmp_path, (".pts",))
    assert dict(zip([file.name for file in files], row.tolist(), strict=True)) == {
        "dev_2_frame_10.PTS": 9,
        "dev_2_frame_11_aligned.pts": 10,
        "dev_2_frame_9.pts": 8,
    }


@pytest.mark.parametrize("numbers", [[0, 1], [1, 1], [1, 2.5], [-3, 1], [1, 2, 1e15]])
def test_numbers_that_cannot_be_right(numbers):
    with pytest.raises(ValueError, match=r"in dev_2\.csv"):
        rows(SOURCE, np.array(numbers, np.float64))


def test_gaps_are_allowed_up_to_a_limit():
    # One second of frames is granted to every recording; ten times as many absent as present are not.
    assert rows(SOURCE, np.array([260.0])).tolist() == [259]
    with pytest.raises(ValueError, match="frame 261 with 1 frames in all"):
        rows(SOURCE, np.array([261.0]))
