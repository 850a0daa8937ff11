"""The language itself as data: operators, what values of each kind have, and its own names.

Whoever offers rules to people (a form, an autocomplete) needs to know what can stand where; tests prove each claim
and each omission with the checker.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.rules import Kind, ValueType


@dataclass(frozen=True, slots=True)
class Operator:
    """A sign or word between values.

    Attributes:
        precedence: the higher, the tighter it binds.
        example: a rule about contacts that uses it.
    """

    name: str
    precedence: int
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class ValueAttribute:
    """What is written after a value and a point.

    Attributes:
        kind: of the result.
        example: a rule in which ``X`` stands for the value.
        is_method: whether it is called with an argument in parentheses.
    """

    name: str
    kind: Kind
    description: str
    example: str
    is_method: bool = False


@dataclass(frozen=True, slots=True)
class LanguageName:
    """A name that begins with ``$``.

    Attributes:
        kind: of the value, or of what the function returns.
        example: a rule about contacts that uses it.
        is_function: whether it is called with an argument in parentheses.
    """

    name: str
    kind: Kind
    description: str
    example: str
    is_function: bool = False


OPERATORS: tuple[Operator, ...] = (
    Operator("? :", 1, "The middle value where the first is true, else the last.", 'minor ? false : country == "DE"'),
    Operator("or", 2, "Whether either side is true.", 'country == "DE" or country == "AT"'),
    Operator("and", 3, "Whether both sides are true.", 'country == "DE" and not minor'),
    Operator("not", 4, "Whether what follows is false.", "not minor"),
    Operator(
        "??", 5, "The right value where the left is null; takes in a comparison on its right.", '(country ?? "") < "M"'
    ),
    Operator("==", 6, "Equal; text with regard to case. Works with null.", 'country == "DE"'),
    Operator("!=", 6, "Not equal. Works with null.", "country != null"),
    Operator("<", 7, "Less, or earlier.", "interaction_count < 3"),
    Operator("<=", 7, "Less or equal, or not later.", "interaction_count <= 3"),
    Operator(">", 7, "Greater, or later.", "interaction_count > 3"),
    Operator(">=", 7, "Greater or equal, or not earlier.", "interaction_count >= 3"),
    Operator("in", 7, "Whether a list holds the value, or a text the other text.", 'country in ["DE", "AT"]'),
    Operator("not in", 7, "The opposite of in.", '"NEWS" not in mailing_groups'),
    Operator("=~", 7, "Whether the text begins with a match of the RE2 expression.", 'name =~ "Mac|Mc"'),
    Operator("=~~", 7, "Whether the text holds a match of the RE2 expression.", 'job_title =~~ "(?i)manager$"'),
    Operator("!~", 7, "The opposite of =~.", 'name !~ "Mac|Mc"'),
    Operator("!~~", 7, "The opposite of =~~.", 'job_title !~~ "(?i)manager$"'),
    Operator("+", 8, "Sum; joins texts; an instant and a period give an instant.", 'first_name + surname != ""'),
    Operator("-", 8, "Difference; two instants give a period.", "($now - created_at).days > 365"),
    Operator("*", 9, "Product.", "interaction_cost * 2 > 100"),
    Operator("/", 9, "Exact quotient; a divisor of 0 leaves the contact undecided.", "interaction_cost / 2 > 50"),
    Operator("//", 9, "Quotient without its fraction.", "interaction_count // 2 == 1"),
    Operator("%", 9, "What the division leaves, with the sign of the left side.", "interaction_count % 2 == 0"),
)
"""Every operator, the loosest first."""

_EQUALITY = ("==", "!=", "in", "not in", "??")
_ORDER = ("<", "<=", ">", ">=")
_TEXT = (*_EQUALITY, *_ORDER, "=~", "=~~", "!~", "!~~", "+")
_DATE = (*_EQUALITY, *_ORDER, "+", "-")
_OPERATORS_OF: Mapping[ValueType, tuple[str, ...]] = {
    ValueType.TEXT: _TEXT,
    ValueType.CODE: _TEXT,
    ValueType.NUMBER: (*_EQUALITY, *_ORDER, "+", "-", "*", "/", "//", "%"),
    ValueType.BOOLEAN: (*_EQUALITY, *_ORDER),
    ValueType.DATE: _DATE,
    ValueType.DATETIME: _DATE,
}
LIST_OPERATORS = ("in", "not in", "==", "!=", "??", *_ORDER)
"""The operators that can stand beside a set of codes or a collection."""

DEFAULTS: Mapping[ValueType, str] = {
    ValueType.TEXT: '""',
    ValueType.CODE: '""',
    ValueType.NUMBER: "0",
    ValueType.BOOLEAN: "false",
    ValueType.DATE: 'd"1900-01-01"',
    ValueType.DATETIME: 'd"1900-01-01"',
}
"""What usually stands after ``??``."""


def operators_of(type: ValueType, *, nullable: bool) -> tuple[str, ...]:  # noqa: A002 - the symbol's word
    """Return the operators that can stand right beside a value, besides ``and``, ``or``, ``not`` and ``? :``."""
    return _EQUALITY if nullable else _OPERATORS_OF[type]


_TEXT_ATTRIBUTES = (
    ValueAttribute("as_lower", Kind.TEXT, "The text in lower case.", 'X.as_lower == "a"'),
    ValueAttribute("as_upper", Kind.TEXT, "The text in upper case.", 'X.as_upper == "A"'),
    ValueAttribute("length", Kind.NUMBER, "Number of characters.", "X.length > 3"),
    ValueAttribute("is_empty", Kind.BOOLEAN, 'Whether it is "".', "X.is_empty"),
    ValueAttribute("starts_with", Kind.BOOLEAN, "Whether it begins with a text.", 'X.starts_with("A")', is_method=True),
    ValueAttribute("ends_with", Kind.BOOLEAN, "Whether it ends with a text.", 'X.ends_with("a")', is_method=True),
    ValueAttribute("to_int", Kind.NUMBER, "The whole number it shows.", "X.to_int == 1"),
    ValueAttribute("to_flt", Kind.NUMBER, "The number it shows.", "X.to_flt == 1.5"),
    ValueAttribute("to_str", Kind.TEXT, "The text itself.", 'X.to_str == "a"'),
    ValueAttribute("to_ary", Kind.LIST, "The list of its characters.", '"a" in X.to_ary'),
    ValueAttribute("to_set", Kind.SET, "The set of its characters.", 'X.to_set == {"a"}'),
)
_NUMBER_ATTRIBUTES = (
    ValueAttribute("floor", Kind.NUMBER, "The next whole number below.", "X.floor == 3"),
    ValueAttribute("ceiling", Kind.NUMBER, "The next whole number above.", "X.ceiling == 3"),
    ValueAttribute("is_nan", Kind.BOOLEAN, "Whether it is no number, as the to_flt of a word is.", "X.is_nan"),
    ValueAttribute("to_int", Kind.NUMBER, "The number without its fraction.", "X.to_int == 3"),
    ValueAttribute("to_flt", Kind.NUMBER, "The number itself.", "X.to_flt == 3"),
    ValueAttribute("to_str", Kind.TEXT, "The number as text.", 'X.to_str == "3"'),
)
_INSTANT_ATTRIBUTES = (
    ValueAttribute("date", Kind.INSTANT, "The beginning of its day.", 'X.date == d"2026-01-31"'),
    ValueAttribute("year", Kind.NUMBER, "Year.", "X.year == 2026"),
    ValueAttribute("month", Kind.NUMBER, "Month, 1 to 12.", "X.month == 12"),
    ValueAttribute("day", Kind.NUMBER, "Day of the month, 1 to 31.", "X.day == 31"),
    ValueAttribute("weekday", Kind.TEXT, "Day of the week in English.", 'X.weekday == "Monday"'),
    ValueAttribute("hour", Kind.NUMBER, "Hour, 0 to 23; of a day 0.", "X.hour < 12"),
    ValueAttribute("minute", Kind.NUMBER, "Minute, 0 to 59; of a day 0.", "X.minute < 30"),
    ValueAttribute("second", Kind.NUMBER, "Second, 0 to 59; of a day 0.", "X.second < 30"),
    ValueAttribute("millisecond", Kind.NUMBER, "Milliseconds of the second, 0 to 999.", "X.millisecond == 0"),
    ValueAttribute("microsecond", Kind.NUMBER, "Microseconds of the second, 0 to 999999.", "X.microsecond == 0"),
    ValueAttribute("to_epoch", Kind.NUMBER, "Seconds since 1970-01-01 in UTC.", "X.to_epoch > 0"),
    ValueAttribute("zone_name", Kind.TEXT, "Offset of the zone it is read in.", 'X.zone_name == "UTC"'),
)
_LIST_ATTRIBUTES = (
    ValueAttribute("starts_with", Kind.BOOLEAN, "Whether it begins so.", 'X.starts_with(["A"])', is_method=True),
    ValueAttribute("ends_with", Kind.BOOLEAN, "Whether it ends so.", 'X.ends_with(["A"])', is_method=True),
    ValueAttribute("length", Kind.NUMBER, "How many there are.", "X.length >= 2"),
    ValueAttribute("is_empty", Kind.BOOLEAN, "Whether there are none.", "not X.is_empty"),
    ValueAttribute("to_ary", Kind.LIST, "The list itself.", "X.to_ary.length > 0"),
    ValueAttribute("to_set", Kind.SET, "The set of them, each once.", "X.to_set.length > 0"),
)
_PERIOD_ATTRIBUTES = (
    ValueAttribute("days", Kind.NUMBER, "Whole days.", "X.days > 30"),
    ValueAttribute("seconds", Kind.NUMBER, "Whole seconds beyond the days.", "X.seconds < 3600"),
    ValueAttribute("microseconds", Kind.NUMBER, "Microseconds beyond the seconds.", "X.microseconds == 0"),
    ValueAttribute("total_seconds", Kind.NUMBER, "The whole period in seconds.", "X.total_seconds > 60"),
)
ATTRIBUTES_OF: Mapping[Kind, tuple[ValueAttribute, ...]] = {
    Kind.TEXT: _TEXT_ATTRIBUTES,
    Kind.NUMBER: _NUMBER_ATTRIBUTES,
    Kind.BOOLEAN: (),
    Kind.INSTANT: _INSTANT_ATTRIBUTES,
    Kind.PERIOD: _PERIOD_ATTRIBUTES,
    Kind.LIST: _LIST_ATTRIBUTES,
}
KIND_OF: Mapping[ValueType, Kind] = {
    ValueType.TEXT: Kind.TEXT,
    ValueType.CODE: Kind.TEXT,
    ValueType.NUMBER: Kind.NUMBER,
    ValueType.BOOLEAN: Kind.BOOLEAN,
    ValueType.DATE: Kind.INSTANT,
    ValueType.DATETIME: Kind.INSTANT,
}
"""What the language takes a value of each type for."""

LANGUAGE_NAMES: tuple[LanguageName, ...] = (
    LanguageName("$now", Kind.INSTANT, "The instant of the evaluation.", 'created_at > $now - t"PT24H"'),
    LanguageName("$today", Kind.INSTANT, "The beginning of the current day.", 'modified_at >= $today - t"P7D"'),
    LanguageName(
        "$any",
        Kind.BOOLEAN,
        "Whether any of a list is true; false for none.",
        '$any([i.template == "NEWS" for i in interactions])',
        is_function=True,
    ),
    LanguageName(
        "$all",
        Kind.BOOLEAN,
        "Whether all of a list are true; true for none.",
        "$all([i.canceled for i in interactions])",
        is_function=True,
    ),
    LanguageName(
        "$sum",
        Kind.NUMBER,
        "Sum of a list of numbers; 0 for none.",
        "$sum([i.cost for i in interactions if not i.canceled]) > 100",
        is_function=True,
    ),
    LanguageName(
        "$max",
        Kind.NUMBER,
        "Greatest of a list of numbers; a contact that has none is undecided.",
        "not interactions.is_empty and $max([i.cost for i in interactions]) > 50",
        is_function=True,
    ),
    LanguageName(
        "$min",
        Kind.NUMBER,
        "Least of a list of numbers; a contact that has none is undecided.",
        "not interactions.is_empty and $min([i.cost for i in interactions]) < 1",
        is_function=True,
    ),
    LanguageName(
        "$abs", Kind.NUMBER, "A number without its sign.", "$abs(interaction_cost - 100) < 10", is_function=True
    ),
    LanguageName(
        "$parse_datetime",
        Kind.INSTANT,
        "The instant that a text in ISO 8601 names.",
        'created_at >= $parse_datetime("2026-01-01T12:00:00+01:00")',
        is_function=True,
    ),
    LanguageName(
        "$parse_timedelta",
        Kind.PERIOD,
        "The period that a text in ISO 8601 names.",
        '$now - created_at < $parse_timedelta("P30D")',
        is_function=True,
    ),
    LanguageName(
        "$parse_float",
        Kind.NUMBER,
        "The number that a text shows.",
        'interaction_cost > $parse_float("12.5")',
        is_function=True,
    ),
    LanguageName("$pi", Kind.NUMBER, "The number 3.141592653589793.", "interaction_cost > $pi"),
    LanguageName("$e", Kind.NUMBER, "The number 2.718281828459045.", "interaction_cost > $e"),
)
"""Every name of the language."""

MOMENTS: Mapping[str, str] = {
    "$today": "today",
    "$now": "now",
    '$today - t"P1D"': "yesterday",
    '$today - t"P7D"': "7 days ago",
    '$today - t"P30D"': "30 days ago",
    '$today - t"P90D"': "90 days ago",
    '$today - t"P365D"': "365 days ago",
    '$today + t"P30D"': "30 days from today",
}
"""What days and instants are mostly compared with."""
