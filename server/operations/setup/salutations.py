"""How a salutation is written: one formula for each language, formally and informally."""

from collections.abc import Mapping
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Row, and_, delete, insert, select, update

from server.errors import AlreadyExistsError, NotFoundError
from server.operations.setup.codes import SALUTATIONS, locked_code
from server.operations.values import checked_choice, checked_code, checked_text, missing
from server.store.tables import salutation_formula
from server.store.unit_of_work import UnitOfWork

TYPES = ("FORMAL", "INFORMAL")
NAME_PARTS = ("JOB_TITLE", "FIRST_NAME", "MIDDLE_NAME", "SURNAME", "INITIALS", "COMPANY_NAME")
_NAMES = ("name_1", "name_2", "name_3", "name_4", "name_5")
_TEXT_LENGTH = 50


class FormulaKey(TypedDict, total=False):
    """Which formula; a blank ``language`` is that of contacts without one."""

    salutation: str
    language: str | None
    type: str


class FormulaValues(TypedDict, total=False):
    """What a formula says; absent: blank or unchanged, None: blank.

    ``text`` must not be blank; ``name_1`` … ``name_5`` are the parts of the name that stand for %1 … %5.
    """

    text: str | None
    name_1: str | None
    name_2: str | None
    name_3: str | None
    name_4: str | None
    name_5: str | None


async def create_formula(work: UnitOfWork, key: FormulaKey, values: FormulaValues) -> str:
    """Write a salutation in one more language or type, and return the salutation's code.

    Raises: NotFoundError for an unknown salutation; AlreadyExistsError; InvalidInputError;
    RefusedError(VALUE_REQUIRED) for a blank text or type.
    """
    code, language, kind = await _checked_key(work, key)
    row = _checked({"text": None, **values})
    if await _formula(work, code, language, kind) is not None:
        msg = f"Salutation {code} has {_named(language, kind)} already."
        raise AlreadyExistsError(msg, path=("language",))
    await work.connection.execute(
        insert(salutation_formula).values(salutation=code, language=language, type=kind, **row)
    )
    return _changed(work, code)


async def update_formula(work: UnitOfWork, key: FormulaKey, values: FormulaValues) -> str:
    """Change the given values of a formula and return the salutation's code.

    When nothing differs, nothing is written.

    Raises: NotFoundError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank text.
    """
    code, language, kind = await _checked_key(work, key)
    current = await _required_formula(work, code, language, kind)
    changes = {field: value for field, value in _checked(values).items() if value != getattr(current, field)}
    if not changes:
        return code
    statement = update(salutation_formula).where(_is(code, language, kind)).values(changes)
    await work.connection.execute(statement)
    return _changed(work, code)


async def delete_formula(work: UnitOfWork, key: FormulaKey) -> str:
    """Delete a formula and return the salutation's code.

    Raises: NotFoundError.
    """
    code, language, kind = await _checked_key(work, key)
    await _required_formula(work, code, language, kind)
    await work.connection.execute(delete(salutation_formula).where(_is(code, language, kind)))
    return _changed(work, code)


async def _checked_key(work: UnitOfWork, key: FormulaKey) -> tuple[str, str, str]:
    """Return salutation, language and type as they are stored; the salutation's row is locked."""
    row = await locked_code(work, SALUTATIONS, key.get("salutation"), "salutation")
    kind = checked_choice(key.get("type"), "type", TYPES)
    if kind is None:
        raise missing("type")
    return row.code, checked_code(key.get("language"), "language", 10) or "", kind


def _is(code: str, language: str, kind: str) -> ColumnElement[bool]:
    formula = salutation_formula.c
    return and_(formula.salutation == code, formula.language == language, formula.type == kind)


async def _formula(work: UnitOfWork, code: str, language: str, kind: str) -> Row[Any] | None:
    statement = select(salutation_formula).where(_is(code, language, kind))
    return (await work.connection.execute(statement)).one_or_none()


async def _required_formula(work: UnitOfWork, code: str, language: str, kind: str) -> Row[Any]:
    row = await _formula(work, code, language, kind)
    if row is None:
        msg = f"Salutation {code} does not have {_named(language, kind)}."
        raise NotFoundError(msg, path=("language",))
    return row


def _named(language: str, kind: str) -> str:
    """Return the words for a formula."""
    article = "an informal" if kind == "INFORMAL" else "a formal"
    return f"{article} formula for {f'the language {language}' if language else 'contacts without a language'}"


def _checked(values: Mapping[str, Any] | FormulaValues) -> dict[str, Any]:
    """Return the given values as they are stored."""
    given: Mapping[str, Any] = values
    checked: dict[str, Any] = {}
    if "text" in given:
        checked["text"] = checked_text(given["text"], "text", _TEXT_LENGTH)
        if not checked["text"].strip():
            raise missing("text")
    for name in _NAMES:
        if name in given:
            checked[name] = checked_choice(given[name], name, NAME_PARTS)
    return checked


def _changed(work: UnitOfWork, code: str) -> str:
    work.record("salutation", code=code, fields=("formulas",))
    return code
