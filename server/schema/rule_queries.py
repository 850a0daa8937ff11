"""Queries about rules: what they may name, whether they are right, and whom they select."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import strawberry

from server.errors import ErrorCode, RuleError
from server.reading.contacts import contact_filter
from server.reading.pages import Listing, PageRequest, count_rows, read_page
from server.reading.relations import Filter, Order
from server.rules import Collection, Residue, Symbol, ValueType, check_rule, find_problems
from server.schema.context import Info
from server.schema.enums import RuleSymbolKind
from server.schema.errors import RulePlace
from server.schema.fields import computed
from server.schema.objects import Contact
from server.schema.payloads import at_path
from server.schema.records import selected_columns
from server.selection import DecidedRule
from server.vocabulary import load_vocabulary

_EQUALITY = ("==", "!=", "in", "??")
_TEXT = (*_EQUALITY, "<", "<=", ">", ">=", "+", "=~", "=~~", "!~", "!~~")
_OPERATORS: Mapping[ValueType, tuple[str, ...]] = {
    ValueType.TEXT: _TEXT,
    ValueType.CODE: _TEXT,
    ValueType.NUMBER: (*_EQUALITY, "<", "<=", ">", ">=", "+", "-", "*", "/", "//", "%"),
    ValueType.BOOLEAN: (*_EQUALITY, "and", "or", "not"),
    ValueType.DATE: (*_EQUALITY, "<", "<=", ">", ">=", "-"),
    ValueType.DATETIME: (*_EQUALITY, "<", "<=", ">", ">=", "-"),
}

RuleText = Annotated[str, strawberry.argument(description="The rule, at most 4,096 characters.")]


@strawberry.type(description="A name that rules may use.")
class RuleSymbol:
    """A name of the rule language."""

    name: str = strawberry.field(description="As written in a rule; inside a collection the member's name alone.")
    kind: RuleSymbolKind = strawberry.field(description="What it stands for.")
    type: ValueType | None = strawberry.field(
        description="Type of the value, or of each code of a set; null for a collection."
    )
    nullable: bool = strawberry.field(description="Whether it can be null; ordering it then needs ??.")
    description: str = strawberry.field(description="What it means.")
    example: str = strawberry.field(description="A rule that uses it; may be blank.")
    indexed: bool = strawberry.field(description="Whether a test for equality can use an index.")
    personal: bool = strawberry.field(description="Whether it is personal data.")
    values: list[str] = strawberry.field(description="The allowed values where the list is closed, else empty.")
    operators: list[str] = strawberry.field(description="The operators that can stand beside it.")
    members: list["RuleSymbol"] = strawberry.field(description="What the objects of a collection have, else empty.")

    @classmethod
    def of_value(cls, symbol: Symbol) -> "RuleSymbol":
        """Return a single value."""
        return cls(
            name=symbol.name,
            kind=RuleSymbolKind.VALUE,
            type=symbol.type,
            nullable=symbol.nullable,
            description=symbol.description,
            example=symbol.example,
            indexed=symbol.indexed,
            personal=symbol.personal,
            values=list(symbol.values),
            operators=list(_OPERATORS[symbol.type]),
            members=[],
        )

    @classmethod
    def of_many(cls, named: Any, kind: RuleSymbolKind, members: Iterable[Symbol] = ()) -> "RuleSymbol":
        """Return a set of codes or a collection."""
        is_set = kind is RuleSymbolKind.CODE_SET
        return cls(
            name=named.name,
            kind=kind,
            type=ValueType.CODE if is_set else None,
            nullable=False,
            description=named.description,
            example=named.example,
            indexed=is_set,
            personal=named.personal,
            values=[],
            operators=["in"] if is_set else ["for"],
            members=[cls.of_value(member) for member in members],
        )


@strawberry.type(description="What is wrong with a rule.")
class RuleProblem:
    """A problem of a rule."""

    code: ErrorCode = strawberry.field(description="What kind of problem it is.")
    message: str = strawberry.field(description="What is wrong and what to do about it, for a person.")
    place: RulePlace | None = strawberry.field(description="Where in the rule; null when the whole rule is meant.")
    suggestion: str | None = strawberry.field(description="What was probably meant, or what to write instead.")

    @classmethod
    def of(cls, error: RuleError) -> "RuleProblem":
        """Return the problem for the API."""
        return cls(code=error.code, message=error.message, place=RulePlace.of(error.place), suggestion=error.suggestion)


@strawberry.type(description="Whether a rule is right.")
class RuleCheck:
    """The answer of checkRule."""

    valid: bool = strawberry.field(description="Whether the rule can be used.")
    problems: list[RuleProblem] = strawberry.field(description="What is wrong; empty when it is valid.")
    symbols: list[str] = strawberry.field(
        description="The names it uses, sorted, such as country or attributes.tier; empty when it is invalid."
    )
    uses_clock: bool = strawberry.field(description="Whether its answer changes with time ($now or $today).")
    language_version: str | None = strawberry.field(description="Version of the rule language; null when invalid.")


@strawberry.type(description="A part of a rule that SQL cannot decide for every contact.")
class RuleResidue:
    """Why contacts are decided one by one."""

    place: RulePlace = strawberry.field(description="Where in the rule.")
    reason: str = strawberry.field(description="Why.")

    @classmethod
    def of(cls, residue: Residue) -> "RuleResidue":
        """Return the part for the API."""
        place = RulePlace.of(residue.place)
        assert place is not None  # noqa: S101 - a residue always has a place
        return cls(place=place, reason=residue.reason)


SampleSize = Annotated[int, strawberry.argument(description="How many, 0 to 200.")]


@strawberry.type(description="Whom a rule selects now.")
class RulePreview:
    """The answer of previewRule."""

    decided: strawberry.Private[DecidedRule]

    @computed("Number of contacts that the rule selects.")
    async def count(self, info: Info) -> int:
        """Count the contacts."""
        async with info.context.read() as connection:
            return await count_rows(connection, _by_number(contact_filter(decided=self.decided)))

    @computed("The first of the contacts that the rule selects, by number.")
    async def sample(self, info: Info, first: SampleSize = 10) -> list[Contact]:
        """Return some contacts."""
        return await _some(info, contact_filter(decided=self.decided), first)

    @computed("Number of contacts for which the rule fails; it neither adds nor removes them.")
    def undecided_count(self) -> int:
        """Return how many contacts are undecided."""
        return len(self.decided.undecided_ids)

    @computed("The first of the contacts for which the rule fails, by number.")
    async def undecided(self, info: Info, first: SampleSize = 10) -> list[Contact]:
        """Return some contacts."""
        return await _some(info, Filter(self.decided.undecided), first)

    @computed("The parts of the rule that SQL cannot decide alone; empty when it decides all.")
    def residue(self) -> list[RuleResidue]:
        """Return the parts."""
        return [RuleResidue.of(part) for part in self.decided.residue]


@strawberry.type
class RuleQueries:
    """Questions about rules."""

    @computed("Every name that rules may use, by name; custom attributes included.")
    async def rule_symbols(self, info: Info) -> list[RuleSymbol]:
        """Return the vocabulary."""
        async with info.context.read() as connection:
            vocabulary = await load_vocabulary(connection)
        collections: Iterable[Collection] = vocabulary.collections.values()
        symbols = [
            *map(RuleSymbol.of_value, vocabulary.symbols.values()),
            *(RuleSymbol.of_many(codes, RuleSymbolKind.CODE_SET) for codes in vocabulary.code_sets.values()),
            *(RuleSymbol.of_many(many, RuleSymbolKind.COLLECTION, many.members.values()) for many in collections),
        ]
        return sorted(symbols, key=lambda symbol: symbol.name)

    @computed("Whether a rule is right, and what is wrong with it; runs nothing.")
    async def check_rule(self, info: Info, rule: RuleText) -> RuleCheck:
        """Check a rule."""
        async with info.context.read() as connection:
            vocabulary = await load_vocabulary(connection)
        problems = find_problems(rule, vocabulary)
        if problems:
            return RuleCheck(
                valid=False,
                problems=[RuleProblem.of(problem) for problem in problems],
                symbols=[],
                uses_clock=False,
                language_version=None,
            )
        checked = check_rule(rule, vocabulary)
        return RuleCheck(
            valid=True,
            problems=[],
            symbols=sorted(checked.uses),
            uses_clock=checked.uses_clock,
            language_version=checked.language_version,
        )

    @computed("Whom a rule selects now; a wrong rule is an error with its place.")
    async def preview_rule(
        self,
        info: Info,
        rule: RuleText,
        allow_scan: Annotated[
            bool,
            strawberry.argument(
                description="Decide any number of contacts one by one; without it more than 20,000 are refused."
            ),
        ] = False,
    ) -> RulePreview:
        """Decide a rule."""
        with at_path("rule"):
            return RulePreview(decided=await info.context.decide(rule, allow_scan=allow_scan))


def _by_number(chosen: Filter) -> Listing:
    relation = Contact.relation
    return Listing(relation, Order(relation.orders["NO"]), chosen)


async def _some(info: Info, chosen: Filter, first: int) -> list[Contact]:
    """Return the first contacts of a filter, by number."""
    most = info.context.settings.page_size_max
    listing = _by_number(chosen)
    listing.request(first=first, last=None, after=None, before=None, default=0, most=most)
    async with info.context.read() as connection:
        page = await read_page(connection, listing, selected_columns(info, Contact), PageRequest(first))
    return [Contact.of(row) for row in page.rows]
