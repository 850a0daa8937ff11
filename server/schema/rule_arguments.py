"""What every argument takes that is a rule: its text, and values for the parameters in it.

Usage::

    rule = filled_rule(input.rule, input.parameters)
    decided = await decided_rule(info, rule, allow_scan=input.allow_scan, for_change=True)
    async with info.context.write("reduceSegment") as work:
        with at_rule():
            result = await reduce_segment(work, input.segment_no, decided)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry
from sqlalchemy import ColumnElement

from server.errors import ErrorCode, RuleError
from server.rules import FilledRule, LiteralValue, Parameter, fill_parameters, read_period
from server.schema.context import Info
from server.schema.inputs import optional
from server.schema.payloads import at_path
from server.selection import DecidedRule

RULE = "The rule, at most 4,096 characters with the values of its parameters written in."
PARAMETERS = (
    "Values for the parameters of the rule: where it says $name, the value of that name stands. Every $name that is "
    "not of the language itself needs a value, and every value is used."
)


@strawberry.input(one_of=True, description="The value of a parameter: exactly one of these.")
class RuleParameterValue:
    """A value of one kind."""

    text: str | None = optional("A text or code; whatever it holds, it stays one text.")
    number: Decimal | None = optional("A number.")
    boolean: bool | None = optional("True or false.")
    day: date | None = optional("A day; to the rule it is the instant at which the day begins.", name="date")
    instant: datetime | None = optional("An instant.")
    period: str | None = optional("A period of weeks, days, hours, minutes and seconds, such as P30D or PT12H.")
    texts: list[str] | None = optional("A list of texts or codes, at most 1,000 and as many as the rule has room for.")
    numbers: list[Decimal] | None = optional("A list of numbers, at most 1,000 and as many as the rule has room for.")
    dates: list[date] | None = optional("A list of days, as many as the rule has room for.")
    null: bool | None = optional("Null, said by true; false is refused.")

    def literal_value(self) -> LiteralValue:
        """Return the value; raises RuleError RULE_PARAMETER with the path below this input."""
        match self:
            case RuleParameterValue(null=bool() as null):
                if not null:
                    raise RuleError(ErrorCode.RULE_PARAMETER, "Null is said by true.", path=("null",))
                return None
            case RuleParameterValue(period=str() as period):
                with at_path("period"):
                    return read_period(period)
            case _:
                given = (self.text, self.number, self.boolean, self.day, self.instant)
                many = (self.texts, self.numbers, self.dates)
                return next(one for one in (*given, *many) if one is not None and one is not strawberry.UNSET)


@strawberry.input(description="A value for $name in a rule, so that no client writes values into the text of a rule.")
class RuleParameter:
    """A named value."""

    name: str = strawberry.field(
        description="The name without its $: a letter, then letters, digits and _. Not a name of the language itself."
    )
    value: RuleParameterValue = strawberry.field(description="What stands for it.")


RuleText = Annotated[str, strawberry.argument(description=RULE)]
RuleParameters = Annotated[list[RuleParameter] | None, strawberry.argument(description=PARAMETERS)]


def fill_rule(rule: str, parameters: list[RuleParameter] | None) -> FilledRule:
    """Return the rule with its parameters in place; what is wrong with them is among its ``problems``."""
    given: list[Parameter] = []
    problems: list[RuleError] = []
    for place, parameter in enumerate(parameters or ()):
        try:
            given.append(Parameter(parameter.name, parameter.value.literal_value()))
        except RuleError as error:
            error.path = ("parameters", place, "value", *error.path)
            problems.append(error)
    return FilledRule(rule, rule, tuple(problems)) if problems else fill_parameters(rule, given)


def filled_rule(rule: str, parameters: list[RuleParameter] | None) -> FilledRule:
    """Return the rule with its parameters in place.

    Raises: RuleError, the first of what is wrong with the parameters; its path is ``parameters…`` or ``rule``.
    """
    filled = fill_rule(rule, parameters)
    if filled.problems:
        problem = filled.problems[0]
        problem.path = problem.path or ("rule",)
        raise problem
    return filled


async def decided_rule(
    info: Info,
    rule: FilledRule,
    *,
    allow_scan: bool,
    among: ColumnElement[bool] | None = None,
    for_change: bool = False,
) -> DecidedRule:
    """Return the rule decided as ``Context.decide`` does; errors have the path ``rule``."""
    with at_path("rule"):
        return await info.context.decide(rule, allow_scan=allow_scan, among=among, for_change=for_change)


@contextmanager
def at_rule() -> Iterator[None]:
    """Give the rule's errors that are raised inside the block, and name no argument, the path ``rule``."""
    try:
        yield
    except RuleError as error:
        error.path = error.path or ("rule",)
        raise
