"""How many contacts stand on a segment, and how many of them can be reached."""

from typing import Any

import strawberry

from server.reading.segment_counts import counts_of_each
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.records import response_path


@strawberry.type(
    description="Numbers of different contacts on the lines of a segment, counted on the data of this moment."
)
class SegmentCounts:
    """The counts of a segment."""

    members: int = strawberry.field(description="Contacts on the lines; a contact on two lines counts once.")
    reachable_by_email: int = strawberry.field(
        description="Members who have an e-mail address and are not blocked for privacy."
    )
    reachable_by_post: int = strawberry.field(
        description=(
            "Members who have a street address and a city, or a line with an alternative address, and are not blocked "
            "for privacy."
        )
    )
    excluded: int = strawberry.field(
        description="Members who are excluded from segments now: put on one by one, with ignoreExclusion, or before."
    )
    privacy_blocked: int = strawberry.field(
        description="Members who are blocked for privacy now; neither reachableByEmail nor reachableByPost has them."
    )
    undecided: int | None = strawberry.field(
        description=(
            "Contacts for whom the rule of the last ADD, REDUCE or REFINE failed, which neither added nor removed "
            "them; null when no such action stands."
        )
    )


@strawberry.type
class Counted:
    """An object with counts."""

    @computed("How many contacts stand on it, and how many of them can be reached; counted, not kept.")
    async def counts(self, info: Info) -> SegmentCounts:
        """Return the counts."""
        key: Any = getattr(self, "key")  # noqa: B009 - the key is the record's, which this class knows nothing of
        row = await info.context.loader(("counts", response_path(info)), counts_of_each).load(int(key))
        return SegmentCounts(
            members=row.members,
            reachable_by_email=row.reachable_by_email,
            reachable_by_post=row.reachable_by_post,
            excluded=row.excluded,
            privacy_blocked=row.privacy_blocked,
            undecided=row.undecided,
        )
