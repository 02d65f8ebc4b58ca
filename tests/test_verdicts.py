"""All claims in one table, from made-up effects: every verdict, its corpus, and the reason where there is none."""

import pandas as pd
import pytest

from replica import claims, power, printed, verdicts
from replica.experiments import EXPERIMENTS, sec5_3_loss_functions
from replica.experiments.recorded import Effect, where_recorded
from replica.statistics import Interval

TABLE = claims.read().set_index("id")
VALUES = {claim: 0.0 for claim in TABLE.index[TABLE["kind"].isin(claims.EXACT)]}


def table(**of):
    return verdicts.table({corpus: effects for corpus, effects in of.items()}, VALUES)


def test_every_claim_stands_once_on_every_corpus_and_an_exact_one_once():
    judged = table(studyforrest={}, simulated={})
    expected = [(claim, corpus) for claim in TABLE.index for corpus in
                ([""] if claim in VALUES else ["studyforrest", "simulated"])]  # fmt: skip
    assert list(judged.index) == expected


def test_an_effect_is_judged_by_the_rule():
    effects = {
        "5.3c": Effect(0.05, 0.03, 0.07, 3),
        "5.3d": Effect(0.01, 0.001, 0.02, 3),
        "5.3e": Effect(0, -1, 0.01, 3),
    }
    judged = table(studyforrest=effects).loc[[(claim, "studyforrest") for claim in effects]]
    assert list(judged["verdict"]) == ["holds here", "in direction only", "does not hold here"]
    assert judged[["estimate", "low", "high", "seeds"]].iloc[0].tolist() == [0.05, 0.03, 0.07, 3]
    assert judged["why"].isna().all()


def test_one_seed_is_undecided():
    assert table(studyforrest={"5.3c": Effect(0.05, 0.03, 0.07, 1)})["verdict"]["5.3c", "studyforrest"] == "undecided"


def test_a_corpus_that_cannot_say_shows_its_number_all_the_same():
    judged = table(simulated={"5.1a": Effect(0.5, 0.4, 0.6, 3)}, studyforrest={})
    assert judged.loc[("5.1a", "simulated"), ["estimate", "verdict"]].tolist() == [0.5, "circular here"]
    assert judged["verdict"]["5.1a", "studyforrest"] == "not testable here"


def test_what_was_not_run_says_why():
    judged = table(studyforrest={})
    assert judged.loc[("2d", "studyforrest"), ["verdict", "why"]].tolist() == [
        "not run",
        "no network is scored with its state reset",
    ]
    assert judged["why"]["5.3c", "studyforrest"] == "its runs are not recorded on this corpus"


def test_reasons_are_of_claims_that_some_corpus_could_decide():
    told = TABLE.loc[list(verdicts.WHY_NOT)]
    assert not set(told["kind"]) & set(claims.EXACT)
    assert (told[list(claims.CORPORA)] == "meaningful").any(axis=1).all()


def test_exact_claims_by_their_number():
    judged = verdicts.table({}, VALUES | {"4.1a": -16.0, "4.4g": 1.0})
    assert judged["verdict"]["4.1a", ""] == "does not hold"
    assert judged["verdict"]["4.4g", ""] == "holds"
    assert judged["verdict"]["4.4i", ""] == "does not hold"  # 0 is not above 1e-6


def test_a_section_has_its_own_rows_of_the_whole_table():
    """Of section 5.6 claim 5.6a speaks of a printed table, which no run decides; claim 6.3 is of another section."""
    of = {
        "simulated": {"5.6b": Effect(0.05, 0.03, 0.07, 2), "6.3": Effect(0.1, 0.0, 0.2, 2)},
        "studyforrest": {"5.6b": Effect(-0.05, -0.07, -0.03, 3)},
    }
    section = verdicts.of_section("5.6", of)
    assert "5.6a" in VALUES
    assert list(section.index) == [(c, corpus) for c in ("5.6b", "5.6c", "5.6d") for corpus in of]
    assert section["verdict"]["5.6b", "studyforrest"] == "does not hold here"
    whole = verdicts.table(of, VALUES).loc[section.index]
    pd.testing.assert_frame_equal(section, whole, check_dtype=False)


def test_a_section_in_words_and_digits():
    """5.6c is circular on the simulated corpus and has a number all the same; 5.6d has neither number nor reason."""
    of = {"simulated": {"5.6b": Effect(0.05, -0.03, 0.0704, 2), "5.6c": Effect(0.1, 0.0, 0.2, 1)}}
    shown = verdicts.as_text(verdicts.of_section("5.6", of)).droplevel("corpus")
    assert list(shown.loc["5.6b"]) == ["0.050", "-0.030", "0.070", "2", "undecided", ""]
    assert list(shown.loc["5.6c"]) == ["0.100", "0.000", "0.200", "1", "circular here", ""]
    assert list(shown.loc["5.6d"]) == ["", "", "", "", "circular here", ""]


def test_a_generated_copy_is_judged_as_what_it_is_made_of(monkeypatch, tmp_path):
    """5.6c is circular on the simulated corpus, 5.6b is not."""
    of = {"avec2015": {"5.6b": Effect(0.05, 0.03, 0.07, 2), "5.6c": Effect(0.1, 0.05, 0.2, 2)}}
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path))
    (tmp_path / "avec2015").mkdir()
    assert list(verdicts.of_section("5.6", of)["verdict"]) == ["replicated", "replicated", "not run"]
    (tmp_path / "avec2015/GENERATED.txt").touch()
    assert list(verdicts.of_section("5.6", of)["verdict"]) == ["holds here", "circular here", "circular here"]


def test_a_corpus_that_no_claim_speaks_of():
    with pytest.raises(ValueError, match="Received 'simulated_without_effect'. Use one of: .*avec2015_from_dev"):
        verdicts.of_section("5.6", {"simulated_without_effect": {"5.6b": Effect(0.05, 0.03, 0.07, 2)}})


def test_counted():
    counted = verdicts.counted(table(studyforrest={"5.3c": Effect(0.05, 0.03, 0.07, 3)}))
    assert counted.loc["holds here", "studyforrest"] == 1
    assert counted.to_numpy().sum() == len(TABLE)
    assert counted["exact"].sum() == len(VALUES)


# --- collecting


class OneSeed:
    """An experiment with one claim."""

    def __init__(self, claim, error=None):
        self.claim, self.error = claim, error

    def effects(self, store, corpus, scale):
        if self.error:
            raise self.error
        return {self.claim: Effect(0.1, 0.0, 0.2, store)}


def collect(monkeypatch, *modules):
    by_name = dict(zip(EXPERIMENTS, modules, strict=False))
    monkeypatch.setattr(verdicts, "import_module", lambda name: by_name.get(name.rpartition(".")[2]))
    return verdicts.effects(7, "studyforrest")


def test_effects_are_those_of_all_experiments_and_missing_runs_leave_gaps(monkeypatch):
    found = collect(monkeypatch, OneSeed("5.3c"), OneSeed("5.1a", FileNotFoundError("gone")), OneSeed("5.4a"))
    assert found == {"5.3c": Effect(0.1, 0.0, 0.2, 7), "5.4a": Effect(0.1, 0.0, 0.2, 7)}


def test_a_claim_that_repeats_another_has_its_effect(monkeypatch):
    found = collect(monkeypatch, OneSeed("5.4d"))
    assert found["6.3"] == found["5.4d"]
    assert claims.get("6.3").quantity.startswith("the quantity of claim 5.4d")


def test_another_error_is_not_taken_for_missing_runs(monkeypatch):
    with pytest.raises(ValueError, match="damaged"):
        collect(monkeypatch, OneSeed("5.3c", ValueError("damaged")))


def test_a_claim_that_is_computed_twice(monkeypatch):
    with pytest.raises(ValueError, match="computed in one place. Received .'5.3c'. from .* Remove it"):
        collect(monkeypatch, OneSeed("5.3c"), OneSeed("5.3c"))


def test_every_experiment_claims_only_what_is_written_down():
    for module in (sec5_3_loss_functions,):
        assert set(module.QUANTITIES) <= set(TABLE.index)


def test_groups_that_are_not_recorded():
    def gone():
        raise FileNotFoundError("no such run")

    assert where_recorded(gone, lambda: {"5.8a": 1}, lambda: {"4.6e": 2}) == {"5.8a": 1, "4.6e": 2}
    with pytest.raises(FileNotFoundError, match="no such run"):
        where_recorded(gone, gone)


# --- power


def test_powers_are_of_the_claims_whose_size_is_printed():
    found = {"5.4a": Effect(0.1, -0.1, 0.3, 3), "2c": Effect(0.1, 0.0, 0.2, 3), "5.8b": Effect(0.0, -0.01, 0.01, 3)}
    powers = verdicts.powers(found, 36)
    assert list(powers.index) == ["5.4a", "5.8b"]
    error = power.standard_error(Interval(0.1, -0.1, 0.3), 36)
    assert error == pytest.approx(2 * 0.2 / 1.959964, rel=1e-6)
    assert powers.loc["5.4a"].tolist() == pytest.approx(
        [0.006, error, power.of_sign(0.006, error), power.detectable(error)]
    )
    small = power.standard_error(Interval(0.0, -0.01, 0.01), 36)
    assert powers.loc["5.8b", "power"] == pytest.approx(power.of_equality(0.00145, 0.02, small))
    assert pd.isna(powers.loc["5.8b", "needed"])


def test_power_follows_the_claimed_direction():
    """5.5c claims a loss, and Table 7 prints one of 0.077: nine people would show it."""
    powers = verdicts.powers({"5.5c": Effect(-0.05, -0.06, -0.04, 3)}, 9)
    assert printed.differences()["5.5c"] < 0
    assert powers.loc["5.5c", "power"] > 0.99
