import matplotlib.pyplot as plt
import numpy as np
import pytest

from replica.figures import features


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_unvoiced_frames_are_not_drawn(ax):
    features.f0_tracks([0, 1, 2], [100, 0, 120], {"a": [0, 90, 110]}, ax)
    reference, track = (line.get_ydata() for line in ax.lines)
    assert np.isnan(reference).tolist() == [False, True, False]
    assert np.isnan(track).tolist() == [True, False, False]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["reference", "a"]


def test_a_curve_for_each_setting(ax):
    features.kept_by_pitch([100, 200], {"a": [0, 1], "b": [0.5, 1]}, ax)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0, 1], [0.5, 1]]
    assert "Hz" in ax.get_xlabel()


def test_columns_are_standardised_and_a_constant_one_stays_zero(ax):
    values = np.column_stack([[1.0, 3.0, 5.0], [7.0, 7.0, 7.0]])
    features.columns_over_time([0, 0.04, 0.08], values, "set", ax)
    (image,) = ax.images
    np.testing.assert_allclose(image.get_array(), [[-1.2247, 0, 1.2247], [0, 0, 0]], atol=1e-4)
    assert "2 columns" in ax.get_ylabel()


def test_lines_part_a_picture_into_blocks(ax):
    features.picture(np.zeros((48, 48)), "patch", ax, blocks=4)
    assert sorted(line.get_ydata()[0] for line in ax.lines[::2]) == [11.5, 23.5, 35.5]  # between pixels
    assert ax.get_xlabel() == "patch" and len(ax.images) == 1
