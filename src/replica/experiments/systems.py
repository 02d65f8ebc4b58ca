"""What section 5 trains, declared: the corpora with their feature sets, and the systems that its tables compare."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from replica import corpora
from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.runs import (
    AnyRun,
    Assumptions,
    Direction,
    FusedRun,
    Normalisation,
    Run,
    SmoothedRun,
    units_at,
)
from replica.store import Store

# A system of a table, such as a loss: its run for a corpus (one of its rotations), an emotion dimension, and a seed.
System = Callable[[CorpusKey, str, int], AnyRun]
Network = Callable[[CorpusKey, str, int], Run]
T = TypeVar("T")
Chosen = Callable[[CorpusKey, str], T]  # what was chosen on the dev partition of a corpus, for an emotion dimension

LAYER_SIZES = (160, 120)  # the size fixed in section 5.2; sections 5.3 to 5.5 name none

# The feature sets of each corpus, in the order of Table 2. Of the paper's corpus, "audio" is the short-time set for
# arousal and the long-time set for valence, as section 5.2 decides.
FEATURES: dict[str, tuple[str, ...]] = {
    "studyforrest": ("sound", "light", "hash", "events", "speech"),
    "simulated": ("voice", "face", "heart", "skin"),
    "ceap360vr": ("head", "gaze", "luminance"),
    "avec2015": ("audio", "video_app", "video_geo", "ecg", "eda"),
}
# What the paper calls modalities, those of the shorter time scale first. Of ceap360vr none is the paper's.
MODALITIES: dict[str, dict[str, tuple[str, ...]]] = {
    "studyforrest": {"audio": ("sound",), "video": ("light", "hash"), "annotations": ("events", "speech")},
    "simulated": {"audio": ("voice",), "video": ("face",), "bio-signals": ("heart", "skin")},
    "ceap360vr": {"gaze": ("gaze",), "head": ("head",), "luminance": ("luminance",)},
    "avec2015": {"audio": ("audio",), "video": ("video_app", "video_geo"), "bio-signals": ("ecg", "eda")},
}
AUDIO = {"arousal": "audio_short", "valence": "audio_long"}
BEST_SINGLE = {"avec2015": {"arousal": ("audio_short",), "valence": ("video_geo",)}}

NORMALISATION: dict[str, Normalisation] = {
    "studyforrest": "train",  # its recordings are stretches of one film, not speakers
    "simulated": "speaker",
    "ceap360vr": "speaker",
    "simulated_signals": "speaker",
    "avec2015": "speaker",
}

# What --corpus may name: for a seed, the keys of the corpora that a table averages over. Of the simulated corpus each
# seed is another cohort as well as another start of the networks.
CORPORA: dict[str, Callable[[int], list[CorpusKey]]] = {
    "studyforrest": lambda seed: [corpora.key("studyforrest", rotation=rotation) for rotation in range(4)],
    "simulated": lambda seed: [corpora.key("simulated", seed=seed)],
    "simulated_without_effect": lambda seed: [corpora.key("simulated", seed=seed, effect=0.0)],
    "simulated_signals": lambda seed: [corpora.key("simulated_signals", seed=seed)],
    "simulated_signals_without_effect": lambda seed: [corpora.key("simulated_signals", seed=seed, effect=0.0)],
    "ceap360vr": lambda seed: [corpora.key("ceap360vr")],
    "avec2015": lambda seed: [corpora.key("avec2015")],
    "avec2015_from_dev": lambda seed: [corpora.key("avec2015", test="from_dev")],  # for who has no labels of test
}
_BEHIND = {
    "simulated_without_effect": "simulated",
    "simulated_signals_without_effect": "simulated_signals",
    "avec2015_from_dev": "avec2015",
}
_EXTRACTED_AS = {"simulated_signals": "avec2015"}  # from these signals come the paper's own feature sets

_MANY = {
    "studyforrest": 3,
    "simulated": 2,
    "simulated_without_effect": 1,
    "simulated_signals": 2,
    "simulated_signals_without_effect": 1,
    "ceap360vr": 2,
    "avec2015": 5,
    "avec2015_from_dev": 5,
}
_FEW = {
    "studyforrest": 1,
    "simulated": 2,
    "simulated_without_effect": 1,
    "simulated_signals": 2,
    "simulated_signals_without_effect": 1,
    "ceap360vr": 2,
    "avec2015": 2,
    "avec2015_from_dev": 2,
}


class LacksModalityError(ValueError):
    """A corpus that cannot carry a section: it has nothing of a modality that the section is about."""


def many(corpus: str, seeds: Sequence[int] | None = None, scale: str = "desk") -> Sequence[int]:
    """These seeds, or where none are named the corpus' usual ones for sections whose conclusions hang on little.

    At the scale that only shows that everything runs, one.
    """
    return _usual(_MANY, corpus, seeds, scale)


def few(corpus: str, seeds: Sequence[int] | None = None, scale: str = "desk") -> Sequence[int]:
    """These seeds, or where none are named the corpus' usual ones for every other section; one as :func:`many`."""
    return _usual(_FEW, corpus, seeds, scale)


def _usual(numbers: Mapping[str, int], corpus: str, seeds: Sequence[int] | None, scale: str) -> Sequence[int]:
    corpus_name(corpus)
    return seeds if seeds is not None else range(1 if scale == "smoke" else numbers[corpus])


def only_where_chosen(corpus: str, what: str) -> None:
    """Refuse all but the simulated cohorts of cue tracks for an experiment that chooses how they are made.

    Raises:
        LacksModalityError: If the corpus is another.
    """
    if corpus != "simulated":
        raise LacksModalityError(
            f"{what} can be chosen in the corpus simulated alone. Received {corpus!r}. "
            "Choose that corpus, or leave this experiment out."
        )


def corpus_name(corpus: str) -> str:
    """The corpus behind a name of ``CORPORA``.

    Raises:
        ValueError: If the name is unknown.
    """
    if corpus not in CORPORA:
        raise ValueError(f"A corpus is one of {', '.join(CORPORA)}. Received {corpus!r}. Choose one of those names.")
    return _BEHIND.get(corpus, corpus)


def whose_features(corpus: str) -> str:
    """The corpus under which the feature sets of a name of ``CORPORA``, and their roles in a section, are listed.

    Raises:
        ValueError: If the name is unknown.
    """
    name = corpus_name(corpus)
    return _EXTRACTED_AS.get(name, name)


def command_line_name(key: CorpusKey) -> str:
    """The name of ``CORPORA`` under which a key stands, whatever its version; the corpus' own where none does."""
    options = dict(key.options)
    seed = int(options.get("seed", 0))
    of = {name: [(k.name, dict(k.options)) for k in keys(seed)] for name, keys in CORPORA.items()}
    return next((name for name, keys in of.items() if (key.name, options) in keys), key.name)


def speaker_of(corpus: str, recording: str) -> str:
    """Whose recording it is, by its name: of ceap360vr a person has eight, of the others each recording is its own."""
    return recording.split("-")[0] if corpus_name(corpus) == "ceap360vr" else recording


def features_of(corpus: str) -> tuple[str, ...]:
    """The rows of a corpus in the paper's tables; the feature sets that are concatenated."""
    return FEATURES[whose_features(corpus)]


def feature_set(row: str, dimension: str) -> str:
    """The feature set behind a row of the paper's tables: of ``audio`` the one that section 5.2 gives a dimension."""
    return AUDIO[dimension] if row == "audio" else row


def best_single(corpus: str) -> Sequence[str] | Mapping[str, Sequence[str]]:
    """The input of Tables 6 and 11: the paper's best single modality; of other corpora all feature sets side by side.

    None of their single feature sets stands out as the paper's does.
    """
    return BEST_SINGLE.get(whose_features(corpus), features_of(corpus))


def network(
    scale: str,
    features: Sequence[str] | Mapping[str, Sequence[str]] | Chosen[Sequence[str]],
    loss: str | Mapping[str, str],
    *,
    sizes: Sequence[int] = LAYER_SIZES,
    direction: Direction = "forward",
    enters: Sequence[int] | Chosen[Sequence[int]] = (),
    dimensions: Sequence[str] = (),
    **assumptions: Any,
) -> Network:
    """A stacked LSTM as a system.

    A value may depend on the emotion dimension, as a mapping from it, or as a function of the corpus and it.

    Args:
        scale: One of ``replica.runs.SCALES``.
        features: Feature sets, side by side; ``"audio"`` stands for the set that section 5.2 gives a dimension.
        loss: One of ``replica.conventions.LOSSES``.
        sizes: The paper's layer sizes, of each direction.
        direction: How time runs.
        enters: The hidden layer that each feature set enters (Figure 2); empty, all enter the first.
        dimensions: The emotion dimensions of a multi-task network; empty, the one that is asked for.
        **assumptions: Fields of :class:`replica.runs.Assumptions` that are not at their default.
    """

    def run(key: CorpusKey, dimension: str, seed: int) -> Run:
        return Run(
            corpus=key,
            features=_features(features, key, dimension),
            dimensions=tuple(dimensions) or (dimension,),
            scale=scale,
            layer_sizes=units_at(scale, tuple(sizes)),
            loss=_of(loss, key, dimension),
            seed=seed,
            assumptions=Assumptions(**({"normalisation": NORMALISATION[key.name]} | assumptions)),
            direction=direction,
            enters=tuple(_of(enters, key, dimension)),
        )

    return run


def frame_by_frame(
    kind: Callable[..., AnyRun],
    scale: str,
    features: Sequence[str] | Mapping[str, Sequence[str]] | Chosen[Sequence[str]],
    **options: Any,
) -> System:
    """A rival without memory on the same frames, as a system; it has no seed."""
    return lambda key, dimension, seed: kind(
        key, _features(features, key, dimension), (dimension,), scale, NORMALISATION[key.name], **options
    )


def smoothed(system: Network, direction: str) -> Callable[[CorpusKey, str, int], SmoothedRun]:
    """A system's predictions smoothed."""
    return lambda key, dimension, seed: SmoothedRun(system(key, dimension, seed), direction)  # type: ignore[arg-type]


def with_options(system: System, **options: Any) -> System:
    """A system on the same corpus with other options, such as a simulated cohort of another correlation."""
    return lambda key, dimension, seed: system(corpora.key(key.name, **(dict(key.options) | options)), dimension, seed)


def fused(systems: Sequence[System], weights_from: str, **options: Any) -> System:
    """Systems, of networks alone, fused by a linear regression; one that is named twice is a member once."""

    def run(key: CorpusKey, dimension: str, seed: int) -> FusedRun:
        members: Any = dict.fromkeys(system(key, dimension, seed) for system in systems)
        return FusedRun(tuple(members), weights_from, **options)  # type: ignore[arg-type]  # checked where it is made

    return run


def runs_of(systems: Mapping[Any, System], corpus: str, seeds: Sequence[int]) -> list[AnyRun]:
    """Every run of the systems for both emotion dimensions, whole seeds one after the other, none twice."""
    corpus_name(corpus)
    return list(
        dict.fromkeys(
            run(key, dimension, seed)
            for seed in seeds
            for key in CORPORA[corpus](seed)
            for dimension in DIMENSIONS
            for run in systems.values()
        )
    )


def recorded_seeds(systems: Mapping[Any, System], corpus: str, store: Store, seeds: Sequence[int]) -> Sequence[int]:
    """Of some seeds those at which every run of the systems is recorded; all of them, where none is."""
    return [seed for seed in seeds if not missing(runs_of(systems, corpus, [seed]), store)] or seeds


def missing(runs: Sequence[AnyRun], store: Store) -> list[AnyRun]:
    """Those of some runs that are not recorded."""
    return [run for run in runs if run not in store]


def _of(value: Any, key: CorpusKey, dimension: str) -> Any:
    return value(key, dimension) if callable(value) else value[dimension] if isinstance(value, Mapping) else value


def _features(features: Any, key: CorpusKey, dimension: str) -> tuple[str, ...]:
    return tuple(feature_set(name, dimension) for name in _of(features, key, dimension))
