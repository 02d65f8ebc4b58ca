"""One list of dependencies: what is generated from pyproject.toml agrees with it, and names no package index."""

import re
import subprocess
import tomllib
from pathlib import Path

import make_environment
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINUX = {"sys_platform": "linux", "platform_machine": "x86_64", "python_version": "3.11", "extra": ""}
PINNED = dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.+!]+)", (ROOT / "requirements/dev.txt").read_text(), re.M))
ASKED = [Requirement(line) for line in [*PROJECT["dependencies"], *make_environment.requirements(PROJECT, "dev")]]


def test_environment_yml_is_what_the_tool_writes():
    assert (ROOT / "environment.yml").read_text() == make_environment.text(), "run `make environment`"


@pytest.mark.parametrize("asked", [each for each in ASKED if not each.marker or each.marker.evaluate(LINUX)], ids=str)
def test_pinned_version_satisfies_pyproject(asked):
    name = re.sub(r"[-_.]+", "-", asked.name).lower()
    assert name in PINNED, "run `make requirements`"
    assert asked.specifier.contains(Version(PINNED[name])), "run `make requirements`"


def test_every_pin_has_a_hash():
    text = (ROOT / "requirements/dev.txt").read_text()
    blocks = re.split(r"^(?=\w)", text, flags=re.M)[1:]
    assert len(blocks) == len(PINNED)
    assert all("--hash=sha256:" in block for block in blocks)


def test_an_extra_of_its_own_is_resolved():
    project = {"name": "p", "optional-dependencies": {"a": ["x>=1"], "b": ["y"], "dev": ["p[a,b]", "z"]}}
    assert make_environment.requirements(project, "dev") == ["x>=1", "y", "z"]


def test_python_agrees_everywhere():
    assert "python=3.11" in (ROOT / "environment.yml").read_text()
    assert 'python-version: "3.11"' in (ROOT / ".github/workflows/ci.yml").read_text()
    assert PROJECT["requires-python"].startswith(">=3.11")


def test_no_committed_file_names_a_package_index():
    hosts = re.compile(rb"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|--(?:extra-)?index-ur[l][ =]|--find-link[s]")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert len(files) > 10
    assert [str(file.relative_to(ROOT)) for file in files if hosts.search(file.read_bytes())] == []
