"""The first look at a rule's text: cheap checks that nothing hostile passes to the parser.

The limits are those of the design; all of them count characters of the text as typed, or of the literal's source.
"""

import re

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.language.blanks import with_plain_blanks
from server.rules.language.regex import PATTERN_CHARACTERS_MAX

TEXT_CHARACTERS_MAX = 4096
NODES_MAX = 400
DEPTH_MAX = 40
LIST_ITEMS_MAX = 1000
STRING_CHARACTERS_MAX = 1024
NUMBER_DIGITS_MAX = 30
EXPONENT_MAX = 30
TOKENS_MAX = 2400
LOOPS_NESTED_MAX = 2

REFUSED_OPERATORS = {
    "BYTES": ("Bytes are not part of the language; a text has no b before its quotes.", None),
    "BWAND": ("& is not part of the language.", "and"),
    "BWOR": ("| is not part of the language.", "or"),
    "BWXOR": ("^ is not part of the language; a square is x * x.", None),
    "BWLSH": ("<< is not part of the language.", None),
    "BWRSH": (">> is not part of the language.", None),
    "POW": ("** is not part of the language; a square is x * x.", None),
    "FLOAT_INF": ("inf is not part of the language.", None),
    "FLOAT_NAN": ("nan is not part of the language.", None),
}
"""Token type → why it is refused and what, if anything, stands in its place."""

REFUSED_BUILTINS = frozenset({"range", "random", "map", "filter", "split", "re_groups"})
REFUSED_ATTRIBUTES = frozenset({"encode", "decode"})

PATTERN_MAX = PATTERN_CHARACTERS_MAX

_NUMBER = re.compile(r"(0[box])?(?P<digits>[0-9a-fA-F.]*?)([eE](?P<exponent>[+-]?[0-9]+))?\Z")


def too_large(text: str, message: str, offset: int = 0, length: int | None = None) -> RuleError:
    """Return the error for something beyond a limit."""
    place = TextRange.of(text, offset, len(text) if length is None else length)
    return RuleError(ErrorCode.RULE_TOO_LARGE, message, place=place)


def guard_text(text: str) -> None:
    """Refuse a text that is too long, empty, or holds characters that no database can store.

    Raises: RuleError RULE_TOO_LARGE, RULE_EMPTY, RULE_SYNTAX.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        message = f"A rule has at most {TEXT_CHARACTERS_MAX} characters; this one has {len(text)}."
        raise RuleError(ErrorCode.RULE_TOO_LARGE, message)
    for offset, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            what = "NUL" if character == "\0" else "half of a surrogate pair"
            message = f"The text holds a character that is not allowed ({what})."
            place = TextRange(offset, 1, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset), "")
            raise RuleError(ErrorCode.RULE_SYNTAX, message, place=place)
    if with_plain_blanks(text).lstrip()[:1] in {"", "#"}:
        raise RuleError(ErrorCode.RULE_EMPTY, "The rule is empty; write true to mean every contact.", suggestion="true")


def guard_token(text: str, kind: str, source: str, offset: int) -> None:
    """Refuse one token before the parser acts on it.

    Raises: RuleError RULE_TOO_LARGE, RULE_UNSUPPORTED.
    """
    refusal = REFUSED_OPERATORS.get(kind)
    if refusal is not None:
        message, suggestion = refusal
        place = TextRange.of(text, offset, len(source))
        correction = None
        if kind == "BYTES":
            suggestion = source[1:]
            correction = text[:offset] + suggestion + text[offset + len(source) :]
        raise RuleError(ErrorCode.RULE_UNSUPPORTED, message, place=place, suggestion=suggestion, correction=correction)
    if kind in {"STRING", "DATETIME", "TIMEDELTA"} and len(source) > STRING_CHARACTERS_MAX + 2:
        raise too_large(text, f"A text literal has at most {STRING_CHARACTERS_MAX} characters.", offset, len(source))
    if kind == "FLOAT":
        _guard_number(text, source, offset)


def _guard_number(text: str, source: str, offset: int) -> None:
    number = _NUMBER.match(source)
    if source[:2] in {"0x", "0b", "0o"}:
        digits, exponent = len(source) - 2, "0"
    elif number is None:
        return
    else:
        digits, exponent = len(number["digits"].replace(".", "")), number["exponent"] or "0"
    if digits > NUMBER_DIGITS_MAX:
        raise too_large(text, f"A number has at most {NUMBER_DIGITS_MAX} digits.", offset, len(source))
    if len(exponent) > 4 or abs(int(exponent)) > EXPONENT_MAX:
        message = f"The exponent of a number is at most {EXPONENT_MAX}."
        raise too_large(text, message, offset, len(source))


def guard_string(value: str, text: str, offset: int, length: int) -> None:
    r"""Refuse a text literal whose value, escapes resolved, no database can store (``"\x00"``, ``"\ud800"``).

    Raises: RuleError RULE_SYNTAX.
    """
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        place = TextRange.of(text, offset, length)
        raise RuleError(ErrorCode.RULE_SYNTAX, "The text holds a character that is not allowed.", place=place)
