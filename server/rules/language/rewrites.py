"""Putting something else in the place of a part of a rule's text."""

from dataclasses import dataclass

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.language.tree import Attribute, Call, Comprehension, ListOf, Name, Node


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What to write instead of the characters from ``start`` to ``end``."""

    start: int
    end: int
    replacement: str

    def of(self, text: str) -> str:
        """Return the whole text rewritten."""
        return text[: self.start] + self.replacement + text[self.end :]


@dataclass(frozen=True, slots=True)
class HabitRewrite:
    """A way of writing that was met in a text, and what to write instead.

    Attributes:
        why: what the language does instead, without a point at the end.
    """

    rewrite: Rewrite
    why: str


def instead_of(node: Node, replacement: str) -> Rewrite:
    """Return the rewrite of a whole part."""
    return Rewrite(node.offset, node.offset + node.length, replacement)


def objection(
    text: str,
    code: ErrorCode,
    message: str,
    node: Node,
    *,
    suggestion: str | None = None,
    rewrite: Rewrite | None = None,
) -> RuleError:
    """Return what is wrong with a part; without a rewrite the suggestion is meant to stand in place of it."""
    if rewrite is None and suggestion is not None:
        rewrite = instead_of(node, suggestion)
    return RuleError(
        code,
        message,
        place=TextRange.of(text, node.offset, node.length),
        suggestion=suggestion,
        correction=None if rewrite is None else rewrite.of(text),
    )


def with_parentheses(text: str, node: Node) -> Rewrite:
    """Return the place of a part with the parentheses right around it, if there are such; rewritten it is the same."""
    start, end = node.offset, node.offset + node.length
    before, after = text[:start].rstrip(), text[end:]
    if before.endswith("(") and after.lstrip().startswith(")"):
        start, end = len(before) - 1, end + len(after) - len(after.lstrip()) + 1
    return Rewrite(start, end, text[start:end])


def in_parentheses(text: str, node: Node) -> str:
    """Return a part's text, in parentheses where what follows would bind tighter than it."""
    source = text[node.offset : node.offset + node.length]
    return source if isinstance(node, Name | Attribute | Call | Comprehension | ListOf) else f"({source})"


def rewritten_days(text: str, node: Node, period: Node) -> str:
    """Return the text of a comparison with the days of a period instead of the period itself."""
    start = _before(text, period.offset, node.offset) - node.offset
    end = _after(text, period.offset + period.length, node.offset + node.length) - node.offset
    whole = text[node.offset : node.offset + node.length]
    return f"{whole[:start]}{in_parentheses(text, period)}.days{whole[end:]}"


def _before(text: str, offset: int, least: int) -> int:
    """Return the offset, or that of the parenthesis right before it."""
    return offset - 1 if offset > least and text[offset - 1] == "(" else offset


def _after(text: str, end: int, most: int) -> int:
    """Return the end, or that of the parenthesis right after it."""
    return end + 1 if end < most and text[end] == ")" else end
