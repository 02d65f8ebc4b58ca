"""What leaves a machine with the package, the records and the pages: no path of it, no data."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = re.compile(rb"(?<![\w./:-])/(?:home|Users|root|work|mnt|private|var/folders)/[\w.-]+")
CODE = {".py", ".mplstyle", ".csv", ".typed", ".json", ".svg", ".md"}


def tracked(*places):
    names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", *places], stdout=-1, check=True).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name]


@pytest.mark.reliability("privacy")
def test_no_committed_record_or_page_names_a_path_of_the_machine(record_property):
    files = [
        file
        for file in tracked("results", "notebooks", "measured", "book", "benchmarks", "reference")
        if file.is_file()
    ]
    if not files:
        pytest.skip("no checkout")
    found = {str(file): hit[0] for file in files if (hit := PATHS.search(file.read_bytes()))}
    record_property("tried", len(files))
    record_property("lost", len(found))
    assert found == {}


@pytest.mark.reliability("privacy")
def test_the_built_package_holds_code_alone(tmp_path, torture, record_property):
    if not torture:
        pytest.skip("takes its time: make torture")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True, timeout=600)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    about = [name for name in held if ".dist-info/" in name]
    others = [name for name in held if name not in about and Path(name).suffix not in CODE]
    lost = others + [name for name, content in held.items() if PATHS.search(content)]
    record_property("tried", len(held))
    record_property("lost", len(lost))
    assert lost == []


def test_a_path_of_a_machine_would_be_found():
    assert PATHS.search(b'"source": "/home/someone/data/dev_1.arff"')
    assert not PATHS.search(b"https://example.org/home/page and ../work/x and a/home/x")
