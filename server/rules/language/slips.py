"""What is missing, too much or misspelt where a text cannot be read further, and tests for blank values."""

import re
from collections.abc import Iterator

from server.rules.language.engine import ATTRIBUTES
from server.rules.language.rewrites import HabitRewrite, Rewrite
from server.rules.language.symbols import Symbol, ValueType, Vocabulary

_CLOSED_MAX = 10
"""Parentheses or brackets that are closed for somebody who forgot them."""
_REACH = 200
_BLANK_TEST = re.compile(r"([A-Za-z_][\w.]*)\s+(?P<r>is\s+(not\s+)?(?:empty|blank)\b)", re.IGNORECASE)
_LITERAL = r"[dt]?(?:\"[^\"\n]*\"|'[^'\n]*')"
_WORD = re.compile(rf"{_LITERAL}|[\w$.]+")
_LAST_VALUE = re.compile(rf"({_LITERAL}|(?<![\w.])\d[\d.]*)\s+\Z")
_LOOP = re.compile(r"[^\[\]{}]*\bfor\b")
_ENDS_VALUE = re.compile(r"(?:[\"')\]]|\b\d[\d.]*|\b(?:true|false|null))\s+\Z")
_COMPARES = re.compile(r"[=!]=|[<>]|[=!]~|\b(?:in|not|and|or)\b|\)\s*\Z")
_COMPARED = re.compile(r"\s*(?:[=!]=|[<>]|[=!]~|\.\w|\b(?:not\s+)?in\b)")
_CONNECTIVES = {
    **dict.fromkeys(("adn", "nad", "dna", "nda", "ad", "nd", "an", "aand", "annd", "andd", "amd", "abd", "und", "et",
                     "en", "og", "och", "e", "y", "plus"), "and"),
    **dict.fromkeys(("ro", "ou", "orr", "oor", "oder", "o", "eller", "of", "either"), "or"),
}  # fmt: skip
"""Words for and, and for or, misspelt or of other languages."""


def blank_tests(text: str, masked: str, offset: int, vocabulary: Vocabulary) -> Iterator[HabitRewrite]:
    """Yield what ``is empty`` and ``is blank`` ask of a symbol; nothing where it is never blank."""
    for found in _BLANK_TEST.finditer(masked, max(0, offset - _REACH), offset + _REACH):
        if not found.start() <= offset <= found.end():
            continue
        name, negated = found[1], bool(found[3])
        start, end = found.span("r")
        if name in vocabulary.code_sets or name in vocabulary.collections:
            written = f"{'not ' if negated else ''}{name}.is_empty"
            yield HabitRewrite(Rewrite(found.start(), end, written), "A list is asked after a point")
            continue
        symbol = _symbol(name, text, vocabulary)
        sign = "!=" if negated else "=="
        if symbol is not None and symbol.nullable:
            yield HabitRewrite(Rewrite(start, end, f"{sign} null"), f"{name} is null where it is blank")
        elif symbol is not None and symbol.type is ValueType.TEXT:
            yield HabitRewrite(Rewrite(start, end, f'{sign} ""'), 'Blank text is ""')


def slips_at(text: str, masked: str, offset: int, vocabulary: Vocabulary) -> Iterator[HabitRewrite]:
    """Yield what is missing, too much or misspelt at a place."""
    end = len(text.rstrip())
    sign = text[offset : offset + 1]
    if sign and sign in "\"'" and _quote_is_open(masked, offset):
        yield HabitRewrite(Rewrite(offset, end, text[offset:end] + sign), "This text has no closing quote")
    for opening, closing in ("()", "[]"):
        missing = masked.count(opening) - masked.count(closing)
        if 0 < missing <= _CLOSED_MAX and offset >= end:
            yield HabitRewrite(Rewrite(end, end, closing * missing), f"A {opening} is not closed")
        if missing < 0 and sign == closing:
            yield HabitRewrite(Rewrite(offset, offset + 1, ""), f"This {closing} closes nothing")
    word = _WORD.match(masked, offset)
    if word is not None and re.search(r"[\w\"')\]]\s+$", masked[:offset]):
        yield from _between_values(text, masked, word, vocabulary)


def _between_values(text: str, masked: str, word: re.Match[str], vocabulary: Vocabulary) -> Iterator[HabitRewrite]:
    """Yield what stands between two values, or is missing there; nothing where that is not plain."""
    start, end = word.span()
    shown = text[start:end]
    bracket = _open_bracket(masked, start)
    if bracket is not None and masked[bracket] in "[{" and not _LOOP.match(masked, bracket + 1):
        item = _LAST_VALUE.search(masked, bracket + 1, start)
        if item is not None and _is_value(shown, text, vocabulary):
            pair = f"{text[item.start() : item.end(1)]}, {shown}"
            yield HabitRewrite(Rewrite(item.start(), end, pair), "The items of a list are separated by commas")
        return
    meant = _CONNECTIVES.get(shown.lower())
    if meant is not None and masked[end:].strip():
        yield HabitRewrite(Rewrite(start, end, meant), f"Conditions are joined by {meant}")
        return
    before = masked[0 if bracket is None else bracket + 1 : start]
    if not _ENDS_VALUE.search(before) or not _COMPARES.search(before):
        return
    if _is_flag(shown, text, vocabulary) or (_is_value(shown, text, vocabulary) and _COMPARED.match(masked, end)):
        yield HabitRewrite(Rewrite(start, end, f"and {shown}"), "Two conditions are joined by and, or by or")


def _quote_is_open(masked: str, offset: int) -> bool:
    return masked.find(masked[offset], offset + 1) < 0


def _open_bracket(masked: str, offset: int) -> int | None:
    """Return where the innermost bracket begins that is open at a place."""
    closed = 0
    for place in range(offset - 1, -1, -1):
        if masked[place] in ")]}":
            closed += 1
        elif masked[place] in "([{":
            if not closed:
                return place
            closed -= 1
    return None


def _is_value(word: str, text: str, vocabulary: Vocabulary) -> bool:
    """Whether a word is a literal, or a name that means something."""
    if word[0] in "\"'$" or word[1:2] in {'"', "'"} or word[0].isdigit():
        return True
    root = word.partition(".")[0]
    known = root in vocabulary.code_sets or root in vocabulary.collections or root == ATTRIBUTES
    return known or root in vocabulary.symbols or _loops_over(root, text) is not None


def _is_flag(word: str, text: str, vocabulary: Vocabulary) -> bool:
    symbol = _symbol(word, text, vocabulary)
    return symbol is not None and symbol.type is ValueType.BOOLEAN


def _symbol(name: str, text: str, vocabulary: Vocabulary) -> Symbol | None:
    """Return the symbol that a name stands for, of a loop's members, too."""
    variable, _, member = name.partition(".")
    collection = vocabulary.collections.get(_loops_over(variable, text) or "")
    return vocabulary.symbols.get(name) if collection is None else collection.members.get(member)


def _loops_over(variable: str, text: str) -> str | None:
    """Return what a variable runs over, by the looks of the text."""
    found = re.search(rf"\bfor\s+{re.escape(variable)}\s+in\s+(\w+)", text)
    return None if found is None else found[1]
