"""Files that are there whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["check_new", "keep_names", "write_atomically"]


def check_new(place: Path, required: str) -> None:
    """Refuse a place where something is, or where nothing can be written: before the work rather than after it.

    Args:
        place: Of a file or folder to write; folders above it may be missing.
        required: What is written to a place of its own, as a sentence.

    Raises:
        FileExistsError: If something is there, be it a link that leads nowhere.
        NotADirectoryError: If what should become a folder above it is a file.
        PermissionError: If the folder above it cannot be written.
    """
    if os.path.lexists(place):
        raise FileExistsError(f"{required} There is {place} already. Name another, or remove it.")
    above = next(folder for folder in place.absolute().parents if os.path.lexists(folder))
    if not above.is_dir():
        raise NotADirectoryError(f"{required} {place} would lie in {above}, which is no folder. Name another place.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise PermissionError(
            f"{required} {above} cannot be written by this user. Correct its permissions, or name another place."
        )


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside its place, then rename it; who reads meanwhile, or after a crash, sees the old or the new.

    What was written when this returns is there after a power cut too, before whatever is written later.

    Args:
        path: The file; its folder must exist.
        data: Its new content.

    Raises:
        OSError: If the disk does not take it; the old file is then as it was. A note names file and bytes.
    """
    try:
        _write(path, data)
    except OSError as error:
        error.add_note(f"{len(data):,} bytes were to be written to {path}. See that the folder can take them.")
        raise


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix + ".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent):  # the second, since the first may have been made for this file
        keep_names(folder)


def keep_names(folder: Path) -> None:
    """Have the disk keep which names a folder holds; not every file system can be asked."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
