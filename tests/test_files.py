"""Where something can be written is known before the work; how files are written is tested where they are lost."""

import os
from pathlib import Path

import pytest

from replica.files import check_new

REQUIRED = "A table is written to a new file."


def test_a_place_whose_folders_are_still_to_be_made_is_taken(tmp_path):
    check_new(tmp_path / "new/newer/table.csv", REQUIRED)
    assert os.listdir(tmp_path) == []


def test_a_relative_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_new(Path("table.csv"), REQUIRED)


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_what_is_there_is_not_replaced(there, tmp_path):
    place = tmp_path / "table.csv"
    {"folder": place.mkdir, "file": place.touch, "link": lambda: place.symlink_to("nowhere")}[there]()
    with pytest.raises(FileExistsError, match=f"^{REQUIRED} There is {place} already. Name another, or remove it.$"):
        check_new(place, REQUIRED)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        NotADirectoryError, match=f"would lie in {tmp_path}/file, which is no folder. Name another place"
    ):
        check_new(tmp_path / "file/new/table.csv", REQUIRED)


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    """Asked of the system, since the administrator may write everywhere."""
    monkeypatch.setattr(os, "access", lambda folder, how: not (folder == tmp_path and how & os.W_OK))
    with pytest.raises(PermissionError, match=f"{tmp_path} cannot be written by this user. Correct its permissions"):
        check_new(tmp_path / "new/table.csv", REQUIRED)
