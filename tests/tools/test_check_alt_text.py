import subprocess
import sys
from pathlib import Path

import check_alt_text
import pytest

TOOL = Path(check_alt_text.__file__)


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="a.png">',
        '<img src="a.png" alt="">',
        '<img src="../_images/a.svg" alt="../_images/a.svg" />',  # what Sphinx writes where there is no text
        '<svg viewBox="0 0 1 1"></svg>',
        '<canvas id="trace"></canvas>',
    ],
)
def test_a_picture_without_text_is_found(picture):
    assert len(check_alt_text.look(f"<p>{picture}</p>").without) == 1


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="a.png" alt="A line that rises">',
        '<img src="a.png" alt="The file a.png, drawn">',
        '<svg aria-hidden="true"></svg>',
        '<svg role="img" aria-label="A line that rises"></svg>',
    ],
)
def test_a_picture_with_text_passes(picture):
    pictures = check_alt_text.look(picture)
    assert pictures.without == [] and pictures.seen == ("hidden" not in picture)


@pytest.mark.parametrize(("alt", "code"), [("A line that rises", 0), ("", 1)])
def test_the_exit_code(tmp_path, alt, code):
    (tmp_path / "x.html").write_text(f'<img src="a.png" alt="{alt}">')
    run = subprocess.run([sys.executable, TOOL, tmp_path], capture_output=True, text=True, check=False)
    assert run.returncode == code
    assert ("x.html: a.png has no alternative text" in run.stdout) == bool(code)


def test_a_book_without_pictures_was_not_looked_at(tmp_path):
    (tmp_path / "x.html").write_text("<p>x</p>")
    assert subprocess.run([sys.executable, TOOL, tmp_path], capture_output=True, check=False).returncode == 1
