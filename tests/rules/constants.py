"""The literals of random rules: what people have, what lies just beside it, and what nobody has."""

from decimal import Decimal

from tests.rules.people import CODES, DAYS, INSTANTS, INTEGERS, NUMBERS, TEXTS


def quoted(text: str) -> str:
    """Return a text as a literal of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


PATTERNS = (
    "M[cC].*", "^a$", "a$", "(?i)mc", "a.b", r"\bx", r"\d", "[^a]", "x{3,}", "", "(a|b)+", "abc", "^Mc", "a+", "Zo",
    "(?i)STRASSE", "^$", "a%", "Mc?", r"\Aab", r"a\z", "(?m)^b", "(?m)a$", "(?s)a.b", r"\s", r"\S+$", r"\w", r"\W",
    r"\D+", "[[:upper:]]{2}", r"\p{Lu}", r"\pL\pL", "[A-Z][a-z]+", "^(Mc|Md)", "Mc|DE", "(?i)^DE$", "(?i)i", "(?i)k",
    "(?i)ss", "(?i)\u03a3", r"a\nb", r"\.", r"a\.b", "a?", "ab{0}", "ab*a?", "^.$", "^..$", "^[a-c]*$", "(?:ab)+",
    "(a)(b)?", "x{40}", "^M", "c$", r"c\b", r"\Bc", r"\x41", r"[\]]", "(?U)a+b", "(?i:A)b", r"[^\n]*b", "@example",
    ".*", ".*c$", "M.*d", "^a.*b$", "a.*", ".*a", ".*a.*", "^.*a$", "a.*b", "^Mc.*x$", ".*b.*a", "a.*b.*a", "(Mc).*",
    "ab+c", "ab+", "a{2,3}b", "[a]b", r"\Qa.b\E", "(a|)b", "^a|b", "a^b", "(?:a.*)?b", "x*?", "a+?b", r"\x{41}",
    "[[:^alpha:]]", r"\pN", "[^a]b", "a{0,2}b", "a{2}", "(?s).*b", "(?s)a.*b$", "a.b.*", r"\*", r"a\b", "(?i).*MC",
    "b*", "Mc.*Donald", "^(?:Mc)+$", "(a)", "((a))b", r"[\w]c", "a[^b]", "s+$", "^.*\n", r"a\n?b", r"\t", "a$|b",
    "(?-s)a.b", r"\+49", r"\(a\)", "a_b", "[%_]", "DE", "e\u0301", "\ud7ff", r"^\s*$", "^[0-9]+$", r"^\S+@\S+$",
)  # fmt: skip
"""RE2."""

TEXT_LITERALS = tuple(quoted(text) for text in TEXTS)
CODE_LITERALS = tuple(quoted(text) for text in CODES)
LETTERS = tuple(quoted(text) for text in ("a", "M", "c", "e", "i", "s", "\n", "%", "_", "", "A", "Mc", "D", "x", " "))
"""Short texts, found in many texts."""

NUMBER_LITERALS = (
    *(str(number) for number in (*NUMBERS, *INTEGERS)),
    *(f"{number + delta:f}" for number in NUMBERS[:10] for delta in (Decimal("0.00001"), Decimal("-0.00005"))),
    "0.1000000000000000000001", "1e30", "-1e30", "9223372036854775807", "9223372036854775808", "922337203685477.5807",
    "922337203685477.5808", "-9223372036854775809", "1e-30", "0x10", "0.00005", "99999999999999999999",
)  # fmt: skip
SMALL_LITERALS = (
    "0", "1", "2", "3", "-1", "-2", "-3", "7", "-7", "10", "100", "0.5", "-0.5", "1.5", "2.5", "0.1", "0.3", "0.25",
    "0.0001", "0.00001", "1000", "0.3333", "12",
)  # fmt: skip
NUMERALS = ('"1"', '"0.5"', '"10.5"', '"-3"', '"1e2"', '"inf"', '"1.50"')
COUNT_LITERALS = ("0", "1", "2", "3", "-1", "0.5", "1.5", "4", "1e20", "-1.5", "30")
PERIODS = (
    "P1D", "P30D", "P1W", "PT1H", "PT0.000001S", "P0D", "P3000000D", "P36500D", "P1DT12H", "P999999999D", "PT23H",
    "PT25H",
)  # fmt: skip
DATE_LITERALS = (
    *(f'd"{instant.isoformat()}"' for instant in INSTANTS),
    *(f'd"{day.isoformat()}"' for day in DAYS),
    'd"2025-10-26T02:30:00"', 'd"2026-03-29T02:30:00"', 'd"2026-06-15T10:00:00+02:00"',
)  # fmt: skip
DATE_TEXTS = ('"2026-06-15"', '"2025-10-26T01:30:00Z"', '"2026-06-15T10:00:00"', '"x"')
PERIOD_TEXTS = ('"P1D"', '"PT25H"', '"x"')
DATE_PARTS = {
    "year": ("2025", "2026", "2018", "1", "9999", "1900"),
    "month": ("1", "6", "10", "12", "5", "0"),
    "day": ("1", "15", "26", "31", "29", "30", "0"),
    "hour": ("0", "1", "2", "10", "12", "23", "24"),
    "minute": ("0", "30", "59", "15"),
    "second": ("0", "59", "30"),
    "microsecond": ("0", "1", "999999", "500000"),
    "millisecond": ("0", "999", "500"),
    "to_epoch": ("0", "1781517600", "1767225600", "-1", "1766271599.999999", "-0.000001"),
}
WEEKDAY_LITERALS = tuple(
    quoted(word)
    for word in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "monday", "")
)
ZONE_LITERALS = ('"UTC"', '"UTC+01:00"', '"UTC+02:00"', '"UTC-03:00"', '"UTC+05:45"', '"CET"', '"UTC-02:30"')
