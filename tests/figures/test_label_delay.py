import matplotlib.pyplot as plt
import pandas as pd

from replica.figures import label_delay


def test_a_line_for_each_network_and_the_ridge_across_all():
    networks = tuple(label_delay.NETWORK_COLOURS)
    index = pd.MultiIndex.from_product([networks, (0, 2, 4)], names=["network", "delay"])
    rows = pd.DataFrame({"test CCC": range(9), "low": range(-1, 8), "high": range(1, 10), "chance": 0.1}, index=index)
    ax = label_delay.by_delay(rows, 0.7, plt.figure().subplots())
    lines = {line.get_label(): line for line in ax.lines}
    for k, network in enumerate(networks):
        assert list(lines[network].get_ydata()) == [3 * k, 3 * k + 1, 3 * k + 2]
        assert [round(x) for x in lines[network].get_xdata()] == [0, 2, 4]
    assert set(lines["ridge"].get_ydata()) == {0.7}
    assert [bar.get_height() for bar in ax.patches] == [0.1] * 3
    plt.close()


def test_what_is_not_recorded_is_not_drawn():
    index = pd.MultiIndex.from_tuples([("LSTM", 0), ("LSTM", 2), ("BLSTM", 0)], names=["network", "delay"])
    rows = pd.DataFrame({"test CCC": [0.1, 0.2, 0.3], "low": 0.0, "high": 0.4, "chance": 0.1}, index=index)
    ax = label_delay.by_delay(rows, 0.7, plt.figure().subplots())
    lines = {line.get_label(): list(line.get_ydata()) for line in ax.lines}
    assert lines["LSTM"] == [0.1, 0.2]
    assert lines["BLSTM"] == [0.3]
    assert "BLSTM unreversed" not in lines
    plt.close()


def test_a_panel_for_each_dimension_and_one_key():
    index = pd.MultiIndex.from_product([["LSTM"], (0, 2)], names=["network", "delay"])
    rows = {d: pd.DataFrame({"test CCC": ccc, "low": 0.0, "high": 0.4, "chance": 0.1}, index=index)
            for d, ccc in (("arousal", [0.1, 0.2]), ("valence", [0.3, 0.4]))}  # fmt: skip
    figure = label_delay.panels(rows, {"valence": 0.6, "arousal": 0.5}, plt.figure())
    drawn = [{line.get_label(): list(line.get_ydata()) for line in ax.lines} for ax in figure.axes]
    assert [(of["LSTM"], of["ridge"][0]) for of in drawn] == [([0.1, 0.2], 0.5), ([0.3, 0.4], 0.6)]
    assert [ax.get_ylabel() for ax in figure.axes] == ["test CCC, arousal", "test CCC, valence"]
    (key,) = figure.legends
    assert [text.get_text() for text in key.get_texts()] == ["LSTM", "ridge", "chance"]
    plt.close(figure)
