"""What is counted and summed up about campaigns and their entries."""

from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import strawberry

from server.reading.campaigns import entry_statistics_of_each, statistics_of_each
from server.schema.context import Info
from server.schema.day_ranges import FirstDay, LastDay, require_day_range
from server.schema.fields import computed
from server.schema.records import response_path

_ZERO = Decimal(0)
_ONE_PLACE = Decimal("0.1")
_TWO_PLACES = Decimal("0.01")


@strawberry.type(description="What a campaign achieved, by its interactions neither canceled nor postponed.")
class CampaignStatistics:
    """Sums over the interactions of a campaign, and what follows from them."""

    contacted: int = strawberry.field(description="Number of interactions that reached a target; not of contacts.")
    responded: int = strawberry.field(description="Number of interactions that are responses; not of contacts.")
    cost: Decimal = strawberry.field(description="Cost of the interactions.")
    duration: Decimal = strawberry.field(description="Minutes that the interactions took.")

    @computed(
        "Responses per hundred of contacted, with one place after the point, half rounded up; 0 where contacted is 0."
    )
    def response_rate(self) -> Decimal:
        """Return the percentage."""
        return _quotient(Decimal(100 * self.responded), self.contacted, _ONE_PLACE)

    @computed("Cost for each response, with two places after the point, half rounded up; 0 without responses.")
    def average_cost_per_response(self) -> Decimal:
        """Return the amount."""
        return _quotient(self.cost, self.responded, _TWO_PLACES)

    @computed("Minutes for each response, with two places after the point, half rounded up; 0 without responses.")
    def average_duration_per_response(self) -> Decimal:
        """Return the minutes."""
        return _quotient(self.duration, self.responded, _TWO_PLACES)


@strawberry.type(
    description="Sums over those interactions of a campaign entry that are as canceled as the entry itself."
)
class CampaignEntryStatistics:
    """Sums over interactions."""

    interaction_count: int = strawberry.field(description="Number of the interactions.")
    cost: Decimal = strawberry.field(description="Cost of the interactions.")
    duration: Decimal = strawberry.field(description="Minutes that the interactions took.")


@strawberry.type
class CampaignFigures:
    """Sums of a campaign."""

    @computed("What it achieved, within some days.")
    async def statistics(
        self,
        info: Info,
        on_from: FirstDay = None,
        on_to: LastDay = None,
    ) -> CampaignStatistics:
        """Return the sums over its interactions."""
        require_day_range(on_from, on_to)
        read = partial(statistics_of_each, first=on_from, last=on_to)
        row = await info.context.loader(("statistics", response_path(info)), read).load(_key(self))
        if row is None:
            return CampaignStatistics(contacted=0, responded=0, cost=_ZERO, duration=_ZERO)
        return CampaignStatistics(
            contacted=row.contacted, responded=row.responded, cost=row.cost, duration=row.duration
        )


@strawberry.type
class CampaignEntryFigures:
    """Sums of a campaign entry."""

    @computed("What it counts.")
    async def statistics(self, info: Info) -> CampaignEntryStatistics:
        """Return the sums over its interactions."""
        read = entry_statistics_of_each
        row = await info.context.loader(("statistics", response_path(info)), read).load(_key(self))
        if row is None:
            return CampaignEntryStatistics(interaction_count=0, cost=_ZERO, duration=_ZERO)
        return CampaignEntryStatistics(interaction_count=row.interaction_count, cost=row.cost, duration=row.duration)


def _key(figures: Any) -> int:
    """Return the key of the object whose figures these are."""
    return int(figures.key)


def _quotient(total: Decimal, count: int, places: Decimal) -> Decimal:
    """Return the quotient rounded half away from zero; 0 when divided by nothing."""
    return (total / count).quantize(places, ROUND_HALF_UP) if count else _ZERO
