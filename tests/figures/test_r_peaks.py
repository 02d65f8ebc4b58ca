"""The figure shows the samples and the peaks that it was given, and no peak from elsewhere."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from replica.figures.r_peaks import r_peaks


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_peaks_of_two_detectors_above_the_signal(ax):
    seconds, signal = np.arange(10, 15) / 2, [0.0, 1.0, 0.0, 2.0, 0.0]
    assert r_peaks(seconds, signal, {"one": [1.0, 5.5, 6.5], "other": [6.5, 9.0]}, ax) is ax
    trace, one, other = ax.lines
    assert list(trace.get_xdata()) == list(seconds) and list(trace.get_ydata()) == signal
    assert (list(one.get_xdata()), one.get_label()) == ([5.5, 6.5], "one")
    assert (list(other.get_xdata()), other.get_label()) == ([6.5], "other")
    assert other.get_ydata()[0] > one.get_ydata()[0] > 2.0
