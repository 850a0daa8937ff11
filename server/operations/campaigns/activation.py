"""Activate a campaign: keep the group of those whom it targets, for whoever grants them prices or discounts."""

from sqlalchemy import delete, func, select

from server.errors import ErrorCode, RefusedError
from server.operations.campaigns.campaigns import hold_campaign, stamp_campaign
from server.store.campaign_targets import refresh_targets
from server.store.standing import keep_standing
from server.store.tables import campaign_target
from server.store.unit_of_work import UnitOfWork


async def activate_campaign(work: UnitOfWork, no: str, *, expected_version: int | None = None) -> int:
    """Fill the campaign's target group and keep it in step from now on; return the campaign's key.

    A campaign that is activated already gets its group afresh.

    Raises: NotFoundError; ConflictError; RefusedError(CAMPAIGN_WITHOUT_TARGETS) when nobody would be in the group.
    """
    await keep_standing(work)
    current = await hold_campaign(work, no, expected_version)
    if not current.activated:
        await stamp_campaign(work, current, {"activated": True})
    await refresh_targets(work, [current.id])
    count = select(func.count()).select_from(campaign_target).where(campaign_target.c.campaign_id == current.id)
    if not await work.connection.scalar(count):
        msg = (
            f"Campaign {current.no} targets nobody. Name it on the lines of a segment, or on interactions, and set "
            "campaignTarget there; then activate it."
        )
        raise RefusedError(ErrorCode.CAMPAIGN_WITHOUT_TARGETS, msg, path=("no",))
    return int(current.id)


async def deactivate_campaign(work: UnitOfWork, no: str, *, expected_version: int | None = None) -> int:
    """Delete the campaign's target group and keep none any more; return the campaign's key.

    Raises: NotFoundError; ConflictError.
    """
    current = await hold_campaign(work, no, expected_version)
    if current.activated:
        await stamp_campaign(work, current, {"activated": False})
        await work.connection.execute(delete(campaign_target).where(campaign_target.c.campaign_id == current.id))
    return int(current.id)
