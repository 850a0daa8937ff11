"""Regular expressions in the dialect of rules: RE2, whose time is linear in the text."""

import re
from functools import lru_cache
from typing import Protocol

import re2  # type: ignore[import-untyped, unused-ignore]

PATTERN_CHARACTERS_MAX = 256
_MEMORY_MAX = 1 << 20


class Regex(Protocol):
    """A compiled expression; ``match`` is anchored at the start of the text, ``search`` is not."""

    def match(self, text: str) -> "Matched | None":
        """Return an object when a match begins at the start of the text."""

    def search(self, text: str) -> "Matched | None":
        """Return an object when there is a match anywhere in the text."""


class Matched:
    """That there was a match; groups are not part of the language."""

    __slots__ = ()

    def groups(self) -> tuple[str, ...]:
        """Return nothing: rule-engine keeps the groups of the last match, which rules cannot read."""
        return ()


_MATCHED = Matched()


class InvalidPatternError(ValueError):
    """RE2 does not accept the expression; the message says why."""


class _Re2Regex:
    """An RE2 expression over the UTF-8 form of the text, which spares RE2's wrapper the counting of characters."""

    __slots__ = ("_expression",)

    def __init__(self, pattern: str) -> None:
        options = re2.Options()
        options.max_mem = _MEMORY_MAX
        options.log_errors = False
        options.never_capture = True  # nobody asks what the groups matched, and finding that out costs
        try:
            self._expression = re2.compile(pattern.encode(), options)
        except re2.error as error:
            reason = error.args[0] if error.args else ""
            raise InvalidPatternError(
                reason.decode(errors="replace") if isinstance(reason, bytes) else reason
            ) from error

    def match(self, text: str) -> Matched | None:
        return _MATCHED if self._expression.match(text.encode()) else None

    def search(self, text: str) -> Matched | None:
        return _MATCHED if self._expression.search(text.encode()) else None


@lru_cache(maxsize=512)
def compile_regex(pattern: str) -> Regex:
    r"""Return the compiled expression.

    Raises: InvalidPatternError for what RE2 refuses (backreferences, look-around, repetitions above 1000), for ``\C``,
    which would match half a character, and for a repetition so large that RE2 reads its braces as plain text.
    """
    if re.search(r"(?<!\\)(?:\\\\)*\\C", pattern):
        raise InvalidPatternError("\\C is not allowed")
    if re.search(r"\{\d{5,}", pattern):
        raise InvalidPatternError("repetition too large")
    return _Re2Regex(pattern)


def required_prefix(pattern: str) -> tuple[str, bool, bool]:
    """Return a text that every match must contain, whether it is the whole pattern, and whether ``^`` precedes it.

    The text is "" when nothing can be said cheaply.
    """
    if "|" in pattern:
        return "", False, False
    anchored = pattern.startswith("^")
    body = pattern[1:] if anchored else pattern
    run = re.match(r"[A-Za-z0-9 _@-]*", body)
    literal = run.group() if run else ""
    rest = body[len(literal) :]
    if rest[:1] in {"*", "?", "{", "+"}:
        literal = literal[:-1]
    return literal, literal == body, anchored
