"""What is counted and summed up about the interactions of a group or template."""

from decimal import Decimal
from functools import partial
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from server.reading.interaction_figures import figures_by_code
from server.schema.context import Info
from server.schema.day_ranges import FirstDay, LastDay, require_day_range
from server.schema.records import response_path

_NOTHING = Decimal(0)


@strawberry.type(description="Sums over interactions neither canceled nor postponed.")
class InteractionStatistics:
    """Sums over interactions."""

    interaction_count: int = strawberry.field(description="Number of interactions, failed attempts included.")
    interaction_cost: Decimal = strawberry.field(description="Cost of the interactions.")
    interaction_duration: Decimal = strawberry.field(description="Minutes that the interactions took.")


def statistics_field(column: ColumnElement[Any], description: str) -> Any:
    """Make a field of the sums over the interactions that have the object's code in ``column``."""

    async def statistics(
        self: Any,
        info: Info,
        on_from: FirstDay = None,
        on_to: LastDay = None,
    ) -> InteractionStatistics:
        require_day_range(on_from, on_to)
        read = partial(figures_by_code, column=column, first=on_from, last=on_to)
        row = await info.context.loader(("statistics", response_path(info), on_from, on_to), read).load(str(self.key))
        if row is None:
            return InteractionStatistics(interaction_count=0, interaction_cost=_NOTHING, interaction_duration=_NOTHING)
        return InteractionStatistics(
            interaction_count=row.interaction_count,
            interaction_cost=row.interaction_cost,
            interaction_duration=row.interaction_duration,
        )

    return strawberry.field(resolver=statistics, description=f"{description}, within some days.")
