"""The figure of the claims page: where its marks stand."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from replica.figures import verdict_overview


def test_a_bar_as_wide_as_what_is_needed_and_a_diamond_at_what_is_printed():
    table = pd.DataFrame(
        {"printed": [0.06, 0.001, -0.02], "needed": [0.05, np.nan, 0.1]}, index=["5.3c", "5.8b", "5.9b"]
    )
    _, ax = plt.subplots()
    assert verdict_overview.powers(table, ax) is ax
    assert [label.get_text() for label in ax.get_yticklabels()] == ["5.3c", "5.9b"]
    diamonds = [line.get_xydata().tolist()[0] for line in ax.lines if line.get_marker() == "D"]
    assert diamonds == [[0.06, 0], [-0.02, 1]]
    widths = [np.ptp(bar.get_paths()[0].vertices[:, 0]) for bar in ax.collections]
    np.testing.assert_allclose(widths, [0.1, 0.2])
    plt.close()
