"""Values for the autocomplete of rules."""

from typing import Annotated

import strawberry

from server.errors import InvalidInputError
from server.reading.suggestions import PREFIX_CHARACTERS_MAX, Suggestion, suggest_values
from server.schema.context import Info
from server.schema.fields import computed
from server.vocabulary import load_vocabulary


@strawberry.type(description="A value that a symbol can be compared with.")
class RuleValueSuggestion:
    """A suggested value."""

    value: str = strawberry.field(description="The value as people write it.")
    label: str = strawberry.field(description='What it means, such as "Germany" for DE; may be blank.')
    literal: str = strawberry.field(description="How a rule writes it, with its quotes.")

    @classmethod
    def of(cls, suggestion: Suggestion) -> "RuleValueSuggestion":
        """Return the value for the API."""
        return cls(value=suggestion.value, label=suggestion.label, literal=suggestion.literal)


@strawberry.type(description="Values that a symbol can be compared with.")
class RuleValueSuggestions:
    """The answer of ruleValueSuggestions."""

    values: list[RuleValueSuggestion] = strawberry.field(description="The values, in order.")
    complete: bool = strawberry.field(
        description=(
            "Whether these are all that fit; false when there are more, or when not all contacts were looked at: "
            "values without an index come from the newest contacts, and dates from no contact."
        )
    )


@strawberry.type
class RuleSuggestionQueries:
    """Values for rules."""

    @computed("Values of a symbol that begin with a text, or whose meaning does, without regard to case.")
    async def rule_value_suggestions(
        self,
        info: Info,
        symbol: Annotated[
            str,
            strawberry.argument(
                description="Full name of the symbol: country, mailing_groups, attributes.tier, interactions.template."
            ),
        ],
        prefix: Annotated[
            str,
            strawberry.argument(
                description=f"What they begin with, at most {PREFIX_CHARACTERS_MAX} characters, each taken as it is."
            ),
        ] = "",
        first: Annotated[int, strawberry.argument(description="How many, 1 to 200.")] = 20,
    ) -> RuleValueSuggestions:
        """Return the values."""
        most = info.context.settings.page_size_max
        if not 1 <= first <= most:
            msg = f"1 to {most} values can be asked for; first was {first}."
            raise InvalidInputError(msg, path=("first",))
        async with info.context.read() as connection:
            found = await suggest_values(connection, await load_vocabulary(connection), symbol, prefix, first)
        return RuleValueSuggestions(
            values=[RuleValueSuggestion.of(suggestion) for suggestion in found.values], complete=found.complete
        )
