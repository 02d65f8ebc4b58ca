"""The simulated world by hand value: what stands in the table, what was expected, and on which cohorts."""

import numpy as np
import pytest
from made_up import MadeUpStore

from replica.experiments import effect_and_delay as experiment
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.systems import LacksModalityError
from replica.runs import RidgeRun

REACHED = {0.0: 0.0, 0.25: 0.1, 0.5: 0.3, 1.0: 0.35}


def ccc(run, dimension, partition):
    """By effect; mse .2 of it lower, at a quarter .5; a BLSTM .06 higher, less .01 a second; valence .04 lower."""
    options = dict(run.corpus.options)
    if isinstance(run, RidgeRun) or partition != "test":
        return 0.25
    effect = options["effect"]
    mse = REACHED[effect] * (0.5 if effect == 0.25 else 0.2) * (run.loss == "mse")
    second = (0.06 - 0.01 * options.get("delay_seconds", 3)) * (run.direction == "bidirectional")
    return REACHED[effect] - mse + second - 0.04 * (dimension == "valence")


def test_what_was_expected_by_hand():
    """Steps .1, .2, .05; leads .05 less .07; .06 less .02."""
    found = experiment.expectations(experiment.recorded(MadeUpStore(ccc), seeds=(0, 1)))
    np.testing.assert_allclose([of.estimate for of in found.values()], [0.05, -0.02, 0.04], atol=1e-9)
    assert {of.seeds for of in found.values()} == {2}


def test_table_by_hand():
    table = experiment.table(experiment.recorded(MadeUpStore(ccc), seeds=(0,)))
    assert table.index.tolist() == [
        *(("effect", e) for e in (0, 0.25, 0.5, 1)),
        *(("delay_seconds", d) for d in (0, 2, 4)),
    ]
    row = table.loc[("effect", 0.25)]
    np.testing.assert_allclose(row["arousal"][["LSTM, mse", "LSTM, -ccc", "ridge"]], [0.05, 0.1, 0.25], atol=1e-9)
    np.testing.assert_allclose(row["valence", "LSTM, -ccc"], 0.06, atol=1e-9)
    np.testing.assert_allclose(table.loc[("delay_seconds", 2.0), ("arousal", "BLSTM, -ccc")], 0.39, atol=1e-9)


def test_at_full_effect_they_are_the_networks_of_section_5():
    ours = experiment.runs("simulated", "desk", (3,))
    of_section_5 = {*sec5_3.runs("simulated", "desk", (3,)), *sec5_4.runs("simulated", "desk", (3,))}
    assert len(ours) == 2 * 4 * (len(experiment.EFFECTS) + len(experiment.DELAYS_SECONDS))
    shared = [run for run in ours if run in of_section_5]
    assert len(shared) == 2 * 4
    assert {dict(run.corpus.options)["effect"] for run in shared} == {1.0}


@pytest.mark.parametrize("corpus", ["studyforrest", "avec2015", "simulated_without_effect"])
def test_people_are_as_they_are(corpus):
    with pytest.raises(LacksModalityError, match=f"in the corpus simulated alone. Received '{corpus}'. Choose that"):
        experiment.runs(corpus)
