"""Letter case as Python has it: what ``as_lower`` and ``as_upper`` do, what casefolding keeps of it, and both in SQL.

Three facts carry this module; a test proves them for every code point. The lower case of a text has the same casefolded
form as the text. So has its upper case, but for the dotless small i, whose upper case is I. And both are the same
whatever stands around a letter, except that a capital sigma at the end of a word has a lower case of its own.
"""

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_

from server.rules.sql.bracket import Condition

_PLANE, _BLOCK = 0x10000, 0x100
_UTF_32 = f"utf-32-{sys.byteorder[0]}e"
_SURROGATES = range(0xD800, 0xE000)
_SPELLINGS_MAX = 16
"""More spellings of one text are not worth asking an index for."""
_KEYS_MAX = 1000
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
SIGMA = "\N{GREEK CAPITAL LETTER SIGMA}"
_SMALL_SIGMAS = {"\N{GREEK SMALL LETTER SIGMA}", "\N{GREEK SMALL LETTER FINAL SIGMA}"}


class Case(StrEnum):
    """A letter case, by the attribute that asks for it."""

    LOWER = "as_lower"
    UPPER = "as_upper"

    def of(self, text: str) -> str:
        """Return the text in this case."""
        return text.lower() if self is Case.LOWER else text.upper()


@dataclass(frozen=True, slots=True)
class Spelling:
    """What is known of the texts that pass a test: they are one of ``texts``, or begin with one where ``prefix``."""

    texts: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """The stored, casefolded form of a value.

    Attributes:
        column: where it stands.
        case: the case in which the rule looks at the value; None: as it is.
    """

    column: ColumnElement[Any]
    case: Case | None = None

    def condition(self, spelling: Spelling, ordered: ColumnElement[Any]) -> Condition | None:
        """Return what holds of the column for all values that pass; None when nothing useful does.

        Args:
            spelling: what is known of the values, in ``case``.
            ordered: the column, ordered by code point.
        """
        keys: list[str] = []
        for text in spelling.texts:
            found = _folded_forms(text, self.case)
            if found is None or not found[0]:
                return None
            keys += found
        keys = list(dict.fromkeys(keys))
        if len(keys) > _KEYS_MAX:
            return None
        if not spelling.prefix:
            return self.column == keys[0] if len(keys) == 1 else self.column.in_(keys)
        ranges = [and_(ordered >= key, ordered < above) for key in keys if (above := after_prefix(key)) is not None]
        return or_(*ranges) if len(ranges) == len(keys) else None


def _folded_forms(text: str, case: Case | None) -> Sequence[str] | None:
    """Return the casefolded forms of the texts that read so in a case; None for too many."""
    if case is not Case.UPPER:
        return [text.casefold()]
    if 2 ** text.count("I") > _SPELLINGS_MAX:
        return None
    parts = [(letter.casefold(), _DOTLESS_I) if letter == "I" else (letter.casefold(),) for letter in text]
    return ["".join(chosen) for chosen in product(*parts)]


def after_prefix(prefix: str) -> str | None:
    """Return the smallest text above all texts with the prefix, or None when there is none."""
    for end in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[end]) + 1
        if code in _SURROGATES:
            code = _SURROGATES.stop
        if code <= 0x10FFFF:
            return prefix[:end] + chr(code)
    return None


@lru_cache(maxsize=2)
def _changed_letters(case: Case) -> dict[str, str]:
    """Return every letter that is not in this case, with what it becomes."""
    changed = {}
    for start in range(0, 0x110000, _PLANE):
        plane = array("I", range(start, start + _PLANE)).tobytes().decode(_UTF_32, "surrogatepass")
        if case.of(plane) == plane:
            continue
        blocks = (plane[place : place + _BLOCK] for place in range(0, _PLANE, _BLOCK))
        letters = (letter for block in blocks if case.of(block) != block for letter in block)
        changed.update({letter: turned for letter in letters if (turned := case.of(letter)) != letter})
    return changed


@lru_cache(maxsize=2)
def _sources(case: Case) -> dict[str, list[str]]:
    """Return for every character the letters outside of ASCII that become it, or a text with it."""
    sources = defaultdict(list)
    for letter, turned in _changed_letters(case).items():
        if not letter.isascii():
            for character in turned:
                sources[character].append(letter)
    return sources


def _relevant_letters(case: Case, characters: frozenset[str]) -> tuple[list[tuple[str, str]], str, str]:
    """Return what must be replaced before such a text is looked for: letters that become several, and single ones.

    Letters of ASCII are not among them. The order is that of the code points, so that SQL is the same every time.
    """
    sources = _sources(case)
    relevant = sorted({letter for character in characters for letter in sources.get(character, ())})
    changed = [(letter, case.of(letter)) for letter in relevant]
    single = {letter: turned for letter, turned in changed if len(turned) == 1}
    several = [(letter, turned) for letter, turned in changed if len(turned) > 1]
    return several, "".join(single), "".join(single.values())


def in_case(column: ColumnElement[Any], case: Case, constants: Iterable[str], *, order: bool) -> ColumnElement[Any]:
    """Return the text in a case, as far as a comparison to the constants can tell (PostgreSQL only).

    Letters that become none of the constants' characters stay as they are: then they are none of them either, provided
    the constants are in the case themselves. A capital sigma becomes the one of the middle of words.

    Args:
        column: the text.
        case: the case.
        constants: what it is compared to.
        order: whether it is compared by order; the constants must be ASCII then, below which no other letter is.
    """
    characters = frozenset("".join(constants)) | (frozenset(_LETTERS) if order else frozenset())
    several, sources, targets = _relevant_letters(case, characters)
    for letter, turned in several:
        column = func.replace(column, letter, turned)
    if sources:
        column = func.translate(column, sources, targets)
    return ascii_case(column, case)


def ascii_case(column: ColumnElement[Any], case: Case) -> ColumnElement[Any]:
    """Return the text with its ASCII letters in a case (PostgreSQL only; the collation "C" knows no others)."""
    plain = column.collate("C")
    return func.lower(plain) if case is Case.LOWER else func.upper(plain)


def not_ascii(column: ColumnElement[Any]) -> Condition:
    """Return the condition that a text has other characters than ASCII (PostgreSQL only)."""
    return func.octet_length(column) != func.char_length(column)


def may_end_a_word(case: Case, constants: Iterable[str]) -> bool:
    """Whether the constants hold a letter that a capital sigma becomes or not by what stands around it."""
    return case is Case.LOWER and not _SMALL_SIGMAS.isdisjoint("".join(constants))
