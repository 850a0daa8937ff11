"""How mutations answer: the changed object, or the reasons why nothing was changed.

A mutation is one or two lines of work and no ``try``::

    @mutation("Create a contact.")
    async def create_contact(self, info: Info, input: CreateContactInput) -> CreateContactPayload:
        async with info.context.write("createContact") as work:
            key = await contacts.create_contact(work, given_values(input))
        return CreateContactPayload(contact_key=key)
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any, cast

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.base import has_object_definition
from strawberry.types.field import StrawberryField

from server.errors import TesseraError
from server.schema.errors import UserError
from server.schema.fields import Resolver


@strawberry.type
class Payload:
    """What every payload has; subclasses give all their fields a default, so that a refusal can be answered."""

    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why nothing was changed; empty when the mutation was carried out."
    )


class RefusalsAsUserErrors(FieldExtension):
    """Answers what an operation refuses with the mutation's payload and its ``userErrors``."""

    def apply(self, field: StrawberryField) -> None:
        """Remember the field whose payload is to be made."""
        self._field = field

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[Any]],
        source: Any,
        info: strawberry.Info,
        **arguments: Any,
    ) -> Any:
        """Run the mutation; the unit of work inside it is rolled back before the refusal comes here."""
        try:
            return await next_(source, info, **arguments)
        except TesseraError as error:
            payload = cast("type[Payload]", self._field.type)
            return payload(user_errors=[UserError.of(error)])


def mutation(description: str) -> Callable[[Resolver], Resolver]:
    """Make a method a mutation: refusals become ``userErrors``."""
    field = strawberry.mutation(description=description, extensions=[RefusalsAsUserErrors()])
    return cast("Callable[[Resolver], Resolver]", field)


@contextmanager
def at_path(*path: str) -> Iterator[None]:
    """Put ``path`` before the paths of the refusals raised inside the block."""
    try:
        yield
    except TesseraError as error:
        error.path = (*path, *error.path)
        raise


def given_values(input_: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields of an input that the client wrote, by their Python names, enumerations as plain text.

    Shape: a field the client left out is absent; one that it set to null is None; an input inside is such a mapping.
    """
    fields = input_.__strawberry_definition__.fields
    values = {field.python_name: getattr(input_, field.python_name) for field in fields}
    return {
        name: _plain(value) for name, value in values.items() if value is not strawberry.UNSET and name not in without
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if has_object_definition(value):
        return given_values(value)
    return value
