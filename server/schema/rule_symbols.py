"""What rules may name, as data: the symbols of contacts, and the language's own operators, names and limits."""

from collections.abc import Callable, Iterable

import strawberry

from server.rules import (
    LANGUAGE_VERSION,
    RULE_LIMITS,
    CodeSet,
    Collection,
    Kind,
    Symbol,
    ValueType,
    Vocabulary,
)
from server.schema.context import Info
from server.schema.enums import RuleSymbolKind
from server.schema.fields import computed
from server.vocabulary import load_vocabulary
from server.vocabulary.language import (
    ATTRIBUTES_OF,
    DEFAULTS,
    KIND_OF,
    LANGUAGE_NAMES,
    LIST_OPERATORS,
    OPERATORS,
    LanguageName,
    Operator,
    ValueAttribute,
    operators_of,
)
from server.vocabulary.suggested import has_suggestions

Written = Callable[[str], str]
"""Turns a rule in which ``X`` stands for a value into one about contacts."""


@strawberry.type(description="What can be written after a value and a point: name.length.")
class RuleAttribute:
    """An attribute or method of a value."""

    name: str = strawberry.field(description="As written after the point.")
    kind: Kind = strawberry.field(description="What it gives.")
    is_method: bool = strawberry.field(description='Whether it is called: name.starts_with("A").')
    description: str = strawberry.field(description="What it means.")
    example: str = strawberry.field(description="A rule that uses it with this symbol.")

    @classmethod
    def of(cls, attribute: ValueAttribute, written: Written) -> "RuleAttribute":
        """Return the attribute for the API."""
        return cls(
            name=attribute.name,
            kind=attribute.kind,
            is_method=attribute.is_method,
            description=attribute.description,
            example=written(attribute.example),
        )


@strawberry.type(description="A name that rules may use.")
class RuleSymbol:
    """A name of the rule language."""

    name: str = strawberry.field(description="As written in a rule; inside a collection the member's name alone.")
    full_name: str = strawberry.field(
        description="The name that ruleValueSuggestions and checkRule use: interactions.template for a member."
    )
    kind: RuleSymbolKind = strawberry.field(description="What it stands for.")
    type: ValueType | None = strawberry.field(
        description="Type of the value, or of each code of a set; null for a collection."
    )
    nullable: bool = strawberry.field(description="Whether it can be null; ordering it then needs ??.")
    default: str | None = strawberry.field(
        description='What usually stands after ?? for null: (country ?? "") < "M"; null where it is never null.'
    )
    description: str = strawberry.field(description="What it means.")
    example: str = strawberry.field(description="A rule that uses it.")
    indexed: bool = strawberry.field(description="Whether a test for equality can use an index.")
    personal: bool = strawberry.field(description="Whether it is personal data.")
    values: list[str] = strawberry.field(description="The allowed values where the list is closed, else empty.")
    operators: list[str] = strawberry.field(
        description="The operators that can stand right beside it; and, or, not and ? : can stand beside everything."
    )
    operators_with_default: list[str] = strawberry.field(
        description="The operators that can stand beside it once ?? says what counts for null: (country ?? default)."
    )
    attributes: list[RuleAttribute] = strawberry.field(
        description="What can be written after it and a point; where it can be null, after &. instead."
    )
    has_suggestions: bool = strawberry.field(description="Whether ruleValueSuggestions knows values of it.")
    members: list["RuleSymbol"] = strawberry.field(description="What the objects of a collection have, else empty.")

    @classmethod
    def of_value(cls, symbol: Symbol, collection: Collection | None = None) -> "RuleSymbol":
        """Return a single value, of the contact or of a collection's member."""
        full_name = symbol.name if collection is None else f"{collection.name}.{symbol.name}"
        with_default = operators_of(symbol.type, nullable=False)
        return cls(
            name=symbol.name,
            full_name=full_name,
            kind=RuleSymbolKind.VALUE,
            type=symbol.type,
            nullable=symbol.nullable,
            default=DEFAULTS[symbol.type] if symbol.nullable else None,
            description=symbol.description,
            example=symbol.example,
            indexed=symbol.indexed,
            personal=symbol.personal,
            values=list(symbol.values),
            operators=list(operators_of(symbol.type, nullable=symbol.nullable)),
            operators_with_default=list(with_default),
            attributes=_attributes(KIND_OF[symbol.type], _written_with(symbol, collection)),
            has_suggestions=has_suggestions(full_name, symbol),
            members=[],
        )

    @classmethod
    def of_codes(cls, codes: CodeSet) -> "RuleSymbol":
        """Return a set of codes."""
        return cls._of_many(codes, RuleSymbolKind.CODE_SET, [], _attributes(Kind.LIST, _named(codes.name)))

    @classmethod
    def of_collection(cls, collection: Collection) -> "RuleSymbol":
        """Return a collection with its members."""
        members = [cls.of_value(member, collection) for member in collection.members.values()]
        attributes = [
            attribute
            for attribute in _attributes(Kind.LIST, _named(collection.name))
            if not attribute.is_method
            and attribute.kind is not Kind.SET  # objects have no literal and no place in a set
        ]
        return cls._of_many(collection, RuleSymbolKind.COLLECTION, members, attributes)

    @classmethod
    def _of_many(
        cls,
        named: CodeSet | Collection,
        kind: RuleSymbolKind,
        members: list["RuleSymbol"],
        attributes: list[RuleAttribute],
    ) -> "RuleSymbol":
        is_set = kind is RuleSymbolKind.CODE_SET
        return cls(
            name=named.name,
            full_name=named.name,
            kind=kind,
            type=ValueType.CODE if is_set else None,
            nullable=False,
            default=None,
            description=named.description,
            example=named.example,
            indexed=is_set,
            personal=named.personal,
            values=[],
            operators=list(LIST_OPERATORS),
            operators_with_default=list(LIST_OPERATORS),
            attributes=attributes,
            has_suggestions=is_set,
            members=members,
        )


def _attributes(kind: Kind, written: Written) -> list[RuleAttribute]:
    return [RuleAttribute.of(attribute, written) for attribute in ATTRIBUTES_OF[kind]]


def _named(name: str) -> Written:
    return lambda rule: rule.replace("X", name)


def _written_with(symbol: Symbol, collection: Collection | None) -> Written:
    """Return how a rule about one value is written for a symbol that may be null or a member's."""
    name = symbol.name if collection is None else f"i.{symbol.name}"
    value = f"({name} ?? {DEFAULTS[symbol.type]})" if symbol.nullable else name
    if collection is None:
        return _named(value)
    return lambda rule: f"$any([{rule.replace('X', value)} for i in {collection.name}])"


@strawberry.type(description="An operator of the rule language.")
class RuleOperator:
    """A sign or word between values."""

    name: str = strawberry.field(description="As written.")
    precedence: int = strawberry.field(
        description="The higher, the tighter it binds; those of 6 and 7 cannot follow one another without parentheses."
    )
    description: str = strawberry.field(description="What it means.")
    example: str = strawberry.field(description="A rule that uses it.")

    @classmethod
    def of(cls, operator: Operator) -> "RuleOperator":
        """Return the operator for the API."""
        return cls(
            name=operator.name,
            precedence=operator.precedence,
            description=operator.description,
            example=operator.example,
        )


@strawberry.type(description="A value or function of the rule language itself.")
class RuleFunction:
    """A name that begins with $."""

    name: str = strawberry.field(description="As written, with its $.")
    kind: Kind = strawberry.field(description="What it is, or what it returns.")
    is_function: bool = strawberry.field(description="Whether it is called with one argument in parentheses.")
    description: str = strawberry.field(description="What it means.")
    example: str = strawberry.field(description="A rule that uses it.")

    @classmethod
    def of(cls, name: LanguageName) -> "RuleFunction":
        """Return the name for the API."""
        return cls(
            name=name.name,
            kind=name.kind,
            is_function=name.is_function,
            description=name.description,
            example=name.example,
        )


@strawberry.type(description="How large a rule can be; beyond that it is RULE_TOO_LARGE.")
class RuleLimits:
    """The limits of the language."""

    characters: int = strawberry.field(description="Characters of the text.")
    parts: int = strawberry.field(description="Values, names and operators together; items of a list do not count.")
    depth: int = strawberry.field(description="Levels of nesting.")
    list_items: int = strawberry.field(description="Items of a list.")
    text_characters: int = strawberry.field(description="Characters of one text in quotes.")
    pattern_characters: int = strawberry.field(description="Characters of a regular expression.")
    number_digits: int = strawberry.field(description="Digits of a number.")
    number_exponent: int = strawberry.field(description="Greatest exponent of a number.")
    nested_loops: int = strawberry.field(description="Loops inside one another.")
    loop_steps: int = strawberry.field(
        description="Rounds of all loops together for one contact; beyond that the contact is undecided."
    )
    contacts_one_by_one: int = strawberry.field(
        description="Contacts that are decided one by one without allowScan, where SQL cannot decide them."
    )


@strawberry.type(description="The rule language itself.")
class RuleLanguage:
    """What belongs to the language and not to the data."""

    version: str = strawberry.field(description="Version of the language that new rules are stored with.")
    operators: list[RuleOperator] = strawberry.field(description="Every operator, the loosest first.")
    functions: list[RuleFunction] = strawberry.field(description="Every name that begins with $.")
    limits: RuleLimits = strawberry.field(description="How large a rule can be.")


@strawberry.type
class RuleSymbolQueries:
    """What rules may name."""

    @computed("Every name that rules may use, by name; custom attributes included.")
    async def rule_symbols(self, info: Info) -> list[RuleSymbol]:
        """Return the vocabulary."""
        async with info.context.read() as connection:
            vocabulary = await load_vocabulary(connection)
        return sorted(_symbols(vocabulary), key=lambda symbol: symbol.name)

    @computed("The language of rules: its operators, functions and limits.")
    def rule_language(self, info: Info) -> RuleLanguage:
        """Return the language."""
        return RuleLanguage(
            version=LANGUAGE_VERSION,
            operators=[RuleOperator.of(operator) for operator in OPERATORS],
            functions=[RuleFunction.of(name) for name in LANGUAGE_NAMES],
            limits=RuleLimits(**RULE_LIMITS, contacts_one_by_one=info.context.settings.residual_rows),
        )


def _symbols(vocabulary: Vocabulary) -> Iterable[RuleSymbol]:
    yield from map(RuleSymbol.of_value, vocabulary.symbols.values())
    yield from map(RuleSymbol.of_codes, vocabulary.code_sets.values())
    yield from map(RuleSymbol.of_collection, vocabulary.collections.values())
