"""What each column of a file is: a field of contacts, a list of codes, a custom attribute, or nothing."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from server.errors import InvalidInputError
from server.jobs.import_options import ImportOptions
from server.operations.contacts.attributes import ATTRIBUTE_TYPES, attribute_name
from server.operations.contacts.contact_codes import CODE_LISTS
from server.operations.contacts.contact_values import CONTACT_FIELDS

COMPANY_NAME = "company_name"
"""Not a field that is written: it names the company of a person."""
FIELDS = CONTACT_FIELDS | {COMPANY_NAME}
LISTS = frozenset(code_list.name for code_list in CODE_LISTS)

_LEFT_OUT = "-"
_ATTRIBUTE = "attributes."
_REST = "*"
_CAPTIONS = {
    "e_mail": "email",
    "e_mail_2": "email_2",
    "phone_no": "phone",
    "mobile_phone_no": "mobile_phone",
    "country_region_code": "country",
    "territory_code": "territory",
    "language_code": "language",
    "currency_code": "currency",
    "salesperson_code": "salesperson",
    "salutation_code": "salutation",
    "organizational_level_code": "organizational_level",
    "registration_number": "registration_no",
}
"""Captions of Business Central whose normalised form is not the field's name."""


class Kind(Enum):
    """What a column is."""

    FIELD = "field"
    LIST = "list of codes"
    ATTRIBUTE = "attribute"
    NOTHING = "ignored"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes:
        index: its place, from 0.
        title: its name in the file.
        name: the field, list or attribute that it fills.
        type: of an attribute; None until it is known.
    """

    index: int
    title: str
    kind: Kind
    name: str = ""
    type: str | None = None


def normalised(title: str) -> str:
    """Return a column's name as fields are named: ``car.loan`` → ``car_loan``, ``First Name`` → ``first_name``."""
    plain = unicodedata.normalize("NFKD", title)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain).casefold()
    return re.sub(r"[^a-z0-9]+", "_", words).strip("_")


def read_columns(header: Sequence[str], options: ImportOptions) -> tuple[Column, ...]:
    """Return what every column is.

    Raises: InvalidInputError for columns of the same name, an option that names no column, two columns for one field,
    an impossible attribute, and a file of which nothing would be used.
    """
    places = _places(header)
    chosen: dict[int, Column] = {}
    for title, target in options.columns.items():
        index = _place(places, header, title, "columns")
        chosen[index] = _mapped(index, header[index], target)
    rest: Column | None = None
    for text in options.attributes:
        title, type_ = _typed(text)
        if title == _REST:
            rest = Column(-1, _REST, Kind.ATTRIBUTE, type=type_)
        else:
            index = _place(places, header, title, "attributes")
            chosen[index] = _attribute(index, header[index], normalised(title), type_)
    columns = tuple(chosen.get(index) or _by_name(index, title, rest) for index, title in enumerate(header))
    _require_sense(columns)
    return columns


def _places(header: Sequence[str]) -> Mapping[str, int]:
    """Return the place of each column by its normalised name."""
    places: dict[str, int] = {}
    for index, title in enumerate(header):
        name = normalised(title)
        if name and name in places:
            msg = f"The columns {header[places[name]]!r} and {title!r} have the same name; rename one of them."
            raise InvalidInputError(msg, path=("header", index))
        places[name] = index
    return places


def _place(places: Mapping[str, int], header: Sequence[str], title: str, option: str) -> int:
    if title in header:
        return header.index(title)
    index = places.get(normalised(title)) if normalised(title) else None
    if index is None:
        msg = f"The file has no column {title!r}; it has {', '.join(map(repr, header[:50]))}."
        raise InvalidInputError(msg, path=(option, title))
    return index


def _mapped(index: int, title: str, target: str) -> Column:
    if target.strip() == _LEFT_OUT:
        return Column(index, title, Kind.NOTHING)
    if target.startswith(_ATTRIBUTE):
        name, type_ = _typed(target.removeprefix(_ATTRIBUTE))
        return _attribute(index, title, name, type_)
    column = _field(index, title, target)
    if column is None:
        msg = f"{target!r} is not a field of contacts; fields are {', '.join(sorted(FIELDS | LISTS))}."
        raise InvalidInputError(msg, path=("columns", title))
    return column


def _typed(text: str) -> tuple[str, str | None]:
    """Split ``COLUMN:TYPE``; what follows a colon and is no type belongs to the name."""
    name, _, type_ = text.rpartition(":")
    if name and type_.strip().upper() in ATTRIBUTE_TYPES:
        return name, type_.strip().upper()
    return text, None


def _attribute(index: int, title: str, name: str, type_: str | None) -> Column:
    try:
        return Column(index, title, Kind.ATTRIBUTE, attribute_name(name), type_)
    except InvalidInputError as error:
        msg = f"The column {title!r} gives no attribute name ({name!r}); map it to attributes.NAME. {error.message}"
        raise InvalidInputError(msg, path=("attributes", title)) from error


def _by_name(index: int, title: str, rest: Column | None) -> Column:
    column = _field(index, title, title)
    if column is not None:
        return column
    if title.startswith(_ATTRIBUTE):
        return _attribute(index, title, title.removeprefix(_ATTRIBUTE), None)
    if rest is not None and normalised(title):
        return _attribute(index, title, normalised(title), rest.type)
    return Column(index, title, Kind.NOTHING)


def _field(index: int, title: str, text: str) -> Column | None:
    name = normalised(text)
    name = _CAPTIONS.get(name, name)
    if name in FIELDS:
        return Column(index, title, Kind.FIELD, name)
    return Column(index, title, Kind.LIST, name) if name in LISTS else None


def _require_sense(columns: Iterable[Column]) -> None:
    used: dict[tuple[Kind, str], Column] = {}
    for column in columns:
        if column.kind is Kind.NOTHING:
            continue
        other = used.setdefault((column.kind, column.name), column)
        if other is not column:
            msg = f"The columns {other.title!r} and {column.title!r} both fill {column.name}; leave one out with '-'."
            raise InvalidInputError(msg, path=("columns", column.title))
    if not used:
        msg = "No column is a field of contacts; map columns to fields, or make them attributes ('*' makes all)."
        raise InvalidInputError(msg, path=("columns",))
