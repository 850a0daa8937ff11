"""What people who know other languages write where this one has another word or sign.

Texts with these habits do not parse, so they are recognised by their looks; strings are masked, and whoever uses a
rewrite looks whether the parser gets further with it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.rules.language.blanks import with_plain_blanks
from server.rules.language.literal_forms import date_form, number_form, percentage_form, period_form
from server.rules.language.rewrites import HabitRewrite, Rewrite
from server.rules.language.slips import blank_tests, slips_at
from server.rules.language.symbols import Vocabulary
from server.rules.language.writing import write_literal

_NAME = r"[A-Za-z_][\w.]*"
_STRING = r"(?:\"[^\"]*\"|'[^']*')"
_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:T\d{2}:\d{2}(?::\d{2})?)?"
_VALUE = rf"(?:[dt]?{_STRING}|[\w.$]+(?:\(\))?)"
_OPENING_QUOTES = r"\u201c\u201d\u201e\u00ab\u2039\u2018\u2019\u201a"
_CLOSING_QUOTES = r"\u201c\u201d\u00bb\u203a\u2018\u2019\"'"
"""Quotes that word processors set, of several languages; in some the closing one opens in others."""
_UNITS = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?)"


@dataclass(frozen=True, slots=True)
class Habit:
    """A way of writing.

    Attributes:
        pattern: finds it; a group named ``r`` is what is rewritten, else all of it.
        write: returns what to write instead, or None; gets the text of the groups, ``[0]`` the whole match.
        why: what the language does instead, without a point at the end.
    """

    pattern: re.Pattern[str]
    write: Callable[[list[str]], str | None]
    why: str


def _habit(pattern: str, write: str | Callable[[list[str]], str | None], why: str) -> Habit:
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return Habit(compiled, (lambda _: write) if isinstance(write, str) else write, why)


def _quoted(text: str) -> str:
    return write_literal(text)


def _like(groups: list[str]) -> str | None:
    """Return what a LIKE asks; percent signs are any characters, underscores any one."""
    _, name, negation, ignoring_case, pattern = groups
    text = pattern[1:-1]
    if ignoring_case:
        name, text = f"{name}.as_lower", text.lower()
    inner = text.strip("%")
    no = "not " if negation else ""
    if "%" in inner or "_" in inner:
        expression = re.escape(text).replace("%", ".*").replace("_", ".")
        return f"{name} {'!~' if negation else '=~'} {_quoted(f'(?s){expression}$')}"
    literal = _quoted(inner)
    if text.startswith("%") and text.endswith("%"):
        return f"{literal} {no}in {name}"
    if text.startswith("%"):
        return f"{no}{name}.ends_with({literal})"
    if text.endswith("%"):
        return f"{no}{name}.starts_with({literal})"
    return f"{name} {'!=' if negation else '=='} {literal}"


def _between(groups: list[str]) -> str:
    _, outer, name, negation, *ends = groups
    low, high = (_date([end]) or end for end in ends)
    both = f"({name} < {low} or {name} > {high})" if negation else f"{name} >= {low} and {name} <= {high}"
    if not outer:
        return both
    return f"not {both}" if negation else f"not ({both})"


def _chained(groups: list[str]) -> str:
    _, outer, low, first, middle, second, high = groups
    both = f"{low} {first} {middle} and {middle} {second} {high}"
    return f"not ({both})" if outer else both


def _contains(groups: list[str]) -> str:
    _, name, negation, value = groups
    return f"{value} {'not in' if negation else 'in'} {name}"


def _affix(groups: list[str]) -> str:
    _, name, negation, word, value = groups
    return f"{'not ' if negation else ''}{name}.{'ends' if word.lower() == 'end' else 'starts'}_with({value})"


def _period(groups: list[str]) -> str | None:
    form = period_form(groups[1].strip("'\""))
    return None if form is None else f't"{form}"'


def _date(groups: list[str]) -> str | None:
    form = date_form(groups[0])
    return None if form is None else f'd"{form}"'


def _lower(groups: list[str]) -> str | None:
    return None if groups[1] == groups[1].lower() else groups[1].lower()


HABITS: tuple[Habit, ...] = (
    _habit(r"^\s*(?P<r>(?:select\b.*?)?\bwhere\s+)", "", "A rule is the condition alone"),
    _habit(r"^\s*if\s+(.*?)\s+then\s+true(?:\s+else\s+false)?\s*$", lambda g: g[1], "A rule is the condition alone"),
    _habit(r"(?P<r>--|//)[^\n]*$", "#", "A comment begins with #"),
    _habit(r"/\*.*?\*/", "", "Only # begins a comment, at the end of the rule"),
    _habit(r";\s*$", "", "A rule ends without a semicolon"),
    _habit(
        rf"({_NAME})\s+(not\s+)?(i)?like\s+({_STRING})",
        _like,
        "There is no LIKE but starts_with, ends_with, in and =~",
    ),
    _habit(
        rf"(\bnot\s+)?\b({_NAME})\s+(not\s+)?between\s+({_DATE}|{_VALUE})\s+and\s+({_DATE}|{_VALUE})",
        _between,
        "There is no BETWEEN but >= and <=",
    ),
    _habit(r"\bis\s+not\s+(?:null|none|nil|undefined)\b", "!= null", "null is compared like any other value"),
    _habit(r"\bis\s+(?:null|none|nil|undefined)\b", "== null", "null is compared like any other value"),
    _habit(r"\bis\s+((?:not\s+)?in)\b", lambda g: g[1].lower(), "There is no IS"),
    _habit(r"\bis\s+not\b(?!\s+(?:empty|blank|in)\b)", "!=", "There is no IS"),
    _habit(r"\b(?:is(?!\s+(?:not|in|empty|blank)\b)|equals|eq)\b", "==", "Values are compared by signs"),
    _habit(
        rf"({_NAME})\s+((?:does\s+)?not\s+)?(?:contains?|includes?|has)\s+({_VALUE})",
        _contains,
        "What is looked for stands before in",
    ),
    _habit(
        rf"({_NAME})\s+((?:does\s+)?not\s+)?(start|begin|end)s?\s+with\s+({_VALUE})",
        _affix,
        "This is written after a point",
    ),
    _habit(r"=~\s*(?P<r>/((?:[^/\\]|\\.)*)/\w*)", lambda g: _quoted(g[-1]), "An expression is text in quotes"),
    _habit(r"\b(?:matches|regexp|rlike)\b", "=~", "Expressions are compared by =~"),
    _habit(r"(?<![=!~])~(?![~])", "=~~", "Expressions are compared by =~ and =~~"),
    _habit(
        rf"(\bnot\s+)?({_VALUE})\s*([<>]=?)\s*({_VALUE})\s*([<>]=?)\s*({_VALUE})",
        _chained,
        "Comparisons are joined by and",
    ),
    _habit(r"!==?=?", "!=", "There is one sign for not equal"),
    _habit(r"<>", "!=", "There is one sign for not equal"),
    _habit(r"=>", ">=", "The sign is the other way round"),
    _habit(r"=<", "<=", "The sign is the other way round"),
    _habit(r"(?<![<>=!~])={1,4}(?![~=])", "==", "Equal is written with two signs"),
    _habit(r"&&?", "and", "The language has words for this"),
    _habit(r"\|\|?", "or", "The language has words for this"),
    _habit(r"!(?=\s*[\w$(])", "not ", "The language has a word for this"),
    _habit(r"\b(?:and|or)\s+(?P<r>(?:and|or)\s+)", "", "One word joins two conditions"),
    _habit(r"\b(?P<r>(?:and|or|not|in))\b\s*", lambda g: _lower([g[0], g[1]]), "This word is written in small letters"),
    _habit(
        rf"[{_OPENING_QUOTES}]([^{_CLOSING_QUOTES}]*)[{_CLOSING_QUOTES}]",
        lambda g: _quoted(g[1]),
        "Text stands in straight quotes",
    ),
    _habit(
        r"\bin\s*(?P<r>\(([^()\[\]]*,[^()\[\]]*)\))", lambda g: f"[{g[-1].strip()}]", "A list stands in square brackets"
    ),
    _habit(rf"\bin\s+(?P<r>{_VALUE}(?:\s*,\s*{_VALUE})+)", lambda g: f"[{g[1]}]", "A list stands in square brackets"),
    _habit(
        r"\b(?:any|all|sum|max|min)\s*\((?P<r>[^\[\]]*?\bfor\b[^()\[\]]*)\)",
        lambda g: f"[{g[1]}]",
        "A loop stands in square brackets",
    ),
    _habit(
        r"\$?\b(any|all)\s*\(\s*(\w+)\s+in\s+(\w+)\s*:\s*([^()]*)\)",
        lambda g: f"${g[1]}([{g[4]} for {g[2]} in {g[3]}])",
        "A loop is a list with for",
    ),
    _habit(rf"\binterval\s+({_STRING})", _period, 'A period is t"P30D" or t"PT12H"'),
    _habit(rf"(\d+\s*{_UNITS})\b", _period, 'A period is t"P30D" or t"PT12H"'),
    _habit(rf"\b{_DATE}\b", _date, 'A date is d"2026-01-31"'),
    _habit(r"\b\d{1,2}[./]\d{1,2}[./]\d{4}\b", _date, 'A date is d"2026-01-31"'),
    _habit(r"[$€£](?=\s*\d)|(?<=\d)\s*(?:[€£]|\$(?!\w))", "", "An amount has no sign of a currency"),
    _habit(
        r"\b\d{1,3}(?:,\d{3})+(?:\.\d+)?\b|\b\d{1,3}(?:\.\d{3})+,\d+\b|\b\d+(?:_\d+)+\b|\b\d+,\d+\b",
        lambda g: number_form(g[0]),
        "A number is written without separators, with a decimal point",
    ),
    _habit(
        r"\b(\d+(?:\.\d+)?)\s*%(?=\s*(?:$|\)|and\b|or\b))",
        lambda g: percentage_form(g[1]),
        "A percentage is written as a number",
    ),
)
"""Every habit known, the longer forms first."""


_REACH = 200
"""Characters on either side of the place that are looked at; bounds what hostile texts cost."""


def habits_at(text: str, offset: int, vocabulary: Vocabulary) -> Iterator[HabitRewrite]:
    """Yield what may be meant by a text that cannot be read further than ``offset``."""
    masked = _masked(with_plain_blanks(text))
    yield from blank_tests(text, masked, offset, vocabulary)
    for habit in HABITS:
        for found in habit.pattern.finditer(masked, max(0, offset - _REACH), offset + _REACH):
            if not found.start() <= offset <= found.end():
                continue
            group = "r" if "r" in habit.pattern.groupindex else 0
            start, end = found.span(group)
            replacement = habit.write([_group(text, found, number) for number in range(len(found.groups()) + 1)])
            if replacement is not None and replacement != text[start:end]:
                yield HabitRewrite(Rewrite(start, end, replacement), habit.why)
    yield from slips_at(text, masked, offset, vocabulary)


def _group(text: str, found: re.Match[str], number: int) -> str:
    start, end = found.span(number)
    return "" if start < 0 else text[start:end]


def _masked(text: str) -> str:
    """Return the text with the inside of its strings blotted out; its length stays."""
    characters = list(text)
    place = 0
    while place < len(text):
        if text[place] not in "\"'":
            place += 1
            continue
        end = place + 1
        while end < len(text) and text[end] != text[place]:
            end += 2 if text[end] == "\\" else 1
        end = min(end, len(text))
        characters[place + 1 : end] = "_" * (end - place - 1)
        place = end + 1
    return "".join(characters)
