"""How the attributes of plain values are written in Python, by the kind of the value.

``{}`` stands for the value; an instant stands there in the moment's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.rules.language.tree import Kind


@dataclass(frozen=True, slots=True)
class Form:
    """One attribute.

    Attributes:
        source: the expression.
        integer: whether it comes to an int, which as a value of the language would be a decimal.
    """

    source: str
    integer: bool = False


_LENGTH = Form("len({})", integer=True)
_IS_EMPTY = Form("(not {})")

FORMS: Mapping[Kind, Mapping[str, Form]] = {
    Kind.TEXT: {
        "as_lower": Form("{}.lower()"),
        "as_upper": Form("{}.upper()"),
        "is_empty": _IS_EMPTY,
        "length": _LENGTH,
        "to_ary": Form("tuple({})"),
        "to_flt": Form("text_number({})"),
        "to_int": Form("text_whole({})"),
        "to_set": Form("set({})"),
        "to_str": Form("{}"),
    },
    Kind.NUMBER: {
        "ceiling": Form("ceiling({})"),
        "floor": Form("floor({})"),
        "is_nan": Form("isnan({})"),
        "to_flt": Form("{}"),
        "to_int": Form("checked_whole({})"),
        "to_str": Form("number_text({})"),
    },
    Kind.INSTANT: {
        "date": Form("midnight({}, zone)"),
        "day": Form("{}.day", integer=True),
        "hour": Form("{}.hour", integer=True),
        "microsecond": Form("{}.microsecond", integer=True),
        "millisecond": Form("decimal_of_float({}.microsecond / 1000)"),
        "minute": Form("{}.minute", integer=True),
        "month": Form("{}.month", integer=True),
        "second": Form("{}.second", integer=True),
        "to_epoch": Form("decimal_of_float({}.timestamp())"),
        "weekday": Form("weekday({})"),
        "year": Form("{}.year", integer=True),
        "zone_name": Form("{}.tzname()"),
    },
    Kind.PERIOD: {
        "days": Form("{}.days", integer=True),
        "microseconds": Form("{}.microseconds", integer=True),
        "seconds": Form("{}.seconds", integer=True),
        "total_seconds": Form("decimal_of_float({}.total_seconds())"),
    },
    Kind.LIST: {
        "is_empty": _IS_EMPTY,
        "length": _LENGTH,
        "to_ary": Form("plain_items({})"),
        "to_set": Form("set({})"),
    },
    Kind.SET: {"is_empty": _IS_EMPTY, "length": _LENGTH, "to_set": Form("set({})")},
    Kind.MAPPING: {
        "is_empty": _IS_EMPTY,
        "keys": Form("plain_items({}.keys())"),
        "length": _LENGTH,
        "values": Form("plain_items({}.values())"),
    },
}
