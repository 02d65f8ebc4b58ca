"""Tables 4 and 5 from made-up results whose every CCC is known: means and ends of intervals are hand values."""

import re
from dataclasses import replace

import numpy as np
import pytest
from made_up import AlternatingStore, MadeUpStore

from replica import claims
from replica.conventions import DIMENSIONS, LOSSES
from replica.experiments import sec5_3_loss_functions as experiment
from replica.experiments.systems import FEATURES
from replica.metrics import Moments
from replica.runs import Result, RidgeRun, Run, digest

# CCC of each system: arousal, valence. Every difference between two of them is another number.
CCC = {
    "mse": (0.20, 0.10),
    "mae": (0.17, 0.02),
    "tube0.05": (0.11, 0.04),
    "-ccc": (0.31, 0.27),
    "mse-cov": (0.38, 0.19),
    "mse/(cc+1)": (0.24, 0.12),
    "ridge": (0.05, 0.50),
}
# Factors of a CCC. Their means are 1, so that a mean over rotations and seeds is the number above.
ROTATION = (0.5, 0.9, 1.0, 1.6)
SEED = (0.8, 0.9, 1.3)
PARTITION = {"test": 1.0, "dev": 1.2}


def recordings(ccc, spread, rotation):
    """Two recordings or more, more in a later rotation, with this pooled CCC: means agree and both variances are 1."""
    values = [(10, ccc + 3 * spread), (30, ccc - spread), *[(20, ccc)] * rotation]
    return {f"part{i}": Moments(n, 0.3, 0.3, 1.0, 1.0, value) for i, (n, value) in enumerate(values)}


class FakeStore:
    def __init__(self, ccc=CCC, spread=0.01):
        self.ccc, self.spread = ccc, spread

    def load(self, run):
        (dimension,) = run.dimensions
        rotation = dict(run.corpus.options).get("rotation", 0)
        name, seed = ("ridge", None) if isinstance(run, RidgeRun) else (run.loss, run.seed)
        ccc = self.ccc[name][DIMENSIONS.index(dimension)] * ROTATION[rotation]
        of_seed = ccc * (1.0 if seed is None else SEED[seed])
        lags = np.zeros(20)  # one lag of each seed and rotation is above 0
        lags[3 * rotation + (seed or 0)] = ccc * (1 + (seed or 0))
        history = {"penalty": 1.0} if seed is None else {"best_epoch": 10 * rotation + seed, "stopped": f"by {name}"}
        return Result(
            run,
            {p: {dimension: recordings(of_seed * x, self.spread, rotation)} for p, x in PARTITION.items()},
            {p: {dimension: (lags * x).tolist()} for p, x in PARTITION.items()},
            {},
            history,
        )


def recorded(store=None, **options):
    return experiment.recorded(store or FakeStore(), "studyforrest", "desk", **options)


# --- runs


def test_runs_are_eight_ridges_and_384_networks_each_once():
    runs = experiment.runs()
    ridges = [run for run in runs if isinstance(run, RidgeRun)]
    networks = [run for run in runs if isinstance(run, Run)]
    assert (len(ridges), len(networks)) == (8, 384)
    assert len({digest(run) for run in runs}) == 392
    assert {(run.corpus.options, run.dimensions) for run in ridges} == {
        ((("rotation", rotation),), (dimension,)) for rotation in range(4) for dimension in DIMENSIONS
    }


def test_every_cell_is_trained_at_every_seed_that_is_named():
    networks = [run for run in experiment.runs(seeds=(4, 2)) if isinstance(run, Run)]
    every = [(name,) for name in FEATURES["studyforrest"]] + [FEATURES["studyforrest"]]
    cells = [
        (run.seed, dict(run.corpus.options)["rotation"], run.dimensions[0], run.loss, run.features) for run in networks
    ]
    expected = {
        (seed, r, d, loss, names)
        for seed in (4, 2)
        for r in range(4)
        for d in DIMENSIONS
        for loss in LOSSES
        for names in every
    }
    assert set(cells) == expected
    assert len(cells) == len(expected)


def test_where_no_seed_is_named_single_features_have_fewer_than_all_side_by_side():
    of = {run: len(run.features) for run in experiment.runs() if isinstance(run, Run)}
    assert {run.seed for run, features in of.items() if features == 1} == {0}
    assert {run.seed for run, features in of.items() if features == 5} == {0, 1, 2}


@pytest.mark.parametrize(("scale", "sizes"), [("paper", (160, 120)), ("desk", (80, 60)), ("smoke", (80, 60))])
def test_layers_have_the_papers_size_or_half_of_it(scale, sizes):
    runs = experiment.runs(scale=scale)
    assert {run.layer_sizes for run in runs if isinstance(run, Run)} == {sizes}
    assert {run.scale for run in runs} == {scale}


@pytest.mark.parametrize(
    ("corpus", "normalisation", "count", "features"),
    [
        ("studyforrest", "train", 392, ("sound", "light", "hash", "events", "speech")),
        ("simulated", "speaker", 124, ("voice", "face", "heart", "skin")),
    ],
)
def test_networks_and_ridges_see_the_same_frames(corpus, normalisation, count, features):
    runs = experiment.runs(corpus)
    assert len(runs) == count
    assert {(run.corpus.name, run.normalisation) for run in runs} == {(corpus, normalisation)}
    assert {run.features for run in runs if isinstance(run, RidgeRun)} == {features}
    assert {run.features for run in runs} == {features, *((name,) for name in features)}


def test_of_a_simulated_corpus_each_seed_is_another_cohort():
    networks = [run for run in experiment.runs("simulated", seeds=(3, 5)) if isinstance(run, Run)]
    assert {(run.seed, dict(run.corpus.options)["seed"]) for run in networks} == {(3, 3), (5, 5)}


def test_unknown_corpus():
    with pytest.raises(ValueError, match="corpus is one of studyforrest, .* Received 'recola'"):
        experiment.runs("recola")


def test_unknown_scale():
    with pytest.raises(ValueError, match="scale is one of paper, desk, full_width, smoke. Received 'huge'"):
        experiment.runs(scale="huge")


def test_unknown_scale_of_recorded_results():
    with pytest.raises(ValueError, match="scale is one of"):
        experiment.recorded(FakeStore(), "studyforrest", "huge")


# --- tables


@pytest.mark.parametrize("partition", ["test", "dev"])
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_table_is_the_mean_over_seeds_and_below_it_over_rotations(dimension, partition):
    table = recorded(partition=partition).table(dimension)
    assert list(table.columns) == ["mse", "mae", "tube0.05", "-ccc", "mse-cov", "mse/(cc+1)", "ridge"]
    assert list(table.index) == ["parts 1 and 5", "parts 2 and 6", "parts 3 and 7", "parts 4 and 8", "mean"]
    base = np.array([CCC[name][DIMENSIONS.index(dimension)] for name in table.columns])
    expected = np.outer([0.5, 0.9, 1.0, 1.6, 1.0], base) * PARTITION[partition]
    np.testing.assert_allclose(table, expected, rtol=1e-12)


def test_table_shows_test_unless_told():
    np.testing.assert_allclose(recorded().table("arousal").loc["mean", "mse"], 0.20, rtol=1e-12)


def test_table_of_chosen_seeds_alone():
    table = recorded(seeds=(2,)).table("valence")
    np.testing.assert_allclose(table.loc["mean", ["mae", "ridge"]], [0.02 * 1.3, 0.50], rtol=1e-12)


def test_table_of_a_corpus_without_rotations():
    table = experiment.recorded(FakeStore(), "simulated", "desk", range(3)).table("arousal")
    assert list(table.index) == ["simulated", "mean"]
    np.testing.assert_allclose(table["-ccc"], [0.31 * 0.5] * 2, rtol=1e-12)


@pytest.mark.parametrize("partition", ["test", "dev"])
def test_shifted_averages_seeds_and_rotations_before_the_quantile(partition):
    """Of 20 lags the point lies .525 of the way from the second greatest to the greatest (.975 * 19 = 18.525)."""
    shifted = recorded(partition=partition).shifted("valence")
    # Mean over seeds 1, 2, 3 times the CCC, each at a lag of its own: 1/3, 2/3 and 3/3 of it.
    of_network = np.append(np.array(ROTATION) * (2 / 3 + 0.525 / 3), 1.6 * (2 / 3 + 0.525 / 3) / 4)
    # The ridge stands at each seed as the same: one lag.
    of_ridge = np.append(np.array(ROTATION) * 0.525, (1.0 + 0.525 * (1.6 - 1.0)) / 4)
    for name, expected in [("mse", of_network), ("mse-cov", of_network), ("ridge", of_ridge)]:
        np.testing.assert_allclose(shifted[name], expected * CCC[name][1] * PARTITION[partition], rtol=1e-12)


def test_a_system_among_its_shifted_scores_by_hand():
    """The greatest lag: in the last rotation alone, a quarter of the mean, the third seed has three times its CCC."""
    among = recorded().among_shifted("valence")
    assert list(among.columns) == ["CCC", "least", "greatest", "outside"]
    np.testing.assert_allclose(among.loc["mse"].astype(float), [0.10, 0, 0.10 * 1.6 / 4, 1], rtol=1e-12)
    assert among["outside"].all()
    below = recorded(FakeStore(ccc=CCC | {"mae": (-0.17, -0.02)})).among_shifted("valence").loc["mae"]
    np.testing.assert_allclose(below.astype(float), [-0.02, -0.02 * 1.6 / 4, 0, 1], rtol=1e-12)


class Lagged(MadeUpStore):
    """Nineteen of twenty lags alike."""

    def load(self, run):
        lags = {"test": {d: [*[0.25] * 19, 0.1] for d in run.dimensions}}
        return replace(super().load(run), shifted_ccc=lags)


def test_a_system_within_its_shifted_scores_is_not_outside():
    among = experiment.recorded(Lagged(lambda run, *_: 0.2), "simulated", "desk", (0, 1)).among_shifted("arousal")
    np.testing.assert_allclose(among[["CCC", "least", "greatest"]], [[0.2, 0.1, 0.25]] * 7)
    assert not among["outside"].any()


@pytest.mark.parametrize(("ccc", "outside"), [(0.12, True), (0.14, False), (0.34, False), (0.36, True)])
def test_a_system_beside_chance_by_hand(ccc, outside):
    """The mean of the lags is .2425, their deviation .15 / sqrt(20); 3.273 is the 99.8 % point of t with 19 degrees."""
    beside = experiment.recorded(Lagged(lambda run, *_: ccc), "simulated", "desk", (0, 1)).beside_chance("arousal")
    half = 3.273 * 0.15 / np.sqrt(20) * np.sqrt(21 / 20)
    np.testing.assert_allclose(beside[["CCC", "low", "high"]], [[ccc, 0.2425 - half, 0.2425 + half]] * 7, atol=1e-4)
    assert beside["outside"].tolist() == [outside] * 7


def test_shifted_has_the_form_of_the_table():
    both = recorded()
    assert both.shifted("arousal").axes[0].equals(both.table("arousal").axes[0])
    assert both.shifted("arousal").axes[1].equals(both.table("arousal").axes[1])


# --- intervals
#
# Three seeds are all the same one in 1 of 27 draws, more often than the 2.5 % beyond either end: where only seeds
# differ, the ends are the least and the greatest seed.


@pytest.mark.parametrize(("dimension", "name", "ccc"), [("arousal", "mse-cov", 0.38), ("valence", "mae", 0.02)])
def test_interval_reaches_from_the_worst_seed_to_the_best(dimension, name, ccc):
    interval = recorded(FakeStore(spread=0)).interval(dimension, name)
    np.testing.assert_allclose(interval, (ccc, 0.8 * ccc, 1.3 * ccc), rtol=1e-12)


def test_interval_of_a_ridge_is_over_recordings_only():
    np.testing.assert_allclose(recorded(FakeStore(spread=0)).interval("valence", "ridge"), [0.5] * 3, rtol=1e-12)
    interval = recorded(FakeStore(spread=0.01)).interval("valence", "ridge")
    assert interval.low < 0.499 < interval.estimate < 0.501 < interval.high


HAND = {
    "5.3a": (0.03 + 0.08) / 2,  # mae is the better of the two
    "5.3c": (0.11 + 0.17) / 2,
    "5.3d": (0.18 + 0.09) / 2,
    "5.3e": (0.04 + 0.02) / 2,
    "5.3f": 0.38 - 0.31,
    "5.3g": 0.27 - 0.19,
    "5.3h": (0.93 / 3 - 0.48 / 3 + 0.58 / 3 - 0.16 / 3) / 2,
    "5.3i": (0.345 - 0.24 + 0.23 - 0.12) / 2,
    "6.2": (0.93 / 3 - 0.20 + 0.58 / 3 - 0.10) / 2,
}


@pytest.mark.parametrize("claim", HAND)
def test_effect_by_hand(claim):
    """What recordings do to all systems alike cancels, since all stand on the same draws: the ends are of seeds."""
    effect = recorded(FakeStore(spread=0.01)).effect(experiment.QUANTITIES[claim])
    np.testing.assert_allclose(effect, np.array([1.0, 0.8, 1.3]) * HAND[claim], rtol=1e-9)


def test_effect_takes_the_better_rival_of_mse():
    ccc = CCC | {"mae": CCC["tube0.05"], "tube0.05": CCC["mae"]}
    effect = recorded(FakeStore(ccc)).effect(experiment.QUANTITIES["5.3a"])
    np.testing.assert_allclose(effect.estimate, 0.055, rtol=1e-9)


def test_quantities_are_those_of_the_claims():
    table = claims.read()
    of_section = set(table["id"][table["section"] == "5.3"])
    assert set(experiment.QUANTITIES) == set(HAND) == of_section - {"5.3b"} | {"6.2"}


@pytest.mark.parametrize("claim", HAND)
def test_quantity_moves_as_the_claim_is_worded(claim):
    """A loss named before "minus" raises the quantity, one named after it lowers it, and any other does nothing."""
    before, after = claims.get(claim).quantity.split(" minus ", 1)
    named = [re.findall(r"mse/\(cc\+1\)|mse-cov|-ccc|tube0\.05|mse|mae", text) for text in (before, after)]
    assert claims.get(claim).direction == 1
    quantity = experiment.QUANTITIES[claim]
    ccc = {name: np.zeros(2) for name in experiment.systems("studyforrest", "desk")}
    for name in experiment.systems("studyforrest", "desk"):
        for raised, dimension in zip(np.eye(2), DIMENSIONS, strict=True):
            sign = (name in named[0]) - (name in named[1])
            expected = sign * (dimension in before + after)
            assert np.sign(quantity(ccc | {name: raised})) == expected, (name, dimension)


# --- trainings


def test_one_row_a_training_and_none_of_a_ridge():
    table = recorded().trainings()
    assert list(table.columns) == ["dimension", "system", "kept epoch", "stopped"]
    epochs = table.groupby(["dimension", "system"])["kept epoch"].apply(sorted).to_dict()
    twelve = [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]
    assert epochs == {(dimension, loss): twelve for dimension in DIMENSIONS for loss in LOSSES}
    assert (table["stopped"] == "by " + table["system"]).all()


def test_effects_are_in_the_form_that_claims_judge_takes():
    of = recorded(FakeStore(spread=0.01)).effects({"5.3c": experiment.QUANTITIES["5.3c"]})
    assert of["5.3c"][:3] == recorded(FakeStore(spread=0.01)).effect(experiment.QUANTITIES["5.3c"])
    assert of["5.3c"].seeds == len(recorded(FakeStore()).seeds)


# --- claims that choose on dev

FEATURE = dict(zip(FEATURES["simulated"], (0.0, 0.1, 0.2, 0.3), strict=True))


def single(run, dimension, partition):
    """The tube gains with each further feature set and loses at the first two; mae loses everywhere, least at skin."""
    if isinstance(run, RidgeRun):
        return 0.0
    if len(run.features) > 1:
        return {"mse": 0.5, "-ccc": 0.6}.get(run.loss, 0.1) + 0.1 * (dimension == "valence")
    strength = FEATURE[run.features[0]]
    gain = {"mse": 0.0, "tube0.05": strength - 0.15, "mae": 0.2 * strength - 0.1}.get(run.loss, -0.2)
    return strength + (gain if partition == "dev" else 2 * gain) + 0.05 * (dimension == "valence")


def test_unstable_losses_by_hand():
    """On test, twice the dev gain: the tube 0.3 at skin and -0.3 at voice, mae -0.08 and -0.2, so that mae decides."""
    swings = experiment.swings(MadeUpStore(single), "simulated", "desk", (0, 1))
    features = {name: run.run.features for name in swings.systems for run in swings.of_system("arousal", name)}
    assert {features[loss, "gains", loss] for loss in ("mae", "tube0.05")} == {("skin",)}
    assert {features[loss, "loses", "mse"] for loss in ("mae", "tube0.05")} == {("voice",)}
    effect = swings.effect(experiment.unstable_losses)
    np.testing.assert_allclose(effect, [-0.08] * 3, rtol=1e-9)


def test_best_on_dev_by_hand():
    """Best single on dev is the tube at skin; on test it has 0.3 + 0.3, and 0.05 more for valence."""
    best = experiment.best_on_dev(MadeUpStore(single), "simulated", "desk", (0, 1))
    assert {r.run.loss for r in best.of_system("valence", "best single")} == {"tube0.05"}
    assert {r.run.loss for r in best.of_system("valence", "all side by side")} == {"-ccc"}
    effects = best.effects(experiment.OF_THE_BEST)
    assert effects["1a"].estimate == pytest.approx(min(0.6 - 0.6, 0.7 - 0.65), abs=1e-9)
    assert effects["2n"].estimate == pytest.approx(-0.05)


@pytest.mark.parametrize(("seeds", "expected"), [((0, 1), 0.15), ((0,), 0.0)])
def test_losses_are_judged_over_feature_sets_where_these_have_more_than_one_seed(seeds, expected):
    """-ccc less mse is 0.15 in each single feature set and nothing from all side by side."""

    def ccc(run, dimension, partition):
        return 0.3 + 0.15 * (not isinstance(run, RidgeRun) and len(run.features) == 1 and run.loss == "-ccc")

    effects = experiment.effects(AlternatingStore(ccc), "simulated", seeds=seeds)
    assert effects["5.3c"].estimate == pytest.approx(expected, abs=1e-9)
    assert effects["5.3c"].seeds == len(seeds)
    assert set(effects) == set(HAND) | {"4.4c", "5.3b", "1a", "2n"}


def test_what_is_recorded_is_judged_without_the_rest():
    class OnlyTogether(AlternatingStore):
        def load(self, run):
            if len(run.features) == 1:
                raise FileNotFoundError("not trained")
            return super().load(run)

    assert set(experiment.effects(OnlyTogether(single), "simulated", seeds=(0, 1))) == set(HAND) | {"4.4c"}


class WithoutHeart(MadeUpStore):
    """Of one feature set a single loss is missing."""

    def __contains__(self, run):
        return not (run.features == ("heart",) and run.loss == "mae")

    def load(self, run):
        if run not in self:
            raise FileNotFoundError("not trained")
        return super().load(run)


def test_a_feature_set_is_shown_when_all_its_losses_are_recorded():
    store = WithoutHeart(single)
    assert experiment.recorded_features(store, "simulated") == ("voice", "face", "skin")
    with pytest.raises(FileNotFoundError):
        experiment.table(4, store, "simulated")


def test_table_of_some_feature_sets_averages_over_these():
    """Dev of the tube: strength and strength - 0.15 more, over voice, face and skin; all side by side stay."""
    table = experiment.table(4, WithoutHeart(single), "simulated", features=("voice", "face", "skin"))
    assert list(table.index) == ["voice", "face", "skin", "average", "all side by side"]
    np.testing.assert_allclose(table.loc["average", "tube0.05"], (-0.15 + 0.05 + 0.45) / 3, rtol=1e-9)
    np.testing.assert_allclose(table.loc["all side by side", ["mse", "-ccc"]], [0.5, 0.6], rtol=1e-9)
    test = experiment.table(5, WithoutHeart(single), "simulated", partition="test", features=("skin",))
    np.testing.assert_allclose(test.loc["skin", "tube0.05"], 0.3 + 0.3 + 0.05, rtol=1e-9)
