import dataclasses
import json

import pytest

from replica import runs
from replica.corpora.recording import CorpusKey
from replica.runs import (
    Assumptions,
    FusedRun,
    RidgeRun,
    Run,
    SmoothedRun,
    SvrRun,
    canonical,
    digest,
    fitted,
    from_canonical,
    inputs_of,
    trained,
)

KEY = CorpusKey("studyforrest", "v", (("rotation", 1),))
RUN = Run(KEY, ("sound", "light"), ("arousal",), "desk", layer_sizes=(80, 60), loss="-ccc", seed=3)
RIDGE = RidgeRun(KEY, ("sound",), ("arousal", "valence"), "paper", normalisation="train")
SVR = SvrRun(KEY, ("sound",), ("arousal", "valence"), "paper", normalisation="train")
SMOOTHED = SmoothedRun(RUN, "backward")
FUSED = FusedRun((SMOOTHED, dataclasses.replace(RUN, loss="mse")), "dev_dev")


def test_digest_never_changes():
    """Results are found by it: an edit that moves this value loses every recorded run."""
    assert digest(RUN) == "abee1fbbe6a74076"
    assert digest(RIDGE) == "43b45407ba0d7e3b"
    assert digest(SVR) == "f37c7dc852c03408"
    assert digest(dataclasses.replace(RIDGE, context_seconds=())) == "c3abf91346535b32"
    assert digest(SMOOTHED) == "92bfb8e740a29562"


@pytest.mark.parametrize(
    "run",
    [
        RUN,
        RIDGE,
        SVR,
        dataclasses.replace(RIDGE, context_seconds=()),
        dataclasses.replace(SVR, context_seconds=(2.0,)),
        SMOOTHED,
        dataclasses.replace(RUN, assumptions=Assumptions("none", label_delay_seconds=4)),
        dataclasses.replace(RUN, direction="bidirectional"),
        dataclasses.replace(RUN, enters=(1, 2)),
        FUSED,
        FusedRun((FUSED, RUN), "dev_dev"),
        FusedRun((SMOOTHED, RUN), "other_recordings"),
    ],
)
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
        {"assumptions": Assumptions(optimiser="theanets_0_5")},
        {"assumptions": Assumptions(batch="single")},
        {"assumptions": Assumptions(bidirectional_alignment="unreversed"), "direction": "bidirectional"},
        {"assumptions": Assumptions(label_delay_seconds=2)},
        {"direction": "backward"},
        {"direction": "bidirectional"},
        {"enters": (1, 2)},
    ],
)
def test_every_field_moves_the_digest(change):
    assert digest(dataclasses.replace(RUN, **change)) != digest(RUN)


def test_an_assumption_at_its_default_is_not_in_the_key():
    assert canonical(RUN)["assumptions"] == {}
    assert canonical(dataclasses.replace(RUN, assumptions=Assumptions(stopping="fifty")))["assumptions"] == {
        "stopping": "fifty"
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [("loss", "ccc"), ("scale", "tiny"), ("dimensions", ("dominance",)), ("direction", "sideways")],
)
def test_unknown_name_lists_the_known(field, value):
    with pytest.raises(ValueError, match=f"{field} is one of .* Choose one of those names"):
        dataclasses.replace(RUN, **{field: value})


@pytest.mark.parametrize(
    "change",
    [
        {"layer_sizes": ()},
        {"layer_sizes": [3]},
        {"layer_sizes": (0,)},
        {"layer_sizes": (3.0,)},
        {"features": ()},
        {"features": "sound"},
        {"features": ("sound", "sound")},
        {"dimensions": ()},
        {"dimensions": ("arousal", "arousal")},
    ],
    ids=str,
)
def test_values_are_plain_tuples(change):
    with pytest.raises(ValueError, match="of a run is a tuple of .* Pass for example"):
        dataclasses.replace(RUN, **change)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "0"])
def test_seed_is_a_plain_whole_number(seed):
    with pytest.raises(ValueError, match="whole number from 0"):
        dataclasses.replace(RUN, seed=seed)


def test_equal_ridges_have_one_digest():
    """(2, 8) == (2.0, 8.0), but their JSON differs: only one of the two may be declared."""
    with pytest.raises(ValueError, match="context_seconds of a run is a tuple of float"):
        dataclasses.replace(RIDGE, context_seconds=(2, 8))


def test_ridge_and_svr_of_the_same_frames_are_different_runs():
    assert RIDGE != SVR
    assert not isinstance(SVR, RidgeRun)
    assert len({digest(RIDGE), digest(SVR)}) == 2


@pytest.mark.parametrize("rival", [RIDGE, SVR], ids=["ridge", "svr"])
@pytest.mark.parametrize("context", [[], None, (0.0,), (-2.0,), (2,), 2.0], ids=str)
def test_context_is_a_tuple_of_seconds_or_empty(rival, context):
    """[] and None would be other digests for frames alone."""
    assert dataclasses.replace(rival, context_seconds=()).context_seconds == ()
    with pytest.raises(ValueError, match=r"context_seconds of a run is a tuple of float, at least 0 of them.*Pass"):
        dataclasses.replace(rival, context_seconds=context)


def test_ridge_normalisation_is_known():
    with pytest.raises(ValueError, match="normalisation is one of speaker, partition, train"):
        dataclasses.replace(RIDGE, normalisation="bogus")


def test_one_alpha_smooths_one_dimension():
    with pytest.raises(ValueError, match="Smooth runs of a single dimension"):
        SmoothedRun(dataclasses.replace(RUN, dimensions=("arousal", "valence")), "forward")


def test_what_recorded_runs_rest_on_without_naming_it():
    """These values are in no digest. A new value needs a new name, or every recorded run would mean something else."""
    from replica import evaluation, frame_regression, inputs, smoothing

    assert dataclasses.asdict(Assumptions()) == {
        "output_gate_sees": "previous",
        "initialisation": "forget_bias_2",
        "optimiser": "downhill",
        "batch": "full",
        "loss_moments": "per_recording",
        "stopping": "downhill",
        "bidirectional_alignment": "aligned",
        "normalisation": "speaker",
        "label_delay_seconds": 0,
    }
    assert {name: dataclasses.astuple(scale) for name, scale in runs.SCALES.items()} == {
        "paper": (1, 1, None, 2000),
        "desk": (5, 2, None, 2000),
        "full_width": (5, 1, None, 2000),
        "smoke": (5, 2, 2, 4),
    }
    assert frame_regression.PENALTIES == (1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7)
    assert frame_regression.COSTS == (1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
    assert (frame_regression.TUBE, frame_regression.MOST_ITERATIONS) == (0.05, 10_000)
    assert RIDGE.context_seconds == SVR.context_seconds == (2.0, 8.0, 32.0)
    assert evaluation.SHIFTS == 20
    assert (inputs.LONG_TIME, inputs.WINDOW_FRAMES) == ("_3s", 75)
    assert (inputs.LATE, inputs.LATE_FRAMES) == ("_late4s", 100)
    assert smoothing.GRID == (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def test_unknown_assumption_lists_the_known():
    with pytest.raises(ValueError, match="Assumptions.stopping is one of downhill, fifty"):
        Assumptions(stopping="never")


@pytest.mark.parametrize("delay", [1, 2.0, "2", False])
def test_label_delay_is_one_of_the_whole_numbers(delay):
    """2.0 == 2, but their JSON differs."""
    with pytest.raises(ValueError, match="Assumptions.label_delay_seconds is one of 0, 2, 4"):
        Assumptions(label_delay_seconds=delay)


def test_unknown_direction_of_smoothing():
    with pytest.raises(ValueError, match="direction is one of forward, backward"):
        SmoothedRun(RUN, "sideways")


def test_smoke_is_desk_cut_short():
    smoke, desk = runs.SCALES["smoke"], runs.SCALES["desk"]
    assert (smoke.frames_averaged, smoke.units_divided) == (desk.frames_averaged, desk.units_divided)
    assert smoke.most_epochs < 10


@pytest.mark.parametrize("enters", [(1,), (1, 3), (0, 1), (2, 1), (1, 1), (2, 2), [1, 2], (1, 2.0)], ids=str)
def test_features_enter_layers_that_are_there(enters):
    """(1, 1) would be another digest for the concatenation."""
    with pytest.raises(ValueError, match="enters of a run has a hidden layer, 1 to 2, for each of its 2 features"):
        dataclasses.replace(RUN, enters=enters)


def test_what_a_run_starts_from():
    assert inputs_of(FusedRun((FUSED, RUN), "dev_dev")) == (FUSED, RUN)
    assert inputs_of(SMOOTHED) == (RUN,)
    assert inputs_of(RUN) == inputs_of(RIDGE) == inputs_of(SVR) == ()
    assert trained(FUSED) == RUN


def test_what_is_fitted_at_the_bottom_of_a_run():
    other = dataclasses.replace(RUN, seed=RUN.seed + 1)
    assert fitted(FusedRun((FusedRun((SMOOTHED, other), "dev_dev"), RUN), "dev_dev")) == [RUN, other, RUN]
    assert fitted(SMOOTHED) == fitted(RUN) == [RUN]
    assert fitted(RIDGE) == [RIDGE]
    assert fitted(SVR) == [SVR]


def test_scoring_train_moves_the_digest_of_a_fusion_and_comes_back():
    train_too = dataclasses.replace(FUSED, scores_train=True)
    assert digest(train_too) != digest(FUSED)
    assert from_canonical(canonical(train_too)) == train_too


def test_members_and_weights_move_the_digest_of_a_fusion():
    others = [
        FusedRun(FUSED.inputs[:1], "dev_dev"),
        FusedRun(FUSED.inputs[::-1], "dev_dev"),
        dataclasses.replace(FUSED, weights_from="other_recordings"),
    ]
    assert len({digest(run) for run in [FUSED, *others]}) == 4


@pytest.mark.parametrize(
    "members",
    [
        (RUN, dataclasses.replace(RUN, dimensions=("valence",))),
        (RUN, dataclasses.replace(RUN, scale="paper")),
        (dataclasses.replace(RUN, dimensions=("arousal", "valence")),),
    ],
    ids=range(3),
)
def test_fused_runs_are_alike(members):
    with pytest.raises(ValueError, match="one corpus, one scale and one emotion dimension"):
        FusedRun(members, "dev_dev")


@pytest.mark.parametrize(
    ("members", "weights_from"),
    [
        ((), "dev_dev"),
        ((RUN, RUN), "dev_dev"),
        ([RUN], "dev_dev"),
        ((RIDGE,), "dev_dev"),
        ((SVR,), "dev_dev"),
        ((FUSED,), "other_recordings"),
    ],
    ids=range(6),
)
def test_what_cannot_be_fused(members, weights_from):
    """A fusion inside a fusion has seen every dev recording: nothing would be left to score it on."""
    with pytest.raises(ValueError, match="Name each run once; a ridge or SVR is not fused"):
        FusedRun(members, weights_from)


def test_a_forward_network_has_nothing_to_align():
    with pytest.raises(ValueError, match="Leave the alignment at its default"):
        dataclasses.replace(RUN, assumptions=Assumptions(bidirectional_alignment="unreversed"))


@pytest.mark.parametrize("rival", [RIDGE, SVR], ids=["ridge", "svr"])
def test_regressions_on_frames_are_not_fused(rival):
    plain = canonical(FUSED) | {"inputs": [canonical(rival)]}
    with pytest.raises(KeyError, match="has networks as its inputs"):
        from_canonical(plain)


@pytest.mark.parametrize("other", [SMOOTHED, RidgeRun(RUN.corpus, RUN.features, ("arousal",), "desk", "speaker")])
def test_only_a_network_is_smoothed(other):
    with pytest.raises(ValueError, match=f"Received a {type(other).__name__}"):
        SmoothedRun(other, "forward")
