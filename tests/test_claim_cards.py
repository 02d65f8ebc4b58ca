"""What a reader sees of a claim: its words, its numbers to three digits, its verdict with a sign, and the reason."""

import re

import pytest

from replica import claims, verdicts
from replica.claim_cards import SYMBOLS, Cards, Glance
from replica.experiments.recorded import Effect

TABLE = claims.read().set_index("id")
VALUES = {claim: 1.0 for claim in TABLE.index[TABLE["kind"].isin(claims.EXACT)]}
FOUND = {"5.3c": Effect(0.01449, -0.0021, 0.03, 3), "5.4a": Effect(0.002, 0.001, 0.003, 1)}
JUDGED = verdicts.table({"studyforrest": FOUND, "simulated": {}}, VALUES)
POWERS = verdicts.powers(FOUND, 19)


def cards(*ids):
    return Cards([claims.get(claim) for claim in ids], JUDGED, POWERS)


def test_a_card_as_text():
    assert repr(cards("5.3c", "4.4g", "5.1a")).splitlines() == [
        f"5.3c: {TABLE.loc['5.3c', 'quote']}",
        "  studyforrest: 0.014 (-0.002 to 0.030, 3 seeds), undecided",
        "  simulated: not run, since its runs are not recorded on this corpus",
        f"4.4g: {TABLE.loc['4.4g', 'quote']}",
        "  1.000, holds",
        f"5.1a: {TABLE.loc['5.1a', 'quote']}",
        "  studyforrest: not testable here",
        "  simulated: circular here",
    ]


def test_a_card_unfolds_to_quantity_criterion_with_its_date_and_power():
    html = cards("5.3c")._repr_html_()
    assert html.startswith('<details class="claim" id="claim-5.3c"><summary><b>5.3c</b> <q>especially with')
    assert f"<dt>criterion of {TABLE.loc['5.3c', 'date']}</dt><dd>Holds if" in html
    assert '<span class="verdict undecided">? studyforrest: undecided</span>' in html
    assert f"<dd>{TABLE.loc['5.3c', 'quantity']}</dd>" in html
    row = POWERS.loc["5.3c"]
    assert (
        f"tables give 0.066. With the spread seen here its standard error on nine people is {row['standard error']:.3f}"
        in html
    )
    assert f"It would take {row['needed']:.3f} for 0.80." in html


def test_one_seed_is_one_seed_and_a_claim_without_printed_size_has_no_power():
    assert "(0.001 to 0.003, 1 seed), undecided" in repr(cards("5.4a"))
    assert "nine speakers" not in cards("2d")._repr_html_()


def test_text_is_escaped():
    judged = JUDGED.copy()
    judged.loc[("5.3c", "simulated"), "why"] = "a < b"
    assert "since a &lt; b" in Cards([claims.get("5.3c")], judged, POWERS)._repr_html_()


def test_every_verdict_has_a_sign():
    words = {*claims.ON_AVEC2015, *claims.ON_AVEC2015.values(), claims.UNDECIDED, verdicts.NOT_RUN}
    words |= {"holds", "does not hold", *(f"{word} here" for word in claims.STANDINGS if word != "meaningful")}
    assert words == set(SYMBOLS)


@pytest.fixture
def glance():
    return Glance([claims.get(claim) for claim in TABLE.index], JUDGED, "studyforrest")


def test_a_glance_has_a_row_a_section_and_a_link_a_claim(glance):
    html = glance._repr_html_()
    assert re.findall(r'<th scope="row">([^ ]+) <small>', html) == list(dict.fromkeys(TABLE["section"]))
    assert re.findall(r'href="../notebooks/07_claims.html#claim-([^"]+)"', html) == list(TABLE.index)
    assert ">5.3c&nbsp;?</a>" in html
    assert ">4.4g&nbsp;✓</a>" in html
    assert ">5.1a&nbsp;–</a>" in html


def test_the_key_counts_every_claim_once(glance):
    counts = re.findall(r"\((\d+)\)", glance._repr_html_().rpartition("glance-key")[2])
    assert sum(map(int, counts)) == len(TABLE)


def test_a_glance_as_text(glance):
    assert repr(glance).splitlines()[0] == "abstract: 0a not run"
