"""Draw the landing page's picture of real ratings and predictions, where the corpus studyforrest is there.

The recording is chosen by a rule, not by eye: of the 19, each scored as a test recording, the one at which the ridge
regression's CCC for arousal is the median.
Usage: REPLICA_DATA=... python tools/draw_real_traces.py
"""

import numpy as np
from matplotlib import pyplot as plt

from replica import corpora, figures, paths
from replica.conventions import DIMENSIONS
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.systems import CORPORA
from replica.figures.loss_comparison import traces
from replica.inputs import average_frames, frame_rate_hz
from replica.runs import SCALES, digest
from replica.store import Store

DIMENSION, LOSS, SCALE, SEED = "arousal", "-ccc", "desk", 0


def main() -> None:
    """Write book/figures/real_traces.svg and its provenance beside it."""
    store = Store(paths.results())
    keys = CORPORA["studyforrest"](SEED)
    of = sec5_3.systems("studyforrest", SCALE)
    ridges = {key: store.load(of["ridge"](key, DIMENSION, SEED)) for key in keys}
    scores = {
        (name, key): moments.ccc
        for key, result in ridges.items()
        for name, moments in result.moments["test"][DIMENSION].items()
    }
    name, key = sorted(scores, key=scores.__getitem__)[len(scores) // 2]
    network = store.load(of[LOSS](key, DIMENSION, SEED))
    corpus = corpora.load(key.name, **dict(key.options))
    recording = next(r for r in corpus.recordings if r.name == name)
    gold = average_frames(recording.gold, SCALES[SCALE].frames_averaged)[:, DIMENSIONS.index(DIMENSION)]
    seconds = np.arange(len(gold)) / frame_rate_hz(network.run)

    figures.use_style()
    fig, ax = plt.subplots(figsize=(8.4, 3.4))
    predictions = {f"LSTM, {LOSS}": network, "ridge": ridges[key]}
    lines = {label: result.predictions["test"][name][:, 0] for label, result in predictions.items()}
    traces(seconds, gold, lines, DIMENSION, ax)
    folder = paths.root() / "book" / "figures"
    folder.mkdir(exist_ok=True)
    fig.savefig(folder / "real_traces.svg", metadata={"Date": None})
    fig.savefig(folder / "real_traces.png", dpi=150)
    told = {
        "corpus": f"{key.name} {key.version}, rotation {dict(key.options)['rotation']}",
        "corpus digest": corpus.digest,
        "recording": f"{name}, the median of {len(scores)} by the ridge's CCC, {scores[name, key]:.3f}",
        "network": f"{digest(network.run)}, CCC {network.moments['test'][DIMENSION][name].ccc:.3f}",
        "ridge": digest(ridges[key].run),
    }
    (folder / "real_traces.txt").write_text("".join(f"{k}: {v}\n" for k, v in told.items()))


if __name__ == "__main__":
    main()
