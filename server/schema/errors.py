"""The only map from errors to what a client sees.

A refusal inside a mutation becomes a ``UserError`` of its payload. Everywhere else an error of ours becomes a
top-level error with ``extensions.code``; an error of GraphQL keeps its message; anything else is a bug: it is logged
under an id and the client learns only the id.
"""

import logging
import secrets
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError

from server.errors import BusyError, ConflictError, RuleError, TesseraError, TextRange
from server.schema.error_codes import ErrorCode

logger = logging.getLogger(__name__)


@strawberry.type(
    description=(
        "A place in the text of a rule, counted in Unicode code points: a character beyond the Basic Multilingual "
        "Plane, such as an emoji, is one here and two in the strings of JavaScript."
    )
)
class RulePlace:
    """Where in a rule's text something is wrong."""

    offset: int = strawberry.field(description="Index of the first character, from 0.")
    length: int = strawberry.field(description="Number of characters; 0 at the end of the text.")
    line: int = strawberry.field(description="Line, from 1.")
    column: int = strawberry.field(description="Column in characters, from 1.")
    word: str = strawberry.field(description="The characters themselves.")

    @classmethod
    def of(cls, place: TextRange | None) -> "RulePlace | None":
        """Return the place for the API."""
        if place is None:
            return None
        return cls(offset=place.offset, length=place.length, line=place.line, column=place.column, word=place.word)


@strawberry.type(description="Why a mutation was refused. A refused mutation changed nothing.")
class UserError:
    """A refusal."""

    code: ErrorCode = strawberry.field(description="What kind of refusal it is; test this, not the message.")
    message: str = strawberry.field(description="What is wrong and what to do next, for a person.")
    path: list[str] = strawberry.field(
        description="The argument at fault, outermost first, such as [input, email]; empty when none is."
    )
    place: RulePlace | None = strawberry.field(
        default=None, description="Where in the rule, when a rule is wrong and the place is known."
    )
    suggestion: str | None = strawberry.field(
        default=None, description="What was probably meant or what to write instead, when a rule is wrong."
    )
    current_version: int | None = strawberry.field(
        default=None, description="The version that the object has, when the code is CONFLICT."
    )
    retry_after: float | None = strawberry.field(
        default=None, description="Seconds after which trying again makes sense, when the code is BUSY."
    )

    @classmethod
    def of(cls, error: TesseraError) -> "UserError":
        """Return the refusal for the API; paths of operations are relative to the argument ``input``."""
        return cls(
            code=error.code,
            message=error.message,
            path=["input", *map(str, error.path)] if error.path else [],
            place=RulePlace.of(error.place) if isinstance(error, RuleError) else None,
            suggestion=error.suggestion if isinstance(error, RuleError) else None,
            current_version=error.current_version if isinstance(error, ConflictError) else None,
            retry_after=error.retry_after if isinstance(error, BusyError) else None,
        )


class LimitExceededError(GraphQLError):
    """The document itself is too large; raised by the rule of ``server.schema.limits``."""


def presented_error(error: GraphQLError) -> GraphQLError:
    """Return the error as the client may see it; bugs are logged."""
    cause = _cause(error)
    if isinstance(cause, TesseraError):
        return _with_extensions(error, _tessera_extensions(cause))
    if cause is None and not _is_unserializable(error):
        return _with_extensions(error, {"code": _graphql_code(error).value})
    error_id = secrets.token_hex(8)
    logger.error("Error %s at %s", error_id, error.path, exc_info=cause or error)
    return GraphQLError(
        f"Internal error {error_id}; its details are in the server's log.",
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": ErrorCode.INTERNAL.value, "errorId": error_id},
    )


def _cause(error: GraphQLError) -> BaseException | None:
    """Return the exception that a resolver raised; None for an error of GraphQL itself."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _is_unserializable(error: GraphQLError) -> bool:
    """Return whether our own answer did not fit the schema: such an error stands at fields, not at values."""
    return error.path is not None and all(isinstance(node, FieldNode) for node in error.nodes or ())


def _graphql_code(error: GraphQLError) -> ErrorCode:
    if isinstance(error, GraphQLSyntaxError):
        return ErrorCode.GRAPHQL_SYNTAX
    if isinstance(error, LimitExceededError):
        return ErrorCode.LIMIT_EXCEEDED
    return ErrorCode.GRAPHQL_VALIDATION


def _tessera_extensions(error: TesseraError) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": error.code.value}
    if error.path:
        extensions["argumentPath"] = [str(step) for step in error.path]
    if isinstance(error, RuleError):
        if error.place is not None:
            place = error.place
            extensions["place"] = {
                "offset": place.offset,
                "length": place.length,
                "line": place.line,
                "column": place.column,
                "word": place.word,
            }
        if error.suggestion is not None:
            extensions["suggestion"] = error.suggestion
    if isinstance(error, BusyError):
        extensions["retryAfter"] = error.retry_after
    return extensions


def _with_extensions(error: GraphQLError, extensions: dict[str, Any]) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), **extensions}
    return error
