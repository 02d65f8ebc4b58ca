"""Figures of a simulated speaker show what they were given, where it belongs."""

import base64
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.io import wavfile

from replica.corpora.simulated.face import CENTRE_PIXELS, EYES_PIXELS, MEAN_FACE
from replica.features.geometry import LEFT_EYE, RIGHT_EYE
from replica.figures import simulated_speaker as drawn
from replica.recovery import RECOVERED


@pytest.fixture
def figure():
    figure = plt.figure()
    yield figure
    plt.close(figure)


def test_the_stretch_with_the_most_voice():
    voiced = np.zeros(300, bool)
    voiced[110:160] = True
    assert drawn.loudest(voiced, 2.0) == 125 - 25  # the first of those that hold all of it
    assert drawn.loudest(voiced[:150], 2.0) == 75


def test_the_player_holds_the_sound_and_tells_of_it():
    sound = 0.01 * np.sin(np.arange(4000) / 5)
    told = drawn.player(sound, 8000, 'a hum, "low"')
    assert told.count("a hum, &quot;low&quot;") == 2 and "<audio controls" in told
    rate, levels = wavfile.read(io.BytesIO(base64.b64decode(re.search('base64,([^"]+)', told)[1])))
    assert rate == 8000
    np.testing.assert_allclose((levels - 128.0) / 127 / 0.9 * 0.01, sound, atol=0.01 / 127)


def test_silence_can_be_played():
    assert "base64," in drawn.player(np.zeros(100), 8000, "nothing")


def test_landmarks_lie_on_the_patch():
    """Eyes symmetrically, at their height: as the patch is painted."""
    at = drawn.in_patch(MEAN_FACE[None, :, :2] * EYES_PIXELS + CENTRE_PIXELS)[0]
    outer = at[[RIGHT_EYE[0], LEFT_EYE[3]]]
    np.testing.assert_allclose(outer, [[24 - 48 / 3.4, 0.27 * 48], [24 + 48 / 3.4, 0.27 * 48]])


def test_faces_at_their_moments(figure):
    patches = np.arange(3)[:, None, None] * np.full((48, 48), 50, np.uint8)
    landmarks = np.tile(MEAN_FACE[:, :2] * EYES_PIXELS, (3, 1, 1))
    drawn.faces(patches, landmarks, {2: "late", 0: "early", 1: "between"}, figure)
    shown = [(ax.get_xlabel(), int(ax.images[0].get_array().max())) for ax in figure.axes if ax.images]
    assert shown == [("late, 0.1 s", 100), ("early, 0.0 s", 0), ("between, 0.0 s", 50)]


def test_percept_above_and_raters_below(figure):
    frames = np.linspace(0, 0.2, 10)
    state, gold = np.stack([frames, -frames], axis=1), np.stack([2 * frames, 3 * frames], axis=1)
    drawn.perceived(state, 4 * state, np.tile(gold, (6, 1, 1)), gold, figure, frame_seconds=0.4)
    above, above_right, below, below_right = figure.axes
    assert above.lines[0].get_ydata()[-1] == 0.2 and above_right.lines[1].get_ydata()[-1] == pytest.approx(-0.8)
    assert below.get_xlim()[1] == pytest.approx(9 * 0.4)
    assert (len(below.lines), below_right.lines[-1].get_ydata()[-1]) == (7, pytest.approx(0.6))


def test_signals_keep_their_places_and_colours(figure):
    rows = {"one": {"measured": ([0, 1], [5, 6])}, "two": {"planted": ([0, 1], [7, 8]), "measured": ([0, 1], [7, 7])}}
    drawn.signals(rows, (0.2, 0.4), figure)
    one, two = figure.axes
    assert [ax.get_ylabel() for ax in (one, two)] == ["one", "two"]
    assert one.lines[0].get_color() == two.lines[1].get_color() != two.lines[0].get_color()


def test_every_verdict_has_a_colour_and_a_marker(figure):
    rows = [(0.9, 0.8, 1.0, 10, "recovered"), (0.3, 0.1, 0.5, 10, "partly"), (0.0, -0.1, 0.1, 10, "not recovered")]
    index = pd.MultiIndex.from_tuples([(f"cue {k}", "set", "column") for k in range(3)])
    table = pd.DataFrame(rows, index, ["cc", "low", "high", "frames", "verdict"])
    ax = drawn.recovered(table, figure.subplots())
    marks = {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}
    assert {word: line.get_xdata().tolist() for word, line in marks.items()} == {
        "recovered": [0.9], "partly": [0.3], "not recovered": [0.0]
    }  # fmt: skip
    assert RECOVERED in [line.get_xdata()[0] for line in ax.lines if line.get_label() not in marks]
    assert len({line.get_color() for line in marks.values()} | {line.get_marker() for line in marks.values()}) == 6
