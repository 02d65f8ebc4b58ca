"""Section 5.3, "Comparison of Loss Functions": Tables 4 and 5.

Runs: six losses x arousal and valence x four rotations x three seeds on studyforrest, 144 trainings of about half a
minute at desk scale on one core, and beside them a ridge regression for each rotation.
The paper's values: tables 4 and 5 of ``reference/paper_tables.csv``; its averages over modalities are .520 (-ccc) and
.533 (mse-cov) against .483 (mse) for arousal, .409 and .397 against .313 for valence.
"""

from collections.abc import Sequence

from replica import corpora
from replica.conventions import DIMENSIONS, LOSSES
from replica.corpora.recording import CorpusKey
from replica.runs import SCALES, AnyRun, Assumptions, Normalisation, RidgeRun, Run

LAYER_SIZES = (160, 120)  # the size fixed in section 5.2; section 5.3 names none
SEEDS = (0, 1, 2)

# All modalities side by side, since none of the open corpora has the paper's six feature sets.
FEATURES = {
    "studyforrest": ("sound", "light", "hash", "events", "speech"),
    "simulated": ("voice", "face", "heart", "skin"),
}
NORMALISATION: dict[str, Normalisation] = {
    "studyforrest": "train",  # its recordings are stretches of one film, not speakers
    "simulated": "speaker",
}


def corpus_keys(corpus: str) -> list[CorpusKey]:
    """The corpora of this experiment: the four rotations of studyforrest, else the one default."""
    if corpus == "studyforrest":
        return [corpora.key(corpus, rotation=rotation) for rotation in range(4)]
    return [corpora.key(corpus)]


def runs(corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] = SEEDS) -> list[AnyRun]:
    """Every run of Tables 4 and 5 on a corpus: the ridges, then the networks, seed by seed."""
    keys = corpus_keys(corpus)
    return [ridge(key, dimension, scale) for key in keys for dimension in DIMENSIONS] + [
        network(key, dimension, loss, scale, seed)
        for seed in seeds
        for key in keys
        for dimension in DIMENSIONS
        for loss in LOSSES
    ]


def network(key: CorpusKey, dimension: str, loss: str, scale: str, seed: int) -> Run:
    """One cell of a table: a network trained with one loss."""
    return Run(
        corpus=key,
        features=FEATURES[key.name],
        dimensions=(dimension,),
        scale=scale,
        layer_sizes=tuple(units // SCALES[scale].units_divided for units in LAYER_SIZES),
        loss=loss,
        seed=seed,
        assumptions=Assumptions(normalisation=NORMALISATION[key.name]),
    )


def ridge(key: CorpusKey, dimension: str, scale: str) -> RidgeRun:
    """The rival of a table's row on the same frames."""
    return RidgeRun(key, FEATURES[key.name], (dimension,), scale, NORMALISATION[key.name])
