"""Draw what feature sets look like on real signals, where these are there.

The signals are LJ050-0131 of LJ Speech, a sentence read by one woman; five minutes of record 208 of the MIT-BIH
Arrhythmia Database, whose first minute is drawn; and a portrait of an astronaut, one of scikit-image's samples. None is
kept but for the face patch of 48 x 48 pixels. Written are book/figures/feature_sets.svg and face.svg, and provenance.
Usage: REPLICA_DATA=... python tools/draw_features.py
"""

import hashlib
import os
from pathlib import Path

import cv2
import numpy as np
from matplotlib import pyplot as plt

from replica import figures, paths
from replica.conventions import FRAME_RATE_HZ, FRAME_SECONDS
from replica.features import audio, wav
from replica.features.appearance import BLOCKS, PATCH, PLANES
from replica.features.binary_patterns import pattern_labels
from replica.features.ecg import ecg_features
from replica.features.gabor import gabor_bank, gabor_pictures
from replica.figures import features as drawn

INPUTS = ("LJ050-0131.wav", "mitbih208_ecg_360hz.npz", "astronaut.png")
ECG_SECONDS = 60
FACE = (slice(79, 179), slice(178, 278))  # rows and columns of the portrait
WAVELENGTH, ORIENTATIONS = 5.0, 4


def main() -> None:
    """Write both pictures and their provenance."""
    sound, heart, portrait = files = [Path(os.environ["REPLICA_DATA"]) / "testinputs" / name for name in INPUTS]
    figures.use_style()
    folder = paths.root() / "book" / "figures"
    for name, drawing in (("feature_sets", sets(sound, heart)), ("face", face(portrait))):
        drawing.savefig(folder / f"{name}.svg", metadata={"Date": None})
    told = {
        INPUTS[0]: "LJ Speech, public domain, as its publisher states",
        INPUTS[
            1
        ]: "MIT-BIH Arrhythmia Database, record 208, lead MLII, 19:35 to 20:35; Open Data Commons Attribution 1.0;"
        " Moody and Mark 2001, PhysioNet, doi:10.13026/C2F305",
        INPUTS[2]: "Eileen Collins, NASA Great Images, no known copyright restrictions; the aligned face cut by hand: "
        f"rows {FACE[0].start} to {FACE[0].stop}, columns {FACE[1].start} to {FACE[1].stop}",
    }
    lines = [
        f"{file.name}: {told[file.name]}; SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files
    ]
    (folder / "feature_sets.txt").write_text("\n".join(lines) + "\n")


def sets(sound: Path, heart: Path) -> plt.Figure:
    """Three feature sets over time."""
    spoken = wav.read(sound)
    with np.load(heart, allow_pickle=False) as file:
        beats = ecg_features(file["ecg_mv"], int(file["fs"]))[: ECG_SECONDS * FRAME_RATE_HZ + 1]
    fig, axes = plt.subplots(3, 1, figsize=(8.4, 7.2))
    values = {"audio_short": audio.short_time(*spoken), "audio_long": audio.long_time(*spoken), "ecg": beats}
    for ax, (name, of) in zip(axes, values.items(), strict=True):
        drawn.columns_over_time(FRAME_SECONDS * np.arange(len(of)), of, name, ax)
    for ax in axes[1:]:
        ax.set_xlabel("time (seconds)")
    return fig


def face(portrait: Path) -> plt.Figure:
    """A face patch, what four filters make of it, and the patterns in one of these."""
    grey = cv2.imread(str(portrait), cv2.IMREAD_GRAYSCALE)[FACE]
    patch = cv2.resize(grey, (PATCH, PATCH), interpolation=cv2.INTER_AREA)[None]
    answers = list(gabor_pictures(patch, gabor_bank((WAVELENGTH,), ORIENTATIONS)))
    labels = pattern_labels(answers[2].repeat(3, axis=0), PLANES[0])  # x-y needs no neighbour in time but takes three
    fig, axes = plt.subplots(2, 3, figsize=(7.2, 5.2))
    drawn.picture(patch[0], "patch, in blocks", axes.flat[0], BLOCKS)
    for ax, answer, angle in zip(axes.flat[1:5], answers, np.arange(ORIENTATIONS) * 180 // ORIENTATIONS, strict=True):
        drawn.picture(np.sqrt(answer[0]), f"filter, waves along {angle}°", ax)
    drawn.picture(labels[0], "patterns of the filter of 90°", axes.flat[5])
    return fig


if __name__ == "__main__":
    main()
