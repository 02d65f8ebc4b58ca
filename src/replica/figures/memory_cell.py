"""Figure 1 of section 4.3, drawn from equation 2: what flows through a memory cell, and what each gate sees."""

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, FancyBboxPatch

__all__ = ["memory_cell"]

COLOURS = {"input": "#009E73", "forget": "#D55E00", "cell": "#0072B2", "output": "#CC79A7"}
INK, LINE = "0.25", {"color": "0.25", "linewidth": 1.2}
CHAIN, DELAYED, GATES, FAR = 0.0, 1.35, 3.35, 5.15  # columns, in the order of what happens to the cell's content
GATE_WIDTH, HEIGHT, RADIUS = 2.5, 0.84, 0.27
AT = {"cell input": 0.0, "input": 1.4, "forget": 2.8, "cell": 4.2, "squashed": 5.2, "output": 6.1, "hidden": 7.2}


def memory_cell(ax: Axes) -> Axes:
    """One memory cell, read from the bottom up; each box names the line of equation 2 that it computes.

    Solid arrows are products and sums of one frame, dashed ones the peepholes. As equation 2 is printed, all three
    gates see the cell of one frame earlier.

    Source: equation 2, section 4.3, which the paper illustrates by its Figure 1.
    """
    _box(CHAIN, "cell input", "cell input\neq. 2, line 3", COLOURS["cell"], 2.0, ax)
    for name, symbol, line in (("input", "i", 1), ("forget", "f", 2), ("output", "o", 4)):
        _box(GATES, name, f"{name} gate $\\mathbf{{{symbol}_t}}$\neq. 2, line {line}", COLOURS[name], GATE_WIDTH, ax)
        _arrow((FAR + 0.65, AT[name] - 0.2), (GATES + GATE_WIDTH / 2, AT[name] - 0.2), ax)
        ax.text(FAR + 0.7, AT[name] - 0.2, "$x_t, h_{t-1}$", va="center", fontsize=10)
    ax.text(CHAIN, -1.35, "$x_t, h_{t-1}$", ha="center", va="center", fontsize=10)
    _arrow((CHAIN, -1.1), (CHAIN, -HEIGHT / 2), ax)
    _chain(ax)
    _carried_over(ax)
    _peepholes(ax)
    ax.set(xlim=(-1.25, 7.1), ylim=(-1.6, 7.6), aspect="equal")
    ax.set_axis_off()
    return ax


def _chain(ax: Axes) -> None:
    """From the cell's input through the gates' products to the hidden output."""
    for name, symbol in (("input", r"$\times$"), ("forget", "$+$"), ("output", r"$\times$")):
        _node(CHAIN, AT[name], symbol, INK, ax)
    _node(CHAIN, AT["cell"], "$c_t$", COLOURS["cell"], ax, radius=0.42)
    ax.text(CHAIN - 0.5, AT["cell"], "line 3", ha="right", va="center", fontsize=9, color=INK)
    ax.text(CHAIN, AT["squashed"], "tanh", ha="center", va="center", fontsize=10)
    ax.text(CHAIN, AT["hidden"], "$h_t$  line 5", ha="center", va="center", fontsize=10)
    gaps = {"cell input": HEIGHT / 2, "cell": 0.42, "squashed": 0.2, "hidden": 0.25}
    for lower, upper in zip(list(AT)[:-1], list(AT)[1:], strict=True):
        _arrow((CHAIN, AT[lower] + gaps.get(lower, RADIUS)), (CHAIN, AT[upper] - gaps.get(upper, RADIUS)), ax)
    for name in ("input", "output"):
        _arrow((GATES - GATE_WIDTH / 2, AT[name]), (CHAIN + RADIUS, AT[name]), ax)


def _carried_over(ax: Axes) -> None:
    """The cell of one frame earlier, of which the forget gate lets a share through."""
    _node(DELAYED, AT["cell"], "$c_{t-1}$", COLOURS["cell"], ax, radius=0.42)
    _node(DELAYED, AT["forget"], r"$\times$", INK, ax)
    _arrow((CHAIN + 0.42, AT["cell"]), (DELAYED - 0.42, AT["cell"]), ax)
    _arrow((DELAYED, AT["cell"] - 0.42), (DELAYED, AT["forget"] + RADIUS), ax)
    _arrow((GATES - GATE_WIDTH / 2, AT["forget"]), (DELAYED + RADIUS, AT["forget"]), ax)
    _arrow((DELAYED - RADIUS, AT["forget"]), (CHAIN + RADIUS, AT["forget"]), ax)


def _peepholes(ax: Axes) -> None:
    """Dashed from the cell of one frame earlier to each gate."""
    y, to_input = AT["cell"], AT["input"] + 0.2
    ax.plot([DELAYED + 0.42, FAR, FAR, FAR], [y, y, y, to_input], linestyle="--", **LINE)  # type: ignore[arg-type]
    _arrow((FAR, to_input), (GATES + GATE_WIDTH / 2, to_input), ax, "--")
    _arrow((GATES, y), (GATES, AT["forget"] + HEIGHT / 2), ax, "--")
    _arrow((GATES, y), (GATES, AT["output"] - HEIGHT / 2), ax, "--")
    ax.text(GATES + 0.12, y + 0.1, "peepholes", va="bottom", fontsize=9, color=INK)


def _box(x: float, name: str, text: str, colour: str, width: float, ax: Axes) -> None:
    corner = (x - width / 2, AT[name] - HEIGHT / 2)
    style = {"boxstyle": "round,pad=0,rounding_size=0.12", "edgecolor": colour, "linewidth": 1.6}
    ax.add_patch(FancyBboxPatch(corner, width, HEIGHT, facecolor=(*to_rgb(colour), 0.15), **style))  # type: ignore[arg-type]
    ax.text(x, AT[name], text, ha="center", va="center", fontsize=10)


def _node(x: float, y: float, text: str, colour: str, ax: Axes, radius: float = RADIUS) -> None:
    ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=colour, linewidth=1.6))
    ax.text(x, y, text, ha="center", va="center", fontsize=10)


def _arrow(start: tuple[float, float], end: tuple[float, float], ax: Axes, linestyle: str = "-") -> None:
    style = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "linestyle": linestyle, **LINE}
    ax.annotate("", end, start, arrowprops=style)
