"""Which symbol a part of a rule names, loops considered."""

from collections.abc import Mapping

from server.rules.language.engine import ATTRIBUTES
from server.rules.language.symbols import Symbol, Vocabulary
from server.rules.language.tree import Attribute, Comprehension, Name, Node


def named_symbols(tree: Node, vocabulary: Vocabulary) -> dict[int, Symbol]:
    """Return the symbol of every part that names one, by node index; members of collections included."""
    found: dict[int, Symbol] = {}
    _visit(tree, vocabulary, {}, found)
    return found


def _visit(node: Node, vocabulary: Vocabulary, loops: Mapping[str, str], found: dict[int, Symbol]) -> None:
    """Walk with the loop variables in scope (variable → collection); the outermost of one name wins."""
    symbol = _named(node, vocabulary, loops)
    if symbol is not None:
        found[node.index] = symbol
    if isinstance(node, Comprehension):
        _visit(node.iterable, vocabulary, loops, found)
        over = node.iterable.name if isinstance(node.iterable, Name) and node.iterable.name not in loops else ""
        inner = {node.variable: over, **loops}
        for part in node.children()[1:]:
            _visit(part, vocabulary, inner, found)
        return
    for part in node.children():
        _visit(part, vocabulary, loops, found)


def _named(node: Node, vocabulary: Vocabulary, loops: Mapping[str, str]) -> Symbol | None:
    match node:
        case Name(name=name) if name not in loops:
            return vocabulary.symbols.get(name)
        case Attribute(target=Name(name=variable), name=name) if variable in loops:
            collection = vocabulary.collections.get(loops[variable])
            return None if collection is None else collection.members.get(name)
        case Attribute(target=Name(name=owner), name=name) if owner == ATTRIBUTES:
            return vocabulary.symbols.get(f"{ATTRIBUTES}.{name}")
        case _:
            return None
