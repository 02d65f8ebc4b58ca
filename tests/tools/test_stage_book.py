import pytest
import stage_book


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "from"
    folder.mkdir()
    for name in "ab":
        (folder / name).write_text(name)
    return folder


def test_stage_copies_only_what_differs_and_removes_the_rest(source, tmp_path):
    target = tmp_path / "to"
    files = {"book/a.md": source / "a", "book/b.md": source / "b"}
    assert stage_book.stage(files, target) == (["book/a.md", "book/b.md"], [])
    before = (target / "book/a.md").stat().st_mtime_ns
    (source / "b").write_text("new")
    (source / "a").touch()
    assert stage_book.stage(files, target) == (["book/b.md"], [])
    assert (target / "book/b.md").read_text() == "new"
    assert (target / "book/a.md").stat().st_mtime_ns == before
    assert stage_book.stage({"book/a.md": source / "a"}, target) == ([], ["book/b.md"])
    assert [file.name for file in target.rglob("*.md")] == ["a.md"]


@pytest.mark.parametrize(
    ("changed", "vanished", "expected"),
    [
        ([], [], False),
        (["book/index.md", "book/figures/a.svg"], [], False),
        (["notebooks/00_a.ipynb"], [], True),  # its numbers may be glued into any page
        (["_toc.yml"], [], True),
        ([], ["book/old.md"], True),  # its page would stay behind
    ],
)
def test_needs_all(changed, vanished, expected):
    assert stage_book.needs_all(changed, vanished) is expected


def test_mathjax_is_the_program_its_fonts_and_its_extensions_only():
    files = stage_book.mathjax()
    assert "book/_static/mathjax/tex-chtml.js" in files
    assert any(place.endswith("MathJax_Main-Regular.woff") for place in files)
    assert sum(file.stat().st_size for file in files.values()) < 4e6


def test_contents(tmp_path):
    (tmp_path / "book/figures").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "build/executed").mkdir(parents=True)
    (tmp_path / "build/generated/book/_static").mkdir(parents=True)
    for name in ("book/index.md", "book/figures/a.svg", "notebooks/00_a.py", "build/executed/00_a.ipynb"):
        (tmp_path / name).write_text("")
    for name in ("build/executed/00_a.key", "build/generated/runs.key", "build/generated/book/_static/runs.js"):
        (tmp_path / name).write_text("")
    own = {"_config.yml", "_toc.yml", "book/index.md", "book/figures/a.svg", "notebooks/00_a.ipynb"}
    made = {"book/_static/notebooks/00_a.py", "book/_static/runs.js"}
    assert set(stage_book.contents(tmp_path, tmp_path / "build/executed", tmp_path / "build/generated")) == own | made
