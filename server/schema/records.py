"""Objects of the API made from rows, with only the columns that the document asks for."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

from sqlalchemy import Row
from strawberry.types.nodes import Selection
from strawberry.utils.str_converters import to_camel_case

from server.reading.pages import read_by
from server.reading.relations import Relation
from server.schema.context import Info
from server.schema.fields import COLUMNS


class Record:
    """An object made from a row.

    Fields without a resolver are columns of the same name; a resolver names the columns it reads with ``reads``.
    ``key`` is always there. A column that was not asked for is missing: reading it is an error, never a silent null.
    """

    relation: ClassVar[Relation]

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Return the object of a row."""
        record = cls.__new__(cls)
        record.__dict__.update(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
        return record


T = TypeVar("T", bound=Record)


def response_path(info: Info) -> tuple[str, ...]:
    """Return where in the answer the field is, without places in lists: the same for every object of one level."""
    steps: list[str] = []
    step: Any = info.path
    while step is not None:
        if isinstance(step.key, str):
            steps.append(step.key)
        step = step.prev
    return tuple(reversed(steps))


def selected_columns(info: Info, kind: type[Record], *paths: tuple[str, ...]) -> frozenset[str]:
    """Return the columns that the document asks of objects of ``kind``.

    Args:
        info: of the field being resolved.
        kind: what the objects are.
        paths: ways from the field down to the objects; none: the field's value is the object itself.
    """

    def find() -> frozenset[str]:
        names: set[str] = set()
        for path in paths or ((),):
            level: Iterable[Selection] = info.selected_fields
            for step in ("", *path):
                level = [
                    selection
                    for field in _fields(level)
                    if not step or field.name == step
                    for selection in field.selections
                ]
            names.update(field.name for field in _fields(level))
        needed = columns_of_fields(kind)
        return frozenset(column for name in names for column in needed.get(name, ())) - {"key"}

    return info.context.remember((COLUMNS, kind, response_path(info)), find)


def selects(info: Info, *names: str) -> bool:
    """Return whether the document asks for one of these fields of the value of the field being resolved."""

    def find() -> frozenset[str]:
        return frozenset(field.name for top in _fields(info.selected_fields) for field in _fields(top.selections))

    return not info.context.remember(("names", response_path(info)), find).isdisjoint(names)


async def load(info: Info, kind: type[T], value: Any, *, by: str = "key") -> T | None:
    """Return the object whose unique column ``by`` has this value, or None; objects of one level with one statement."""
    if value is None:
        return None
    columns = selected_columns(info, kind)
    relation = kind.relation
    expression = relation.key.expression if by == "key" else relation.columns[by]

    async def read(connection: Any, values: Sequence[Any]) -> Sequence[T | None]:
        rows = await read_by(connection, relation, columns, expression, values)
        return [None if row is None else kind.of(row) for row in rows]

    return await info.context.loader((kind, by, response_path(info)), read).load(value)


async def load_all(info: Info, kind: type[T], values: Sequence[Any]) -> list[T]:
    """Return the objects with these keys in their order, without those that there are not; one statement."""
    found = await asyncio.gather(*(load(info, kind, value) for value in values))
    return [one for one in found if one is not None]


def columns_of_fields(kind: Any) -> Mapping[str, tuple[str, ...]]:
    """Return for each field of the API the columns it is made of."""
    needed: dict[str, tuple[str, ...]] = {}
    for field in kind.__strawberry_definition__.fields:
        own = () if field.base_resolver else (field.python_name,)
        needed[field.graphql_name or to_camel_case(field.python_name)] = field.metadata.get(COLUMNS, own)
    return needed


def _fields(selections: Iterable[Selection]) -> Iterable[Any]:
    """Yield the fields among the selections, those inside fragments included."""
    for selection in selections:
        if hasattr(selection, "arguments"):
            yield selection
        else:
            yield from _fields(selection.selections)
