"""A model of random weights, of small networks, as `replica train` would make it."""

import io

import numpy as np

from replica.conventions import FEATURE_WIDTHS
from replica.corpora.recording import CorpusKey
from replica.features.appearance import BINS
from replica.runs import Run
from replica.trained_model import Model, Recipe, base, weight_shapes, width

KEY = CorpusKey("avec2015", "own", (("test", "gold"),))


def declared(features=("audio_long", "ecg"), **changes):
    values = {"dimensions": ("arousal", "valence"), "scale": "desk", "layer_sizes": (3, 2), "loss": "-ccc", "seed": 0}
    return Run(KEY, features, **(values | changes))


def columns(feature):
    """As tools/generate_avec2015.py names them."""
    return tuple(f"{feature}_{k}" for k in range(FEATURE_WIDTHS[feature]))


def mean_face(seed=0):
    file = io.BytesIO()
    np.save(file, np.random.default_rng(seed).normal(size=(49, 2)))
    return file.getvalue()


def components():
    file = io.BytesIO()
    np.savez_compressed(
        file,
        filters=8,
        mean=np.ones(8 * BINS, np.float32),
        components=np.ones((FEATURE_WIDTHS["video_app"], 8 * BINS), np.float32, order="F"),  # as PCA leaves them
        explained=0.5,
    )
    return file.getvalue()


def made_up(run=None, *, extracted=True, **changes):
    run = run or declared()
    rng = np.random.default_rng(1)
    sets = list(dict.fromkeys(map(base, run.features)))
    features = sum(map(width, run.features))
    shared = {"video_geo": ("mean_shape.npy", mean_face), "video_app": ("appearance.npz", components)}
    values = {
        "recipes": {
            name: Recipe(tuple(f"{name}_{k}" for k in range(FEATURE_WIDTHS[name])), extracted) for name in sets
        },
        "weights": [rng.normal(0, 0.3, shape).astype("f4") for shape in weight_shapes(run)],
        "mean": rng.normal(size=features),
        "deviation": rng.uniform(0.5, 2, features),
        "far": 1.5,
        "least_seconds": 2.0,
        "corpus_digest": "0" * 64,
        "versions": {"numpy": "2.1"},
        "shared": {shared[name][0]: shared[name][1]() for name in sets if extracted and name in shared},
    }
    return Model(run, **(values | changes))
