"""Fail if a committed file is large, or a text file does not end with exactly one newline.

python tools/check_files.py [FILE ...]
"""

import subprocess
import sys
from pathlib import Path

LARGEST = 2_000_000  # bytes


def tracked() -> list[Path]:
    """Files of the checkout that git tracks or would track."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    return [Path(name) for name in names if name and Path(name).is_file()]


def complaint(file: Path) -> str | None:
    """What is wrong with the file, if anything."""
    data = file.read_bytes()
    if len(data) > LARGEST:
        return f"{len(data) / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} MB may be committed"
    is_text = data and b"\0" not in data[:8192]
    if is_text and (not data.endswith(b"\n") or data.endswith(b"\n\n")):
        return "must end with exactly one newline"
    return None


def main() -> int:
    """Check the files named, or all; 1 if one is at fault."""
    files = [Path(name) for name in sys.argv[1:]] or tracked()
    complaints = {file: text for file in files if (text := complaint(file))}
    for file, text in complaints.items():
        print(f"{file}: {text}")
    return bool(complaints)


if __name__ == "__main__":
    raise SystemExit(main())
