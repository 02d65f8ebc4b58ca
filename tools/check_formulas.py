"""Open every built page in headless Chromium without a network; fail if a formula is not rendered.

python tools/check_formulas.py BUILT
"""

import html.parser
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=20000",
    "--dump-dom",
)


class Formulas(html.parser.HTMLParser):
    """Counts the elements that hold a formula, those that MathJax rendered, and its error marks."""

    def __init__(self) -> None:
        super().__init__()
        self.written = self.rendered = self.errors = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count one element."""
        attributes = dict(attrs)
        self.written += tag in ("div", "span") and "math" in (attributes.get("class") or "").split()
        self.rendered += tag == "mjx-container"
        # An unknown command becomes red text instead of an error element.
        unknown = tag == "mjx-mtext" and re.search(r"color:\s*red", attributes.get("style") or "") is not None
        self.errors += tag == "mjx-merror" or unknown


def count(dom: str) -> Formulas:
    """The formulas in the text of a page."""
    formulas = Formulas()
    formulas.feed(dom)
    return formulas


def complaint(dom: str) -> str | None:
    """What is wrong with the formulas of a page as the browser shows it, if anything."""
    formulas = count(dom)
    if formulas.rendered < formulas.written:
        return f"{formulas.written - formulas.rendered} of {formulas.written} formulas are not rendered"
    if formulas.errors:
        return f"{formulas.errors} formulas hold an error"
    return None


def browser() -> str:
    """Path of an installed Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit(
            f"Looking at formulas needs one of {', '.join(BROWSERS)}. None was found. Install chromium, then run again."
        )
    return found


def shown(page: Path, program: str) -> str:
    """The page's elements after its scripts ran."""
    with tempfile.TemporaryDirectory() as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}", page.resolve().as_uri()]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def main() -> int:
    """Look at every page; 1 if a formula is not rendered anywhere, or if there is no formula at all."""
    root = Path(sys.argv[1])
    program = browser()
    pages = sorted(page for page in root.rglob("*.html") if "_static" not in page.parts)
    doms = {page: shown(page, program) for page in pages}
    complaints = {page: text for page, dom in doms.items() if (text := complaint(dom))}
    for page, text in complaints.items():
        print(f"{page.relative_to(root)}: {text}")
    rendered = sum(count(dom).rendered for dom in doms.values())
    print(f"{root}: {rendered} formulas rendered on {len(pages)} pages, {len(complaints)} pages at fault")
    return bool(complaints) or not rendered


if __name__ == "__main__":
    raise SystemExit(main())
