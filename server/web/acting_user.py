"""Who a request says is acting.

A claim, not a proof: whoever reaches the server may name anybody. It decides defaults (whose salesperson new objects
get) and what the change log says, and no right.
"""

from cross_web import HTTPException
from starlette.requests import Request

from server.settings import user_name

USER_HEADER = "tessera-user"


def acting_user(request: Request) -> str | None:
    """Return the name in the header ``Tessera-User``; None where there is none or it is blank.

    Raises: HTTPException 400 for several headers or what can be no name.
    """
    claims = [claim for claim in request.headers.getlist(USER_HEADER) if claim.strip()]
    if not claims:
        return None
    if len(claims) > 1:
        raise HTTPException(400, "Send one header Tessera-User.")
    try:
        return user_name(claims[0])
    except ValueError as error:
        raise HTTPException(400, f"Tessera-User: {error}.") from error
