"""GraphQL over HTTP: Strawberry's ASGI view, with strict requests and the media types of the specification.

https://graphql.github.io/graphql-over-http/draft/
"""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, NoReturn, TypeVar

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.base import BaseSchema
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from server.errors import ErrorCode
from server.web.responses import error_response

OpenContext = Callable[[Request], AbstractAsyncContextManager[Any]]
"""Makes the context of one request and, when the request ends, gives back what it held."""

_Kind = TypeVar("_Kind")

_JSON = "application/json"
_GRAPHQL_RESPONSE = "application/graphql-response+json"
"""The media type under which the HTTP status tells a refused request from an executed one."""

_PAGE_HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class GraphQLEndpoint(GraphQL[Any, None]):
    """``POST`` runs one operation; ``GET`` shows the page for exploring.

    No batches, no multipart, no operations in the URL, no subscriptions. Only ``application/json`` is read, which a
    browser never sends to another site without asking that site first.
    """

    def __init__(self, schema: BaseSchema, *, open_context: OpenContext, page: str) -> None:
        super().__init__(schema, allow_queries_via_get=False, subscription_protocols=())
        self._open_context = open_context
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        if request.method == "POST":
            response = await self._execute(request)
        elif request.method in {"GET", "HEAD"}:
            response = self._show_page(request)
        else:
            response = error_response(
                405, ErrorCode.BAD_REQUEST, "Send operations by POST.", headers={"allow": "GET, HEAD, POST"}
            )
        await response(scope, receive, send)

    async def _execute(self, request: Request) -> Response:
        try:
            async with self._open_context(request) as context:
                return await self.run(request, context=context)
        except HTTPException as refusal:
            return error_response(refusal.status_code, ErrorCode.BAD_REQUEST, refusal.reason)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it

    def _show_page(self, request: Request) -> Response:
        if "query" in request.query_params:
            message = "Operations are sent by POST with a JSON body, not in the URL."
            return error_response(405, ErrorCode.BAD_REQUEST, message, headers={"allow": "POST"})
        return HTMLResponse(self._page, headers=_PAGE_HEADERS)

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Carry the media type that the client reads best to ``create_response``."""
        return Response(media_type=_best_media_type(request.headers.get("accept", "")))

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Read the operation; every other shape of body is refused with 400 or 415."""
        media_type, _, parameters = (request.content_type or "").partition(";")
        if media_type.strip().lower() != _JSON:
            raise HTTPException(415, f"Send the operation as {_JSON}.")
        charset = parameters.lower().replace(" ", "").replace('"', "").removeprefix("charset=")
        if charset not in {"", "utf-8", "utf8"}:
            raise HTTPException(415, "Send the operation in UTF-8.")
        body = _parsed_object(await request.get_body())
        return GraphQLRequestData(
            query=_member(body, "query", str),
            variables=_member(body, "variables", dict),
            operation_name=_member(body, "operationName", str),
            extensions=_member(body, "extensions", dict),
        )

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """Leave out ``data`` where nothing was executed."""
        response = await super().process_result(request, result)
        if result.data is None and (isinstance(result, PreExecutionError) or _names_no_field(result)):
            response.pop("data", None)
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """Encode the answer; a request that was not executed has status 400 in the media type that says so."""
        media_type = sub_response.media_type
        refused = media_type == _GRAPHQL_RESPONSE and "data" not in response_data
        return Response(self.encode_json(response_data), status_code=400 if refused else 200, media_type=media_type)


def _best_media_type(accept: str) -> str:
    """Return the better of the two media types by the client's weights; JSON where it does not say."""
    weights: dict[str, float] = {}
    for entry in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in entry.split(";"))
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        weights[media_type] = float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0
    wanted = weights.get(_GRAPHQL_RESPONSE, 0)
    return _GRAPHQL_RESPONSE if wanted > 0 and wanted >= weights.get(_JSON, 0) else _JSON


def _names_no_field(result: ExecutionResult) -> bool:
    return bool(result.errors) and all(error.path is None for error in result.errors or ())


def _parsed_object(body: bytes | str) -> dict[str, Any]:
    """Return the JSON object in ``body``.

    Text that no JSON object is, that is no UTF-8, nests deeper than the parser's stack or holds a number of thousands
    of digits: all are refused alike.
    """
    try:
        text = body if isinstance(body, str) else body.decode()
        parsed = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The request body is not valid JSON in UTF-8.") from error
    if not isinstance(parsed, dict):
        raise HTTPException(400, "The request body must be one JSON object with the member `query`.")
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON."
    raise ValueError(message)


def _member(body: dict[str, Any], name: str, kind: type[_Kind]) -> _Kind | None:
    value = body.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise HTTPException(400, f"`{name}` must be {'a string' if kind is str else 'an object'} or null.")
