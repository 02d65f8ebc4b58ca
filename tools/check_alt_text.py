"""Fail if a picture of a built page has no alternative text.

python tools/check_alt_text.py BUILT
"""

import html.parser
import re
import sys
from pathlib import Path

PICTURES = ("img", "svg", "canvas")
A_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)  # what Sphinx writes where no text is given


class Pictures(html.parser.HTMLParser):
    """Collects the pictures without alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.without: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element; a drawing that is marked as decoration needs no text."""
        attributes = {name: value or "" for name, value in attrs}
        if tag not in PICTURES or attributes.get("aria-hidden") == "true":
            return
        self.seen += 1
        text = attributes.get("alt" if tag == "img" else "aria-label", "").strip()
        if not text or A_FILE.fullmatch(text):
            self.without.append(attributes.get("src") or f"{tag} {attributes.get('id', '')}".strip())


def look(page: str) -> Pictures:
    """The pictures of a page."""
    pictures = Pictures()
    pictures.feed(page)
    return pictures


def main() -> int:
    """Name each picture without text; 1 if there is one, or if no page has a picture."""
    root = Path(sys.argv[1])
    of = {page: look(page.read_text()) for page in sorted(root.rglob("*.html")) if "_static" not in page.parts}
    for page, pictures in of.items():
        for picture in pictures.without:
            print(
                f"{page.relative_to(root)}: {picture} has no alternative text. "
                'Give its cell mystnb={"image": {"alt": "..."}}, or the figure directive :alt:.'
            )
    seen, without = sum(p.seen for p in of.values()), sum(len(p.without) for p in of.values())
    print(f"{root}: {seen} pictures on {len(of)} pages, {without} without alternative text")
    return bool(without) or not seen


if __name__ == "__main__":
    raise SystemExit(main())
