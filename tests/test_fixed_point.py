import hypothesis
import hypothesis.extra.numpy as arrays
import numpy as np
import pytest

from replica.fixed_point import STEP, decode, encode, on_grid

SHAPE = (2, 5, 1)


def test_by_hand():
    """Steps 1, 3, 2: differences 1, 2, -1; their differences 1, 1, -3; folded 2, 2, 5."""
    planes = encode(np.array([1.0, 3.0, 2.0]).reshape(1, 3, 1) * STEP)
    assert planes.dtype == np.uint8
    assert planes[0].ravel().tolist() == [2, 2, 5]
    assert not planes[1:].any()
    assert decode(planes).ravel().tolist() == [STEP, 3 * STEP, 2 * STEP]


def test_nearest_step():
    """A tie goes to the even step, as np.rint has it."""
    steps = np.array([0.49, 0.51, -0.49, -0.51, 0.5, 1.5]).reshape(1, 6, 1)
    assert (on_grid(steps * STEP) / STEP).ravel().tolist() == [0, 1, 0, -1, 0, 2]


@hypothesis.given(arrays.arrays(np.float32, SHAPE))
def test_read_back_as_it_was_for_any_float(x):
    """NaN, infinities and values beyond the grid among them; and a second time changes nothing."""
    kept = on_grid(x)
    assert kept.dtype == np.float32
    assert kept.shape == SHAPE
    np.testing.assert_array_equal(decode(encode(kept)), kept)
    inside = np.abs(x) < 2**20 - 1
    np.testing.assert_array_equal(np.isnan(kept), np.isnan(x))
    np.testing.assert_array_equal(kept[np.isinf(x)], x[np.isinf(x)])
    assert (np.abs(kept[inside] - x[inside]) <= STEP / 2).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e6, -3e6])
def test_no_number_spoils_its_neighbours(value):
    x = np.array([0.5, value, -0.25, value, 1.0], dtype="float32").reshape(1, 5, 1)
    kept = on_grid(x).ravel()
    assert kept[[0, 2, 4]].tolist() == [0.5, -0.25, 1.0]
    expected = value if not np.isfinite(value) else np.sign(value) * np.inf
    np.testing.assert_array_equal(kept[[1, 3]], np.float32(expected))


def test_dimensions_and_recordings_do_not_mix():
    x = np.random.default_rng(0).normal(size=(3, 9, 2))
    kept = on_grid(x)
    for recording in range(3):
        for dimension in range(2):
            part = x[recording : recording + 1, :, dimension : dimension + 1]
            np.testing.assert_array_equal(kept[recording, :, dimension], on_grid(part)[0, :, 0])


def test_smooth_predictions_fill_the_lowest_plane_only():
    time = np.linspace(0, 60, 1500)
    planes = encode((0.4 * np.sin(time)).reshape(1, -1, 1))
    assert planes[0].any()
    assert not planes[1:, :, 2:].any()
