"""The same computation under other languages, time zones, homes, and limits."""

import os
import resource
import subprocess
import sys

import pytest

COMPUTED = """
import hashlib, sys
from pathlib import Path
from replica import corpora
from replica.evaluation import evaluate
from replica.inputs import prepare
from replica.runs import RidgeRun, digest
from replica.smoothing import exponential_smoothing
from replica.store import Store, pack

run = RidgeRun(corpora.key("simulated", size="mini"), ("face",), ("valence",), "smoke", "speaker")
seen = prepare(run, corpora.load("simulated", size="mini"))
predictions = {p: exponential_smoothing(s.features[..., 0].T, 0.1, "forward").T[..., None] for p, s in seen.items()}
result, store = evaluate(run, seen, predictions, {}), Store(Path(sys.argv[1]))
store.save(result)
moments = repr(store.load(run).moments)
print(hashlib.sha256(pack(result).archive + moments.encode()).hexdigest(), digest(run), store.altered())
"""
SURROUNDINGS = {
    "the C language": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "German": {"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"},
    "Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "another hash seed": {"PYTHONHASHSEED": "12345"},
    "no home": {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent", "MPLCONFIGDIR": ""},
    "no variables": None,
    "no network": {},
    "one core": {},
    "few files": {},
    "all together": {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "HOME": "/nonexistent", "PYTHONHASHSEED": "1"},
}


def surrounded(name):
    """What is done in the child before it starts."""
    if name in ("one core", "all together"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if name in ("few files", "all together"):
        resource.setrlimit(resource.RLIMIT_NOFILE, (48, 48))


@pytest.mark.reliability("surroundings")
def test_the_same_bits_in_all_surroundings(tmp_path, torture, record_property):
    def computed(name):
        place = tmp_path / name
        place.mkdir()
        given = SURROUNDINGS.get(name, {})
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        environment = kept if given is None else os.environ | given
        command = [sys.executable, "-c", COMPUTED, str(place)]
        prefix = ["unshare", "--user", "--net"] if name in ("no network", "all together") else []
        done = subprocess.run(
            [*prefix, *command],
            env=environment,
            stdout=-1,
            stderr=-1,
            stdin=subprocess.DEVNULL,
            text=True,
            preexec_fn=lambda: surrounded(name),
        )
        return done.stdout or done.stderr

    names = list(SURROUNDINGS) if torture else ["all together"]
    expected = computed("usual")
    told = {name: computed(name) for name in names}
    lost = {name: text for name, text in told.items() if text != expected}
    record_property("tried", len(names))
    record_property("lost", len(lost))
    assert expected.endswith("[]\n") and lost == {}
