"""The composition root: the only place that knows every part of the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.clock import Clock, system_clock
from server.rules import sql_functions
from server.schema.context import ANONYMOUS, Context
from server.schema.schema import schema
from server.settings import Settings
from server.store.database import Database
from server.web.acting_user import acting_user
from server.web.body_guard import BodyGuard
from server.web.graphiql import graphiql_page
from server.web.graphql import GraphQLEndpoint
from server.web.responses import answer_defect, answer_refusal


def create_app(settings: Settings, *, clock: Clock | None = None) -> Starlette:
    """Return the ASGI application of one deployment.

    The database is opened when the application starts and closed when it stops; its schema has to be there
    (``tessera migrate``).

    Args:
        settings: what the operator chose.
        clock: gives each request its moment; by default the machine's time in the settings' zone.
    """
    read_clock = clock or system_clock(settings.time_zone, settings.work_date)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.database = Database(settings, functions=sql_functions())
        try:
            yield
        finally:
            await app.state.database.close()

    def open_context(request: Request) -> Context:
        actor = acting_user(request) or settings.user or ANONYMOUS
        return Context(request.app.state.database, settings, read_clock, actor=actor)

    endpoint = GraphQLEndpoint(schema, open_context=open_context, page=graphiql_page())
    return Starlette(
        routes=[Route("/", _to_graphql), Route("/graphql", endpoint)],
        middleware=[Middleware(BodyGuard, bytes_max=settings.body_bytes_max)],
        exception_handlers={HTTPException: answer_refusal, Exception: answer_defect},
        lifespan=lifespan,
    )


def _to_graphql(_request: Request) -> Response:
    return RedirectResponse("/graphql")
