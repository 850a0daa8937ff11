"""Parameters: values that a caller hands over beside a rule's text, where it says ``$name``.

Each ``$name`` becomes a literal, token for token: the value never meets the parser as text of the caller's, so whatever
it holds, it stays one value. What comes out is a plain rule, which is checked, limited and stored as if it had been
typed. What is wrong with it is said of the text as typed, where ``$name`` stands: the grammar reads that text first,
and the parts of the filled one are given their places in it. So a value never comes back in an error.
"""

import difflib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.language.engine import BUILTINS
from server.rules.language.guard import REFUSED_BUILTINS, STRING_CHARACTERS_MAX, TEXT_CHARACTERS_MAX, too_large
from server.rules.language.syntax import Parsed, Token, deferred_nodes, parse, parse_literal, tokens
from server.rules.language.tree_reading import NO_NAMES
from server.rules.language.writing import LiteralValue, write_literal

PARAMETERS_MAX = 100
"""Parameters of one rule."""

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_PARAMETER = re.compile(r"\$[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_NAME_CHARACTERS = 100
_MISSING_LISTED_MAX = 10
_RESERVED = BUILTINS | REFUSED_BUILTINS
_POSTFIXES = frozenset({"ATTR", "ATTR_SAFE", "LBRACKET", "LPAREN"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value for ``$name``.

    Attributes:
        name: without the ``$``.
    """

    name: str
    value: LiteralValue


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a parameter stands: from ``typed_start`` to ``typed_end`` as typed, from ``start`` to ``end`` as filled."""

    name: str
    typed_start: int
    typed_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FilledRule:
    """A rule's text with its parameters in place.

    Attributes:
        typed: the text as typed.
        text: the rule; as typed while there are problems, or while the grammar refuses what was typed.
        problems: what is wrong with the parameters themselves. The ``path`` of such an error begins with
            ``parameters`` and the number in the list, or is empty where ``place`` says where in the text it is.
    """

    typed: str
    text: str
    problems: tuple[RuleError, ...] = ()
    _spots: tuple[_Spot, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, rule: "FilledRule | str") -> "FilledRule":
        """Return a rule that may be a text without parameters."""
        return cls(rule, rule) if isinstance(rule, str) else rule

    @property
    def differs(self) -> bool:
        """Whether the rule is another text than was typed."""
        return bool(self._spots)

    def typed_place(self, place: TextRange) -> TextRange:
        """Return where in the typed text a place of the filled one is; inside a parameter: the whole ``$name``."""
        if not self._spots:
            return place
        start, end = self._typed_span(place.offset, place.offset + place.length)
        return TextRange.of(self.typed, start, end - start)

    def as_typed(self, parsed: Parsed) -> Parsed:
        """Give the nodes of the filled text their places in the typed one; a parameter's value stands at ``$name``."""
        if self._spots:
            for node in deferred_nodes(parsed.root):
                node.offset, node.end = self._typed_span(node.offset, node.end)
        return Parsed(self.typed, parsed.root)

    def told(self, problems: Iterable[RuleError]) -> list[RuleError]:
        """Return problems of the typed text, each once; none proposes a text in which a parameter would be missing."""
        found = {(problem.place, problem.message): problem for problem in map(self._kept, problems)}
        return list(found.values())

    def _kept(self, problem: RuleError) -> RuleError:
        place, suggestion = problem.place, problem.suggestion
        if not self._spots or suggestion is None or place is None:
            return problem
        end = place.offset + place.length
        lost = {spot.name for spot in self._spots if place.offset <= spot.typed_start and spot.typed_end <= end}
        lost -= _named(suggestion)
        if lost:
            sent = f"; send {suggestion} as {place.word[1:]}" if place.word[1:] in lost else "."
            problem.message = problem.message.replace(f"; write {suggestion}", sent)
            problem.suggestion = problem.correction = None
        elif problem.correction is not None and not {spot.name for spot in self._spots} <= _named(problem.correction):
            problem.correction = None
        return problem

    def _typed_span(self, start: int, end: int) -> tuple[int, int]:
        typed_start = self._typed_offset(start, at_end=False)
        return typed_start, self._typed_offset(end, at_end=True) if end > start else typed_start

    def _typed_offset(self, offset: int, *, at_end: bool) -> int:
        find = bisect_left if at_end else bisect_right
        before = find(self._spots, offset, key=lambda spot: spot.start) - 1
        if before < 0:
            return offset
        spot = self._spots[before]
        if (offset <= spot.end) if at_end else (offset < spot.end):
            return spot.typed_end if at_end else spot.typed_start
        return offset - (spot.end - spot.typed_end)


def _named(text: str) -> set[str]:
    return {found[1:] for found in _PARAMETER.findall(text)}


def read_period(text: str) -> timedelta:
    """Return the period that a text such as ``P30D`` or ``PT12H`` stands for.

    Raises: RuleError RULE_PARAMETER.
    """
    try:
        period: timedelta = parse_literal("TimedeltaExpression", text[:STRING_CHARACTERS_MAX])
    except (ValueError, OverflowError):
        message = "This is not a period of weeks, days, hours, minutes and seconds; write P30D or PT12H."
        raise RuleError(ErrorCode.RULE_PARAMETER, message) from None
    return period


def fill_parameters(text: str, parameters: Sequence[Parameter] | None) -> FilledRule:
    """Return the rule that a text with these parameters stands for; look at its ``problems`` first.

    Without parameters the text is the rule, and so is one that the grammar refuses: checking it says why, or which
    ``$name`` is not given.
    """
    if not parameters:
        return FilledRule(text, text)
    if len(parameters) > PARAMETERS_MAX:
        message = f"A rule has at most {PARAMETERS_MAX} parameters; these are {len(parameters)}."
        return FilledRule(text, text, (RuleError(ErrorCode.RULE_PARAMETER, message, path=("parameters",)),))
    problems = list(_name_problems(parameters))
    try:
        parse(text, NO_NAMES)
    except RuleError:
        return FilledRule(text, text, tuple(problems))
    words = tokens(text)
    given = {parameter.name: parameter.value for parameter in parameters}
    used = [(place, word) for place, word in enumerate(words) if _parameter_name(word) is not None]
    problems += _missing_problems(text, [word for _, word in used], given)
    problems += _unused_problems(parameters, {word.source[1:] for _, word in used})
    if problems:
        return FilledRule(text, text, tuple(problems))
    try:
        return _filled(text, words, used, given)
    except RuleError as error:
        return FilledRule(text, text, (error,))


def _parameter_name(word: Token) -> str | None:
    """Return the name of a parameter that a token stands for; None for any other token."""
    if not word.source.startswith("$"):
        return None
    name = word.source[1:]
    return None if name in _RESERVED else name


def _is_name(name: str) -> bool:
    return len(name) <= _NAME_CHARACTERS and _NAME.fullmatch(name) is not None


def _name_problems(parameters: Sequence[Parameter]) -> Iterator[RuleError]:
    seen: set[str] = set()
    for place, parameter in enumerate(parameters):
        name = parameter.name
        suggestion = None
        if not _is_name(name):
            message = f"A parameter's name is a letter, then letters, digits and _, at most {_NAME_CHARACTERS} of them."
            suggestion = name[1:] if name.startswith("$") and _is_name(name[1:]) else None
        elif name in _RESERVED:
            message = f"${name} is a name of the language itself; a parameter needs another one."
        elif name in seen:
            message = f"The parameter {name} is given twice."
        else:
            seen.add(name)
            continue
        path = ("parameters", place, "name")
        yield RuleError(ErrorCode.RULE_PARAMETER, message, suggestion=suggestion, path=path)


def _missing_problems(text: str, used: Iterable[Token], given: dict[str, LiteralValue]) -> Iterator[RuleError]:
    known = [*filter(_is_name, given), *BUILTINS]
    missing: set[str] = set()
    for word in used:
        name = word.source[1:]
        if name in given or name in missing or len(missing) == _MISSING_LISTED_MAX:
            continue
        missing.add(name)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.7) if _is_name(name) else []
        suggestion = f"${near[0]}" if near else None
        meant = f"; {suggestion} was probably meant" if suggestion else ""
        message = f"The parameter {name[:_NAME_CHARACTERS]} is not given{meant}."
        where = TextRange.of(text, word.offset, len(word.source))
        yield RuleError(ErrorCode.RULE_UNKNOWN_SYMBOL, message, place=where, suggestion=suggestion)


def _unused_problems(parameters: Sequence[Parameter], used: set[str]) -> Iterator[RuleError]:
    known = used | _RESERVED
    for place, parameter in enumerate(parameters):
        name = parameter.name
        if _is_name(name) and name not in known:
            known.add(name)
            message = f"The rule does not use the parameter {name}; write ${name} where its value belongs."
            yield RuleError(ErrorCode.RULE_PARAMETER, message, path=("parameters", place, "name"))


def _filled(
    text: str, words: Sequence[Token], used: Sequence[tuple[int, Token]], given: dict[str, LiteralValue]
) -> FilledRule:
    """Put the literals in; raises RuleError RULE_TOO_LARGE before a text is built that nobody may have."""
    first = {word.source[1:]: word for _, word in reversed(used)}
    literals = {name: _literal(text, word, given[name]) for name, word in first.items()}
    length = len(text) + sum(len(literals[word.source[1:]]) for _, word in used)
    if length > TEXT_CHARACTERS_MAX + sum(len(word.source) for _, word in used):
        raise too_large(text, f"A rule has at most {TEXT_CHARACTERS_MAX} characters, its parameters included.")
    pieces: list[str] = []
    spots: list[_Spot] = []
    typed_at = filled_at = 0
    for place, word in used:
        name, typed_end = word.source[1:], word.offset + len(word.source)
        before = text[typed_at : word.offset]
        following = words[place + 1].kind if place + 1 < len(words) else ""
        written = _fitted(literals[name], given[name], text[: word.offset][-1:], following)
        start = filled_at + len(before)
        spots.append(_Spot(name, word.offset, typed_end, start, start + len(written)))
        pieces += [before, written]
        typed_at, filled_at = typed_end, start + len(written)
    return FilledRule(text, "".join(pieces) + text[typed_at:], (), tuple(spots))


def _literal(text: str, word: Token, value: LiteralValue) -> str:
    """Write the value that a token stands for; raises RuleError RULE_TOO_LARGE."""
    place = TextRange.of(text, word.offset, len(word.source))
    try:
        literal = "" if _is_long(value) else write_literal(value)
    except ValueError as error:
        raise RuleError(ErrorCode.RULE_TOO_LARGE, str(error), place=place) from None
    if not literal or len(literal) > TEXT_CHARACTERS_MAX:
        message = f"The value of {word.source} is longer than the {TEXT_CHARACTERS_MAX} characters of a rule."
        raise RuleError(ErrorCode.RULE_TOO_LARGE, message, place=place)
    return literal


def _is_long(value: LiteralValue) -> bool:
    """Return whether a value is so long that it need not be written to know."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return isinstance(value, str) and len(value) > TEXT_CHARACTERS_MAX
    return len(value) + sum(len(item) for item in value if isinstance(item, str)) > TEXT_CHARACTERS_MAX


def _fitted(literal: str, value: LiteralValue, before: str, following: str) -> str:
    """Keep a literal apart from its neighbours: ``and$n`` must not become ``and3``, nor ``$n.floor`` ``3.floor``."""
    if following in _POSTFIXES and (isinstance(value, (bool, int, Decimal)) or literal.startswith("-")):
        literal = f"({literal})"
    ahead = " " if before.isalnum() or before == "_" else ""
    behind = " " if following == "FLOAT" else ""
    return ahead + literal + behind
