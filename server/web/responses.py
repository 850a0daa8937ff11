"""Answers of the HTTP layer in the shape that GraphQL clients already read."""

import logging
import secrets
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.errors import ErrorCode

logger = logging.getLogger(__name__)


def error_response(
    status: int,
    code: ErrorCode,
    message: str,
    *,
    extensions: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a GraphQL-shaped error without ``data``: nothing was executed."""
    error = {"message": message, "extensions": {"code": code.value, **(extensions or {})}}
    return JSONResponse({"errors": [error]}, status_code=status, headers=headers)


async def answer_refusal(_request: Request, refusal: Exception) -> Response:
    """Answer what the routing refuses: an unknown address, a method that the address does not take."""
    if not isinstance(refusal, HTTPException):
        raise refusal
    code = ErrorCode.NOT_FOUND if refusal.status_code == 404 else ErrorCode.BAD_REQUEST
    message = (
        "There is nothing at this address; GraphQL is at /graphql." if code is ErrorCode.NOT_FOUND else refusal.detail
    )
    return error_response(refusal.status_code, code, message, headers=refusal.headers)


async def answer_defect(_request: Request, defect: Exception) -> Response:
    """Answer a defect of the server without a word about its cause, which stays in the log under the same id."""
    error_id = secrets.token_hex(8)
    logger.error("error %s outside of GraphQL: %r", error_id, defect)
    message = f"The server failed; its log has the cause under error id {error_id}."
    return error_response(500, ErrorCode.INTERNAL, message, extensions={"errorId": error_id})
