"""Cells that a spreadsheet would run are defused, all others stay as they are."""

import pytest

from server.jobs.formula_cells import safe_cell


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\tplain", "'\tplain"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("\nplain", "'\nplain"),
        ("  =1", "'  =1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        ("\N{IDEOGRAPHIC SPACE} =1", "'\N{IDEOGRAPHIC SPACE} =1"),
        ("\N{ZERO WIDTH SPACE}=1", "'\N{ZERO WIDTH SPACE}=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\N{FULLWIDTH PLUS SIGN}1", "'\N{FULLWIDTH PLUS SIGN}1"),
        ("\N{FULLWIDTH HYPHEN-MINUS}1", "'\N{FULLWIDTH HYPHEN-MINUS}1"),
        ("\N{FULLWIDTH COMMERCIAL AT}x", "'\N{FULLWIDTH COMMERCIAL AT}x"),
        ("a\n=b", "a\n'=b"),
        ("a\r\n =b\r\nc", "a\r\n' =b\r\nc"),
        ("a\r+b", "a\r'+b"),
        ("a\n\n-b", "a\n\n'-b"),
    ],
)
def test_defused(cell: str, safe: str) -> None:
    assert safe_cell(cell) == safe


@pytest.mark.parametrize(
    "cell", ["", "Anna", "Müller & Söhne", "a=b", "x-1", "info@example.com", "a\nb", "a\n\nb", "  x"]
)
def test_untouched(cell: str) -> None:
    assert safe_cell(cell) == cell
