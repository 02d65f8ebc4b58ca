"""The colours of figures and explorer, as somebody sees them who lacks one kind of cone."""

import itertools
import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from replica import figures
from replica.experiments.systems import CORPORA, features_of

CSS = Path(__file__).resolve().parents[2] / "book/_static/replica.css"

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SEEN_BY = {
    "three kinds of cones": np.eye(3),
    "no long-wave cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no middle-wave cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no short-wave cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
APART = 10  # in CIELAB, where about 2.3 is just noticeable side by side


def lab(colour, seen_by):
    """CIELAB of a colour as an observer sees it."""
    value = np.array(to_rgb(colour))
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    ratio = TO_XYZ @ np.clip(SEEN_BY[seen_by] @ linear, 0, 1) / (0.95047, 1, 1.08883)
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours, seen_by):
    """The smallest distance of two of the colours."""
    return min(np.linalg.norm(lab(a, seen_by) - lab(b, seen_by)) for a, b in itertools.combinations(colours, 2))


def palettes():
    with matplotlib.rc_context():
        figures.use_style()
        cycle = matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]
    explorer = re.findall(r"^  --explorer-\w+: (#[0-9a-f]{6});", CSS.read_text(), re.MULTILINE)
    return {"figures": [f"#{c.lstrip('#')}" for c in cycle], "explorer": list(dict.fromkeys(explorer))}


def test_the_distance_of_black_and_white_is_that_of_their_lightness():
    assert nearest(["#000000", "#ffffff"], "three kinds of cones") == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("palette", ["figures", "explorer"])
def test_every_two_colours_can_be_told_apart(palette, seen_by):
    colours = palettes()[palette]
    assert len(colours) >= 7 and nearest(colours, seen_by) > APART


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_system_of_the_explorer_has_a_colour_of_its_own(corpus):
    """Each feature set alone, and with all of them a network, a ridge and the fusion."""
    systems = len(features_of(corpus)) + 2
    css = CSS.read_text()
    assert all(re.search(rf"^\.explorer-colour-{k} .*--explorer-{k}\)", css, re.MULTILINE) for k in range(systems))
    assert len(palettes()["explorer"]) >= systems + 1


def test_the_usual_cycle_would_not_pass():
    usual = matplotlib.rcParamsDefault["axes.prop_cycle"].by_key()["color"]
    assert nearest(usual, "three kinds of cones") > APART > nearest(usual, "no middle-wave cones")
