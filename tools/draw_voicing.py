"""Draw F0 of a real sentence and measure its voicing, where the recording is there.

The sentence is LJ050-0131 of the LJ Speech dataset, read by one woman and in the public domain. No samples of it are
kept: written are book/figures/voicing.svg, its provenance beside it, and measured/voicing.csv.
Usage: REPLICA_DATA=... python tools/draw_voicing.py
"""

import hashlib
import os
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt

from replica import figures, paths
from replica.conventions import FRAME_SECONDS
from replica.features import voicing, wav
from replica.figures import features as drawn

SENTENCE = "testinputs/LJ050-0131.wav"


def main() -> None:
    """Write the picture, its provenance and the table."""
    file = Path(os.environ["REPLICA_DATA"]) / SENTENCE
    sound = wav.read(file)
    reference = voicing.egemaps_f0(*sound)
    tracks = {
        "frames of 40 ms, cutoff 0.75, as the text has it": voicing.f0(*sound, voicing_cutoff=0.75, smoothed=False),
        "40 ms, 0.65": voicing.f0(*sound, voicing_cutoff=0.65, smoothed=False),
        "40 ms, 0.65, smoothed over three frames": voicing.f0(*sound, voicing_cutoff=0.65),
    }
    figures.use_style()
    fig, ax = plt.subplots(figsize=(8.4, 3.4))
    drawn.f0_tracks(np.arange(len(reference)) * FRAME_SECONDS, reference, tracks, ax)
    folder = paths.root() / "book" / "figures"
    fig.savefig(folder / "voicing.svg", metadata={"Date": None})
    told = {
        "signal": f"LJ050-0131 of LJ Speech, {len(sound[0]) / sound[1]:.1f} s at {sound[1]} Hz, SHA-256 "
        + hashlib.sha256(file.read_bytes()).hexdigest(),
        "licence": "public domain, as its publisher states",
        "reference": f"eGeMAPS' pitch tracker, which voices {np.mean(reference > 0):.3f} of the frames",
    }
    (folder / "voicing.txt").write_text("".join(f"{k}: {v}\n" for k, v in told.items()))
    table = voicing.measure(*sound).round(3)
    table.to_csv(paths.measured() / voicing.FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
