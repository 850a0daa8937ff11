"""Refuses large request bodies before they take memory."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import ErrorCode
from server.web.responses import error_response


class _BodyTooLargeError(Exception):
    """The client sent more than it may."""


class BodyGuard:
    """ASGI middleware that answers 413 to a body of more than ``bytes_max`` bytes.

    A declared length is judged before anything is read; a body without one is counted as it streams in, so never more
    than the cap and one network chunk are held.
    """

    def __init__(self, app: ASGIApp, *, bytes_max: int) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared[:20]) > self._bytes_max:
            await self._refuse(scope, receive, send)
            return

        received = 0
        answer_started = False

        async def counted_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._bytes_max:
                raise _BodyTooLargeError
            return message

        async def noted_send(message: Message) -> None:
            nonlocal answer_started
            answer_started = True
            await send(message)

        try:
            await self._app(scope, counted_receive, noted_send)
        except _BodyTooLargeError:
            if answer_started:
                raise
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = f"The request body is larger than {self._bytes_max} bytes."
        # The rest of the body is not read: the connection cannot carry another request.
        response = error_response(413, ErrorCode.BODY_TOO_LARGE, message, headers={"connection": "close"})
        await response(scope, receive, send)
