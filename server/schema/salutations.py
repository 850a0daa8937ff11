"""Salutations with their formulas, and the greeting of a contact."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import strawberry

from server.errors import ErrorCode, RefusedError
from server.reading.codes import SALUTATIONS
from server.reading.relations import Relation
from server.reading.salutations import NAME_COLUMNS, formula_of_each, formulas_of_each, greeting
from server.schema.codes import ContactCode
from server.schema.context import Info
from server.schema.enums import describe
from server.schema.fields import computed
from server.schema.records import response_path
from server.store.tables import contact


class SalutationType(StrEnum):
    """How somebody is greeted."""

    FORMAL = "FORMAL"
    INFORMAL = "INFORMAL"


class NamePart(StrEnum):
    """A part of a contact's name."""

    JOB_TITLE = "JOB_TITLE"
    FIRST_NAME = "FIRST_NAME"
    MIDDLE_NAME = "MIDDLE_NAME"
    SURNAME = "SURNAME"
    INITIALS = "INITIALS"
    COMPANY_NAME = "COMPANY_NAME"


describe(
    SalutationType,
    "How a salutation greets somebody.",
    {"FORMAL": "As somebody one does not know well.", "INFORMAL": "As somebody one knows well."},
)
describe(
    NamePart,
    "A part of a contact's name that a formula puts into its text.",
    {
        "JOB_TITLE": "The contact's jobTitle.",
        "FIRST_NAME": "The contact's firstName.",
        "MIDDLE_NAME": "The contact's middleName.",
        "SURNAME": "The contact's surname.",
        "INITIALS": "The contact's initials.",
        "COMPANY_NAME": "The contact's companyName.",
    },
)


@strawberry.type(description="How a salutation is written in one language, formally or informally.")
class SalutationFormula:
    """A formula."""

    language: str | None = strawberry.field(
        description="Language code, at most 10 characters; null: for contacts without a language."
    )
    type: SalutationType = strawberry.field(description="Formal or informal.")
    text: str = strawberry.field(
        description="The greeting, at most 50 characters; the parts of the name stand in the places of %1 to %5."
    )
    names: list[NamePart | None] = strawberry.field(
        description="The five parts of the name for %1 to %5; null: nothing."
    )

    @classmethod
    def of(cls, row: Any) -> "SalutationFormula":
        """Return the formula of a row."""
        parts = (getattr(row, f"name_{place}") for place in range(1, 6))
        return cls(
            language=row.language or None,
            type=SalutationType(row.type),
            text=row.text,
            names=[part and NamePart(part) for part in parts],
        )


@strawberry.type(description="How contacts are greeted.")
class Salutation(ContactCode):
    """A salutation."""

    relation: ClassVar[Relation] = SALUTATIONS
    column = contact.c.salutation

    @computed("Its formulas, by language and type.")
    async def formulas(self, info: Info) -> list[SalutationFormula]:
        """Return the formulas."""
        rows: Sequence[Any] = await info.context.loader(("formulas", response_path(info)), formulas_of_each).load(
            str(self.key)
        )
        return [SalutationFormula.of(row) for row in rows]


@strawberry.type
class Greeted:
    """What greets a contact."""

    @computed(
        "The greeting of the contact by its salutation; null when it has none. Refused with NO_FORMULA when the "
        "salutation has no formula for the language and type. A part of the name that is blank is left out.",
        "salutation",
        "language",
        *NAME_COLUMNS,
    )
    async def salutation_text(
        self,
        info: Info,
        type: Annotated[SalutationType, strawberry.argument(description="Formal or informal.")] = SalutationType.FORMAL,  # noqa: A002
        language: Annotated[
            str | None,
            strawberry.argument(
                description="Language code. Default: the contact's own; null or blank: the formula without a language."
            ),
        ] = strawberry.UNSET,
    ) -> str | None:
        """Return the greeting."""
        columns = vars(self)
        if columns["salutation"] is None:
            return None
        wanted = (columns["language"] if language is strawberry.UNSET else language) or ""
        key = (columns["salutation"], wanted.strip().upper(), type.value)
        formula: Any = await info.context.loader(("formula", response_path(info)), formula_of_each).load(key)
        if formula is None:
            kind = "informal" if type is SalutationType.INFORMAL else "formal"
            of = f"language {key[1]}" if key[1] else "contacts without a language"
            msg = f"Salutation {key[0]} has no {kind} formula for {of}; create one."
            raise RefusedError(ErrorCode.NO_FORMULA, msg, path=("language",))
        return greeting(formula, columns)
