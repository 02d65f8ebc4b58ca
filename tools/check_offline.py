"""Fail if a built page loads a script, style, font, frame or picture from another host.

python tools/check_offline.py BUILT
"""

import re
import sys
from pathlib import Path

HOST = r"((?:https?:)?//[^\"'\s)>]+)"
LOADS = re.compile(
    rf"<(?:script|img|iframe|source|video|audio|embed|track)\b[^>]*\bsrc=[\"']?{HOST}"
    rf"|<object\b[^>]*\bdata=[\"']?{HOST}"
    rf"|<link\b(?![^>]*rel=[\"'](?:canonical|next|prev|author|license)[\"'])[^>]*\bhref=[\"']?{HOST}"
    rf"|@import\s+(?:url\()?[\"']?{HOST}"
    rf"|\burl\([\"']?{HOST}",
    re.IGNORECASE,
)


def loads(text: str) -> list[str]:
    """Addresses on other hosts that a browser would fetch to show this page or style sheet."""
    return [next(filter(None, match.groups())) for match in LOADS.finditer(text)]


def main() -> int:
    """Print each load from another host; 1 if there is one, or if nothing was built."""
    root = Path(sys.argv[1])
    files = sorted(file for suffix in ("html", "css", "svg") for file in root.rglob(f"*.{suffix}"))
    found = [(file, address) for file in files for address in loads(file.read_text(errors="replace"))]
    for file, address in found:
        print(f"{file.relative_to(root)} loads {address}")
    print(f"{root}: {len(found)} loads from other hosts in {len(files)} files")
    return bool(found) or not files


if __name__ == "__main__":
    raise SystemExit(main())
