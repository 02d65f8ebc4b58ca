import dataclasses

import pytest

from replica.corpora.recording import CorpusKey
from replica.cost import duration, estimate
from replica.runs import FusedRun, RidgeRun, Run, SmoothedRun, digest
from replica.store import Record

FILM = CorpusKey("film", "v", (("rotation", 0),))
RUN = Run(FILM, ("voice",), ("arousal",), "desk", layer_sizes=(3,), loss="mse", seed=0)
LARGER = dataclasses.replace(RUN, layer_sizes=(6,))
RIDGE = RidgeRun(FILM, ("voice",), ("arousal",), "desk", "train")


def took(seconds, run=RUN):
    return Record(run, {}, {}, {"seconds": seconds})


def cost(runs, *records):
    return estimate({digest(run): run for run in runs}, records)


def test_runs_of_one_kind_take_their_median():
    """Another seed, dimension or rotation is one kind; another network or scale is not."""
    other = dataclasses.replace(RUN, seed=7, dimensions=("valence",), corpus=dataclasses.replace(FILM, options=()))
    told = cost([other], took(10.0), took(30.0), took(80.0), took(7.0, LARGER))
    assert list(told.close.values()) == [30.0]
    assert str(told) == "30 s on one core: 1 as runs of their kind took"


@pytest.mark.parametrize(
    "like", [LARGER, dataclasses.replace(RUN, corpus=CorpusKey("rooms", "v")), dataclasses.replace(RUN, loss="mae")]
)
def test_others_at_the_same_scale_are_a_rough_guide(like):
    told = cost([like], took(20.0))
    assert (list(told.close), list(told.rough.values())) == ([], [20.0])
    assert "1 roughly" in str(told)


@pytest.mark.parametrize(
    "unlike", [RIDGE, SmoothedRun(RUN, "forward"), dataclasses.replace(RUN, scale="paper"), FusedRun((RUN,), "dev_dev")]
)
def test_nothing_alike_is_unknown(unlike):
    told = cost([unlike], took(20.0))
    assert told.unknown == {digest(unlike)}
    assert str(told) == "time unknown, nothing like it is recorded"


def test_fusion_that_trains_its_members_anew_is_another_kind():
    anew = FusedRun((RUN,), "dev_dev", scores_train=True)
    assert cost([anew], took(1.0, FusedRun((LARGER,), "dev_dev"))).unknown == {digest(anew)}


def test_sums_up_and_tells_how_rough_it_is():
    told = cost([RUN, LARGER, RIDGE], took(3600.0))
    assert (
        str(told)
        == "2.0 h on one core: 1 as runs of their kind took, 1 roughly, as others at this scale took, 1 unknown"
    )
    assert told.seconds(digest(RIDGE)) == 3600.0  # the mean of what is known


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (59, "59 s"), (90, "1.5 min"), (7200, "2.0 h")])
def test_duration_in_words(seconds, words):
    assert duration(seconds) == words
