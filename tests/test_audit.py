import dataclasses

import numpy as np
import pytest

from replica import audit, corpora
from replica.audit import compare, draw
from replica.execution import execute
from replica.fixed_point import STEP
from replica.runs import RidgeRun, Run, SmoothedRun
from replica.store import Store

KEY = corpora.key("simulated", size="mini")
RIDGE = RidgeRun(KEY, ("face",), ("valence",), "smoke", "speaker")
RIDGES = [dataclasses.replace(RIDGE, context_seconds=(float(k),)) for k in range(1, 7)]
NETWORK = Run(KEY, ("face",), ("valence",), "smoke", layer_sizes=(3,), loss="mse", seed=0)
SMOOTHED = SmoothedRun(NETWORK, "forward")


@pytest.fixture(scope="module")
def result():
    return execute(RIDGE)


def test_sample_holds_every_kind_and_follows_from_the_seed():
    runs = [*RIDGES, NETWORK, SMOOTHED]
    drawn = draw(runs, 4, seed=1)
    assert {type(run) for run in drawn} == {RidgeRun, Run, SmoothedRun}
    assert len(set(drawn)) == 4
    assert drawn == draw(runs[::-1], 4, seed=1)
    assert len({tuple(draw(RIDGES, 2, seed)) for seed in range(20)}) > 5
    assert set(draw(runs, 100)) == set(runs)
    assert draw([], 5) == []


def test_recorded_run_comes_out_bit_for_bit_and_an_altered_one_does_not(result, tmp_path):
    """In fresh processes; a smoothed run starts from what is recorded of its input."""
    store = Store(tmp_path)
    store.save(dataclasses.replace(result, run=NETWORK))
    scored = {p: result.moments[p] for p in ("dev", "test")}
    altered = {p: {name: x + 0.5 for name, x in of.items()} for p, of in result.predictions.items()}
    store.save(dataclasses.replace(result, run=SMOOTHED, moments=scored, predictions=altered))
    store.save(result)
    told = {of.run: of for of in audit.audit([RIDGE, SMOOTHED], store, 1)}
    assert told[RIDGE].equal
    assert (told[RIDGE].predictions, told[RIDGE].ccc) == (0.0, 0.0)
    assert told[RIDGE].same_machine
    assert not told[SMOOTHED].equal
    assert 0.4 < told[SMOOTHED].predictions < 0.6
    assert len(store.digests()) == 3


def test_smallest_difference_is_told(result):
    predictions = {p: {name: x.copy() for name, x in of.items()} for p, of in result.predictions.items()}
    predictions["test"]["test_1"][5] += STEP
    told = compare(result, dataclasses.replace(result, predictions=predictions))
    assert not told.equal
    assert told.predictions == pytest.approx(STEP)
    assert told.ccc == 0


def test_moment_that_differs_in_its_last_bit_is_told(result):
    moments = {p: {d: dict(of) for d, of in by.items()} for p, by in result.moments.items()}
    name, one = next(iter(moments["dev"]["valence"].items()))
    field = dataclasses.fields(one)[1].name
    nudged = np.nextafter(getattr(one, field), np.inf)
    moments["dev"]["valence"][name] = dataclasses.replace(one, **{field: float(nudged)})
    told = compare(result, dataclasses.replace(result, moments=moments))
    assert not told.equal
    assert told.predictions == 0


def test_not_a_number_is_equal_to_itself(result):
    """A diverged network."""
    predictions = {p: {name: np.full_like(x, np.nan) for name, x in of.items()} for p, of in result.predictions.items()}
    diverged = dataclasses.replace(result, predictions=predictions)
    assert compare(diverged, diverged).equal
    assert not compare(diverged, result).equal


def test_first_results_are_compared_to_their_rounding(result):
    """Float16: a prediction may lie beside its step by half a step and half of what float16 resolves, no more."""

    def told(by):
        first = {
            p: {name: (x + by).astype("float16") for name, x in of.items()} for p, of in result.predictions.items()
        }
        return compare(dataclasses.replace(result, predictions=first), result).equal

    assert told(0.0)
    assert told(STEP / 4)
    assert not told(4 * STEP)


@pytest.mark.parametrize(
    ("provenance", "same"),
    [({"instruction_set": "other"}, False), ({"processor": "other"}, False), ({}, True)],
)
def test_another_processor_is_told(result, provenance, same):
    """By its instruction set, or where that was not recorded yet, by its name."""
    recorded = {name: told for name, told in result.provenance.items() if name != "instruction_set"} | provenance
    assert compare(dataclasses.replace(result, provenance=recorded), result).same_machine is same
