"""Each function returns its axis and draws what it was given; the network as it is declared."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from replica.corpora.recording import CorpusKey
from replica.figures import fusion_structure
from replica.runs import Run

WIDTHS = {"sound": 7, "light": 4, "hash": 9}


def run(**options):
    return Run(CorpusKey("made up", "1"), tuple(WIDTHS), ("arousal",), "desk", (20, 10), "mse", 0, **options)


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def texts(ax):
    return {text.get_text(): text.get_position()[1] for text in ax.texts if text.get_text()}


def test_features_stand_beside_the_layer_that_they_enter(ax):
    assert fusion_structure.network(run(enters=(1, 2, 2)), WIDTHS, ax) is ax
    at = texts(ax)
    assert at["sound  7"] == at["hidden layer 1\n20 LSTM units"]
    assert at["light  4\nhash  9"] == at["hidden layer 2\n10 LSTM units"]
    assert at["arousal"] > at["hidden layer 2\n10 LSTM units"] > at["hidden layer 1\n20 LSTM units"]
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 4  # two sets of features, and the output of each of two layers


def test_in_a_concatenation_all_enter_the_first_layer(ax):
    fusion_structure.network(run(), WIDTHS, ax)
    assert texts(ax)["sound  7\nlight  4\nhash  9"] == texts(ax)["hidden layer 1\n20 LSTM units"]
    assert len(ax.patches) == 4  # the features, two layers, the output


def test_a_layer_is_filled_where_it_sees(ax):
    seen = pd.DataFrame([[True, False], [True, True]], ["layer 1", "layer 2"], ["sound", "light"])
    assert fusion_structure.layers_see(seen, ax) is ax
    filled = {tuple(np.ravel(line.get_data())): line.get_color() != "white" for line in ax.lines}
    assert filled == {(0, 0): True, (1, 0): False, (0, 1): True, (1, 1): True}


def test_influence_is_a_share_of_the_greatest(ax):
    profiles, colours = {"sound": [1, 4, 2, 0], "light": [3, 1, 1, 0]}, {"sound": "red", "light": "blue"}
    assert fusion_structure.influence_over_time(profiles, colours, ax) is ax
    assert ax.lines[0].get_ydata().tolist() == [0.25, 1, 0.5, 0]
    assert [(text.get_text(), text.xy[0]) for text in ax.texts] == [("sound", 1), ("light", 0)]
