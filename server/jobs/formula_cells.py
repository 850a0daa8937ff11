"""Keeps a spreadsheet from running what stands in a cell of a CSV file."""

import re

_LEADING_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]*")
"""What spreadsheets pass over before they look for a formula: spaces of all kinds, and signs without a width."""
_FORMULA_SIGNS = frozenset("=+-@") | frozenset(chr(ord(sign) + 0xFEE0) for sign in "=+-@")
"""The second set is the same signs in full width."""
_DEFUSED = "'"


def safe_cell(text: str) -> str:
    """Return the text with an apostrophe before every line that a spreadsheet might take for a formula.

    A line inside a cell counts as a cell: a program that does not know quoted newlines reads it as one. A cell that
    begins with a tab or a new line gets one too.
    """
    if not text or (text.isalnum() and text.isascii()):
        return text
    lines = text.splitlines(keepends=True)
    lines[0] = _safe_line(lines[0], "\t\r\n")
    lines[1:] = [_safe_line(line, "\t") for line in lines[1:]]
    return "".join(lines)


def _safe_line(line: str, refused_blanks: str) -> str:
    blanks = _LEADING_BLANKS.match(line)
    end = blanks.end() if blanks else 0
    begins_badly = line[end : end + 1] in _FORMULA_SIGNS or any(sign in refused_blanks for sign in line[:end])
    return _DEFUSED + line if begins_badly else line
