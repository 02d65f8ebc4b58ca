"""A headless Chromium without a network, and what it sees of a page. `make browser` runs the tests of this folder."""

import shutil
from pathlib import Path

import pytest
from seen import BROWSERS, Visit

sync_api = pytest.importorskip("playwright.sync_api", reason="`make browser` installs it")


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"Pages are looked at in one of {', '.join(BROWSERS)}. None was found. Install chromium.")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Opens an address in a browser that remembers nothing and reaches nothing."""
    contexts = []

    def open_page(address, *, dark=False, width=1200, instead=()):
        context = chromium.new_context(
            color_scheme="dark" if dark else "light", viewport={"width": width, "height": 900}, offline=True
        )
        contexts.append(context)
        seen = Visit(context.new_page())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        for pattern, body in dict(instead).items():
            answer = {"body": body, "content_type": "text/javascript"}
            seen.page.route(pattern, lambda route, _, answer=answer: route.fulfill(**answer))
        seen.page.goto(address if "://" in str(address) else Path(address).resolve().as_uri())
        return seen

    yield open_page
    for context in contexts:
        context.close()
