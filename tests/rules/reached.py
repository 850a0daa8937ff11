"""What a proof must reach: every kind of node, every family of questions, and what SQL is known to leave open."""

from collections.abc import Mapping

NODES = tuple(
    f"node {name}"
    for name in (
        "Arithmetic", "Attribute", "Builtin", "Call", "Coalesce", "Comprehension", "Constant", "Contains",
        "DateConstant", "Equality", "Item", "ListOf", "Logic", "MappingOf", "Match", "Minus", "Name", "Not", "Order",
        "SetOf", "Slice", "Ternary",
    )
)  # fmt: skip
FAMILIES = tuple(
    f"family {name}"
    for name in (
        "$abs", "$all", "$all of a list", "$all over a loop", "$any", "$any of a list", "$any over a loop",
        "$max of a list", "$max over a column", "$max over an expression", "$min of a list", "$min over a column",
        "$min over an expression", "$parse_datetime", "$parse_float", "$parse_timedelta", "$sum compared with a value",
        "$sum of a list", "$sum over a column", "$sum over an expression", "== across types", "== null",
        "?? of date, else constant", "?? of date, else value", "?? of flag, else constant", "?? of flag, else value",
        "?? of number, else constant", "?? of number, else value", "?? of text, else constant", "ColumnSource: BOOLEAN",
        "ColumnSource: BOOLEAN, nullable", "ColumnSource: CODE, nullable", "ColumnSource: DATE",
        "ColumnSource: DATE, nullable", "ColumnSource: DATETIME", "ColumnSource: DATETIME, nullable",
        "ColumnSource: NUMBER", "ColumnSource: NUMBER, nullable", "ColumnSource: TEXT",
        "ReferenceSource: CODE, nullable", "ReferenceSource: TEXT, nullable", "and", "choice of flag",
        "choice of number", "code set.is_empty", "code set.length", "compound % number", "compound / number",
        "compound // number", "concatenation with constant", "concatenation with value", "constant % number",
        "constant / number", "constant // number", "constant arithmetic", "constant date part",
        "constant in a code set", "constant in a loop", "constant in text", "correlated loop",
        "count compared with a value", "date - constant", "date - date", "date < constant", "date < date",
        "date == constant", "date == date", "date in constants", "date in values", "date moved by a period",
        "date.date", "date.day", "date.hour", "date.microsecond", "date.millisecond", "date.minute", "date.month",
        "date.second", "date.to_epoch", "date.weekday", "date.year", "date.year, safe", "date.zone_name",
        "day < instant", "day == instant", "ends_with: constant, text", "ends_with: text, constant",
        "ends_with: text, text", "flag == constant", "flag == flag", "flag in constants", "flag in values",
        "in a list with null", "item of a list", "item of a mapping, safe, at a computed place", "item of text",
        "item of text, at a computed place", "item of text, safe", "list < list", "list == list", "loop in a loop",
        "loop over code set", "loop over code set, filtered", "loop over visits", "loop over visits, filtered",
        "loop.is_empty", "loop.length", "not", "number % compound", "number % constant", "number % value",
        "number * constant", "number * value", "number + - constant", "number + - value", "number / compound",
        "number / constant", "number / value", "number // compound", "number // constant", "number // value",
        "number < constant", "number < number", "number == constant", "number == number", "number in constants",
        "number in values", "number.ceiling", "number.floor", "number.to_int", "number.to_str",
        "numbers of differing scale, <", "numbers of differing scale, ==", "or", "period < constant", "period < period",
        "period == constant", "period == period", "period in constants", "period.days", "period.days, of two dates",
        "period.microseconds", "period.microseconds, of two dates", "period.seconds", "period.seconds, of two dates",
        "period.total_seconds", "period.total_seconds, of two dates", "regex match", "regex match, negated",
        "regex search", "regex search, negated", "side row with default: BOOLEAN", "side row with default: DATE",
        "side row with default: NUMBER", "side row with default: TEXT", "side row without default: BOOLEAN",
        "side row without default: DATE", "side row without default: NUMBER", "side row without default: TEXT",
        "slice of text", "slice of text, at a computed place", "slice of text, safe", "starts_with: constant, text",
        "starts_with: text, constant", "starts_with: text, text", "text < constant", "text < text", "text == constant",
        "text == text", "text in constant", "text in constants", "text in text", "text in values", "text.as_lower",
        "text.as_lower, safe", "text.as_upper", "text.is_empty", "text.is_empty, safe", "text.length",
        "text.length, safe", "text.to_ary", "text.to_flt", "text.to_int", "text.to_str", "unary minus",
        "value in a code set", "value in a loop", "value in a set", "visits.is_empty", "visits.length",
    )
)  # fmt: skip
_BY_NOBODY = frozenset(
    {
        "node MappingOf", "family $all", "family $any", "family item of a list",
        "family item of a mapping, safe, at a computed place", "family item of text, at a computed place",
        "family list < list", "family list == list", "family slice of text, at a computed place", "family text.to_flt",
        "family text.to_int",
    }
)  # fmt: skip
LEFT_OPEN: Mapping[str, frozenset[str]] = {"sqlite": _BY_NOBODY, "postgresql": _BY_NOBODY}
"""By dialect, what SQL hardly ever decides: a proof fails when it does after all."""
