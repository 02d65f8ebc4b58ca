"""Draw what Figures 3 and 4 of the paper show, on real ratings, where the corpus studyforrest is there.

Which recording is shown is the rule of each section's experiment, not a choice by eye.
Usage: REPLICA_DATA=... python tools/draw_examples.py
"""

from collections.abc import Mapping

from matplotlib import pyplot as plt

from replica import figures, paths
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments import sec5_2_long_and_short_time_features as sec5_2
from replica.experiments.traces import traces
from replica.figures import loss_comparison
from replica.runs import Result, digest
from replica.store import Store

CORPUS, SCALE, DIMENSION, PARTITION = "studyforrest", "desk", "arousal", "dev"


def figure_3(store: Store) -> tuple[dict[str, Result], str]:
    """The weakest feature set of section 5.1, and its recording."""
    recorded = sec5_1.recorded(store, CORPUS, SCALE)
    weakest, recording = sec5_1.example(recorded, DIMENSION)
    return {f"LSTM on {weakest[0]}, mse": recorded.results[recorded.rotations[0], DIMENSION, weakest][0]}, recording


def figure_4(store: Store) -> tuple[dict[str, Result], str]:
    """Both kinds of audio features of section 5.2, and the recording."""
    recorded = sec5_2.recorded(store, CORPUS, SCALE)
    results = {name: recorded.results[recorded.rotations[0], DIMENSION, name][0] for name in recorded.systems}
    return results, sec5_2.example(recorded, DIMENSION)


def draw(name: str, results: Mapping[str, Result], recording: str) -> None:
    """Write book/figures/NAME.svg and beside it where it came from."""
    fig, ax = plt.subplots(figsize=(8.4, 3.0))
    loss_comparison.traces(*traces(results, DIMENSION, PARTITION, recording), DIMENSION, ax)
    folder = paths.root() / "book" / "figures"
    fig.savefig(folder / f"{name}.svg", metadata={"Date": None})
    first = next(iter(results.values()))
    told = {
        "corpus": f"{first.run.corpus.name} {first.run.corpus.version}, {dict(first.run.corpus.options)}",
        "corpus digest": first.provenance["corpus_digest"],
        "recording": f"{recording} of {PARTITION}",
        **{
            label: f"{digest(r.run)}, CCC {r.moments[PARTITION][DIMENSION][recording].ccc:.3f}"
            for label, r in results.items()
        },
    }
    (folder / f"{name}.txt").write_text("".join(f"{key}: {value}\n" for key, value in told.items()))


def main() -> None:
    """Both."""
    figures.use_style()
    store = Store(paths.results())
    draw("figure_3_studyforrest", *figure_3(store))
    draw("figure_4_studyforrest", *figure_4(store))


if __name__ == "__main__":
    main()
