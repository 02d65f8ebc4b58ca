"""Every page of the built book as a reader's browser shows it."""

import re
from io import BytesIO

import numpy as np
import pytest
from matplotlib.image import imread
from seen import BOOK, broken

LEADS_ON = 'http-equiv="Refresh"'  # the root is only a way to the first page
PAGES = sorted(p for p in BOOK.rglob("*.html") if "_static" not in p.parts and LEADS_ON not in p.read_text())
A_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(BOOK)))


def test_there_is_a_book():
    assert len(PAGES) > 10, "run `make book` first"


@every_page
def test_page(page, visit):
    visited = visit(page)
    seen = visited.look()
    assert seen["rendered"] >= seen["formulas"], "formulas are not rendered"
    assert seen["errors"] == 0, "formulas hold an error"
    assert [source for source, _, width in seen["images"] if width == 0] == [], "pictures do not load"
    assert [source for source, alt, _ in seen["images"] if not alt.strip() or A_FILE.fullmatch(alt)] == [], "no text"
    assert {link: why for link in set(seen["links"]) if (why := broken(link))} == {}
    assert visited.wider_than(400) == [], "the page scrolls sideways on a phone"
    assert visited.elsewhere == [], "another host was asked"
    assert visited.errors == []


def test_formulas_are_there_at_all(visit):
    assert visit(next(page for page in PAGES if "04_4" in page.name)).look()["rendered"] > 10


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_figure_is_as_light_or_dark_as_its_page(visit, dark):
    visited = visit(next(page for page in PAGES if "05_3" in page.name), dark=dark)
    picture = visited.page.locator("figure img").first
    shades = imread(BytesIO(picture.screenshot()))[..., :3]
    assert visited.page.evaluate("document.documentElement.dataset.theme") == ("dark" if dark else "light")
    assert np.median(shades) < 0.1 if dark else np.median(shades) > 0.9


def test_on_a_phone_a_figure_keeps_the_size_of_its_words(visit):
    """40 rem, in a box that scrolls; the caption stays within the screen."""
    visited = visit(next(page for page in PAGES if "05_3" in page.name), width=400)
    figure = visited.page.locator("figure:has(> img)").first
    assert figure.evaluate("(f) => [f.querySelector('img').offsetWidth, f.offsetWidth < 400]") == [640, True]
    figure.evaluate("(f) => f.scrollLeft = 200")
    left, right = figure.locator("figcaption").evaluate(
        "(c) => [c.getBoundingClientRect()].flatMap((r) => [r.left, r.right])"
    )
    assert 0 <= left < right <= 400


def test_search_finds_a_word_offline(visit):
    visited = visit((BOOK / "search.html").resolve().as_uri() + "?q=smoothing")
    visited.page.wait_for_selector("#search-results li a", timeout=20_000)
    assert visited.elsewhere == []
