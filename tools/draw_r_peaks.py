"""Draw the R peaks of a real ECG, where the excerpt is there, and measure the detector on synthetic ones.

The excerpt is five minutes of record 208 of the MIT-BIH Arrhythmia Database, which scipy.datasets.electrocardiogram
gives out. No annotations come with it, so two detectors of different making are compared. Two stretches are drawn,
chosen by a rule, not by eye: the first, and the one in which the two differ most.
Usage: REPLICA_DATA=... python tools/draw_r_peaks.py
"""

import os
from pathlib import Path

import neurokit2
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from scipy.signal import find_peaks

from replica import figures, paths
from replica.features.ecg import quality, r_peaks
from replica.figures import r_peaks as drawn

EXCERPT = "testinputs/mitbih208_ecg_360hz.npz"
STRETCH_SECONDS, NEAR_SECONDS = 15.0, 0.1
OTHER = "pantompkins1985"
SEED, SYNTHETIC_HZ, NOISE = 0, 250, (0.0, 0.1, 0.2, 0.3)


def main() -> None:
    """Write book/figures/r_peaks.svg, its provenance beside it, and measured/r_peaks.csv."""
    with np.load(Path(os.environ["REPLICA_DATA"]) / EXCERPT, allow_pickle=False) as file:
        signal, rate = file["ecg_mv"].astype(np.float64), int(file["fs"])
    other = neurokit2.ecg_clean(signal, sampling_rate=rate, method=OTHER)
    other = neurokit2.ecg_findpeaks(other, sampling_rate=rate, method=OTHER)["ECG_R_Peaks"]
    peaks = {"neurokit2's own, as the features use": r_peaks(signal, rate) / rate, "Pan and Tompkins": other / rate}
    own, compared = peaks.values()
    unmatched = np.concatenate([own[~near(own, compared)], compared[~near(compared, own)]])
    starts = np.arange(0, len(signal) / rate - STRETCH_SECONDS + 1, STRETCH_SECONDS)
    differing = [np.sum((unmatched >= start) & (unmatched < start + STRETCH_SECONDS)) for start in starts]

    figures.use_style()
    fig, axes = plt.subplots(2, 1, figsize=(8.4, 4.6))
    for ax, start in zip(axes, (starts[0], starts[int(np.argmax(differing))]), strict=True):
        samples = np.arange(int(start * rate), int((start + STRETCH_SECONDS) * rate))
        drawn.r_peaks(samples / rate, signal[samples], peaks, ax)
    axes[0].set_xlabel("")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    folder = paths.root() / "book" / "figures"
    fig.savefig(folder / "r_peaks.svg", metadata={"Date": None})
    told = {
        "signal": f"MIT-BIH Arrhythmia Database, record 208, lead MLII, 19:35 to 24:35, {rate} Hz",
        "licence": "Open Data Commons Attribution 1.0; Moody and Mark 2001, PhysioNet, doi:10.13026/C2F305",
        "R peaks": f"{len(own)} by neurokit2's own detector, {len(compared)} by Pan and Tompkins as neurokit2 has it",
        "agreement": f"{near(own, compared).mean():.3f} of the first have one of the second within {NEAR_SECONDS} s, "
        f"{near(compared, own).mean():.3f} of the second one of the first",
        "annotations": "none come with the excerpt: neither detector is known to be right",
        "flag": f"{quality(signal, rate).mean():.3f} of the frames have a heart rate",
        "stretches": f"from 0 s, and from {starts[int(np.argmax(differing))]:g} s, where the two differ most",
    }
    (folder / "r_peaks.txt").write_text("".join(f"{k}: {v}\n" for k, v in told.items()))
    table = pd.DataFrame([self_consistency(noise) for noise in NOISE]).round(3)
    table.to_csv(paths.measured() / "r_peaks.csv", index=False, lineterminator="\n")


def near(times: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Whether each of the times has another within 0.1 s."""
    return (np.abs(times[:, None] - others) <= NEAR_SECONDS).any(axis=1)


def self_consistency(noise: float) -> dict[str, float]:
    """Precision and recall on five minutes of neurokit2's simulator, against the maxima of its beats without noise."""
    simulated = {"sampling_rate": SYNTHETIC_HZ, "heart_rate": 75, "heart_rate_std": 5, "random_state": SEED}
    clean = neurokit2.ecg_simulate(300, noise=0, **simulated)
    true, _ = find_peaks(clean, height=0.5 * clean.max(), distance=SYNTHETIC_HZ // 4)
    noisy = clean + np.random.default_rng(SEED).normal(0, noise * np.median(clean[true]), len(clean))
    found = r_peaks(noisy, SYNTHETIC_HZ) / SYNTHETIC_HZ
    true = true / SYNTHETIC_HZ
    return {"noise": noise, "precision": near(found, true).mean(), "recall": near(true, found).mean()}


if __name__ == "__main__":
    main()
