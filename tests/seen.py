"""What a browser sees of a page of the built book."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

BOOK = Path(__file__).resolve().parents[1] / "_build/html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOCAL = ("file:", "data:", "blob:", "about:")

LOOK = """async () => {
    if (window.MathJax && MathJax.startup) await MathJax.startup.promise;
    const count = (selector) => document.querySelectorAll(selector).length;
    await Promise.all([...document.images].map((image) => {
        image.loading = "eager";
        return image.decode().catch(() => {});
    }));
    const texts = [...document.querySelectorAll("mjx-mtext")];
    const red = texts.filter((text) => /color:\\s*red/.test(text.getAttribute("style")));
    return {
        formulas: count("div.math, span.math"),
        rendered: count("mjx-container"),
        errors: count("mjx-merror") + red.length,  // an unknown command becomes red text
        images: [...document.images].map((image) => [image.getAttribute("src"), image.alt, image.naturalWidth]),
        links: [...document.querySelectorAll("a[href]")].map((link) => link.href),
    };
}"""

WIDER_THAN_THE_PAGE = """() => {
    const room = document.documentElement.clientWidth;
    const inBox = (element) => {
        for (let e = element.parentElement; e; e = e.parentElement) {
            if (e !== document.body && getComputedStyle(e).overflowX !== "visible") return true;
        }
        return false;
    };
    const text = document.querySelector("article") || document.body;
    const wide = [...text.querySelectorAll("*")].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.right > room + 1 && !inBox(element);
    });
    return wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
}"""


@dataclass
class Visit:
    """A page that is open, and what went wrong or out while it was."""

    page: object
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def look(self):
        """Formulas, pictures and links."""
        return self.page.evaluate(LOOK)

    def wider_than(self, pixels):
        """Elements that make the whole page scroll sideways at this width."""
        self.page.set_viewport_size({"width": pixels, "height": 800})
        return self.page.evaluate(WIDER_THAN_THE_PAGE)

    @property
    def elsewhere(self):
        """Requests that would have left this machine."""
        return [address for address in self.requests if not address.startswith(LOCAL)]


def broken(link):
    """Why a link within the book leads nowhere, if it does."""
    address = urlsplit(link)
    if address.scheme != "file":
        return None
    target = Path(unquote(address.path))
    if target.is_dir() or not target.is_file():
        return "no such file"
    anchor = unquote(address.fragment)
    if not anchor or "=" in anchor:  # a choice that a script reads
        return None
    return None if re.search(rf'(?:id|name)="{re.escape(anchor)}"', target.read_text()) else "no such place in the page"
