import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from replica.figures import temporal_model


@pytest.fixture
def ax():
    figure, axis = plt.subplots()
    yield axis
    plt.close(figure)


def test_signal_holds_each_value_for_a_frame(ax):
    values = [0.0, 1.0, 0.5]
    assert temporal_model.signal(values, "gate", ax, limits=(0, 1)) is ax
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), values)
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [0, 0.04, 0.08])
    assert ax.lines[0].get_drawstyle() == "steps-post"
    assert [text.get_text() for text in ax.texts] == ["gate"]


def test_forgetting_draws_the_closed_form_beside_what_was_measured(ax):
    left = {0.0: 0.6 ** np.arange(12), 2.0: 0.9 ** np.arange(12)}
    assert temporal_model.forgetting(left, ax) is ax
    closed_0, measured_0, closed_2, measured_2 = ax.lines[:4]
    np.testing.assert_allclose(closed_0.get_ydata(), 0.5 ** np.arange(12))
    np.testing.assert_allclose(closed_2.get_ydata()[:2], [1, 0.8807970779778823])
    np.testing.assert_array_equal(measured_0.get_ydata(), left[0.0])
    np.testing.assert_array_equal(measured_2.get_ydata(), left[2.0])


def test_peephole_difference_draws_the_points(ax):
    assert temporal_model.peephole_difference([0.01, 0.1, 1], [0.002, 0.02, 0.1], ax) is ax
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0.01, 0.002], [0.1, 0.02], [1, 0.1]])
    assert ax.get_xscale() == ax.get_yscale() == "log"
