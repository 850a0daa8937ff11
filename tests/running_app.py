"""An ASGI application as a server runs it: started, its state handed to every request, shut down."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


@asynccontextmanager
async def running(app: AsgiApp) -> AsyncIterator[AsgiApp]:
    """Yield ``app`` between its start and its shutdown; raises RuntimeError if it refuses to start or to stop."""
    state: dict[str, Any] = {}
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    lifespan = asyncio.create_task(
        _call(app, {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}, to_app.get, from_app.put)
    )

    async def tell(event: str) -> None:
        await to_app.put({"type": f"lifespan.{event}"})
        answer = asyncio.create_task(from_app.get())
        await asyncio.wait({answer, lifespan}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            await lifespan
            msg = f"the application ended before {event} was complete"
            raise RuntimeError(msg)
        if answer.result()["type"] != f"lifespan.{event}.complete":
            raise RuntimeError(answer.result().get("message", event))

    async def with_state(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await app({**scope, "state": dict(state)}, receive, send)

    await tell("startup")
    try:
        yield with_state
    finally:
        await tell("shutdown")
        await lifespan


async def _call(app: AsgiApp, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
