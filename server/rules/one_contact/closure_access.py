"""How attributes, items and slices are written."""

from decimal import Decimal

from server.rules.language.check import type_of
from server.rules.language.engine import ATTRIBUTES
from server.rules.language.tree import Attribute, Coalesce, DateConstant, Item, Kind, Name, Node, Slice
from server.rules.one_contact.closure_attributes import FORMS, Form
from server.rules.one_contact.closure_writing import Loops, NotWritableError, Writing

_INDEXED = frozenset({Kind.TEXT, Kind.LIST})


class AccessWriter:
    """Writes what is read from other values, for one rule."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def value(self, node: Attribute, loops: Loops) -> str:
        """Write an attribute as a value of the language."""
        text, integer = self.amount(node, loops)
        return f"Decimal({text})" if integer else text

    def amount(self, node: Attribute, loops: Loops) -> tuple[str, bool]:
        """Write an attribute; return whether it comes to an int."""
        writing, target = self._writing, node.target
        if isinstance(target, Name) and target.name == ATTRIBUTES and ATTRIBUTES not in loops:
            return f"c[{writing.bind(f'{ATTRIBUTES}.{node.name}')}]", False
        kind = type_of(writing.rule, target).kind
        form = self._form(node, kind)
        owner = writing.items(target, loops) if kind is Kind.LIST else writing.value(target, loops)
        if node.safe:
            return self._unless_null(owner, f"Decimal({form.source})" if form.integer else form.source), False
        return form.source.format(f"not_null({owner})" if writing.careful else owner), form.integer

    def _form(self, node: Attribute, kind: Kind) -> Form:
        writing = self._writing
        if kind is Kind.OBJECT:
            return Form(f"{{}}[{writing.bind(node.name)}]")
        form = FORMS.get(kind, {}).get(node.name)
        if form is None:
            raise NotWritableError
        if kind is Kind.INSTANT:
            writing.source.names["zone"] = writing.moment.zone
            if not self._is_local(node.target):
                return Form(form.source.format("fixed_offset({}, zone)"), form.integer)
        return form

    def _unless_null(self, owner: str, form: str) -> str:
        temporary = self._writing.temporary()
        return f"(None if ({temporary} := {owner}) is None else {form.format(temporary)})"

    def _is_local(self, node: Node) -> bool:
        """Whether an instant already has the offset that the moment's zone has then."""
        match node:
            case Name() | DateConstant():
                return True
            case Attribute():
                return type_of(self._writing.rule, node.target).kind is Kind.OBJECT
            case Coalesce():
                return self._is_local(node.left) and self._is_local(node.right)
            case _:
                return False

    def item(self, node: Item, loops: Loops) -> str:
        """Write ``container[key]``."""
        writing = self._writing
        container = type_of(writing.rule, node.container)
        is_mapping = container.kind is Kind.MAPPING
        if not is_mapping and container.kind not in _INDEXED:
            raise NotWritableError
        if type_of(writing.rule, node).kind is Kind.NULL:
            return writing.bind(None)  # rule-engine found that the key is never there, and does not look
        owner = writing.value(node.container, loops)
        key = writing.value(node.key, loops) if is_mapping else self._whole(node.key, loops)
        if not node.safe:
            return f"{owner}[{key}]"
        return self._unless_null(owner, f"{{}}.get({key})" if is_mapping else f"item_or_null({{}}, {key})")

    def slice(self, node: Slice, loops: Loops) -> str:
        """Write ``container[start:stop]``."""
        writing = self._writing
        if type_of(writing.rule, node.container).kind not in _INDEXED:
            raise NotWritableError
        owner = writing.value(node.container, loops)
        start, stop = ("" if part is None else self._whole(part, loops, "limit") for part in (node.start, node.stop))
        form = f"{{}}[{start}:{stop}]"
        return self._unless_null(owner, form) if node.safe else form.format(owner)

    def _whole(self, node: Node, loops: Loops, function: str = "whole") -> str:
        """Write a place in a text or a list."""
        value = self._writing.literal(node)
        if isinstance(value, Decimal) and value.is_finite() and value == int(value):
            return self._writing.bind(int(value))
        return f"{function}({self._writing.value(node, loops)})"
