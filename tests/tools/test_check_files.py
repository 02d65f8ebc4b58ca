import check_files
import pytest


@pytest.mark.parametrize("data", [b"", b"a\n", b"a\nb\n", b"\0binary"])
def test_good_files(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert check_files.complaint(tmp_path / "x") is None


@pytest.mark.parametrize("data", [b"a", b"a\n\n"])
def test_last_line(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert "exactly one newline" in check_files.complaint(tmp_path / "x")


def test_a_large_file(tmp_path):
    (tmp_path / "x").write_bytes(b"\0" * (check_files.LARGEST + 1))
    assert "2.0 MB; at most 2 MB" in check_files.complaint(tmp_path / "x")


def test_the_checkout():
    assert len(check_files.tracked()) > 10
