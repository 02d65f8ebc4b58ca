"""Files that are there whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


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
        _keep_names(folder)


def _keep_names(folder: Path) -> None:
    """Have the disk keep which names a folder holds; not every file system can be asked."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
