"""The claims on Tables 8 and 9 by hand value, and which layer a feature set enters."""

import numpy as np
import pytest
from made_up import MadeUpStore

from replica import claims, printed
from replica.experiments import sec5_6_early_fusion as experiment
from replica.runs import RidgeRun

PAIRS = {("voice", "face"): 0.05, ("face", "heart", "skin"): 0.2, ("voice", "heart", "skin"): -0.01}
EVERYTHING = ("voice", "face", "heart", "skin")


def ccc(run, dimension, partition):
    """What the new structure gains on test, for valence; for arousal .1 less. All feature sets pass the gate."""
    if isinstance(run, RidgeRun):
        return 0.9
    if len(run.features) == 1 or partition != "test" or not run.enters:
        return 0.4
    gain = PAIRS[run.features] if len(run.layer_sizes) == 2 else 0.03
    return 0.4 + gain - 0.1 * (dimension == "arousal")


HAND = {"4.5b": (0.03 - 0.07) / 2, "5.6b": 0.02 - (0.03 - 0.07) / 2, "5.6c": 0.2, "5.6d": min(0.02 - 0.05, 0.02 + 0.01)}


@pytest.mark.parametrize("claim", HAND)
def test_effect_by_hand(claim):
    effect = experiment.effects(MadeUpStore(ccc), "simulated", "desk", (0, 1))[claim]
    np.testing.assert_allclose(effect.estimate, HAND[claim], atol=1e-9)
    assert effect.seeds == 2


def test_claims_of_each_corpus():
    table = claims.read()
    every = set(table["id"][table["section"] == "5.6"])
    assert set(HAND) | (set(printed.QUANTITIES) & every) == every | {"4.5b"}
    store = MadeUpStore(lambda *_: 0.4)
    assert set(experiment.effects(store, "studyforrest", "desk", (0,))) == {"4.5b", "5.6b"}


def test_a_ridge_sees_what_its_row_sees():
    declared = experiment.with_ridges("simulated", "desk", lambda key, dimension: ("voice", "heart"))
    key = experiment.sec5_1.recorded(MadeUpStore(ccc), "simulated", "desk", (0,)).keys["simulated"][0]
    rows = {row for row, _ in declared}
    assert len(rows) == 4
    for row in rows:
        seen = {kind: declared[row, kind](key, "arousal", 0).features for kind in ("concatenation", "ridge")}
        assert seen["ridge"] == seen["concatenation"]
    assert declared["all modalities", "ridge"](key, "arousal", 0).features == ("voice", "heart")


def test_structure_names_the_layer_of_each_feature_set():
    """Skin does not pass the gate for arousal; of valence all do."""

    def gated(run, dimension, partition):
        return 0.05 if run.features == ("skin",) and dimension == "arousal" else 0.4

    recorded = experiment.recorded(MadeUpStore(gated), "simulated", "desk", (0,))
    table = experiment.structure(recorded)
    assert list(table.columns) == ["layer 1", "layer 2", "layer 3"]
    assert list(table.loc[("simulated", "arousal")]) == ["voice", "face", "heart"]
    assert list(table.loc[("simulated", "valence")]) == ["voice", "face", "heart, skin"]
