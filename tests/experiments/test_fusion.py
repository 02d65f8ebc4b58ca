"""Sections 5.5 to 5.9: what is combined, chosen on dev from made-up results."""

import numpy as np
from made_up import MadeUpStore, features_of

from replica.conventions import LOSSES
from replica.experiments import sec5_5_multi_task as sec5_5
from replica.experiments import sec5_6_early_fusion as sec5_6
from replica.experiments import sec5_7_late_fusion as sec5_7
from replica.experiments import sec5_9_best_submitted_run as sec5_9
from replica.experiments.systems import CORPORA
from replica.runs import FusedRun, RidgeRun, Run, SmoothedRun, trained

FEATURE = {"voice": 0.5, "face": 0.3, "heart": 0.2, "skin": 0.0}  # skin does not pass the gate for arousal
LOSS = dict(zip(LOSSES, (0.02, 0.01, 0.03, 0.05, 0.06, 0.04), strict=True))
KEY = CORPORA["simulated"](0)[0]


def networks(runs):
    return [run for run in runs if isinstance(run, Run)]


def ccc(run, dimension, partition):
    """Dev orders the losses as above, test the other way round; two pass the gate for arousal, all for valence."""
    if isinstance(run, RidgeRun):
        return 0.15
    network = trained(run)
    strength = 0.3 if len(network.features) > 1 else FEATURE[network.features[0].removesuffix("_3s")]
    return strength + LOSS[network.loss] * (-1 if partition == "test" else 1) + 0.2 * (dimension == "valence")


STORE = MadeUpStore(ccc)


# --- 5.5


def test_multi_task_networks_have_both_dimensions_and_the_larger_one_half_more_units():
    runs = networks(sec5_5.runs("simulated", seeds=(0,)))
    multi = [run for run in runs if len(run.dimensions) == 2]
    assert len(multi) == 5
    assert {run.layer_sizes for run in multi if len(run.features) > 1} == {(120, 90)}
    assert {run.layer_sizes for run in runs if len(run.features) == 1 or len(run.dimensions) == 1} == {(80, 60)}
    assert {run.loss for run in runs} == {"mse"}
    assert len(runs) == 5 + 2 * 5


def test_on_the_papers_corpus_one_network_hears_short_or_long_audio():
    runs = sec5_5.runs("avec2015", seeds=(0,))
    alone = {run.features for run in runs if len(run.features) == 1}
    assert alone == {("audio_short",), ("audio_long",), ("video_geo",)}
    assert {run.features for run in runs if len(run.features) > 1} == {
        ("audio_long", "video_app", "video_geo", "ecg", "eda")
    }


def test_table_7_has_both_dimensions_of_one_network():
    table = sec5_5.table(7, STORE, "simulated")
    np.testing.assert_allclose(table["arousal", "dev CCC"]["voice"][["single", "multi-task"]], [0.52, 0.52])
    np.testing.assert_allclose(table["valence", "dev CCC"]["voice"][["single", "multi-task"]], [0.72, 0.72])


# --- 5.6


def test_modalities_enter_in_the_order_of_their_time_scale():
    """Figure 2: short-time audio first, then video, then physiology; for valence long-time audio above the video."""
    three = ("audio", "video", "bio-signals")
    assert sec5_6.layered("avec2015", "arousal", three, None) == {
        "audio": 1,
        "video_app": 2,
        "video_geo": 2,
        "ecg": 3,
        "eda": 3,
    }
    assert list(sec5_6.layered("avec2015", "valence", three, None).items()) == [
        ("video_app", 1),
        ("video_geo", 1),
        ("audio", 2),
        ("ecg", 3),
        ("eda", 3),
    ]
    assert sec5_6.layered("avec2015", "arousal", ("video", "bio-signals"), None)["ecg"] == 2


def test_a_modality_that_does_not_pass_leaves_no_empty_layer():
    three = ("audio", "video", "bio-signals")
    assert sec5_6.layered("avec2015", "arousal", three, ("audio", "ecg")) == {"audio": 1, "ecg": 2}


def test_one_modality_leaves_nothing_to_layer_so_that_all_are_taken():
    three = ("audio", "video", "bio-signals")
    all_three = sec5_6.layered("avec2015", "valence", three, None)
    assert sec5_6.layered("avec2015", "valence", three, ("video_app", "video_geo")) == all_three


def test_early_fusion_of_what_passes_the_gate():
    runs = networks(sec5_6.runs("simulated", seeds=(1,), store=STORE))
    three = [run for run in runs if len(run.layer_sizes) == 3]
    assert {run.layer_sizes for run in three} == {(100, 100, 100)}
    arousal = [run for run in three if run.dimensions == ("arousal",)]
    assert {run.enters for run in arousal} == {(), (1, 2, 3)}
    assert {run.features for run in arousal} == {("voice", "face", "heart")}
    assert {run.features for run in three if run.dimensions == ("valence",)} == {("voice", "face", "heart", "skin")}
    assert {(run.dimensions[0], run.loss) for run in runs} == {("arousal", "mse-cov"), ("valence", "-ccc")}
    pairs = [run for run in runs if len(run.layer_sizes) == 2]
    assert {run.layer_sizes for run in pairs} == {(100, 100)}
    assert len(pairs) == 3 * 2 * 2
    of_pairs = {(run.features, run.enters) for run in pairs}
    for dimension in ("arousal", "valence"):  # Table 9 drops nothing: skin does not pass the gate for arousal
        assert {(run.features, run.enters) for run in pairs if run.dimensions == (dimension,)} == of_pairs
    assert of_pairs == {
        (features, enters)
        for features, layers in {
            ("voice", "face"): (1, 2),
            ("voice", "heart", "skin"): (1, 2, 2),
            ("face", "heart", "skin"): (1, 2, 2),
        }.items()
        for enters in ((), layers)
    }


def test_the_gates_runs_come_first():
    class Empty:
        def __contains__(self, run):
            return False

    for store in (None, Empty()):
        runs = networks(sec5_6.runs("simulated", store=store))
        assert {run.loss for run in runs} == {"mse"}
        assert {len(run.features) for run in runs} == {1}


def test_tables_8_and_9_share_their_rows():
    eight, nine = (sec5_6.table(number, STORE, "simulated") for number in (8, 9))
    assert list(eight.index.get_level_values(1)) == ["concatenation", "new structure"]
    assert len(nine) == 6
    assert not set(eight.index) & set(nine.index)


# --- 5.7


def test_members_are_the_two_best_losses_on_dev_of_each_feature_that_passes():
    systems = sec5_7.systems(STORE, "simulated", "desk")
    best = ("mse-cov", "-ccc")  # on test the two worst
    for dimension, features in (("arousal", ("voice", "face", "heart")), ("valence", tuple(FEATURE))):
        fused = systems["late fusion"](KEY, dimension, 0)
        assert [(*trained(run).features, trained(run).loss) for run in fused.inputs] == [
            (f, loss) for f in features for loss in best
        ]
        single = systems["best single"](KEY, dimension, 0)
        assert (trained(single).features, trained(single).loss) == (("voice",), "mse-cov")
    assert systems["late fusion"](KEY, "arousal", 0).weights_from == "dev_dev"
    assert systems["late fusion, other recordings"](KEY, "arousal", 0).weights_from == "other_recordings"


def test_members_of_a_rotation_are_of_its_own_dev():
    def by_rotation(run, dimension, partition):
        return 0.5 - 0.1 * ((LOSSES.index(trained(run).loss) + dict(run.corpus.options)["rotation"]) % 6)

    systems = sec5_7.systems(MadeUpStore(by_rotation), "studyforrest", "desk")
    for rotation, key in enumerate(CORPORA["studyforrest"](0)):
        fused = systems["late fusion"](key, "arousal", 0)
        best = {LOSSES[-rotation % 6], LOSSES[(1 - rotation) % 6]}
        assert {trained(run).loss for run in fused.inputs} == best


def test_fusions_are_of_smoothed_networks():
    runs = sec5_7.runs("simulated", seeds=(4,), store=STORE)
    fused = [run for run in runs if isinstance(run, FusedRun)]
    assert {run.direction for f in fused for run in f.inputs} == {"backward"}
    assert {isinstance(run, SmoothedRun) for f in fused for run in f.inputs} == {True}
    assert {run.weights_from for run in fused} == {"dev_dev", "other_recordings"}
    assert {trained(run).seed for run in runs} == {4}


def test_the_printed_members_and_the_doubtful_one():
    assert sec5_7.printed("avec2015", "-ccc") == [
        ("audio_long", "mse"),
        ("audio_short", "-ccc"),
        ("audio_short", "mse-cov"),
        ("video_app", "mse"),
        ("video_app", "mse-cov"),
        ("video_geo", "-ccc"),
        ("video_geo", "mse-cov"),
        ("ecg", "-ccc"),
        ("ecg", "mse-cov"),
    ]
    assert ("voice", "mae") in sec5_7.printed("simulated", "mae")
    assert sec5_7.printed("studyforrest", "mae") == []
    systems = sec5_7.systems(STORE, "simulated", "desk")
    mae, ccc = (systems[f"as printed, {loss}"](KEY, "arousal", 0) for loss in ("mae", "-ccc"))
    assert len(mae.inputs) == len(ccc.inputs) == 7
    assert len(set(mae.inputs) & set(ccc.inputs)) == 6
    assert (mae.weights_from, ccc.weights_from) == ("dev_dev", "dev_dev")


def test_table_10_parts_of_dev():
    """Dev recordings have CCC -.03, +.02 and +.01 from their mean; the last by name is the one held back."""
    table = sec5_7.table(10, STORE, "simulated", seeds=(0,))
    of_arousal = 0.56 + np.array([-0.005, 0.01, 0.0, -0.12])
    np.testing.assert_allclose(table.loc[("arousal", "best single")], of_arousal, rtol=1e-9)
    assert [name for dimension, name in table.index if dimension == "valence"] == [
        "best single",
        "late fusion",
        "late fusion, other recordings",
    ]


# --- 5.9


def test_fused_again_with_both_early_fusions_and_scored_on_train():
    again = sec5_9.systems(STORE, "simulated", "desk")["fused again"](KEY, "arousal", 2)
    late, *early = again.inputs
    assert isinstance(late, FusedRun)
    assert {run.enters for run in early} == {(), (1, 2, 3)}
    assert all(isinstance(run, Run) and run.layer_sizes == (100, 100, 100) for run in early)
    assert again.scores_train
    assert not late.scores_train
    assert sec5_9.systems(STORE, "simulated", "desk")["late fusion"](KEY, "arousal", 2).scores_train


def test_on_the_papers_corpus_the_late_fusion_is_the_printed_one():
    """For valence, for which the paper lists no members, the one of section 5.7's rule."""
    (key,) = CORPORA["avec2015"](0)
    store = MadeUpStore(lambda run, dimension, partition: 0.5)
    submitted, late = sec5_9.systems(store, "avec2015", "desk"), sec5_7.systems(store, "avec2015", "desk")
    for dimension, name in (("arousal", "as printed, mae"), ("valence", "late fusion")):
        assert submitted["fused again"](key, dimension, 0).inputs[0] == late[name](key, dimension, 0)
        assert submitted["late fusion"](key, dimension, 0).inputs == late[name](key, dimension, 0).inputs


def test_choice_is_on_dev_among_what_was_not_fitted_on_it():
    """On dev the new structure leads among those, on test another; the fusions fitted on dev lead by far."""

    def leads(run, dimension, partition):
        if isinstance(run, FusedRun):
            return {"dev_dev": 0.9, "other_recordings": 0.3}[run.weights_from]
        new_structure = isinstance(run, Run) and run.enters
        return ccc(run, dimension, partition) + (0.3 if (partition == "dev") == bool(new_structure) else 0.0)

    recorded = sec5_9.recorded(MadeUpStore(leads), "simulated", "desk")
    assert sec5_9.best_on_dev(recorded, "arousal", "simulated") == "new structure"


def test_table_12():
    table = sec5_9.table(12, STORE, "simulated", seeds=(0,))
    assert list(table.index[:3]) == [("arousal", "the paper's: fused again", p) for p in ("train", "dev", "test")]
    assert list(table.columns) == ["RMSE", "CC", "CCC"]
    assert features_of(sec5_9.systems(STORE, "simulated", "desk")["concatenation"](KEY, "valence", 0)) == tuple(FEATURE)
