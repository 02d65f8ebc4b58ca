"""The table of all recorded runs: what is shown, sorted and chosen is what was recorded."""

import json

import pytest
from seen import BOOK

PAGE, DATA = BOOK / "book/results.html", BOOK / "_static/runs.js"


@pytest.fixture(scope="module")
def runs():
    return json.loads(DATA.read_text().removeprefix("window.replicaRuns = ").removesuffix(";\n"))


def column(page, heading):
    place = page.locator(".results-table thead th").all_inner_texts()
    number = [text.strip(" ▲▼") for text in place].index(heading) + 1
    return page.locator(f".results-table tbody td:nth-child({number})").all_inner_texts()


def test_sorted_by_what_is_asked_for_from_the_keyboard(visit, runs):
    page = visit(PAGE).page
    scores = sorted((score for score in runs["columns"]["test CCC"] if score is not None), reverse=True)
    assert column(page, "test CCC")[:100] == [f"{score:.3f}" for score in scores[:100]]
    heading = page.locator("th", has_text="seconds")
    heading.locator("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    seconds = sorted(runs["columns"]["seconds"])
    assert column(page, "seconds") == [f"{value:.1f}" for value in seconds[:100]]


def test_filters_search_and_address_agree(visit, runs):
    texts, columns = runs["texts"], runs["columns"]
    wanted = texts["dimension"].index("valence")
    of_5_8 = [k for k, text in enumerate(texts["experiments"]) if "sec5_8_smoothing" in text.split(", ")]
    pairs = zip(columns["experiments"], columns["dimension"], strict=True)
    expected = sum(experiment in of_5_8 and dimension == wanted for experiment, dimension in pairs)
    page = visit(PAGE.resolve().as_uri() + "#experiment=sec5_8_smoothing").page
    assert page.locator("select[name=experiments]").input_value() == "sec5_8_smoothing"
    page.locator("select[name=dimension]").select_option("valence")
    assert page.locator(".results-told").inner_text().startswith(f"{expected} of {len(columns['digest'])} rows")
    assert "replica sweep sec5_8_smoothing" in page.locator(".results-command").inner_text()
    assert "dimension=valence" in page.url
    page.locator("input[name=search]").fill(columns["digest"][0])
    page.locator("select[name=dimension]").select_option("")
    page.locator("select[name=experiments]").select_option("")
    assert set(column(page, "digest")) == {columns["digest"][0]}


def test_a_hundred_rows_at_a_time(visit, runs):
    page = visit(PAGE).page
    assert page.locator(".results-table tbody tr").count() == min(100, len(runs["columns"]["digest"]))
    page.locator(".results-more").click()
    assert page.locator(".results-table tbody tr").count() == min(200, len(runs["columns"]["digest"]))


def test_text_in_a_name_is_never_a_script(visit, runs):
    hostile = "<img src=x onerror='window.harmed = true'><script>window.harmed = true</script>"
    texts = {name: [hostile + text for text in known] for name, known in runs["texts"].items()}
    data = json.dumps(runs | {"texts": texts})
    visited = visit(PAGE, instead={"**/runs.js": f"window.replicaRuns = {data}"})
    visited.page.wait_for_timeout(200)
    assert "<img src=x" in column(visited.page, "system")[0]
    assert visited.page.evaluate("window.harmed") is None
