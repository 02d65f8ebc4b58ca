"""Prose pages that repeat what stands elsewhere say the same."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
TROUBLE = (ROOT / "book/troubleshooting.md").read_text()
# Messages of other programs, which no file of this project holds.
OF_OTHERS = {
    "mismatch",
    "outputs differ",
    "Kernel died before replying to kernel_info",
    "DeadKernelError",
    "Address already in use",
    "Cell execution timed out",
    "No such file or directory: 'notebooks/...'",
    "seems more recent than",
    "Kernel is running over TCP without encryption",
    "stopped: diverged",
    "_toc.yml",
}


def messages():
    """Texts in code quotes in the headings of the troubleshooting page."""
    for heading in re.findall(r"^### (.+)$", TROUBLE, flags=re.MULTILINE):
        yield from (double or single for double, single in re.findall(r"``\s?(.+?)\s?``|`([^`]+)`", heading))


@pytest.fixture(scope="module")
def code():
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").glob("*.py"), ROOT / "tests/test_notebooks.py"]
    return "\n".join(file.read_text() for file in files)


def test_the_troubleshooting_page_has_messages():
    assert len(set(messages()) - OF_OTHERS) > 10


@pytest.mark.parametrize("message", sorted(set(messages()) - OF_OTHERS))
def test_a_message_of_this_project_is_raised_by_it(message, code):
    assert message in code


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text())


def bibtex(key):
    """The fields of one entry on the page on citing, without braces."""
    page = (ROOT / "book/citation.md").read_text()
    entry = re.search(rf"@\w+\{{{key},\n(.*?)\n\}}", page, flags=re.DOTALL)[1]
    return {name: value.strip("{}") for name, value in re.findall(r"(\w+)\s*=\s*\{(.*)\}", entry)}


def test_the_software_is_cited_as_its_file_says(citation):
    entry = bibtex("replica")
    assert entry["author"] == citation["authors"][0]["name"]
    assert {name: entry[name] for name in ("title", "version", "license")} == {
        name: str(citation[name]) for name in ("title", "version", "license")
    }


def test_the_paper_is_cited_as_the_file_says(citation):
    (paper,) = citation["references"]
    entry = bibtex("chen2015")
    names = " and ".join(f"{author['family-names']}, {author['given-names']}" for author in paper["authors"])
    assert entry["author"] == names
    assert (entry["title"], entry["booktitle"]) == (paper["title"], paper["collection-title"])
    assert (entry["year"], entry["doi"], entry["publisher"]) == (
        str(paper["year"]),
        paper["doi"],
        paper["publisher"]["name"],
    )
    assert entry["address"] == paper["conference"]["city"]
