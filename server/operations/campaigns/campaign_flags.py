"""The campaign flags of segments, lines and interactions: they say nothing where there is no campaign."""

from collections.abc import Mapping
from typing import Any

from server.errors import InvalidInputError
from server.operations.values import api_name

CAMPAIGN_FLAGS = ("campaign_target", "campaign_response")


def forced_flags(asked: Mapping[str, Any], campaign_id: int | None) -> dict[str, bool]:
    """Return the flags that a missing campaign forces: both false, or nothing where there is a campaign.

    Args:
        asked: the caller's own input; flags that a template brings are not looked at.
        campaign_id: the campaign that the object has after the change.

    Raises: InvalidInputError when the caller sets a flag without a campaign.
    """
    if campaign_id is not None:
        return {}
    for flag in CAMPAIGN_FLAGS:
        if asked.get(flag):
            msg = f"{api_name(flag)} can be true only together with a campaign."
            raise InvalidInputError(msg, path=(api_name(flag),))
    return dict.fromkeys(CAMPAIGN_FLAGS, False)
