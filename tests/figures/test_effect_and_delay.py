import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from replica.experiments import effect_and_delay as experiment
from replica.figures import effect_and_delay as drawn

NAMES = [
    (option, value, system)
    for option, values in experiment.VALUES.items()
    for value in values
    for system in (experiment.RIDGE, experiment.BLSTM, experiment.CCC, experiment.MSE)
]
CCC = np.random.default_rng(3).uniform(0, 1, len(NAMES))
ROWS = pd.DataFrame(
    {"test CCC": CCC, "low": CCC - 0.1, "high": CCC + 0.2, "chance": CCC / 10}, index=pd.MultiIndex.from_tuples(NAMES)
)


def test_a_line_a_system_over_the_values_of_one_number():
    ax = drawn.against(ROWS, "delay_seconds", plt.figure().subplots())
    lines = {line.get_label(): line for line in ax.lines}
    for system in drawn.STYLES:
        expected = [ROWS.loc[("delay_seconds", value, system), "test CCC"] for value in experiment.DELAYS_SECONDS]
        assert list(lines[system].get_ydata()) == expected
        assert [round(x) for x in lines[system].get_xdata()] == [0, 2, 4]
    interval = ax.collections[0].get_segments()[1][:, 1]
    of = ROWS.loc[("delay_seconds", 2.0, experiment.MSE)]
    assert interval.tolist() == [of["low"], of["high"]]
    greatest = ROWS.loc["delay_seconds"]["chance"].groupby(level=0).max()
    assert [bar.get_height() for bar in ax.patches] == greatest.tolist()
    assert [lines[system].get_linestyle() for system in drawn.STYLES] == ["-", "-", ":", "--"]
    plt.close()


def test_a_panel_for_each_dimension_and_number_and_one_key():
    figure = drawn.panels({"arousal": ROWS, "valence": ROWS * 0.5}, plt.figure())
    labels = [(ax.get_ylabel(), ax.get_xlabel()) for ax in figure.axes]
    assert labels == [
        ("test CCC, arousal", "effect (1: the corpus)"),
        ("", "raters' delay (s)"),
        ("test CCC, valence", "effect (1: the corpus)"),
        ("", "raters' delay (s)"),
    ]
    heights = [ax.lines[0].get_ydata()[0] for ax in figure.axes]
    assert heights[2] == 0.5 * heights[0]
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim() != figure.axes[2].get_ylim()
    (key,) = figure.legends
    assert [text.get_text() for text in key.get_texts()] == [*drawn.STYLES, "chance"]
    plt.close(figure)


def test_chance_below_zero_is_no_bar():
    ax = drawn.against(ROWS.assign(chance=-0.1), "effect", plt.figure().subplots())
    assert [bar.get_height() for bar in ax.patches] == [0, 0, 0]
    plt.close()
