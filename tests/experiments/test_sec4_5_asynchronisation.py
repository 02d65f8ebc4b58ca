"""The claims on asynchronous features by hand value, and what the networks of this section see."""

import numpy as np
import pytest
from made_up import MadeUpStore

from replica import corpora
from replica.conventions import DIMENSIONS
from replica.experiments import sec4_5_asynchronisation as experiment

LOST = {"voice": 0.08, "face": 0.04, "heart": 0.0, "skin": -0.02}  # where it is late, by a concatenation


def ccc(run, dimension, partition):
    """The new structure loses half as much, and has .01 less in step; valence all .1 less; dev tells nothing."""
    late = [name.removesuffix("_late4s") for name in run.features if name.endswith("_late4s")]
    lost = sum(LOST.get(name, 0) for name in late) * (0.5 if run.enters else 1)
    return (0.5 - lost - 0.01 * bool(run.enters) - 0.1 * (dimension == "valence")) * (partition == "test")


MEAN_LOST = 0.025
HAND = {"4.5a": MEAN_LOST, "4.5d": MEAN_LOST / 2, "6.5": MEAN_LOST / 2 - 0.01}


@pytest.mark.parametrize("claim", HAND)
def test_effect_by_hand(claim):
    effect = experiment.effects(MadeUpStore(ccc), "simulated", "desk", (0, 1))[claim]
    np.testing.assert_allclose(effect.estimate, HAND[claim], atol=1e-9)
    assert effect.seeds == 2


def test_leads_by_hand():
    """The face late: .04 against .02 is lost, and .01 less is there in step; all late: .10 against .05."""
    ccc_of = experiment.recorded(MadeUpStore(ccc), "simulated", "desk", (0,)).effects
    found = ccc_of({"face": lambda of: experiment.saved(of, "face"), "in step": lambda of: experiment.lead(of, "none")})
    np.testing.assert_allclose([effect.estimate for effect in found.values()], [0.02, -0.01], atol=1e-9)
    all_late = experiment.recorded(MadeUpStore(ccc), "simulated", "desk", (0,), of=experiment.all_late)
    lead = all_late.effects({"all": lambda of: experiment.lead(of, "all")})["all"]
    np.testing.assert_allclose(lead.estimate, 0.05 - 0.01, atol=1e-9)


def test_table_by_hand():
    table = experiment.table(experiment.recorded(MadeUpStore(ccc), "simulated", "desk", (0,)))
    assert table.index.tolist() == ["none", *LOST]
    np.testing.assert_allclose(table["arousal", "concatenation"], [0.5, *(0.5 - lost for lost in LOST.values())])
    np.testing.assert_allclose(table["valence", "new structure"], [0.39, *(0.39 - 0.5 * x for x in LOST.values())])


@pytest.mark.parametrize("corpus", ["studyforrest", "simulated", "avec2015"])
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_in_each_row_one_feature_set_is_late_and_the_others_stay(corpus, dimension):
    key = corpora.key(corpus, **({"rotation": 1} if corpus == "studyforrest" else {}))
    declared = {name: of(key, dimension, 0) for name, of in experiment.systems(corpus, "desk").items()}
    in_step = declared["none", "new structure"]
    for (row, structure), run in declared.items():
        late = [name for name in run.features if name.endswith("_late4s")]
        assert len(late) == (row != "none")
        assert tuple(name.removesuffix("_late4s") for name in run.features) == in_step.features
        assert run.enters == (in_step.enters if structure == "new structure" else ())
        assert (run.loss, run.layer_sizes) == (in_step.loss, in_step.layer_sizes)
    every = [name.removesuffix("_late4s") for run in declared.values() for name in run.features if "_late4s" in name]
    assert sorted(every) == sorted(2 * in_step.features)  # each late once in each structure
    assert max(in_step.enters) == len(in_step.layer_sizes) == 3


def test_where_all_are_late_they_are_in_step():
    declared = experiment.all_late("simulated", "desk")
    in_step = experiment.systems("simulated", "desk")
    for (row, structure), system in declared.items():
        run, other = (of(corpora.key("simulated"), "valence", 0) for of in (system, in_step["none", structure]))
        assert row == "all"
        assert run.features == tuple(f"{name}_late4s" for name in other.features)
        assert run.enters == other.enters
    assert set(experiment.runs("simulated", "desk", (0,))) > {run}


def test_audio_is_the_set_of_its_dimension():
    declared = experiment.systems("avec2015", "desk")["audio", "concatenation"]
    seen = {d: declared(corpora.key("avec2015"), d, 0).features for d in DIMENSIONS}
    assert "audio_short_late4s" in seen["arousal"] and "audio_long_late4s" in seen["valence"]


def test_a_seed_whose_runs_are_not_all_recorded_waits():
    class WithoutOne(MadeUpStore):
        def __contains__(self, run):
            return not (run.seed == 2 and run.features[0].endswith("_late4s"))

    assert tuple(experiment.recorded(WithoutOne(ccc), "studyforrest", "desk").seeds) == (0, 1)
    assert tuple(experiment.recorded(WithoutOne(ccc), "studyforrest", "desk", (2,)).seeds) == (2,)
