import check_offline
import pytest


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://a.org/x.js"></script>',
        "<script async src='//a.org/x.js'></script>",
        '<link rel="stylesheet" href="https://a.org/x.css">',
        '<img alt="x" src=https://a.org/x.png>',
        '<iframe src="http://a.org/x"></iframe>',
        '<object data="https://a.org/x.svg"></object>',
        '@import url("https://a.org/x.css");',
        "src: url(https://a.org/x.woff2)",
    ],
)
def test_a_load_from_another_host_is_found(text):
    [address] = check_offline.loads(text)
    assert address.partition("//")[2].startswith("a.org/x")


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://a.org/x.html">x</a>',
        '<script src="../_static/x.js"></script>',
        '<link rel="canonical" href="https://a.org/x.html">',
        "background: url(data:image/svg+xml;base64,AA)",
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_links_and_own_files_are_no_loads(text):
    assert check_offline.loads(text) == []


@pytest.mark.parametrize(("page", "code"), [("<p>x</p>", 0), ('<img src="https://a.org/x.png">', 1), (None, 1)])
def test_exit_code(tmp_path, monkeypatch, page, code):
    """A folder without pages is a fault too: nothing was built."""
    if page:
        (tmp_path / "index.html").write_text(page)
    monkeypatch.setattr("sys.argv", ["check_offline.py", str(tmp_path)])
    assert check_offline.main() == code
