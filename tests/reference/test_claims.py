"""The claims as written down: complete, short, dated before any run, in the allowed words."""

import re
from pathlib import Path

import pytest

from replica import claims

FILE = Path(__file__).parents[2] / "reference" / "claims.csv"
COLUMNS = ["id", "section", "place", "quote", "quantity", "criterion", "kind", "direction", "smallest_effect", "date"]
WRITTEN = "2026-11-22"  # before the first recorded run; a later change of a criterion carries its own date


@pytest.fixture(scope="module")
def table():
    return claims.read(FILE)


def test_columns(table):
    assert list(table) == [*COLUMNS, *claims.CORPORA]


def test_ids_are_unique(table):
    assert table["id"].is_unique


def test_quotes_are_short(table):
    assert table["quote"].str.split().map(len).max() <= 25
    assert not table["quote"].str.contains(r"[<>*\\]").any()  # words, not markup


def test_dates(table):
    assert table["date"].map(lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None).all()
    assert table["date"].min() >= WRITTEN


def test_every_section_that_claims_something_is_there(table):
    assert {"2", "4.1", "4.3", "4.4", "4.5", "4.6", *(f"5.{n}" for n in range(1, 10)), "6"} <= set(table["section"])


def test_id_starts_with_its_section(table):
    stated = table["section"].where(table["section"] != "abstract", "0")
    for claim_id, section in zip(table["id"], stated, strict=True):
        assert re.fullmatch(rf"{re.escape(section)}(\.\d)?[a-z]?", claim_id)


def test_all_five_conclusions(table):
    places = table.loc[table["section"] == "6", "place"]
    assert set(places) == {f"conclusion {n}" for n in range(1, 6)}


def test_criterion_names_its_smallest_effect(table):
    for _, claim in table.iterrows():
        numbers = [float(number) for number in re.findall(r"\d+\.?\d*(?:e-\d+)?", claim["criterion"])]
        assert claim["smallest_effect"] in numbers, claim["id"]
        assert claim["criterion"].startswith("Holds if"), claim["id"]
        assert ("undecided" in claim["criterion"]) == (claim["kind"] not in claims.EXACT), claim["id"]


def test_exact_claims_need_no_corpus(table):
    exact = table["kind"].isin(claims.EXACT)
    assert (table.loc[exact, list(claims.CORPORA)] == "not testable").all(axis=None)


def test_every_claim_that_runs_can_decide_has_a_corpus_or_says_none(table):
    judged = table[~table["kind"].isin(claims.EXACT)]
    nowhere = judged[(judged[list(claims.CORPORA)] == "not testable").all(axis=1)]
    assert nowhere["id"].tolist() == ["2g", "2h"]  # findings of others that no corpus here can repeat


def test_claims_about_modalities_are_circular_on_the_simulation(table):
    """The simulated cues were given their strengths: which modality wins is what was put in."""
    simulated = table.set_index("id")["simulated"]
    assert (simulated[["5.1a", "5.1b", "5.1c", "5.1e", "6.1a", "6.1b"]] == "circular").all()


def test_the_loss_functions_are_meaningful_everywhere(table):
    section = table[table["section"] == "5.3"]
    assert section["id"].tolist() == [f"5.3{letter}" for letter in "abcdefghi"]
    assert (section[list(claims.CORPORA)] == "meaningful").all(axis=None)
