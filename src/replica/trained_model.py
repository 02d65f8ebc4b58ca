"""A trained model: the run that was declared, its weights, and what else a prediction rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replica.conventions import FEATURE_WIDTHS
from replica.declared_arrays import Specs
from replica.inputs import LONG_TIME
from replica.runs import Run

__all__ = ["SHARED", "Model", "Recipe", "base", "weight_shapes", "width"]

# Feature set -> the file that the features of all recordings share, and what is in it. Written out here, since the
# extractors need OpenCV, and a model is read without it.
_BINS = 8 * 24 * 59  # filters, blocks of three planes, labels of a pattern
SHARED: Mapping[str, tuple[str, Specs]] = {
    "video_geo": ("mean_shape.npy", {"": ("<f8", (49, 2))}),
    "video_app": (
        "appearance.npz",
        {
            "filters": ("<i8", ()),
            "mean": ("<f4", (_BINS,)),
            "components": ("<f4", (FEATURE_WIDTHS["video_app"], _BINS)),
            "explained": ("<f8", ()),
        },
    ),
}


@dataclass(frozen=True)
class Recipe:
    """How one feature set of the training was made.

    Attributes:
        columns: Names of its columns, in order.
        extracted: Whether ``replica features`` made it, so that raw recordings can be treated alike.
    """

    columns: tuple[str, ...]
    extracted: bool


@dataclass(frozen=True, eq=False)
class Model:
    """All that a prediction rests on.

    Attributes:
        run: The training, as declared.
        recipes: Feature set to how it was made, for those that the run's sets are made of.
        weights: As :func:`replica.training.train` gives them, of the shapes that :func:`weight_shapes` tells.
        mean: Of each feature over the frames of train, ``(width,)``, before the z-score, at the run's frame rate.
        deviation: The same, 1 where a feature is constant.
        far: Distance from train that one in a hundred frames of dev exceeds, unitless, see
            :func:`replica.predicting.distance`.
        least_seconds: The shortest stretch whose own statistics may make z-scores; 0 where those of train do.
        corpus_digest: SHA-256 of what it was trained on.
        versions: Package to version, of those that compute and extract.
        shared: Files that the features of all recordings share, by name.
    """

    run: Run
    recipes: Mapping[str, Recipe]
    weights: Sequence[NDArray[np.float32]]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    far: float
    least_seconds: float
    corpus_digest: str
    versions: Mapping[str, str]
    shared: Mapping[str, bytes] = field(default_factory=dict)


def base(feature: str) -> str:
    """The feature set of the corpus that a run's feature set is made of: ``audio_short`` for ``audio_short_3s``."""
    return feature.removesuffix(LONG_TIME)


def width(feature: str) -> int:
    """Columns of a run's feature set; a KeyError tells of one that is none of the paper's."""
    return FEATURE_WIDTHS[base(feature)] * (2 if feature.endswith(LONG_TIME) else 1)


def weight_shapes(run: Run) -> list[tuple[int, ...]]:
    """Shapes of the weights of a run's network, in Keras' order, without building it.

    Of each layer, and of each of its directions: from its input ``(entering, 4 units)``, from itself ``(units, 4
    units)``, bias and peepholes ``(3, units)``; then those of the linear output.
    """
    shapes, below = list[tuple[int, ...]](), 0
    for layer, units in enumerate(run.layer_sizes, start=1):
        enters = run.enters or (1,) * len(run.features)
        entering = below + sum(width(name) for name, at in zip(run.features, enters, strict=True) if at == layer)
        halves = 2 if run.direction == "bidirectional" else 1
        shapes += [(entering, 4 * units), (units, 4 * units), (4 * units,), (3, units)] * halves
        below = halves * units
    return [*shapes, (below, len(run.dimensions)), (len(run.dimensions),)]
