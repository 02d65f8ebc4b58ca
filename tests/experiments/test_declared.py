"""What the remaining sections declare: systems that differ in what is compared, and in nothing else."""

import dataclasses
import importlib

import pytest
from made_up import MadeUpStore

from replica import corpora, statistics
from replica.conventions import DIMENSIONS
from replica.experiments import EXPERIMENTS, TABLES, assumptions, headline, sec2_non_temporal_models, unseen_people
from replica.experiments import recorded as shared
from replica.experiments import sec5_1_dominant_features as sec5_1
from replica.experiments import sec5_2_long_and_short_time_features as sec5_2
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments import sec5_5_multi_task as sec5_5
from replica.experiments import sec5_6_early_fusion as sec5_6
from replica.experiments import sec5_8_smoothing as sec5_8
from replica.experiments import sec5_9_best_submitted_run as sec5_9
from replica.experiments.recorded import Recorded
from replica.experiments.systems import CORPORA, FEATURES, corpus_name, few, many
from replica.metrics import Moments
from replica.runs import Assumptions, Run, digest, fitted
from replica.statistics import resample

STORE = MadeUpStore(lambda run, dimension, partition: int(digest(run), 16) % 997 / 2000)
MODULES = {name: importlib.import_module(f"replica.experiments.{name}") for name in EXPERIMENTS}


ON_CHOSEN_COHORTS = ("sec2_correlation", "effect_and_delay")  # simulated ones, with an option that they choose


def as_not_chosen(key):
    """The key without what an experiment chooses."""
    chosen = ("correlation", "delay_seconds")
    kept = [(name, 1.0 if name == "effect" else value) for name, value in key.options if name not in chosen]
    return dataclasses.replace(key, options=tuple(kept))


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_run_is_declared_once_on_every_corpus_that_can_carry_it(name, corpus):
    if name in ("sec5_2_long_and_short_time_features", "paper_scale") and corpus == "ceap360vr":
        pytest.skip("no audio")
    if name in ON_CHOSEN_COHORTS and corpus != "simulated":
        pytest.skip("its people are as they are")
    runs = MODULES[name].runs(corpus, "desk", (0,), STORE)
    assert len({digest(run) for run in runs}) == len(runs) > 0
    keys = {as_not_chosen(run.corpus) if name in ON_CHOSEN_COHORTS else run.corpus for run in runs}
    assert keys == set(CORPORA[corpus](0))
    assert {dimension for run in runs for dimension in run.dimensions} == set(DIMENSIONS)


@pytest.mark.parametrize("number", TABLES)
def test_every_table_is_laid_out_from_results(number):
    table = MODULES[TABLES[number]].table(number, STORE, "simulated", "desk", (0, 1))
    assert len(table)
    assert not table.isna().any(axis=None)


@pytest.mark.parametrize("module", [sec2_non_temporal_models, assumptions, unseen_people])
def test_every_other_layout(module):
    assert not module.scores(STORE, "simulated", seeds=(0, 1)).isna().any(axis=None)


def test_the_one_network_at_each_scale():
    scaled = headline.recorded(STORE, "simulated", seeds=(0, 1))
    assert scaled.systems == ("desk", "full_width", "paper")
    assert not scaled.scores("valence").isna().any(axis=None)


def test_a_corpus_without_audio_says_so():
    with pytest.raises(ValueError, match="compares audio features. Received the corpus 'ceap360vr', which has none"):
        sec5_2.runs("ceap360vr")


def test_long_time_features_beside_short_time_ones():
    assert {run.features for run in sec5_2.runs("studyforrest")} == {("sound",), ("sound_3s",)}
    assert {run.features for run in sec5_2.runs("avec2015")} == {("audio_long",), ("audio_short",)}


def test_of_the_papers_corpus_the_best_single_modality_is_bidirectional():
    runs = sec5_4.runs("avec2015")
    assert {(run.dimensions, run.features) for run in runs} == {
        (("arousal",), ("audio_short",)),
        (("valence",), ("video_geo",)),
    }


def test_each_assumption_is_flipped_alone_to_each_of_its_other_values():
    networks = {name: s(CORPORA["simulated"](0)[0], "arousal", 0) for name, s in systems("simulated").items()}
    base, both_ways = networks.pop(assumptions.BASE), networks.pop(assumptions.BIDIRECTIONAL)
    assert (base.direction, both_ways.direction) == ("forward", "bidirectional")
    for name, run in networks.items():
        of = both_ways if name.startswith("bidirectional_alignment") else base
        flipped = [
            field.name
            for field in dataclasses.fields(Assumptions)
            if getattr(run.assumptions, field.name) != getattr(of.assumptions, field.name)
        ]
        assert [name.split(" = ")[0]] == flipped
        assert dataclasses.replace(run, assumptions=of.assumptions) == of
    assert len(networks) == 2 + 1 + 1 + 1 + 1 + 1 + 1 + 2 + 2
    assert len(systems("studyforrest")) == len(systems("simulated"))  # whose normalisation is another


def systems(corpus):
    return assumptions.systems(corpus, "desk")


def test_a_flip_is_told_by_how_far_ccc_moves():
    store = MadeUpStore(lambda run, d, p: 0.5 + 0.1 * (run.assumptions.batch == "single"))
    moved = assumptions.scores(store, "simulated")["arousal", "moved by"]
    assert moved["batch = single"] == pytest.approx(0.1)
    assert moved.drop("batch = single").abs().max() < 1e-12


def test_rivals_see_what_the_networks_see():
    runs = sec2_non_temporal_models.runs("simulated", seeds=(0,))
    assert {run.features for run in runs} == {("voice", "face", "heart", "skin")}
    contexts = {(type(run).__name__, run.context_seconds) for run in runs if not isinstance(run, Run)}
    assert contexts == {(kind, c) for kind in ("RidgeRun", "SvrRun") for c in ((), (2.0, 8.0, 32.0))}


def test_seeds_where_none_are_named():
    assert (list(few("studyforrest")), list(many("studyforrest"))) == ([0], [0, 1, 2])
    assert (len(few("simulated")), len(many("simulated"))) == (2, 2)
    assert few("simulated", (7,)) == (7,)
    assert list(few("avec2015", scale="smoke")) == list(many("avec2015", scale="smoke")) == [0]
    assert few("avec2015", (7,), "smoke") == (7,)


def networks_of(module, corpus, dimension="arousal", **options):
    """By the name of the system, the network that a section trains for one dimension."""
    key = CORPORA[corpus](0)[0]
    return {name: system(key, dimension, 0) for name, system in module.systems(corpus, "desk", **options).items()}


def test_whose_statistics_make_the_z_scores():
    of = {corpus: next(iter(networks_of(headline, corpus).values())).normalisation for corpus in CORPORA}
    assert of.pop("studyforrest") == "train"
    assert set(of.values()) == {"speaker"}


def test_audio_is_the_short_time_set_for_arousal_and_the_long_time_set_for_valence():
    features = {d: networks_of(headline, "avec2015", d)["desk"].features for d in DIMENSIONS}
    rest = ("video_app", "video_geo", "ecg", "eda")
    assert features == {"arousal": ("audio_short", *rest), "valence": ("audio_long", *rest)}


def test_the_control_has_no_effect_and_a_name_of_its_own():
    (key,) = CORPORA["simulated_without_effect"](3)
    assert dict(key.options) == {"effect": 0.0, "seed": 3, "size": "full"}
    recorded = Recorded(STORE, headline.systems("simulated", "desk"), "simulated_without_effect", (0,))
    assert recorded.rotations == ("simulated_without_effect",)


def test_who_has_no_labels_of_test_can_still_run_the_papers_corpus():
    assert dict(CORPORA["avec2015_from_dev"](0)[0].options)["test"] == "from_dev"


def test_what_a_systems_name_says_is_what_it_is():
    people = networks_of(unseen_people, "ceap360vr")
    assert {
        name: (run.loss, run.direction, len(run.dimensions)) for name, run in people.items() if name != "ridge"
    } == {
        "LSTM, mse": ("mse", "forward", 1),
        "LSTM, -ccc": ("-ccc", "forward", 1),
        "LSTM, mse-cov": ("mse-cov", "forward", 1),
        "BLSTM, -ccc": ("-ccc", "bidirectional", 1),
        "multi-task, mse": ("mse", "forward", 2),
        "multi-task, -ccc": ("-ccc", "forward", 2),
    }
    assert people["ridge"].context_seconds == (2.0, 8.0, 32.0)
    rivals = networks_of(sec2_non_temporal_models, "simulated")
    assert (rivals["LSTM, mse"].loss, rivals["LSTM, -ccc"].loss) == ("mse", "-ccc")
    assert (rivals["SVR"].context_seconds, rivals["SVR, with the past"].context_seconds) == ((), (2.0, 8.0, 32.0))
    tasks = networks_of(sec5_5, "simulated")
    assert {name: len(run.dimensions) for (_, name), run in tasks.items() if name != "ridge"} == {
        "single": 1,
        "multi-task": 2,
    }
    assert {run.loss for run in networks_of(headline, "simulated").values()} == {"-ccc"}
    assert {run.loss for run in networks_of(assumptions, "simulated").values()} == {"-ccc"}


def test_modalities_of_the_film_enter_sound_first_annotations_last():
    layers = sec5_6.layered("studyforrest", "valence", ("audio", "video", "annotations"), None)
    assert layers == {"sound": 1, "light": 2, "hash": 2, "events": 3, "speech": 3}


def test_modalities_in_virtual_reality_enter_gaze_first_the_video_last():
    layers = sec5_6.layered("ceap360vr", "arousal", ("gaze", "head", "luminance"), None)
    assert list(layers.items()) == [("gaze", 1), ("head", 2), ("luminance", 3)]


@pytest.mark.parametrize("corpus", corpora.available())
def test_feature_sets_are_those_of_the_corpus(corpus):
    of = {"avec2015": {*FEATURES["avec2015"], "audio_short", "audio_long"} - {"audio"}}
    if corpus == "avec2015" and "audio_short" not in corpora.load(corpus).feature_widths:
        pytest.skip("this copy has no short-time audio set")
    options = {"size": "mini"} if corpus == "simulated" else {}
    assert set(corpora.load(corpus, **options).feature_widths) == set(of.get(corpus, FEATURES[corpus]))


def test_table_11_on_the_papers_corpus_is_of_its_single_modalities():
    raw = {d: networks_of(sec5_8, "avec2015", d)["raw"].features for d in DIMENSIONS}
    assert raw == {"arousal": ("audio_short",), "valence": ("video_geo",)}


def test_valleys_and_peaks_are_pooled_over_frames():
    """Made-up recordings have two valley frames of square error .01 and one peak frame of .04 each."""
    recorded = sec5_2.recorded(STORE, "simulated", "desk")
    table = sec5_2.valleys_and_peaks(recorded, "arousal", "dev")
    assert list(table.columns) == ["RMSE in valleys", "RMSE in peaks"]
    assert table.loc["short-time audio"].tolist() == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize("name", sorted(set(EXPERIMENTS) - {"unseen_people", *ON_CHOSEN_COHORTS}))
def test_simulated_signals_are_trained_on_as_the_papers_corpus(name):
    """The same feature sets in the same roles, and under the name of their own corpus."""
    module = importlib.import_module(f"replica.experiments.{name}")

    def declared(corpus):
        runs = module.runs(corpus, seeds=(0,))
        return {run.corpus for run in runs}, [(type(run).__name__, networks(run)) for run in runs]

    def networks(run):
        return [(r.features, r.dimensions, r.scale, getattr(r, "loss", "")) for r in fitted(run)]

    (ours,), as_ours = declared("simulated_signals")
    (theirs,), as_theirs = declared("avec2015")
    assert as_ours == as_theirs
    assert (ours.name, theirs.name) == (corpus_name("simulated_signals"), "avec2015")


def test_seeds_of_simulated_corpora_alone_are_cohorts_of_other_people():
    of = {c: Recorded(STORE, headline.systems(c, "desk"), c, (0, 1)).cohorts for c in CORPORA}
    assert {corpus for corpus, cohorts in of.items() if cohorts} == {c for c in CORPORA if c.startswith("simulated")}


@pytest.mark.parametrize("corpus", ["simulated", "studyforrest"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda store, corpus: Recorded(store, headline.systems(corpus, "desk"), corpus, (0, 1)).summary("arousal"),
        lambda _, corpus: sec5_1.effects(MadeUpStore(lambda *_: 0.05), corpus, seeds=(0, 1)),
        lambda store, corpus: sec5_2.peaks_and_valleys_lost(sec5_2.recorded(store, corpus, "desk", (0, 1))),
        lambda store, corpus: sec5_4.effects(store, corpus, seeds=(0, 1)),
        lambda store, corpus: sec5_9.effects(store, corpus, seeds=(0, 1)),
    ],
)
def test_intervals_draw_people_as_the_corpus_has_them(ask, corpus, monkeypatch):
    asked = []

    def told(rows, *, cohorts, **options):
        asked.append(cohorts)
        return resample(rows, cohorts=cohorts, **options)

    monkeypatch.setattr(shared, "resample", told)
    monkeypatch.setattr(statistics, "resample", told)
    ask(STORE, corpus)
    assert set(asked) == {corpus == "simulated"}


def test_eight_recordings_of_a_person_are_redrawn_together():
    class People(MadeUpStore):
        def _recordings(self, ccc, partition):
            return {
                f"P{p:02d}-V{v}": Moments(10, 0.3, 0.3, 1.0, 1.0, 0.1 * p + 0.01 * v) for p in (1, 2) for v in (1, 2, 3)
            }

    recorded = Recorded(People(lambda *_: 0), headline.systems("ceap360vr", "desk"), "ceap360vr", (0, 1))
    rows = recorded.moments("ceap360vr", "arousal", "desk")
    assert rows.shape == (2, 2, 6)
    assert rows[0, :, 0].tolist() == [30, 30]
    assert rows[0, :, 5].tolist() == pytest.approx([0.12, 0.22])


def test_diverged_trainings_are_counted_beside_what_they_score():
    class Diverging(MadeUpStore):
        def load(self, run):
            result = super().load(run)
            bad = getattr(run, "loss", "") == "mse/(cc+1)" and run.features == ("face",)
            return dataclasses.replace(result, history={"stopped": "diverged"}) if bad else result

    store = Diverging(lambda *_: 0.3)
    table = sec5_3.table(4, store, "simulated", seeds=(0, 1))
    assert table["diverged"].to_dict() == {
        "voice": 0,
        "face": 2,
        "heart": 0,
        "skin": 0,
        "average": 0,
        "all side by side": 0,
    }
    assert "diverged" not in sec5_3.table(4, STORE, "simulated", seeds=(0, 1))
