"""Queries of single interactions, of interaction groups and of interaction templates by code."""

from typing import Annotated

import strawberry

from server.reading.pages import Listing
from server.reading.relations import Order
from server.reading.texts import is_storable
from server.schema.codes import InteractionGroup
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.objects import Interaction, InteractionTemplate
from server.schema.pagination import Connection, paged
from server.schema.records import load

Code = Annotated[str, strawberry.argument(description="Code, at most 20 characters; case does not matter.")]


@strawberry.type
class InteractionQueries:
    """Looking up what belongs to interactions."""

    @computed("The interaction of this entry number; null when there is none.")
    async def interaction(
        self, info: Info, entry_no: Annotated[int, strawberry.argument(description="Entry number.")]
    ) -> Interaction | None:
        """Return an interaction."""
        return await load(info, Interaction, entry_no)

    @computed("The interaction template of this code; null when there is none.")
    async def interaction_template(self, info: Info, code: Code) -> InteractionTemplate | None:
        """Return an interaction template."""
        return await load(info, InteractionTemplate, code.strip().upper()) if is_storable(code) else None

    @computed("The interaction group of this code; null when there is none.")
    async def interaction_group(self, info: Info, code: Code) -> InteractionGroup | None:
        """Return an interaction group."""
        return await load(info, InteractionGroup, code.strip().upper()) if is_storable(code) else None

    @paged("Interaction groups by code.")
    async def interaction_groups(self) -> Connection[InteractionGroup]:
        """Return the interaction groups."""
        relation = InteractionGroup.relation
        return Connection.of(InteractionGroup, Listing(relation, Order(relation.orders["CODE"])))
