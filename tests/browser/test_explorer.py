"""The explorer computes in the browser what the package computes in Python."""

import base64
import json

import numpy as np
import pytest
from seen import BOOK

from replica.metrics import ccc
from replica.smoothing import exponential_smoothing

PAGE, FOLDER = BOOK / "book/explorer.html", BOOK / "_static/explorer"


def read(name):
    text = (FOLDER / name).read_text()
    return json.loads(text.partition("] = ")[2].removesuffix(";\n"))


@pytest.fixture(scope="module")
def group():
    return read("index.js")[0]


def decoded(text, step):
    return np.frombuffer(base64.b64decode(text), "<i2") * step


def shown(page, which):
    rows = page.locator(".explorer-table tbody tr")
    return [rows.nth(k).locator(f"[data-score={which}]").inner_text() for k in range(rows.count())]


def set_slider(page, selector, value):
    page.locator(selector).evaluate("(s, v) => { s.value = v; s.dispatchEvent(new Event('input')); }", str(value))
    return float(page.locator(selector).input_value())


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize(("number", "dimension"), [(0, "arousal"), (5, "valence")])
def test_sliders_agree_with_python(visit, group, number, dimension, direction):
    visited = visit(PAGE)
    page = visited.page
    page.locator("#explorer-recording").select_option(str(number))
    page.locator("#explorer-dimension").select_option(dimension)
    page.locator("#explorer-direction").select_option(direction)
    page.wait_for_function(f"window.replicaExplorer['{group['recordings'][number]['file']}']")
    data = read(group["recordings"][number]["file"])[dimension]
    gold = decoded(data["gold"], group["step"])
    members = [decoded(text, group["step"]) for text in data["predictions"]]
    weights, intercept = group["fusion"][dimension]["weights"], group["fusion"][dimension]["intercept"]

    def expected(alpha):
        predictions = [*members, np.stack(members, axis=1) @ weights + intercept]
        smoothed = [exponential_smoothing(x, alpha, direction) for x in predictions]
        return [[f"{ccc(gold, x):.3f}" for x in each] for each in (predictions, smoothed)]

    for position in (100, 60, 15):
        alpha = 10 ** ((set_slider(page, "#explorer-alpha", position) - 100) / 50)
        assert [shown(page, "raw"), shown(page, "smoothed")] == expected(alpha)
    before = shown(page, "raw")
    weights = list(weights)
    weights[0] = set_slider(page, "#explorer-weight-0", -0.4)
    assert [shown(page, "raw"), shown(page, "smoothed")] == expected(alpha)
    assert shown(page, "raw") != before and shown(page, "raw")[:-1] == before[:-1]
    assert visited.errors == [] and visited.elsewhere == []


def test_the_functions_agree_to_the_last_digits(visit):
    page = visit(PAGE).page
    rng = np.random.default_rng(0)
    gold, prediction = rng.standard_normal((2, 300)).cumsum(axis=1)
    for alpha in (0.01, 0.3, 1.0):
        for direction in ("forward", "backward"):
            call = "([x, a, d]) => [...replicaExplorerMath.smooth(x, a, d)]"
            smoothed = page.evaluate(call, [prediction.tolist(), alpha, direction])
            np.testing.assert_allclose(smoothed, exponential_smoothing(prediction, alpha, direction), atol=1e-12)
    call = "([g, p]) => replicaExplorerMath.ccc(g, p)"
    assert page.evaluate(call, [gold.tolist(), prediction.tolist()]) == pytest.approx(ccc(gold, prediction), abs=1e-12)
    assert page.evaluate(call, [gold.tolist(), [0.3] * 300]) == 0.0 == ccc(gold, np.full(300, 0.3))
    assert page.evaluate("Number.isNaN(replicaExplorerMath.ccc([1, 1], [2, 2]))") and np.isnan(ccc([1, 1], [2, 2]))


def test_the_time_axis_moves_by_keys_and_buttons(visit):
    page = visit(PAGE).page
    page.wait_for_selector(".explorer-gold")
    whole = page.locator(".explorer-plot").get_attribute("aria-label")
    page.locator(".explorer-plot").focus()
    page.keyboard.press("+")
    closer = page.locator(".explorer-plot").get_attribute("aria-label")
    assert "from 0 to 300 s" in whole and "from 75 to 225 s" in closer
    page.get_by_role("button", name="later").click()
    assert "from 150 to 300 s" in page.locator(".explorer-plot").get_attribute("aria-label")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="whole recording").click()
    assert page.locator(".explorer-plot").get_attribute("aria-label") == whole


def test_no_two_systems_look_alike_and_only_a_ridge_is_dashed(visit):
    page = visit(PAGE).page
    page.wait_for_selector(".explorer-gold")
    names = page.locator(".explorer-table tbody tr").evaluate_all("rows => rows.map((row) => row.dataset.system)")
    style = "lines => lines.map((line) => getComputedStyle(line)).map((of) => [of.stroke, of.strokeDasharray])"
    drawn = page.locator("polyline.explorer-line:not(.explorer-gold):not(.explorer-rater)").evaluate_all(style)
    assert len({stroke for stroke, _ in drawn}) == len(drawn) == len(names) > 5
    assert [dashes != "none" for _, dashes in drawn] == [name.endswith("ridge") for name in names]
    keys = page.locator(".explorer-key").evaluate_all(
        "keys => keys.map((key) => getComputedStyle(key).backgroundColor)"
    )
    assert keys == [stroke for stroke, _ in drawn]


def test_the_picture_stands_in_where_scripts_do_not_run(chromium):
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(PAGE.resolve().as_uri())
    assert page.locator("figure.explorer-fallback img").is_visible()
    context.close()


def test_text_in_a_name_is_never_a_script(visit, group):
    hostile = "<img src=x onerror='window.harmed = true'>"
    group = group | {"name": hostile, "corpus": hostile, "limits": hostile}
    group["recordings"] = [entry | {"name": hostile} for entry in group["recordings"]]
    group["subsystems"] = {
        d: {hostile + name: key for name, key in of.items()} for d, of in group["subsystems"].items()
    }
    script = f"(window.replicaExplorer ??= {{}}).index = {json.dumps([group])}"
    visited = visit(PAGE, instead={"**/explorer/index.js": script})
    visited.page.wait_for_selector(".explorer-gold")
    assert hostile in visited.page.locator(".explorer-table").inner_text()
    assert visited.page.evaluate("window.harmed") is None
