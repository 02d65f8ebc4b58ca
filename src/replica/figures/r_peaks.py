"""A figure of section 4.2: where R peaks were found in an ECG."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

__all__ = ["MARKERS", "r_peaks"]

# The detector that the features use comes first; the other is there to be compared with.
MARKERS: tuple[dict[str, Any], ...] = (
    {"marker": "v", "color": "#D55E00"},
    {"marker": "o", "markerfacecolor": "none", "color": "#0072B2"},
)


def r_peaks(seconds: ArrayLike, signal: ArrayLike, peaks: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Draw an ECG, and above it a mark for each R peak.

    Args:
        seconds: Time of each sample, ``(samples,)``, ascending.
        signal: ECG in mV, ``(samples,)``.
        peaks: Detector to the times of its R peaks in seconds; those outside the stretch are left out. One row each.
        ax: Where to draw.

    Returns:
        The axis.
    """
    seconds, signal = np.asarray(seconds), np.asarray(signal)
    ax.plot(seconds, signal, color="0.25", linewidth=0.8)
    height, step = signal.max() + 0.12 * np.ptp(signal), 0.12 * np.ptp(signal)
    for row, ((name, times), marker) in enumerate(zip(peaks.items(), MARKERS, strict=False)):
        times = np.asarray(times)
        times = times[(times >= seconds[0]) & (times <= seconds[-1])]
        ax.plot(times, np.full(len(times), height + row * step), linestyle="none", label=name, **marker)
    ax.set(xlabel="time (seconds)", ylabel="ECG (mV)", xlim=(seconds[0], seconds[-1]))
    return ax
