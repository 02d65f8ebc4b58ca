"""The drawn cell is that of equation 2: each gate with its line, its inputs and its peephole."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import FancyBboxPatch

from replica.figures import memory_cell


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def arrows(ax):
    """Start, end and line style of each arrow."""
    drawn = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    return [(text.get_position(), text.xy, text.arrowprops["linestyle"]) for text in drawn]


def box(ax, words):
    """The rectangle around a label, as left, bottom, right and top."""
    (text,) = (text for text in ax.texts if text.get_text().startswith(words))
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    (patch,) = (b for b in boxes if b.get_path().get_extents().contains(*text.get_position()))
    return patch.get_x(), patch.get_y(), patch.get_x() + patch.get_width(), patch.get_y() + patch.get_height()


def reaches(end, corners):
    left, bottom, right, top = corners
    return left - 1e-9 <= end[0] <= right + 1e-9 and bottom - 1e-9 <= end[1] <= top + 1e-9


@pytest.mark.parametrize(("gate", "line"), [("input", 1), ("forget", 2), ("output", 4)])
def test_each_gate_names_its_line_and_sees_input_and_peephole(ax, gate, line):
    assert memory_cell.memory_cell(ax) is ax
    assert [t.get_text().rpartition("\n")[2] for t in ax.texts if t.get_text().startswith(f"{gate} gate")] == [
        f"eq. 2, line {line}"
    ]
    into = [style for _, end, style in arrows(ax) if reaches(end, box(ax, f"{gate} gate"))]
    assert sorted(into) == ["-", "--"]  # x and h of equation 2, and the peephole
    out = [end for start, end, _ in arrows(ax) if reaches(start, box(ax, f"{gate} gate"))]
    assert len(out) == 1  # its product


def test_the_peepholes_start_at_the_previous_cell(ax):
    memory_cell.memory_cell(ax)
    (line,) = ax.lines
    at = {text.get_text(): text.get_position() for text in ax.texts}
    assert line.get_xydata()[0][0] > at["$c_{t-1}$"][0]
    assert line.get_xydata()[0][1] == at["$c_{t-1}$"][1]
    assert sum(style == "--" for _, _, style in arrows(ax)) == 3


def test_cell_input_and_hidden_output_stand_at_the_ends(ax):
    memory_cell.memory_cell(ax)
    at = {text.get_text(): text.get_position()[1] for text in ax.texts if text.get_text()}
    assert at["cell input\neq. 2, line 3"] < at["$c_t$"] < at["$h_t$  line 5"]
