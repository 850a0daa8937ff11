"""The campaign flags of segments, lines and interactions: they say nothing where there is no campaign."""

from collections.abc import Mapping
from typing import Any

from server.errors import InvalidInputError
from server.operations.values import api_name

CAMPAIGN_FLAGS = ("campaign_target", "campaign_response")
NO_FLAGS: Mapping[str, bool] = dict.fromkeys(CAMPAIGN_FLAGS, False)
"""What is left of the flags where a campaign is gone."""


def require_campaign(asked: Mapping[str, Any], campaign_id: int | None) -> None:
    """Refuse a flag that the caller sets without a campaign; one that a template brings may wait for its campaign.

    Args:
        asked: the caller's own input.
        campaign_id: the campaign that the object has after the change.

    Raises: InvalidInputError.
    """
    if campaign_id is not None:
        return
    for flag in CAMPAIGN_FLAGS:
        if asked.get(flag):
            msg = f"{api_name(flag)} can be true only together with a campaign."
            raise InvalidInputError(msg, path=(api_name(flag),))


def flags_lost(before: int | None, after: int | None) -> Mapping[str, bool]:
    """Return the flags as they are once a campaign is blanked; nothing where none was there or one still is."""
    return NO_FLAGS if before is not None and after is None else {}
