"""Mutations of the formulas of salutations."""

from typing import Annotated, Any, cast

import strawberry

from server.operations.setup.salutations import (
    FormulaKey,
    FormulaValues,
    create_formula,
    delete_formula,
    update_formula,
)
from server.schema.code_payloads import SalutationPayload
from server.schema.context import Info
from server.schema.inputs import optional
from server.schema.payloads import given_values, mutation
from server.schema.salutations import NamePart, SalutationType

_KEY = ("salutation", "language", "type")


def _name(place: int) -> Any:
    return optional(f"The part of the name in the place of %{place}; null: nothing.", name=f"name{place}")


@strawberry.input
class WhichFormula:
    """A formula by its salutation, language and type."""

    salutation: str = strawberry.field(description="Code of the salutation; case does not matter.")
    type: SalutationType = strawberry.field(description="Formal or informal.")
    language: str | None = strawberry.field(
        default=None,
        description="Language code, at most 10 characters. Default, null and blank: for contacts without a language.",
    )


@strawberry.input
class NamesOfFormula:
    """The parts of the name that a formula shows."""

    name_1: NamePart | None = _name(1)
    name_2: NamePart | None = _name(2)
    name_3: NamePart | None = _name(3)
    name_4: NamePart | None = _name(4)
    name_5: NamePart | None = _name(5)


@strawberry.input(description="How a salutation is written in one more language or type.")
class CreateSalutationFormulaInput(WhichFormula, NamesOfFormula):
    """A new formula."""

    text: str = strawberry.field(
        description=(
            "The greeting, at most 50 characters; %1 to %5 stand for the parts of the name. A part that a contact does "
            "not have goes with the blank after its placeholder."
        )
    )


@strawberry.input(description="What changes of a formula; fields that are left out do not change.")
class UpdateSalutationFormulaInput(WhichFormula, NamesOfFormula):
    """A changed formula."""

    text: str | None = optional("The greeting, at most 50 characters, not blank; see createSalutationFormula.")


@strawberry.input(description="Which formula to delete.")
class DeleteSalutationFormulaInput(WhichFormula):
    """A formula that exists."""


@strawberry.type(description="The answer of createSalutationFormula.")
class CreateSalutationFormulaPayload(SalutationPayload):
    """The salutation with the new formula, or why there is none."""


@strawberry.type(description="The answer of updateSalutationFormula.")
class UpdateSalutationFormulaPayload(SalutationPayload):
    """The salutation with the changed formula, or why it is not changed."""


@strawberry.type(description="The answer of deleteSalutationFormula.")
class DeleteSalutationFormulaPayload(SalutationPayload):
    """The salutation without the formula, or why it is not deleted."""


@strawberry.type
class SalutationMutations:
    """What can be done with the formulas of salutations."""

    @mutation("Say how a salutation is written in a language, formally or informally.")
    async def create_salutation_formula(
        self,
        info: Info,
        input: Annotated[CreateSalutationFormulaInput, strawberry.argument(description="The formula.")],  # noqa: A002
    ) -> CreateSalutationFormulaPayload:
        """Create a formula."""
        key, values = _parted(input)
        async with info.context.write("createSalutationFormula") as work:
            code = await create_formula(work, key, values)
        return CreateSalutationFormulaPayload(salutation_key=code)

    @mutation("Change how a salutation is written in a language, formally or informally.")
    async def update_salutation_formula(
        self,
        info: Info,
        input: Annotated[UpdateSalutationFormulaInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateSalutationFormulaPayload:
        """Change a formula."""
        key, values = _parted(input)
        async with info.context.write("updateSalutationFormula") as work:
            code = await update_formula(work, key, values)
        return UpdateSalutationFormulaPayload(salutation_key=code)

    @mutation("Delete the formula of a salutation for a language, formal or informal.")
    async def delete_salutation_formula(
        self,
        info: Info,
        input: Annotated[DeleteSalutationFormulaInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteSalutationFormulaPayload:
        """Delete a formula."""
        key, _ = _parted(input)
        async with info.context.write("deleteSalutationFormula") as work:
            code = await delete_formula(work, key)
        return DeleteSalutationFormulaPayload(salutation_key=code)


def _parted(input_: Any) -> tuple[FormulaKey, FormulaValues]:
    """Return which formula the input means, and what it says of it."""
    given = given_values(input_)
    key = {name: given.pop(name) for name in _KEY}
    return cast("FormulaKey", key), cast("FormulaValues", given)
