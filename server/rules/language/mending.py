"""A text that cannot be read, with what was probably meant."""

import re
from collections.abc import Iterable

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.language.engine import RuleContext
from server.rules.language.habits import habits_at
from server.rules.language.literal_forms import date_form, period_form
from server.rules.language.rewrites import HabitRewrite, Rewrite
from server.rules.language.symbols import Vocabulary
from server.rules.language.syntax import parse

_MENDED = frozenset({ErrorCode.RULE_SYNTAX, ErrorCode.RULE_UNSUPPORTED})
_PARSES_MAX = 12
_OPERATORS = r"and|or|not|in|[=!]=|[<>]=?|[=!]~~?|\?\?|[-+*/%]"
_OPERATOR = re.compile(_OPERATORS)
_OPERATOR_BEFORE = re.compile(rf"(?:\b|(?<=\W))({_OPERATORS})\s*\Z")
_CHARACTERS_PARSED_MAX = 6_000
"""How much is parsed again to mend one text; a long one is mended in fewer places."""


def mended(error: RuleError, text: str, context: RuleContext, vocabulary: Vocabulary) -> RuleError:
    """Return the parser's error with the place and words of the habit that led to it, and the text without all habits.

    Where no habit is recognised, the error at most says what is missing.
    """
    if not _is_mended(error):
        return error
    first: HabitRewrite | None = None
    current, failure = text, error
    attempts = iter(range(min(_PARSES_MAX, 1 + _CHARACTERS_PARSED_MAX // max(1, len(text)))))
    while True:
        found = _next(current, failure, context, vocabulary, attempts)
        if found is None:
            return _incomplete(error, text) if first is None else _said(first, text, error.code, correction=None)
        habit, current, further = found
        first = first or habit
        if further is None:
            return _said(first, text, error.code, correction=current)
        failure = further


def _incomplete(error: RuleError, text: str) -> RuleError:
    """Return the error, in better words where something is missing beside an operator."""
    place = error.place
    if place is None or error.suggestion is not None:
        return error
    before = _OPERATOR_BEFORE.search(text, 0, place.offset)
    if not place.word and before:
        return RuleError(error.code, f"Something is missing after {before[1]}.", place=place)
    if _OPERATOR.fullmatch(place.word) and (before or text[: place.offset].rstrip()[-1:] in {"", "(", "["}):
        return RuleError(error.code, f"Something is missing before {place.word}.", place=place)
    return error


def mended_parts(problems: Iterable[RuleError], text: str, vocabulary: Vocabulary) -> list[RuleError]:
    """Return the problems of parts that can be read but not be meant, with what was probably meant; each place once."""
    found: dict[tuple[int, int], RuleError] = {}
    for problem in problems:
        better = _literal(problem, text, vocabulary) or problem
        place = better.place
        found.setdefault((-1, 0) if place is None else (place.offset, place.length), better)
    return list(found.values())


def _literal(problem: RuleError, text: str, vocabulary: Vocabulary) -> RuleError | None:
    """Return the problem of a date or period in the notation of another language."""
    place = problem.place
    if place is None or problem.code is not ErrorCode.RULE_SYNTAX:
        return None
    kind, quote = place.word[:1], place.word[1:2]
    if kind in {"d", "t"} and quote in {'"', "'"}:
        inner = place.word[2:-1]
        form = date_form(inner) if kind == "d" else period_form(inner)
        if form is None:
            return None
        written = f'{kind}"{form}"'
        message = f"{problem.message.partition('; write')[0]}; write {written}"
        rewrite = Rewrite(place.offset, place.offset + place.length, written)
        return RuleError(problem.code, message, place=place, suggestion=written, correction=rewrite.of(text))
    if not place.word.isdigit():
        return None
    habit = next(habits_at(text, place.offset, vocabulary), None)
    return None if habit is None else _said(habit, text, problem.code, correction=habit.rewrite.of(text))


def _is_mended(failure: RuleError) -> bool:
    return failure.code in _MENDED and failure.place is not None


def _next(
    text: str, failure: RuleError, context: RuleContext, vocabulary: Vocabulary, attempts: Iterable[int]
) -> tuple[HabitRewrite, str, RuleError | None] | None:
    """Return a habit without which the parser gets further, the text without it, and what it says then."""
    if failure.place is None or not _is_mended(failure):
        return None
    for habit, _ in zip(habits_at(text, failure.place.offset, vocabulary), attempts, strict=False):
        rewritten = habit.rewrite.of(text)
        try:
            parse(rewritten, context)
        except RuleError as further:
            if further.place is not None and further.place.offset >= _end(habit.rewrite, rewritten):
                return habit, rewritten, further
        else:
            return habit, rewritten, None
    return None


def _end(rewrite: Rewrite, rewritten: str) -> int:
    """Return where the rewritten part ends; where it is the end of all, the parser must be content."""
    end = rewrite.start + len(rewrite.replacement)
    return end if rewritten[end:].strip() else len(rewritten) + 1


def _said(habit: HabitRewrite, text: str, code: ErrorCode, *, correction: str | None) -> RuleError:
    rewrite = habit.rewrite
    shown = rewrite.replacement.strip()
    message = f"{habit.why}; write {shown}" if shown else f"{habit.why}; leave this out."
    place = TextRange.of(text, rewrite.start, rewrite.end - rewrite.start)
    return RuleError(code, message, place=place, suggestion=shown or None, correction=correction)
