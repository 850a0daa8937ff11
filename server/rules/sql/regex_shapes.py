"""What a regular expression says about a text that SQL can ask: the literals every match holds, or all of it.

Only the plainest expressions are understood whole: literals and ``.*``. Of the others the literals that stand outside
of groups, classes and repetitions are known to be in every match. An expression in doubt says nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from sqlalchemy import String, func

from server.rules.sql.scalars import Column, Test, always, conjunction
from server.rules.sql.value_tests import contains, ends_with, starts_with, text_equals

_NEWLINE = "\n"
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_CLASSES = frozenset("dDwWsSbB")
_REPETITION = re.compile(r"([*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??")
_GROUP = re.compile(r"\((?!\?)|\(\?:|\(\?P?<[A-Za-z_][A-Za-z0-9_]*>")


class _Part(Enum):
    """A part of an expression that is no literal."""

    ANYTHING = auto()
    """``.*``: any characters but the end of a line."""
    DOT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Shape:
    """An expression as far as it is understood.

    Attributes:
        parts: literals, never two in a row, and what lies between them.
        begins: whether a match begins where the text does.
        ends: whether it ends where the text does.
    """

    parts: tuple[str | _Part, ...]
    begins: bool
    ends: bool

    @property
    def literals(self) -> tuple[str, ...]:
        """The texts that every match holds."""
        return tuple(part for part in self.parts if isinstance(part, str))


@lru_cache(maxsize=512)
def shape_of(pattern: str, *, anywhere: bool) -> Shape | None:
    """Return what is understood of an expression that RE2 accepts; None for nothing.

    ``anywhere``: whether a match may begin inside the text.
    """
    reader = _Reader(pattern)
    parts = reader.parts()
    return None if parts is None else Shape(tuple(parts), reader.begins or not anywhere, reader.ends)


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, pattern: str) -> None:
        self.begins = pattern.startswith("^")
        self.ends = False
        self._pattern = pattern
        self._place = int(self.begins)

    def parts(self) -> list[str | _Part] | None:
        parts: list[str | _Part] = []
        while self._place < len(self._pattern):
            if self._pattern[self._place :] in {"$", "\\z"}:
                self.ends = True
                break
            part = self._part()
            if part is None:
                return None
            for piece in self._repeated(part):
                if parts and isinstance(parts[-1], str) and isinstance(piece, str):
                    parts[-1] += piece
                elif not parts or piece is not _Part.ANYTHING or parts[-1] is not piece:
                    parts.append(piece)
            if _REPETITION.match(self._pattern, self._place):
                return None
        return parts

    def _part(self) -> str | _Part | None:
        """Read one character, class or group; None where it is not understood."""
        character = self._pattern[self._place]
        match character:
            case "\\":
                return self._escaped()
            case "[":
                return self._behind(_class_end(self._pattern, self._place))
            case "(":
                return self._behind(_group_end(self._pattern, self._place))
            case "." | "^" | "$":
                self._place += 1
                return _Part.DOT if character == "." else _Part.OTHER
            case "|" | ")" | "*" | "+" | "?" | "{":
                return None
            case _:
                self._place += 1
                return character

    def _escaped(self) -> str | _Part | None:
        escaped = self._pattern[self._place + 1 : self._place + 2]
        self._place += 2
        if escaped in _CLASSES:
            return _Part.OTHER
        if escaped.isascii() and not escaped.isalnum():
            return escaped
        return _CONTROLS.get(escaped)

    def _behind(self, end: int | None) -> _Part | None:
        if end is None:
            return None
        self._place = end
        return _Part.OTHER

    def _repeated(self, part: str | _Part) -> Sequence[str | _Part]:
        """Read how often a part comes, and return what is sure of it."""
        found = _REPETITION.match(self._pattern, self._place)
        if found is None:
            return [_Part.OTHER if part is _Part.DOT else part]
        self._place = found.end()
        if part is _Part.DOT and found[1] == "*":
            return [_Part.ANYTHING]
        optional = found[1] in {"*", "?"} or found[1].startswith("{0")
        return [_Part.OTHER] if optional or not isinstance(part, str) else [part, _Part.OTHER]


def _class_end(pattern: str, start: int) -> int | None:
    """Return where a bracketed class ends; None where that is in doubt."""
    found = re.compile(r"\[\^?\]?(?:\\[^pPQ]|\[:\^?[a-z]+:\]|[^\]\\\[])*\]").match(pattern, start)
    return None if found is None else found.end()


def _group_end(pattern: str, start: int) -> int | None:
    """Return where a group ends; None where that is in doubt, or where it changes how letters are compared."""
    opening = _GROUP.match(pattern, start)
    if opening is None:
        return None
    place = opening.end()
    while place < len(pattern):
        character = pattern[place]
        end: int | None = place + 1
        if character == ")":
            return end
        if character == "\\":
            end = None if pattern[place + 1 : place + 2] in {"Q", ""} else place + 2
        elif character == "[":
            end = _class_end(pattern, place)
        elif character == "(":
            end = _group_end(pattern, place)
        if end is None:
            return None
        place = end
    return None


def whole_test(shape: Shape, dialect: str) -> Test | None:
    """Return the question whether a text matches; None where SQL cannot ask it."""
    parts = list(shape.parts)
    if _Part.OTHER in parts or len(shape.literals) > 2 or any(_NEWLINE in text for text in shape.literals):
        return None
    if shape.ends:
        return _to_the_end(parts, dialect) if shape.begins else _anywhere(parts, shape, dialect)
    if parts and parts[-1] is _Part.ANYTHING:
        parts.pop()
    if not shape.begins:
        return _anywhere(parts, shape, dialect)
    match parts:
        case []:
            return always(answer=True, on_null=False)
        case [str(text)]:
            return starts_with(text, dialect)
        case [_Part.ANYTHING, str(text)]:
            return _on_first_line(text, 0, dialect)
        case [str(first), _Part.ANYTHING, str(last)]:
            return _also(starts_with(first, dialect), _on_first_line(last, len(first), dialect))
        case _:
            return None


def _to_the_end(parts: list[str | _Part], dialect: str) -> Test | None:
    """Return the question whether a whole text is made of these parts."""
    one_line = contains(_NEWLINE, dialect).negated_but_null()
    match parts:
        case []:
            return text_equals("")
        case [_Part.ANYTHING]:
            return one_line
        case [str(text)]:
            return text_equals(text)
        case [str(text), _Part.ANYTHING]:
            return _also(starts_with(text, dialect), one_line)
        case [_Part.ANYTHING, str(text)]:
            return _also(ends_with(text, dialect), one_line)
        case [_Part.ANYTHING, str(text), _Part.ANYTHING]:
            return _also(contains(text, dialect), one_line)
        case [str(first), _Part.ANYTHING, str(last)]:
            both = _also(starts_with(first, dialect), ends_with(last, dialect))
            return _also(_also(both, _at_least_long(len(first) + len(last))), one_line)
        case _:
            return None


def _anywhere(parts: list[str | _Part], shape: Shape, dialect: str) -> Test | None:
    if parts and parts[0] is _Part.ANYTHING:
        parts = parts[1:]
    match parts:
        case []:
            return always(answer=True, on_null=False)
        case [str(text)]:
            return ends_with(text, dialect) if shape.ends else contains(text, dialect)
        case _:
            return None


def _also(first: Test, second: Test) -> Test:
    return replace(conjunction(first, second), spelling=first.spelling)


def _at_least_long(length: int) -> Test:
    return Test(
        lambda column: func.length(column) >= length,
        lambda column: func.length(column) < length,
        lambda text: len(text) >= length,
    )


def _on_first_line(text: str, start: int, dialect: str) -> Test:
    """Return the question whether the first line holds a text at or after a place."""
    inner = contains(text, dialect)

    def line(column: Column) -> Column:
        if dialect == "postgresql":
            first: Any = func.split_part(column, _NEWLINE, 1, type_=String)
        else:
            first = func.substr(column, 1, func.instr(column.concat(_NEWLINE), _NEWLINE) - 1, type_=String)
        return func.substr(first, start + 1, type_=String) if start else first

    return Test(
        lambda column: inner.yes(line(column)),
        lambda column: inner.no(line(column)),
        lambda value: text in value.partition(_NEWLINE)[0][start:],
    )


def required_test(shape: Shape, dialect: str) -> Test:
    """Return a question that every text that matches answers with yes."""
    found = always(answer=True, on_null=False)
    for place, part in enumerate(shape.parts):
        if not isinstance(part, str):
            continue
        test: Callable[[str, str], Test] = contains
        if place == 0 and shape.begins:
            test = starts_with
        elif place == len(shape.parts) - 1 and shape.ends:
            test = ends_with
        asked = test(part, dialect)
        found = replace(conjunction(found, asked), spelling=found.spelling or asked.spelling)
    return found
