import dataclasses
import json

import pytest

from replica import runs
from replica.corpora.recording import CorpusKey
from replica.runs import Assumptions, RidgeRun, Run, SmoothedRun, canonical, digest, from_canonical

KEY = CorpusKey("studyforrest", "v", (("rotation", 1),))
RUN = Run(KEY, ("sound", "light"), ("arousal",), "desk", layer_sizes=(80, 60), loss="-ccc", seed=3)
RIDGE = RidgeRun(KEY, ("sound",), ("arousal", "valence"), "paper", normalisation="train")
SMOOTHED = SmoothedRun(RUN, "backward")


def test_digest_never_changes():
    """Results are found by it: an edit that moves this value loses every recorded run."""
    assert digest(RUN) == "abee1fbbe6a74076"
    assert digest(RIDGE) == "43b45407ba0d7e3b"
    assert digest(SMOOTHED) == "92bfb8e740a29562"


@pytest.mark.parametrize("run", [RUN, RIDGE, SMOOTHED, dataclasses.replace(RUN, assumptions=Assumptions("none"))])
def test_canonical_round_trip_through_json(run):
    again = from_canonical(json.loads(json.dumps(canonical(run))))
    assert again == run
    assert digest(again) == digest(run)


@pytest.mark.parametrize(
    "change",
    [
        {"corpus": CorpusKey("studyforrest", "w", (("rotation", 1),))},
        {"corpus": CorpusKey("studyforrest", "v", (("rotation", 2),))},
        {"features": ("light", "sound")},
        {"dimensions": ("valence",)},
        {"scale": "paper"},
        {"layer_sizes": (80, 61)},
        {"loss": "mse"},
        {"seed": 4},
        {"assumptions": Assumptions(output_gate_sees="current")},
        {"assumptions": Assumptions(initialisation="theanets")},
        {"assumptions": Assumptions(loss_moments="pooled")},
        {"assumptions": Assumptions(stopping="fifty")},
        {"assumptions": Assumptions(normalisation="train")},
    ],
)
def test_every_field_moves_the_digest(change):
    assert digest(dataclasses.replace(RUN, **change)) != digest(RUN)


def test_an_assumption_at_its_default_is_not_in_the_key():
    assert canonical(RUN)["assumptions"] == {}
    assert canonical(dataclasses.replace(RUN, assumptions=Assumptions(stopping="fifty")))["assumptions"] == {
        "stopping": "fifty"
    }


@pytest.mark.parametrize(("field", "value"), [("loss", "ccc"), ("scale", "tiny"), ("dimensions", ("dominance",))])
def test_unknown_name_lists_the_known(field, value):
    with pytest.raises(ValueError, match=f"{field} is one of .* Choose one of those names"):
        dataclasses.replace(RUN, **{field: value})


def test_unknown_assumption_lists_the_known():
    with pytest.raises(ValueError, match="Assumptions.stopping is one of downhill, fifty"):
        Assumptions(stopping="never")


def test_unknown_direction():
    with pytest.raises(ValueError, match="direction is one of forward, backward"):
        SmoothedRun(RUN, "sideways")


def test_smoke_is_desk_cut_short():
    smoke, desk = runs.SCALES["smoke"], runs.SCALES["desk"]
    assert (smoke.frames_averaged, smoke.units_divided) == (desk.frames_averaged, desk.units_divided)
    assert smoke.most_epochs < 10
