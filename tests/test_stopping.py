"""Which look is kept: by hand, at the edges, and against every recorded training of section 5.3."""

import pytest

from replica import paths
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.stopping import kept_look
from replica.store import Store


@pytest.mark.parametrize(
    ("dev_loss", "failures", "kept"),
    [
        ([3, 2, 1], 6, 2),  # still falling
        ([1, 2, 2, 0], 3, 3),  # two failures, then better
        ([1, 2, 2, 0], 2, 0),  # stopped before it
        ([1, 1, 1, 0.5], 2, 0),  # as good is no improvement
        ([5, 4, 6, 6, 3, 7, 7, 7, 1], 3, 4),  # failures count anew from each best
        ([-0.5, -0.6], 6, 1),  # -ccc is below 0
        ([7], 1, 0),
    ],
)
def test_by_hand(dev_loss, failures, kept):
    assert kept_look(dev_loss, failures) == kept


@pytest.mark.parametrize(("dev_loss", "failures"), [([], 6), ([1.0], 0)])
def test_what_no_training_has_is_refused(dev_loss, failures):
    with pytest.raises(ValueError, match="Pass the dev_loss of a result's history"):
        kept_look(dev_loss, failures)


def test_recorded_trainings_kept_the_look_that_the_rule_keeps():
    histories = [r.history for r in sec5_3.recorded(Store(paths.results()), "studyforrest", "desk")]
    histories = [history for history in histories if history.get("stopped") == "patience"]
    assert len(histories) > 100
    for history in histories:
        assert kept_look(history["dev_loss"]) * history["looked_every"] == history["best_epoch"]
        assert len(history["train_loss"]) == history["best_epoch"] + 60
