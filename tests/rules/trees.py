"""Trees without their places, which is what two spellings of one rule have in common; random trees as data."""

from dataclasses import fields, replace
from decimal import Decimal
from functools import partial
from typing import Any

from hypothesis import strategies as st

from server.rules.language.tree import Node
from server.rules.language.tree_values import ARITHMETIC, COMPARISONS, PlainTree


def without_places(node: Node) -> Node:
    """Return the tree with every number and place 0; numbers keep their digits, which ``==`` does not look at."""
    own = {name: _bare(getattr(node, name)) for name in (field.name for field in fields(node))}
    return replace(node, **{**own, "index": 0, "offset": 0, "length": 0})


def _bare(value: Any) -> Any:
    if isinstance(value, Node):
        return without_places(value)
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    return value.as_tuple() if isinstance(value, Decimal) else value


def _keyed(kind: str, content: Any) -> PlainTree:
    return {kind: content}


_NAMES = st.sampled_from(["a", "b", "name", "i", "_x1"])
_FLAG = st.booleans()
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_LEAVES: st.SearchStrategy[PlainTree] = st.one_of(
    st.builds(partial(_keyed, "symbol"), st.sampled_from(["a", "b", "country", "attributes.tier"])),
    st.builds(partial(_keyed, "text"), st.text(_CHARACTERS, max_size=9)),
    st.sampled_from(
        [
            {"number": "1"}, {"number": "-1.50"}, {"number": "2e6"}, {"boolean": True}, {"boolean": False},
            {"null": True}, {"date": "2026-01-31"}, {"date": "2026-01-31T10:30:00Z"}, {"period": "P1DT2H"},
            {"builtin": "now"}, {"parameter": "least"},
        ]
    ),
)  # fmt: skip


def plain_trees() -> st.SearchStrategy[PlainTree]:
    """Return a strategy for trees as data, of every kind in every place of every other; not canonical."""
    return st.recursive(_LEAVES, _kinds, max_leaves=9)


def _kinds(part: st.SearchStrategy[PlainTree]) -> st.SearchStrategy[PlainTree]:
    some, many = st.lists(part, max_size=3), st.lists(part, min_size=1, max_size=3)
    pairs = st.lists(st.fixed_dictionaries({"key": part, "value": part}), max_size=2)
    limits = {"start": part, "stop": part}
    shapes = {
        "all": many, "any": many, "not": part, "minus": part, "list": some, "set": many, "mapping": pairs,
        "compare": _shape(left=part, operator=st.sampled_from(list(COMPARISONS)), right=part),
        "arithmetic": _shape(left=part, operator=st.sampled_from(list(ARITHMETIC)), right=part),
        "in": _shape(member=part, container=part),
        "match": _shape(subject=part, pattern=st.sampled_from(["", "a+", "\\d\"'"]), anywhere=_FLAG, negated=_FLAG),
        "coalesce": _shape(value=part, default=part),
        "if": st.fixed_dictionaries({"condition": part, "then": part, "else": part}),
        "attribute": _shape(of=part, name=_NAMES, safe=_FLAG),
        "item": _shape(of=part, key=part, safe=_FLAG),
        "slice": st.fixed_dictionaries({"of": part, "safe": _FLAG}, optional=limits),
        "call": _shape(function=part, arguments=some),
    }  # fmt: skip
    return st.one_of([shape.map(partial(_keyed, kind)) for kind, shape in shapes.items()])


def _shape(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(members)
