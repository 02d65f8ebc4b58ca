import json
import os
import subprocess
import sys
import threading
import time

import pytest

from replica import claiming
from replica.claiming import Claims

RUN = "0123456789abcdef"


def names(folder):
    return sorted(path.name for path in (folder / ".claims").iterdir())


def holder_elsewhere(folder, number=1, age=0.0):
    """A claim of another machine, whose last beat was some seconds ago."""
    path = folder / ".claims" / f"{RUN}.{number}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"machine": "elsewhere", "pid": 1, "started": 0.0}))
    os.utime(path, (time.time() - age,) * 2)
    return path


@pytest.mark.reliability("shared_store")
def test_a_run_is_claimed_once_and_freed(tmp_path):
    one, other = Claims(tmp_path), Claims(tmp_path)
    assert one.take(RUN)
    assert not other.take(RUN)
    assert other.take("another")
    assert one.living()[RUN]["pid"] == os.getpid()
    one.release(RUN)
    assert other.take(RUN)
    other.release(RUN)
    other.release("another")
    assert names(tmp_path) == []


def test_context_leaves_no_claim_behind(tmp_path):
    with pytest.raises(KeyboardInterrupt), Claims(tmp_path) as claims:
        claims.take(RUN)
        raise KeyboardInterrupt
    assert names(tmp_path) == []


@pytest.mark.parametrize(("age", "free"), [(0, False), (55, False), (65, True)])
def test_claim_of_another_machine_is_stale_after_a_minute(tmp_path, age, free):
    holder_elsewhere(tmp_path, age=age)
    claims = Claims(tmp_path)
    assert (RUN in claims.living()) is not free
    assert claims.take(RUN) is free
    if free:
        claims.release(RUN)
        assert names(tmp_path) == []  # the stale one as well


@pytest.mark.reliability("shared_store")
def test_claim_of_a_dead_process_of_this_machine_is_stale_at_once(tmp_path):
    program = "import os, sys; from replica.claiming import Claims; Claims(sys.argv[1]).take(sys.argv[2])"
    subprocess.run([sys.executable, "-c", f"{program}; os.kill(os.getpid(), 9)", str(tmp_path), RUN], check=False)
    assert names(tmp_path) == [f"{RUN}.1"]
    assert Claims(tmp_path).living() == {}
    assert Claims(tmp_path).take(RUN)
    assert names(tmp_path) == [f"{RUN}.1", f"{RUN}.2"]


@pytest.mark.reliability("shared_store")
def test_only_one_of_many_overtakes_a_stale_claim(tmp_path, record_property):
    record_property("tried", 20)
    for _ in range(20):
        holder_elsewhere(tmp_path, age=1000)
        all_ready, won = threading.Barrier(8), []

        def overtake(all_ready=all_ready, won=won):
            claims = Claims(tmp_path)
            all_ready.wait()
            if claims.take(RUN):
                won.append(claims)

        threads = [threading.Thread(target=overtake) for _ in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(won) == 1
        won[0].release(RUN)
        assert names(tmp_path) == []


@pytest.mark.reliability("shared_store")
def test_who_judged_a_claim_that_is_gone_holds_nothing(tmp_path, monkeypatch):
    """It found claim 1 stale and paused; meanwhile another overtook it, failed, released, and a third took the run."""
    holder_elsewhere(tmp_path, age=1000)
    slow, third = Claims(tmp_path), Claims(tmp_path)
    judge = slow._lives

    def pause(text, beat):
        judged = judge(text, beat)
        quick = Claims(tmp_path)
        assert quick.take(RUN)
        quick.release(RUN)
        assert third.take(RUN)
        return judged

    monkeypatch.setattr(slow, "_lives", pause)
    assert not slow.take(RUN)
    assert names(tmp_path) == [f"{RUN}.1"]
    assert not Claims(tmp_path).take(RUN)
    third.release(RUN)


def test_beats_keep_a_claim_alive(tmp_path, monkeypatch):
    monkeypatch.setattr(claiming, "BEAT_SECONDS", 0.02)
    with Claims(tmp_path) as claims:
        claims.take(RUN)
        path = tmp_path / ".claims" / f"{RUN}.1"
        os.utime(path, (0, 0))
        deadline = time.monotonic() + 10
        while path.stat().st_mtime == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert time.time() - path.stat().st_mtime < 60


def test_who_lost_its_claim_does_not_keep_the_next_holder_alive(tmp_path):
    """It slept, was overtaken, woke up: its beats must not touch the claim of who overtook it, even under its name."""
    slept = Claims(tmp_path)
    slept.take(RUN)
    path = tmp_path / ".claims" / f"{RUN}.1"
    path.unlink()
    holder_elsewhere(tmp_path, age=1000)
    slept._beat()
    assert time.time() - path.stat().st_mtime > 900


def test_who_was_overtaken_leaves_the_claim_of_who_did_it(tmp_path):
    slept = Claims(tmp_path)
    slept.take(RUN)
    holder_elsewhere(tmp_path, number=2)
    slept.release(RUN)
    assert names(tmp_path) == [f"{RUN}.2"]
    assert not slept.take(RUN)


def test_claim_cut_while_written_is_stale_after_a_minute_only(tmp_path):
    path = holder_elsewhere(tmp_path)
    path.write_text("")
    assert not Claims(tmp_path).take(RUN)
    assert Claims(tmp_path).living() == {RUN: {"machine": "unknown"}}
    os.utime(path, (0, 0))
    assert Claims(tmp_path).take(RUN)


@pytest.mark.reliability("full_disk")
@pytest.mark.parametrize("fails", ["write", "fsync"])
def test_full_disk_leaves_no_claim(tmp_path, monkeypatch, fails):
    def full(*_):
        raise OSError(28, "No space left on device")

    claims = Claims(tmp_path)
    with monkeypatch.context() as context:
        context.setattr(os, fails, full)
        with pytest.raises(OSError, match="No space left"):
            claims.take(RUN)
    assert names(tmp_path) == []
    assert claims.take(RUN)


def test_claims_on_a_recorded_run_are_cleared(tmp_path):
    holder_elsewhere(tmp_path)
    holder_elsewhere(tmp_path, number=2)
    Claims(tmp_path).clear(RUN)
    assert names(tmp_path) == []
