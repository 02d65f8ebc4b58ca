"""Tables in text: what readers of tables let pass, or break on: uneven rows, and more than a number can be."""

import re

__all__ = ["HUGE_EXPONENT", "name_twice", "uneven_line"]

# No number has five digits of exponent; pandas' parser ends the whole process on one of some hundred.
HUGE_EXPONENT = re.compile(rb"[0-9.][eE][+-]?[0-9]{5}")


def uneven_line(content: bytes, separator: str) -> int | None:
    """The first line that has another number of fields than the first line, counted from 1; or that cannot be text.

    Args:
        content: The whole file; empty lines are passed over.
        separator: Between fields. None may stand within quotes, nor may quotes go on into the next field or line.
    """
    # Asked of the whole file first: to ask it of each line takes longer than to read the numbers.
    suspicious = b"\0" in content or b'"' in content or HUGE_EXPONENT.search(content) is not None
    wanted = None
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", content), start=1):
        count = line.count(separator.encode())
        wanted = count if wanted is None else wanted
        if line.strip() and (count != wanted or (suspicious and _is_no_text(line, separator))):
            return number
    return None


def name_twice(content: bytes, separator: str, *, any_case: bool = False) -> str | None:
    """The first name that stands twice in the first line; pandas would give the second another name."""
    line = re.split(rb"\r\n|\r|\n", content, maxsplit=1)[0].decode(errors="replace")
    names = [name.strip(' \t"\ufeff') for name in (line.lower() if any_case else line).split(separator)]
    return next((name for k, name in enumerate(names) if name and name in names[:k]), None)


def _is_no_text(line: bytes, separator: str) -> bool:
    return b"\0" in line or (b'"' in line and _open_quotes(line, separator)) or HUGE_EXPONENT.search(line) is not None


def _open_quotes(line: bytes, separator: str) -> bool:
    return any(field.count(b'"') % 2 for field in line.split(separator.encode()))
