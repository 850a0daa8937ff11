"""Every error that may leave Tessera, with its stable code.

The tree::

    TesseraError
    ├── NotFoundError            an object named by its number, code or id does not exist
    ├── InvalidInputError        a value that can never be right; ``path`` names the input field
    ├── RefusedError             the request is well formed, but the state of the data forbids it
    │   ├── AlreadyExistsError   the number or code is taken
    │   └── ConflictError        somebody else changed the object first
    ├── BusyError                the server could not start the work in time; the same request may be sent again
    ├── DeadlineExceededError    the statement was stopped; ask for less
    ├── UnavailableError         the database cannot be reached, or not be used by this version
    └── RuleError                the rule text is wrong, too large, or needs a scan

Clients test codes; messages may change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ErrorCode(StrEnum):
    """The closed list of codes a client can meet; removing one is a breaking change."""

    NOT_FOUND = "NOT_FOUND"
    INVALID_INPUT = "INVALID_INPUT"
    VALUE_REQUIRED = "VALUE_REQUIRED"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    CONFLICT = "CONFLICT"
    IN_USE = "IN_USE"
    CONTACT_ON_SEGMENT = "CONTACT_ON_SEGMENT"
    CONTACT_HAS_PERSONS = "CONTACT_HAS_PERSONS"
    CONTACT_HAS_HISTORY = "CONTACT_HAS_HISTORY"
    WRONG_CONTACT_TYPE = "WRONG_CONTACT_TYPE"
    PRIVACY_BLOCKED = "PRIVACY_BLOCKED"
    SALESPERSON_BLOCKED = "SALESPERSON_BLOCKED"
    SEGMENT_EMPTY = "SEGMENT_EMPTY"
    SEGMENT_ALREADY_LOGGED = "SEGMENT_ALREADY_LOGGED"
    SEGMENT_HAS_ACTIONS = "SEGMENT_HAS_ACTIONS"
    LINE_INCOMPLETE = "LINE_INCOMPLETE"
    NOTHING_TO_UNDO = "NOTHING_TO_UNDO"
    NOTHING_TO_REDO = "NOTHING_TO_REDO"
    NO_ACTIONS = "NO_ACTIONS"
    SETUP_INCOMPLETE = "SETUP_INCOMPLETE"
    NUMBER_NOT_TYPED = "NUMBER_NOT_TYPED"
    CONTACT_AMBIGUOUS = "CONTACT_AMBIGUOUS"
    CONTACT_HAS_CODES = "CONTACT_HAS_CODES"
    RELATION_RESERVED = "RELATION_RESERVED"
    RELATION_LINKED = "RELATION_LINKED"
    NO_FORMULA = "NO_FORMULA"
    LANGUAGE_MISSING = "LANGUAGE_MISSING"
    LANGUAGES_NOT_ALLOWED = "LANGUAGES_NOT_ALLOWED"
    LINES_INHERIT_ATTACHMENT = "LINES_INHERIT_ATTACHMENT"
    ATTACHMENT_REQUIRED = "ATTACHMENT_REQUIRED"
    EMAIL_REQUIRED = "EMAIL_REQUIRED"
    POSTPONED = "POSTPONED"
    NOT_POSTPONED = "NOT_POSTPONED"
    NOT_CANCELED = "NOT_CANCELED"
    STILL_CANCELED = "STILL_CANCELED"
    CAMPAIGN_WITHOUT_TARGETS = "CAMPAIGN_WITHOUT_TARGETS"
    DELIVERY_NOT_CLAIMED = "DELIVERY_NOT_CLAIMED"
    BUSY = "BUSY"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    UNAVAILABLE = "UNAVAILABLE"
    RULE_EMPTY = "RULE_EMPTY"
    RULE_SYNTAX = "RULE_SYNTAX"
    RULE_TYPE = "RULE_TYPE"
    RULE_UNKNOWN_SYMBOL = "RULE_UNKNOWN_SYMBOL"
    RULE_UNSUPPORTED = "RULE_UNSUPPORTED"
    RULE_TOO_LARGE = "RULE_TOO_LARGE"
    RULE_NEEDS_SCAN = "RULE_NEEDS_SCAN"
    RULE_PARAMETER = "RULE_PARAMETER"
    BAD_REQUEST = "BAD_REQUEST"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    GRAPHQL_SYNTAX = "GRAPHQL_SYNTAX"
    GRAPHQL_VALIDATION = "GRAPHQL_VALIDATION"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INTERNAL = "INTERNAL"


class TesseraError(Exception):
    """A refusal or failure with a stable ``code``; never raised itself.

    Attributes:
        message: what is wrong and what to do next, for a person; never a contact's values.
        path: the input field at fault, outermost first, in the names of the API (camelCase); empty when none is.
    """

    code: ErrorCode = ErrorCode.INTERNAL

    def __init__(self, message: str, *, path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)


class NotFoundError(TesseraError):
    """An object named by a request does not exist."""

    code = ErrorCode.NOT_FOUND


class InvalidInputError(TesseraError):
    """A value is of the wrong form, too long, or out of range."""

    code = ErrorCode.INVALID_INPUT


class RefusedError(TesseraError):
    """The data's present state forbids the request; ``code`` says which rule of the domain."""

    def __init__(self, code: ErrorCode, message: str, *, path: Sequence[str | int] = ()) -> None:
        super().__init__(message, path=path)
        self.code = code


class AlreadyExistsError(RefusedError):
    """A number or code is taken."""

    def __init__(self, message: str, *, path: Sequence[str | int] = ()) -> None:
        super().__init__(ErrorCode.ALREADY_EXISTS, message, path=path)


class ConflictError(RefusedError):
    """The object changed since the caller read it.

    Attributes:
        current_version: the version it has now; None when the conflict is not about one object's version.
    """

    def __init__(self, message: str, *, current_version: int | None = None, path: Sequence[str | int] = ()) -> None:
        super().__init__(ErrorCode.CONFLICT, message, path=path)
        self.current_version = current_version


class BusyError(TesseraError):
    """Another write held the store for longer than ``Settings.write_wait``.

    Attributes:
        retry_after: seconds after which trying again makes sense.
    """

    code = ErrorCode.BUSY

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeadlineExceededError(TesseraError):
    """A statement ran longer than its deadline and was stopped; nothing was changed by it."""

    code = ErrorCode.DEADLINE_EXCEEDED


class UnavailableError(TesseraError):
    """The database cannot be reached, is full, damaged or read-only, or does not fit this version of Tessera."""

    code = ErrorCode.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class TextRange:
    """A place in a rule's text.

    Attributes:
        offset: 0-based index of the first character.
        length: number of characters; 0 at the end of the text.
        line: 1-based.
        column: 1-based, in characters.
        word: the characters themselves.
    """

    offset: int
    length: int
    line: int
    column: int
    word: str

    @classmethod
    def of(cls, text: str, offset: int, length: int) -> "TextRange":
        """Return the range of ``text`` that starts at ``offset``, clipped to the text."""
        offset = max(0, min(offset, len(text)))
        before = text[:offset]
        line_start = before.rfind("\n") + 1
        return cls(
            offset=offset,
            length=max(0, min(length, len(text) - offset)),
            line=before.count("\n") + 1,
            column=offset - line_start + 1,
            word=text[offset : offset + length],
        )


class RuleError(TesseraError):
    """A rule text that cannot be used.

    Attributes:
        place: where in the text, or None when the whole rule is meant.
        suggestion: what was probably meant (a symbol's name) or what to write instead, or None.
        correction: the whole text with the suggestion in its place, or None where it cannot simply be put there.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        place: TextRange | None = None,
        suggestion: str | None = None,
        correction: str | None = None,
        path: Sequence[str | int] = (),
    ) -> None:
        super().__init__(message, path=path)
        self.code = code
        self.place = place
        self.suggestion = suggestion
        self.correction = correction
