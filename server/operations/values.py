"""Checks of single values, the same for GraphQL, the command line and imports, and the same on both databases.

Every function returns the value as it is stored and raises InvalidInputError whose path is the field's API name.
``None`` and ``''`` mean blank.
"""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from server.errors import ErrorCode, InvalidInputError, RefusedError

DIGITS_BEFORE_POINT = 13
"""Digits that an amount or a number may have before the decimal point."""
_DIGITS_MAX = 40
"""Digits that are looked at; anything longer is refused without arithmetic."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NOT_ON_ONE_LINE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Line breaks, tabs and the other control characters, besides what cannot be stored."""
_ADDRESS_PART = r"[^\s@,;:|<>()\[\]\\\"]+"
_EMAIL_ADDRESS = re.compile(rf"{_ADDRESS_PART}@{_ADDRESS_PART}")


def api_name(field: str) -> str:
    """Return the name of a field in the API: ``company_no`` → ``companyNo``, ``email_2`` → ``email2``."""
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


def checked_text(value: str | None, field: str, length: int, *, many_lines: bool = False) -> str:
    """Return the text unchanged; at most ``length`` characters, no NUL, no lone surrogate.

    Without ``many_lines`` it has no line breaks, tabs or other control characters either.
    """
    if not value:
        return ""
    if not isinstance(value, str):
        msg = f"{api_name(field)} must be text."
        raise InvalidInputError(msg, path=(api_name(field),))
    if len(value) > length:
        msg = f"{api_name(field)} has {len(value)} characters; at most {length} are allowed."
        raise InvalidInputError(msg, path=(api_name(field),))
    if (_UNSTORABLE if many_lines else _NOT_ON_ONE_LINE).search(value):
        what = "a line break, a tab or another control character; it is text on one line"
        if _UNSTORABLE.search(value):
            what = "a character that cannot be stored (NUL or half a surrogate pair)"
        msg = f"{api_name(field)} contains {what}."
        raise InvalidInputError(msg, path=(api_name(field),))
    return value


def checked_code(value: str | None, field: str, length: int) -> str | None:
    """Return the code stripped and in upper case, or None when it is blank."""
    text = checked_text(value, field, max(length * 4, 80)).strip().upper()
    return checked_text(text, field, length) or None


def required_code(value: str | None, field: str, length: int) -> str:
    """Return the code as ``checked_code`` does.

    Raises: RefusedError(VALUE_REQUIRED) when it is blank.
    """
    code = checked_code(value, field, length)
    if code is None:
        raise missing(field)
    return code


def missing(field: str) -> RefusedError:
    """Return the error that says a field must not be blank."""
    return RefusedError(ErrorCode.VALUE_REQUIRED, f"{api_name(field)} must have a value.", path=(api_name(field),))


def checked_choice(value: str | None, field: str, choices: Collection[str]) -> str | None:
    """Return one of ``choices`` (upper case; spaces count as underscores), or None when blank."""
    choice = checked_text(value, field, 80).strip().upper().replace(" ", "_")
    if not choice:
        return None
    if choice not in choices:
        msg = f"{api_name(field)} must be one of {', '.join(sorted(choices))}."
        raise InvalidInputError(msg, path=(api_name(field),))
    return choice


def checked_flag(value: bool | None, field: str) -> bool:
    """Return the flag; blank is false."""
    if value is None:
        return False
    if not isinstance(value, bool):
        msg = f"{api_name(field)} must be true or false."
        raise InvalidInputError(msg, path=(api_name(field),))
    return value


def checked_range(value: int, field: str, least: int, most: int) -> int:
    """Return the whole number, which is from ``least`` to ``most``."""
    if not least <= value <= most:
        msg = f"{api_name(field)} must be {least} to {most}."
        raise InvalidInputError(msg, path=(api_name(field),))
    return value


def checked_date(value: date | None, field: str) -> date | None:
    """Return the day; an instant is refused."""
    if value is not None and type(value) is not date:
        msg = f"{api_name(field)} must be a date (YYYY-MM-DD)."
        raise InvalidInputError(msg, path=(api_name(field),))
    return value


def checked_emails(value: str | None, field: str, length: int) -> str:
    """Return the addresses joined by semicolons, the only separator allowed; blanks around each are dropped."""
    text = checked_text(value, field, length)
    addresses = [address for part in text.split(";") if (address := part.strip())]
    for position, address in enumerate(addresses, start=1):
        domain = address.rpartition("@")[2]
        if not _EMAIL_ADDRESS.fullmatch(address) or ".." in domain or domain != domain.strip("."):
            msg = f"Address {position} in {api_name(field)} is not a valid e-mail address; separate several by ';'."
            raise InvalidInputError(msg, path=(api_name(field),))
    return ";".join(addresses)


def checked_phone(value: str | None, field: str, length: int) -> str:
    """Return the number as typed; letters are refused."""
    text = checked_text(value, field, length)
    if any(character.isalpha() for character in text):
        msg = f"{api_name(field)} must not contain letters."
        raise InvalidInputError(msg, path=(api_name(field),))
    return text


def checked_number(value: Decimal | int, field: str, places: int) -> Decimal:
    """Return the number with at most 13 digits before the point and exactly ``places`` after it; others are refused.

    Never does arithmetic on a hostile number: its length and exponent are looked at first.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        msg = f"{api_name(field)} must be a decimal number."
        raise InvalidInputError(msg, path=(api_name(field),))
    if isinstance(value, int) and abs(value) >= 10**DIGITS_BEFORE_POINT:
        raise _number_out_of_range(field, places)
    number = Decimal(value)
    if not number.is_finite():
        raise _number_out_of_range(field, places)
    if number.is_zero():
        return Decimal(0)
    if number.adjusted() >= DIGITS_BEFORE_POINT or number.adjusted() < -places:
        raise _number_out_of_range(field, places)
    if len(number.as_tuple().digits) > _DIGITS_MAX:
        raise _number_out_of_range(field, places)
    scaled = number.scaleb(places)
    if scaled != scaled.to_integral_value():
        raise _number_out_of_range(field, places)
    return Decimal(int(scaled)).scaleb(-places)


def checked_amount(value: Decimal | int | None, field: str, places: int) -> Decimal:
    """Return a cost or duration: as ``checked_number``, not negative; blank is 0."""
    if value is None:
        return Decimal(0)
    number = checked_number(value, field, places)
    if number < 0:
        msg = f"{api_name(field)} must not be negative."
        raise InvalidInputError(msg, path=(api_name(field),))
    return number


def _number_out_of_range(field: str, places: int) -> InvalidInputError:
    msg = f"{api_name(field)} may have {DIGITS_BEFORE_POINT} digits before the decimal point and {places} after it."
    return InvalidInputError(msg, path=(api_name(field),))
