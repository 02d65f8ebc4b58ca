"""Tasks in several processes: all are done, with one thread each, and what they need is imported once."""

import math
import os
import subprocess
import sys
import time

import pytest

from replica.pool import as_they_end

# A module that tells of each import; and who asks for it, in processes that are this program's alone.
COUNTED = """
import os
with open("imports.txt", "a") as file:
    file.write("once ")

def who(_):
    return os.getpid()
"""
ASKING = """
from counted_imports import who
from replica.pool import as_they_end
if __name__ == "__main__":
    print(len(set(as_they_end(who, [(n,) for n in range(40)], 2, ["counted_imports", "of_nobody"]))))
"""

# How many threads two libraries have, in the program and in its processes.
THREADS = """
import cv2
import numpy
from threadpoolctl import threadpool_info
from replica.pool import as_they_end

def threads(_):
    return max(library["num_threads"] for library in threadpool_info()), cv2.getNumThreads()

if __name__ == "__main__":
    cv2.setNumThreads(2)
    print(*threads(0))
    print(*next(as_they_end(threads, [(0,)], 2, ["cv2", "numpy"])))
"""
TWO_THREADS = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}


def asleep(seconds, file):
    time.sleep(seconds)
    file.touch()
    return seconds


def test_one_process_goes_in_order():
    assert list(as_they_end(math.hypot, [(3, 4), (5, 12)], 1)) == [5, 13]


def test_every_task_is_done():
    assert sorted(as_they_end(math.hypot, [(5, 12), (3, 4), (8, 15)], 2)) == [5, 13, 17]


def test_a_process_has_one_thread(tmp_path):
    """Of NumPy's library and of OpenCV, which would have as many as there are cores."""
    (tmp_path / "threads.py").write_text(THREADS)
    told = subprocess.run(
        [sys.executable, "threads.py"], check=True, capture_output=True, text=True, cwd=tmp_path, env=TWO_THREADS
    )
    before, within = told.stdout.splitlines()
    assert (before, within) == ("2 2", "1 1")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process imports for itself")
def test_what_tasks_need_is_imported_once(tmp_path):
    (tmp_path / "counted_imports.py").write_text(COUNTED)
    (tmp_path / "asking.py").write_text(ASKING)
    told = subprocess.run([sys.executable, "asking.py"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert int(told.stdout) in (1, 2)  # the first process may have done all before the second began
    assert (tmp_path / "imports.txt").read_text() == "once once "  # by the program, and for its processes


def test_an_error_is_raised_and_what_has_not_begun_is_left(tmp_path):
    tasks = [(-1.0, tmp_path / "first"), *((0.2, tmp_path / str(n)) for n in range(40))]
    with pytest.raises(ValueError, match="non-negative"):
        list(as_they_end(asleep, tasks, 2))
    assert len(list(tmp_path.iterdir())) < 20
