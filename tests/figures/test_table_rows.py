import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from replica.figures import table_rows


def summary():
    index = pd.MultiIndex.from_product([("voice", "face"), ("LSTM", "ridge")])
    numbers = {"dev CCC": [0.5, 0.4, 0.3, 0.2], "test CCC": [0.45, 0.35, 0.25, 0.15]}
    return pd.DataFrame({**numbers, "low": 0.1, "high": 0.6, "chance": [0.05, -0.1, 0.07, 0.08]}, index=index)


def test_each_system_has_its_dot_dev_and_chance_on_a_line_of_its_own():
    ax = table_rows.rows(summary(), plt.figure().subplots())
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    dev = [line for line in ax.lines if line.get_marker() == "|"]
    assert [line.get_xdata()[0] for line in dots] == [0.45, 0.35, 0.25, 0.15]
    assert [line.get_xdata()[0] for line in dev] == [0.5, 0.4, 0.3, 0.2]
    heights = [line.get_ydata()[0] for line in dots]
    np.testing.assert_allclose(heights, [-0.2, 0.2, 0.8, 1.2])
    assert [bar.get_width() for bar in ax.patches] == [0.05, 0.0, 0.07, 0.08]  # no bar for chance below 0
    assert [label.get_text() for label in ax.get_yticklabels()] == ["voice", "face"]
    plt.close()


def test_panels_are_named_by_dimension_and_have_one_axis_and_one_key():
    of = {"arousal": summary(), "valence": summary() / 2}
    figure = table_rows.panels(of, plt.figure())
    left, right = figure.axes
    assert [ax.get_xlabel() for ax in (left, right)] == ["CCC, arousal", "CCC, valence"]
    dots = [[line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"] for ax in (left, right)]
    np.testing.assert_allclose(dots[1], np.array(dots[0]) / 2)
    assert left.get_xlim() == right.get_xlim()
    assert len(figure.legends) == 1
    plt.close()


def test_what_a_section_adds_has_a_colour_of_its_own():
    kinds = ("LSTM", "multi-task", "new structure", "ridge")
    assert [table_rows.colour_of(kind) for kind in kinds] == ["#0072B2", "#D55E00", "#D55E00", "0.35"]


def test_key_names_every_mark():
    figure = table_rows.key(summary(), plt.figure())
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["LSTM", "ridge", "dev", "chance"]
    plt.close()
