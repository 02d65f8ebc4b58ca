"""Where the checkout is found."""

from pathlib import Path

import pytest

from replica import paths

CHECKOUT = Path(__file__).parents[1]


def mark(folder):
    (folder / "reference").mkdir()
    (folder / "reference" / "paper_tables.csv").touch()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    mark(tmp_path)
    (tmp_path / "notebooks" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks" / "deeper")
    return tmp_path


def test_root_is_found_from_a_folder_within(checkout):
    assert paths.root() == checkout


def test_another_book_is_no_checkout(checkout):
    (checkout / "notebooks" / "_toc.yml").touch()
    assert paths.root() == checkout


def test_folders(checkout):
    assert paths.results() == checkout / "results"
    assert (paths.reference(), paths.measured()) == (checkout / "reference", checkout / "measured")


def test_a_folder_named_like_the_mark_is_no_mark(checkout):
    (checkout / "notebooks" / "reference" / "paper_tables.csv").mkdir(parents=True)
    assert paths.root() == checkout


def test_root_is_found_from_the_package(tmp_path, monkeypatch):
    package = tmp_path / "src" / "replica"
    outside = tmp_path / "elsewhere"
    (package).mkdir(parents=True)
    outside.mkdir()
    mark(tmp_path / "src")
    monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
    monkeypatch.chdir(outside)
    assert paths.root() == tmp_path / "src"


def test_outside_a_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "site-packages" / "replica" / "paths.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"Change into the checkout and run again\.") as error:
        paths.root()
    assert str(tmp_path) in str(error.value)
