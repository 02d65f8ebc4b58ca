"""Which process computes which run, so that several sweeps on one store, on several machines too, do each run once.

A claim is a file ``.claims/<digest>.<n>`` in the store, which only one can create. Its holder touches it while it
lives. A claim whose holder died is overtaken by creating the file of the next number, which again only one can; it is
never removed by anyone but who overtook it, so that there is no moment at which two hold a run.
"""

import json
import os
import socket
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BEAT_SECONDS = 10.0
STALE_SECONDS = 60.0  # without a beat, the holder is taken for dead; on its own machine one need not wait


class Claims:
    """The claims of one process on the runs of one store; a context in which they are kept fresh.

    Args:
        folder: The folder of the store.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder) / ".claims"
        self._held: dict[str, tuple[Path, int]] = {}  # digest -> file, open descriptor
        self._lock, self._end = threading.Lock(), threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._keep_beating, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for digest in list(self._held):
            self.release(digest)

    def take(self, digest: str) -> bool:
        """Claim a run; False where a living other has it, or was quicker.

        Raises:
            OSError: If the disk does not take the claim; nothing of it is then left.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        files = self._files(digest)
        stale = _read(files[-1]) if files else None
        if files and (stale is None or self._lives(*stale)):
            return False
        path = self.folder / f"{digest}.{_number(files[-1]) + 1 if files else 1}"
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            return False
        try:
            holder = {"machine": _machine(), "pid": os.getpid(), "started": time.time()}
            os.write(handle, json.dumps(holder).encode())
            os.fsync(handle)
        except BaseException:
            os.close(handle)
            path.unlink()
            raise
        self._held[digest] = path, handle
        again = _read(files[-1]) if files else None
        if (again and again[0]) != (stale and stale[0]):  # what we overtook was overtaken and released before
            self._withdraw(digest)
            return False
        return True

    def release(self, digest: str) -> None:
        """Give a claim back, and remove those that it overtook, which comes first."""
        own, _ = self._held[digest]
        for path in self._files(digest):
            if _number(path) < _number(own):
                path.unlink(missing_ok=True)
        self._withdraw(digest)

    def clear(self, digest: str) -> None:
        """Remove every claim on a run that is recorded: its holder was killed before it could."""
        for path in self._files(digest):
            path.unlink(missing_ok=True)

    def living(self) -> dict[str, dict[str, Any]]:
        """Machine, process and start of each claim whose holder lives, by the digest of its run."""
        told = {}
        for path in sorted(self.folder.glob("*.*"), key=_number):
            read = _read(path)
            if read and self._lives(*read):
                told[path.stem] = _holder(read[0])
        return told

    def _files(self, digest: str) -> list[Path]:
        """The claims on a run, the one that counts last."""
        return sorted(self.folder.glob(f"{digest}.*"), key=_number)

    def _lives(self, text: str, beat: float) -> bool:
        holder = _holder(text)
        if holder["machine"] == _machine() and not _runs_here(holder["pid"]):
            return False
        with tempfile.TemporaryFile(dir=self.folder) as file:  # the clock of the disk, which may be another machine's
            return os.fstat(file.fileno()).st_mtime - beat < STALE_SECONDS

    def _withdraw(self, digest: str) -> None:
        with self._lock:
            own, handle = self._held.pop(digest)
            os.close(handle)
        own.unlink(missing_ok=True)

    def _keep_beating(self) -> None:
        while not self._end.wait(BEAT_SECONDS):
            self._beat()

    def _beat(self) -> None:
        with self._lock:
            for _, handle in self._held.values():
                try:
                    os.utime(handle)  # of the file we made, whatever became of its name
                except OSError:  # the disk is away for a moment; if for long, the claim is lost, which harms nobody
                    continue


def _read(path: Path) -> tuple[str, float] | None:
    """Content and time of the last beat; None where the claim was released. To open it asks a shared disk anew."""
    try:
        with path.open() as file:
            return file.read(), os.fstat(file.fileno()).st_mtime
    except FileNotFoundError:
        return None


def _holder(text: str) -> dict[str, Any]:
    try:
        return dict(json.loads(text))
    except ValueError:  # killed while it wrote, or is about to write
        return {"machine": "unknown"}


def _number(path: Path) -> int:
    return int(path.suffix[1:])


def _machine() -> str:
    """The machine as far as its process numbers are its own: a container has others than its host."""
    space = Path("/proc/self/ns/pid")
    return f"{socket.gethostname()} {os.readlink(space) if space.is_symlink() else ''}".strip()


def _runs_here(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True
