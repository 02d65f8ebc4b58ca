"""The claim on correlated emotion dimensions by hand value, and on which cohorts its networks are trained."""

import numpy as np
import pytest
from made_up import MadeUpStore

from replica.experiments import sec2_correlation as experiment
from replica.experiments import sec5_5_multi_task as sec5_5
from replica.experiments.systems import LacksModalityError

GAIN = {"voice": 0.05, "face": 0.02, "heart": 0.0, "skin": -0.01}  # related; all side by side .04


def ccc(run, dimension, partition):
    """Multi-task gains where related, by .1 more for valence; half of it where unrelated; dev tells nothing."""
    if len(run.dimensions) == 1 or partition != "test":
        return 0.4
    gain = GAIN[run.features[0]] if len(run.features) == 1 else 0.04
    related = dict(run.corpus.options)["correlation"] == 0.6
    return 0.4 + (gain + 0.1 * (dimension == "valence")) * (1 if related else 0.5)


def test_effect_by_hand():
    """Mean gain .02 over five rows, and .05 more by valence: .07 where related, .035 where not."""
    effect = experiment.effects(MadeUpStore(ccc), "simulated", "desk", (0, 1))["2j"]
    np.testing.assert_allclose(effect.estimate, 0.035, atol=1e-9)
    assert effect.seeds == 2


def test_table_by_hand():
    table = experiment.table(experiment.recorded(MadeUpStore(ccc), "simulated", "desk", (0,)))
    assert table.index.tolist() == [*GAIN, sec5_5.TOGETHER]
    np.testing.assert_allclose(table["arousal", 0.6], [*GAIN.values(), 0.04], atol=1e-9)
    np.testing.assert_allclose(table["valence", 0.0], [(x + 0.1) / 2 for x in (*GAIN.values(), 0.04)], atol=1e-9)


def test_the_networks_are_those_of_section_5_5_and_nothing_but_the_correlation_differs():
    declared = experiment.runs("simulated", "desk", (3,))
    of_table_7 = [run for run in sec5_5.runs("simulated", "desk", (3,)) if hasattr(run, "layer_sizes")]
    for correlation in (0.0, 0.6):
        at = [run for run in declared if dict(run.corpus.options)["correlation"] == correlation]
        assert [(r.features, r.dimensions, r.layer_sizes, r.loss) for r in at] == [
            (r.features, r.dimensions, r.layer_sizes, r.loss) for r in of_table_7
        ]
        assert {dict(run.corpus.options)["seed"] for run in at} == {3}
    assert len(declared) == 2 * len(of_table_7)


@pytest.mark.parametrize("corpus", ["studyforrest", "avec2015", "simulated_without_effect"])
def test_people_correlate_as_they_do(corpus):
    with pytest.raises(LacksModalityError, match=f"in the corpus simulated alone. Received '{corpus}'. Choose that"):
        experiment.runs(corpus)
