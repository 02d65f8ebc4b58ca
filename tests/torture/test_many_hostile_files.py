"""What `tests/test_hostile_input.py` tries a part of, in full: ARFF 2000, each kind of CSV and WAV 1000."""

import pytest
import test_hostile_input as part
from test_hostile_input import good, test_physiology, test_raters, test_sound  # noqa: F401  # run here with more


@pytest.fixture
def count():
    return 1000


def test_arff(good, tmp_path):  # noqa: F811
    part.test_arff(good, tmp_path, 2000)
