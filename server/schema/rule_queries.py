"""Queries about rules: whether they are right, what they cost, and whom they select."""

from typing import Annotated

import strawberry

from server.errors import RuleError
from server.reading.contacts import contact_filter
from server.reading.pages import Listing, PageRequest, count_rows, read_page
from server.reading.relations import Filter, Order
from server.rules import FilledRule, Residue, RuleCost, formatted_rule, rule_sentence
from server.schema.context import Info
from server.schema.error_codes import ErrorCode
from server.schema.errors import RulePlace
from server.schema.fields import computed
from server.schema.objects import Contact
from server.schema.records import selected_columns
from server.schema.rule_arguments import RuleParameters, RuleText, decided_rule, fill_rule, filled_rule
from server.selection import DecidedRule, JudgedRule, judge_rule


@strawberry.type(description="What is wrong with a rule.")
class RuleProblem:
    """A problem of a rule."""

    code: ErrorCode = strawberry.field(description="What kind of problem it is.")
    message: str = strawberry.field(description="What is wrong and what to do about it, for a person.")
    place: RulePlace | None = strawberry.field(description="Where in the rule; null when the whole rule is meant.")
    suggestion: str | None = strawberry.field(description="What was probably meant, or what to write instead.")
    correction: str | None = strawberry.field(
        description="The whole rule with the suggestion in its place; null where it cannot simply be put there."
    )

    @classmethod
    def of(cls, error: RuleError) -> "RuleProblem":
        """Return the problem for the API."""
        return cls(
            code=error.code,
            message=error.message,
            place=RulePlace.of(error.place),
            suggestion=error.suggestion,
            correction=error.correction,
        )


@strawberry.type(description="A part of a rule that SQL cannot decide for every contact.")
class RuleResidue:
    """Why contacts are decided one by one."""

    place: RulePlace = strawberry.field(description="Where in the rule.")
    reason: str = strawberry.field(description="Why.")

    @classmethod
    def of(cls, residue: Residue, rule: FilledRule) -> "RuleResidue":
        """Return the part for the API, with its place in what was typed."""
        place = RulePlace.of(rule.typed_place(residue.place))
        assert place is not None  # noqa: S101 - a residue always has a place
        return cls(place=place, reason=residue.reason)


@strawberry.type(description="Whether a rule is right, and what it takes to ask it.")
class RuleCheck:
    """The answer of checkRule."""

    valid: bool = strawberry.field(description="Whether the rule can be used.")
    problems: list[RuleProblem] = strawberry.field(description="What is wrong; empty when it is valid.")
    symbols: list[str] = strawberry.field(
        description="The names it uses, sorted, such as country or attributes.tier; empty when it is invalid."
    )
    uses_clock: bool = strawberry.field(description="Whether its answer changes with time ($now or $today).")
    language_version: str | None = strawberry.field(description="Version of the rule language; null when invalid.")
    sentence: str | None = strawberry.field(description="The rule in English; null when invalid.")
    cost: RuleCost | None = strawberry.field(
        description="How its contacts are found when all are asked; null when invalid."
    )
    residue: list[RuleResidue] = strawberry.field(
        description="The parts that SQL cannot decide alone, and why; empty when it decides all, and when invalid."
    )

    checked: strawberry.Private[FilledRule]

    @computed(
        "The rule in its canonical form, its parameters as typed: double quotes, no needless parentheses, one line or "
        "one for each part of its outermost and/or. Null when invalid, when it would be longer than a rule may be, and "
        "when a regular expression is a parameter."
    )
    def formatted(self) -> str | None:
        """Return the canonical text."""
        return formatted_rule(self.checked.typed) if self.valid else None

    @classmethod
    def of(cls, judged: JudgedRule, checked: FilledRule) -> "RuleCheck":
        """Return the answer for the API."""
        rule = judged.rule
        return cls(
            valid=rule is not None,
            problems=[RuleProblem.of(problem) for problem in judged.problems],
            symbols=[] if rule is None else sorted(rule.uses),
            uses_clock=rule is not None and rule.uses_clock,
            language_version=None if rule is None else rule.language_version,
            sentence=None if rule is None else rule_sentence(rule),
            cost=judged.cost,
            residue=[RuleResidue.of(part, checked) for part in judged.residue],
            checked=checked,
        )


SampleSize = Annotated[int, strawberry.argument(description="How many, 0 to 200.")]


@strawberry.type(description="Whom a rule selects now.")
class RulePreview:
    """The answer of previewRule."""

    decided: strawberry.Private[DecidedRule]
    rule: strawberry.Private[FilledRule]

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
        return [RuleResidue.of(part, self.rule) for part in self.decided.residue]


@strawberry.type
class RuleQueries:
    """Questions about rules."""

    @computed("Whether a rule is right, and what is wrong with it; runs nothing.")
    async def check_rule(self, info: Info, rule: RuleText, parameters: RuleParameters = None) -> RuleCheck:
        """Check a rule."""
        filled = fill_rule(rule, parameters)
        if filled.problems:
            return RuleCheck.of(JudgedRule(filled.problems), filled)
        async with info.context.read() as connection:
            return RuleCheck.of(await judge_rule(connection, filled, info.context.moment), filled)

    @computed("Whom a rule selects now; a wrong rule is an error with its place.")
    async def preview_rule(
        self,
        info: Info,
        rule: RuleText,
        parameters: RuleParameters = None,
        allow_scan: Annotated[
            bool,
            strawberry.argument(
                description="Decide any number of contacts one by one; without it more than 20,000 are refused."
            ),
        ] = False,
    ) -> RulePreview:
        """Decide a rule."""
        filled = filled_rule(rule, parameters)
        return RulePreview(decided=await decided_rule(info, filled, allow_scan=allow_scan), rule=filled)


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
