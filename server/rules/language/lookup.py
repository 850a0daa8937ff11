"""Finds what a full name such as ``country``, ``attributes.tier`` or ``interactions.template`` stands for."""

from server.errors import ErrorCode, RuleError
from server.rules.language.objections import closest
from server.rules.language.symbols import CodeSet, Collection, Symbol, Vocabulary

_NAME_CHARACTERS_MAX = 100
"""Longer ones are not compared with the names there are."""


def find_named(name: str, vocabulary: Vocabulary) -> Symbol | CodeSet | Collection:
    """Return what the vocabulary has under a full name; a collection's member stands under its collection's name.

    Raises: RuleError(RULE_UNKNOWN_SYMBOL) with the name that was probably meant; it names nothing longer than a name.
    """
    owner, _, member = name.partition(".")
    collection = vocabulary.collections.get(owner)
    if collection is not None and member in collection.members:
        return collection.members[member]
    found = vocabulary.symbols.get(name) or vocabulary.code_sets.get(name) or vocabulary.collections.get(name)
    if found is None:
        members = [f"{many.name}.{member}" for many in vocabulary.collections.values() for member in many.members]
        names = [*vocabulary.symbols, *vocabulary.code_sets, *vocabulary.collections, *members]
        suggestion = closest(name, names) if len(name) <= _NAME_CHARACTERS_MAX else None
        meant = "" if suggestion is None else f"; {suggestion} was probably meant"
        message = f"There is no symbol of this name{meant}."
        raise RuleError(ErrorCode.RULE_UNKNOWN_SYMBOL, message, suggestion=suggestion, path=("symbol",))
    return found
