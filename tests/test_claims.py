"""The rule that judges a claim: every branch, every boundary, every error."""

import itertools
import math
import subprocess
import sys

import pytest

from replica import claims

HEAD = (
    "id,section,place,quote,quantity,criterion,kind,direction,smallest_effect,date,"
    "simulated,studyforrest,ceap360vr,avec2015"
)
UP = "up,1,p,q,q,c,runs,1,0.02,2026-11-22,meaningful,circular,not testable,meaningful"
DOWN = "down,1,p,q,q,c,runs,-1,0.02,2026-11-22,meaningful,circular,not testable,meaningful"
EQUAL = "equal,1,p,q,q,c,runs,0,0.02,2026-11-22,meaningful,circular,not testable,meaningful"
RATINGS = "ratings,1,p,q,q,c,ratings,1,0.02,2026-11-22,meaningful,circular,not testable,meaningful"
EXACT = "exact,1,p,q,q,c,mathematics,0,1e-06,2026-11-22,not testable,not testable,not testable,not testable"
SIGNED = "signed,1,p,q,q,c,printed tables,1,0.5,2026-11-22,not testable,not testable,not testable,not testable"
WORDS = {"holds here", "in direction only", "does not hold here", "undecided"}


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Stand in for the checkout's claims, so that the rule is tested whatever the paper says."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "paper_tables.csv").touch()
    monkeypatch.chdir(tmp_path)

    def rows(*lines):
        (tmp_path / "reference" / "claims.csv").write_text("\n".join([HEAD, *lines]) + "\n")

    rows(UP, DOWN, EQUAL, RATINGS, EXACT, SIGNED)
    return rows


@pytest.mark.parametrize(
    ("effect", "low", "high", "verdict"),
    [
        (0.05, 0.01, 0.09, "holds here"),
        (0.02, 0.001, 0.04, "holds here"),  # the smallest effect itself counts
        (0.019, 0.001, 0.04, "in direction only"),
        (0.005, 0.001, 0.009, "in direction only"),  # sure and too small
        (0.05, 0.0, 0.1, "undecided"),  # the interval reaches 0
        (0.05, -0.01, 0.1, "undecided"),
        (0.0, -0.01, 0.02, "undecided"),  # the smallest effect is not excluded
        (0.0, -0.01, 0.0199, "does not hold here"),
        (-0.1, -0.2, -0.05, "does not hold here"),
        (0.0, 0.0, 0.0, "does not hold here"),
        (0.2, 0.01, 0.1, "undecided"),  # the interval does not hold its own estimate
    ],
)
class TestDirected:
    def test_up(self, write, effect, low, high, verdict):
        assert claims.judge("up", "simulated", effect, low, high, seeds=2) == verdict

    def test_down_is_up_mirrored(self, write, effect, low, high, verdict):
        assert claims.judge("down", "simulated", -effect, -high, -low, seeds=2) == verdict


@pytest.mark.parametrize(
    ("effect", "low", "high", "verdict"),
    [
        (0.0, -0.01, 0.01, "holds here"),
        (0.0, -0.02, 0.02, "holds here"),
        (0.01, 0.005, 0.015, "holds here"),  # surely not 0, surely too small to count
        (0.0, -0.021, 0.01, "undecided"),
        (0.0, -0.01, 0.021, "undecided"),
        (0.03, 0.02, 0.04, "undecided"),
        (0.03, 0.021, 0.04, "does not hold here"),
        (-0.03, -0.04, -0.021, "does not hold here"),
        (0.2, -0.01, 0.01, "undecided"),
    ],
)
def test_equal(write, effect, low, high, verdict):
    assert claims.judge("equal", "simulated", effect, low, high, seeds=2) == verdict


@pytest.mark.parametrize("claim", ["up", "down", "equal"])
def test_every_interval_gets_one_word(write, claim):
    grid = [-0.03, -0.02, -0.01, 0.0, 0.01, 0.02, 0.03]
    given = set()
    for effect, low, high in itertools.product(grid, repeat=3):
        if low <= high:
            given.add(claims.judge(claim, "simulated", effect, low, high, seeds=3))
    assert given == (WORDS - {"in direction only"} if claim == "equal" else WORDS)


@pytest.mark.parametrize(
    ("effect", "low", "high", "verdict"),
    [
        (0.05, 0.01, 0.09, "replicated"),
        (0.01, 0.001, 0.04, "replicated in direction only"),
        (0.0, -0.01, 0.01, "not replicated"),
        (0.0, -0.1, 0.1, "undecided"),
    ],
)
def test_words_on_the_papers_own_corpus(write, effect, low, high, verdict):
    assert claims.judge("up", "avec2015", effect, low, high, seeds=2) == verdict


@pytest.mark.parametrize("mark", ["OWN.txt", "GENERATED.txt"])
def test_files_in_the_layout_of_the_papers_corpus_are_not_the_papers_corpus(write, mark, tmp_path, monkeypatch):
    """Whatever their runs give: their words are about them alone."""
    (tmp_path / "avec2015").mkdir()
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path))
    numbers = [(0.05, 0.01, 0.09), (0.01, 0.001, 0.04), (0.0, -0.01, 0.01)]
    words = [claims.judge("up", "avec2015", *of, seeds=2) for of in numbers]
    assert words == ["replicated", "replicated in direction only", "not replicated"]  # an unmarked folder
    (tmp_path / "avec2015" / mark).write_text("frames: 30\nspeakers: 2\n")
    words = [claims.judge("up", "avec2015", *of, seeds=2) for of in numbers]
    assert words == ["holds here", "in direction only", "does not hold here"]


def test_generated_files_say_what_the_simulated_corpus_says_of_which_they_are_made(write, tmp_path, monkeypatch):
    write(UP, "planted,1,p,q,q,c,runs,1,0.02,2026-11-22,circular,meaningful,not testable,meaningful")
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path))
    (tmp_path / "avec2015").mkdir()
    (tmp_path / "avec2015/OWN.txt").touch()
    for corpus in ("avec2015", "avec2015_from_dev"):
        assert claims.judge("planted", corpus, 0.05, 0.01, 0.09, seeds=2) == "holds here"
    (tmp_path / "avec2015/OWN.txt").rename(tmp_path / "avec2015/GENERATED.txt")
    for corpus in ("avec2015", "avec2015_from_dev"):
        assert claims.judge("planted", corpus, 0.05, 0.01, 0.09, seeds=2) == "circular here"
    assert claims.judge("planted", "studyforrest", 0.05, 0.01, 0.09, seeds=2) == "holds here"


def test_other_partitions_of_the_papers_corpus_are_judged_and_not_called_replicated(write):
    assert claims.judge("up", "avec2015_from_dev", 0.05, 0.01, 0.09, seeds=2) == "holds here"


@pytest.mark.parametrize("numbers", [(0.05, 0.01, 0.09), (0.0, -0.01, 0.01)])
@pytest.mark.parametrize("seeds", [0, 1])
def test_one_seed_decides_nothing(write, numbers, seeds):
    assert claims.judge("up", "simulated", *numbers, seeds=seeds) == "undecided"


def test_ratings_need_no_seeds(write):
    assert claims.judge("ratings", "simulated", 0.05, 0.01, 0.09, seeds=0) == "holds here"


@pytest.mark.parametrize("seeds", [1, 5])
def test_the_corpus_speaks_before_the_numbers(write, seeds):
    assert claims.judge("up", "studyforrest", 0.05, 0.01, 0.09, seeds) == "circular here"
    assert claims.judge("up", "ceap360vr", math.nan, math.nan, math.nan, seeds) == "not testable here"
    assert claims.judge("exact", "simulated", 0.0, 0.0, 0.0, seeds) == "not testable here"


@pytest.mark.parametrize(
    ("claim", "value", "verdict"),
    [
        ("exact", 0.0, "holds"),
        ("exact", -1e-6, "holds"),
        ("exact", -2e-6, "does not hold"),
        ("signed", 0.5, "holds"),
        ("signed", 0.4, "does not hold"),
        ("signed", -0.6, "does not hold"),
    ],
)
def test_exact_claims(write, claim, value, verdict):
    assert claims.judge_exact(claim, value) == verdict


def test_get(write):
    claim = claims.get("down")
    assert (claim.id, claim.direction, claim.smallest_effect) == ("down", -1, 0.02)
    assert claim.corpora["studyforrest"] == "circular"


def test_signals_of_simulated_people_are_judged_as_simulated_and_never_as_the_papers_corpus(write):
    write(UP, "planted,1,p,q,q,c,runs,1,0.02,2026-11-22,circular,meaningful,not testable,meaningful")
    assert claims.judge("up", "simulated_signals", 0.05, 0.01, 0.09, seeds=2) == "holds here"
    assert claims.judge("planted", "simulated_signals", 0.05, 0.01, 0.09, seeds=2) == "circular here"


def test_the_checkouts_own_claims_are_read():
    assert claims.get("5.3c").direction == 1
    assert claims.judge("5.3c", "studyforrest", 0.05, 0.03, 0.07, seeds=3) == "holds here"
    assert claims.judge("5.1a", "simulated", 0.05, 0.03, 0.07, seeds=3) == "circular here"
    assert claims.judge_exact("4.1a", 60 - 76) == "does not hold"


def test_unknown_claim(write):
    with pytest.raises(ValueError, match="Received '5.3z'. Use one of: up, down, equal"):
        claims.judge("5.3z", "simulated", 0.1, 0.0, 0.2, seeds=3)


def test_unknown_corpus(write):
    with pytest.raises(ValueError, match="Received 'recola'. Use one of: simulated, studyforrest, ceap360vr, avec2015"):
        claims.judge("up", "recola", 0.1, 0.0, 0.2, seeds=3)


@pytest.mark.parametrize("numbers", [(math.nan, 0.0, 1.0), (0.0, -math.inf, 1.0), (0.0, 1.0, -1.0)])
def test_no_interval(write, numbers):
    with pytest.raises(ValueError, match="Check the runs behind it"):
        claims.judge("up", "simulated", *numbers, seeds=3)


def test_exact_refuses_a_claim_about_runs(write):
    with pytest.raises(ValueError, match="Judge it by an interval"):
        claims.judge_exact("up", 0.1)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (UP.replace("runs", "run"), "in the column 'kind'. Found 'run'"),
        (UP.replace(",1,0.02", ",2,0.02"), "needs 1, 0 or -1 in the column 'direction'. Found '2'"),
        (UP.replace("0.02", "0"), "needs a number above 0 in the column 'smallest_effect'. Found '0'"),
        (UP.replace("0.02", "small"), "in the column 'smallest_effect'. Found 'small'"),
        (UP.replace("circular", "maybe"), "in the column 'studyforrest'. Found 'maybe'"),
        (UP.replace("2026-11-22", ""), "needs some text in the column 'date'. Found ''"),
        (DOWN, "needs an id of its own in the column 'id'. Found 'down'"),
    ],
)
def test_a_damaged_file_is_refused(write, line, message):
    write(line, DOWN)
    with pytest.raises(ValueError) as error:
        claims.read()
    assert message in str(error.value)
    assert "claims.csv" in str(error.value)


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text(HEAD.replace(",kind", "") + "\n" + UP.replace(",runs", "") + "\n")
    with pytest.raises(ValueError, match=r"column 'kind'\. Found '\(no such column\)'"):
        claims.read(path)


def test_no_tensorflow():
    code = "import sys, replica.claims; sys.exit(any(m in sys.modules for m in ('tensorflow', 'keras')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
