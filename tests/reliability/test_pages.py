"""Names that are scripts, in the pages that show names, as Chromium runs them."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import list_predictions
import list_results
import numpy as np
import pytest
from seen import BROWSERS

STATIC = Path(__file__).resolve().parents[2] / "book/_static"
HARM = "document.title='harmed'"
NAMES = [
    f"<script>{HARM}</script>",
    f"</script><script>{HARM}</script>",
    f'<img src=x onerror="{HARM}">',
    f"<svg onload={HARM}>",
    f'"><svg/onload={HARM}>',
    f"' onmouseover='{HARM}' autofocus onfocus='{HARM}",
    f"javascript:{HARM}",
    f'<iframe srcdoc="<script>parent.{HARM}</script>"></iframe>',
    f"<details open ontoggle={HARM}>",
    f"\u2028{HARM}\u2029",
    f"${{{HARM}}}",
    f"--><script>{HARM}</script><!--",
    f"]]><script>{HARM}</script>",
    f"&lt;script&gt;{HARM}&lt;/script&gt;",
    f"\\u003cscript>{HARM}</script>",
]
PAGE = '<!doctype html><meta charset="utf-8"><title>unharmed</title><body>{}</body>'


@pytest.fixture(scope="module")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium here")
    return path


def opened(chromium, folder, body):
    """The page as it stands after its scripts ran."""
    (folder / "page.html").write_text(PAGE.format(body))
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        options += ["--disable-component-update", "--disable-sync", "--disable-quic", f"--user-data-dir={profile}"]
        command = [chromium, *options, "--virtual-time-budget=3000", "--dump-dom", (folder / "page.html").as_uri()]
        return subprocess.run(command, stdout=-1, stderr=-1, text=True, timeout=300, check=True).stdout


def results_page(folder):
    """The table of all runs, of as many runs as there are names, each in every column of text."""
    rows = [
        dict.fromkeys(list_results.NUMBERS, 0.5) | dict.fromkeys([*list_results.TEXTS, "digest"], name)
        for name in NAMES
    ]
    (folder / "runs.js").write_text(list_results.script(rows))
    shutil.copy(STATIC / "results.js", folder)
    return '<div id="runs-table"></div><script src="runs.js"></script><script src="results.js"></script>'


def explorer_page(folder):
    """The explorer, of recordings, corpora and systems with these names."""
    values = list_predictions.encode(np.sin(np.arange(50) / 9))
    shown = {"gold": values, "raters": [], "predictions": [values] * len(NAMES)}
    systems = {name: name for name in NAMES}
    group = {
        "name": NAMES[0],
        "corpus": NAMES[2],
        "limits": NAMES[3],
        "scale": NAMES[4],
        "secondsPerFrame": 0.2,
        "step": list_predictions.STEP,
        "recordings": [{"partition": name, "name": name, "file": f"{k}.js"} for k, name in enumerate(NAMES)],
        "subsystems": {"arousal": systems, "valence": systems},
        "fusion": {d: {"weights": [0.1] * len(NAMES), "intercept": 0.0} for d in ("arousal", "valence")},
    }
    (folder / "explorer").mkdir()
    for k in range(len(NAMES)):
        script = list_predictions.script(f"{k}.js", {"arousal": shown, "valence": shown})
        (folder / "explorer" / f"{k}.js").write_text(script)
    (folder / "explorer/index.js").write_text(list_predictions.script("index", [group]))
    shutil.copy(STATIC / "explorer.js", folder)
    return '<div id="explorer"></div><script src="explorer/index.js"></script><script src="explorer.js"></script>'


@pytest.mark.reliability("names_in_pages")
@pytest.mark.parametrize("page", [results_page, explorer_page])
def test_a_name_that_is_a_script_is_shown_and_does_nothing(chromium, tmp_path, page, torture, record_property):
    if not torture:
        pytest.skip("takes its time: make torture, and make browser on the built book")
    dom = opened(chromium, tmp_path, page(tmp_path))
    shown = sum(name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in dom for name in NAMES)
    record_property("tried", len(NAMES))
    record_property("lost", len(NAMES) - shown if "<title>unharmed</title>" in dom else len(NAMES))
    assert "<title>unharmed</title>" in dom and shown == len(NAMES)


def test_a_page_that_builds_markup_would_be_harmed(chromium, tmp_path, torture):
    """What the test above rests on."""
    if not torture:
        pytest.skip("takes its time: make torture")
    script = f"<script>document.body.innerHTML = {json.dumps(NAMES[2])}</script>"
    assert "<title>harmed</title>" in opened(chromium, tmp_path, script)
