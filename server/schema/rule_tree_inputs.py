"""A rule as a tree, for clients that build rules: the input that mirrors the plain data of ``server.rules``."""

from enum import StrEnum
from typing import Any

import strawberry

from server.schema.enums import RuleArithmetic, RuleComparison
from server.schema.inputs import optional

SAFE = "Null instead of an error where the value is null; &. and &[ in the text."


@strawberry.input(description="left operator right: a comparison.")
class RuleComparisonInput:
    """A comparison."""

    left: "RuleTreeInput" = strawberry.field(description="The left side.")
    operator: RuleComparison = strawberry.field(description="How the sides are compared.")
    right: "RuleTreeInput" = strawberry.field(description="The right side.")


@strawberry.input(description="left operator right: a calculation.")
class RuleArithmeticInput:
    """A calculation."""

    left: "RuleTreeInput" = strawberry.field(description="The left side.")
    operator: RuleArithmetic = strawberry.field(description="What is calculated.")
    right: "RuleTreeInput" = strawberry.field(description="The right side.")


@strawberry.input(description="member in container: whether a list or set has a member, or a text another text in it.")
class RuleContainsInput:
    """A test of membership."""

    member: "RuleTreeInput" = strawberry.field(description="What is looked for.")
    container: "RuleTreeInput" = strawberry.field(description="Where it is looked for.")


@strawberry.input(description="subject =~ pattern: whether a regular expression (RE2) fits a text.")
class RuleMatchInput:
    """A test by a regular expression."""

    subject: "RuleTreeInput" = strawberry.field(description="The text that is tested.")
    pattern: str = strawberry.field(description="The regular expression, at most 256 characters.")
    anywhere: bool = strawberry.field(
        default=False, description="Fit anywhere in the text (=~~); else it begins at the start of the text (=~)."
    )
    negated: bool = strawberry.field(default=False, description="Whether it must not fit (!~, !~~).")


@strawberry.input(description="value ?? default: the default where the value is null.")
class RuleCoalesceInput:
    """A value with a default."""

    value: "RuleTreeInput" = strawberry.field(description="The value.")
    default: "RuleTreeInput" = strawberry.field(description="What counts where it is null.")


@strawberry.input(description="condition ? then : else.")
class RuleIfInput:
    """A choice."""

    condition: "RuleTreeInput" = strawberry.field(description="What decides.")
    then: "RuleTreeInput" = strawberry.field(description="What counts where the condition is true.")
    else_: "RuleTreeInput" = strawberry.field(name="else", description="What counts where it is not.")


@strawberry.input(description="[result for variable in over if condition]: a list made of a collection.")
class RuleLoopInput:
    """A loop."""

    variable: str = strawberry.field(description="Name that stands for one member after the other.")
    over: "RuleTreeInput" = strawberry.field(description="The collection or set of codes.")
    result: "RuleTreeInput" = strawberry.field(description="What the list has for a member.")
    condition: "RuleTreeInput | None" = optional("Which members count. Default: all.")


@strawberry.input(description="of.name: what a value has.")
class RuleAttributeInput:
    """An attribute."""

    of: "RuleTreeInput" = strawberry.field(description="The value, such as a loop's variable.")
    name: str = strawberry.field(description="What it has: cost of an interaction, length of a text, days of a period.")
    safe: bool = strawberry.field(default=False, description=SAFE)


@strawberry.input(description="of[key]: one part of a list, text or mapping.")
class RuleItemInput:
    """A part of something."""

    of: "RuleTreeInput" = strawberry.field(description="The whole.")
    key: "RuleTreeInput" = strawberry.field(description="Which part; the first of a list or text is 0.")
    safe: bool = strawberry.field(default=False, description=SAFE)


@strawberry.input(description="of[start:stop]: some parts of a list or text.")
class RuleSliceInput:
    """Some parts of something."""

    of: "RuleTreeInput" = strawberry.field(description="The whole.")
    start: "RuleTreeInput | None" = optional("The first part, from 0. Default: the first.")
    stop: "RuleTreeInput | None" = optional("The part before which to stop. Default: none.")
    safe: bool = strawberry.field(default=False, description=SAFE)


@strawberry.input(description="function(arguments).")
class RuleCallInput:
    """A call."""

    function: "RuleTreeInput" = strawberry.field(
        description='A function: {builtin: "any"}, or an attribute such as starts_with.'
    )
    arguments: list["RuleTreeInput"] = strawberry.field(description="What it takes.")


@strawberry.input(description="key: value of a mapping.")
class RulePairInput:
    """A pair of a mapping."""

    key: "RuleTreeInput" = strawberry.field(description="The key.")
    value: "RuleTreeInput" = strawberry.field(description="Its value.")


@strawberry.input(
    one_of=True,
    description=(
        "A rule, or a part of one: exactly one of these. A group of one member is written as that member, and a group "
        "inside a group of its own kind as one group. Nested at most 40 levels deep."
    ),
)
class RuleTreeInput:
    """A part of a rule."""

    all_: "list[RuleTreeInput] | None" = optional("and: every member is true; at least one member.", name="all")
    any_: "list[RuleTreeInput] | None" = optional("or: some member is true; at least one member.", name="any")
    not_: "RuleTreeInput | None" = optional("not: this is not true.", name="not")
    compare: RuleComparisonInput | None = optional("A comparison of two values.")
    in_: RuleContainsInput | None = optional("Whether something is in a list, set or text.", name="in")
    match_: RuleMatchInput | None = optional("Whether a regular expression fits.", name="match")
    coalesce: RuleCoalesceInput | None = optional("A value that may be null, with a default.")
    if_: RuleIfInput | None = optional("One of two values, as a condition decides.", name="if")
    symbol: str | None = optional(
        "A name: of ruleSymbols, such as country or attributes.tier, or of a loop's variable."
    )
    text: str | None = optional("A text or code, at most 1,024 characters.")
    number: str | None = optional('A number as in the text of a rule: "12", "-1.50", "2e6"; at most 30 digits.')
    boolean: bool | None = optional("True or false.")
    null: bool | None = optional("Null, said by true; false is refused.")
    date: str | None = optional(
        'A day or time as in the text of a rule: "2026-01-31", "2026-01-31T12:30:00", "2026-01-31T12:30:00+02:00"; '
        "one without an offset is in the zone in which the rule is evaluated."
    )
    period: str | None = optional('A period of weeks, days, hours, minutes and seconds: "P30D", "PT12H".')
    builtin: str | None = optional('A name of the language itself, without its $: "now", "today", "any".')
    parameter: str | None = optional("A name whose value is given when the rule is used; $name in the text.")
    attribute: RuleAttributeInput | None = optional("What a value has.")
    call: RuleCallInput | None = optional("A call of a function.")
    loop: RuleLoopInput | None = optional("A list made of a collection.")
    arithmetic: RuleArithmeticInput | None = optional("A calculation.")
    minus: "RuleTreeInput | None" = optional("The negative of a value.")
    list_: "list[RuleTreeInput] | None" = optional("A list, at most 1,000 items.", name="list")
    set_: "list[RuleTreeInput] | None" = optional("A set, 1 to 1,000 items.", name="set")
    mapping: list[RulePairInput] | None = optional("Keys with a value for each.")
    item: RuleItemInput | None = optional("One part of a list, text or mapping.")
    slice_: RuleSliceInput | None = optional("Some parts of a list or text.", name="slice")


def plain_input(value: Any) -> Any:
    """Return what an input holds as plain data, by the names of the API; what was left out or null is absent."""
    if isinstance(value, list):
        return [plain_input(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if not strawberry.types.has_object_definition(value):
        return value
    fields = value.__strawberry_definition__.fields
    held = {field.graphql_name or field.python_name: getattr(value, field.python_name) for field in fields}
    return {name: plain_input(part) for name, part in held.items() if part is not None and part is not strawberry.UNSET}
