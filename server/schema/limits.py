"""How large a document may be, found in one pass whatever its fragments do.

Each fragment is measured once, after the fragments it spreads; walking them anew at every spread would double the
work with every level of a chain of fragments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from server.schema.errors import LimitExceededError

TOKENS = 10_000
"""Words and brackets of a document; the parser stops there."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a selection is, its fragments spread out."""

    depth: int = 0
    nesting: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0


LIMITS = Size(depth=20, nesting=60, fields=3_000, aliases=300, directives=300)
"""The largest document: levels of fields, levels of fields and fragments, and numbers of the rest."""

_NAMES = {
    "depth": "levels of fields",
    "nesting": "levels of fields and fragments",
    "fields": "fields",
    "aliases": "aliases",
    "directives": "directives",
}
_NOTHING = Size()


def exceeded_limits(document: DocumentNode) -> list[LimitExceededError]:
    """Return what of the document is too large; empty when nothing is.

    A document with a circle of fragments is not measured: validation refuses it.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    spreads = {name: set(_spreads(node.selection_set)) & fragments.keys() for name, node in fragments.items()}
    try:
        order = list(TopologicalSorter(spreads).static_order())
    except CycleError:
        return []
    sizes: dict[str, Size] = {}
    for name in order:
        sizes[name] = _size(fragments[name].selection_set, sizes)
    errors = []
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            size = _size(node.selection_set, sizes)
            for field in fields(Size):
                limit = getattr(LIMITS, field.name)
                if getattr(size, field.name) > limit:
                    msg = f"The operation has more than {limit} {_NAMES[field.name]}."
                    errors.append(LimitExceededError(msg, [node]))
    return errors


def _size(selection_set: SelectionSetNode, sizes: Mapping[str, Size]) -> Size:
    """Return the size of a selection whose fragments are measured; recursion is bounded by the parser."""
    depth = nesting = field_count = aliases = directives = 0
    for node in selection_set.selections:
        inner, own_depth = _NOTHING, 0
        if isinstance(node, FieldNode):
            own_depth = 1
            field_count += 1
            aliases += node.alias is not None
        if isinstance(node, FragmentSpreadNode):
            inner = sizes.get(node.name.value, _NOTHING)
        elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
            inner = _size(node.selection_set, sizes)
        depth = max(depth, own_depth + inner.depth)
        nesting = max(nesting, 1 + inner.nesting)
        field_count += inner.fields
        aliases += inner.aliases
        directives += inner.directives + len(node.directives or ())
    return Size(depth, nesting, field_count, aliases, directives)


def _spreads(selection_set: SelectionSetNode) -> Iterator[str]:
    """Yield the names of the fragments that a selection spreads."""
    waiting = [selection_set]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FragmentSpreadNode):
                yield node.name.value
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
                waiting.append(node.selection_set)
