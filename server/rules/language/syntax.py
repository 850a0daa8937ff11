"""From text to tree: rule-engine's own grammar, run without its folding of constants.

rule-engine parses in two phases: the grammar yields deferred nodes, then each is built, checked for types and, where
it is constant, evaluated on the spot, which is how a hostile text would burn the machine. Only the first phase runs
here, on a guarded stream of tokens; limits are kept on its result before anything is built. Every deferred node knows
its place in the text, so that whatever rule-engine says about it later has a place too.
"""

import copy
import functools
import threading
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rule_engine import ast, errors
from rule_engine.engine import Rule
from rule_engine.parser import _DeferredAstNode
from rule_engine.parser.utilities import parse_datetime, parse_float, parse_timedelta

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.language.blanks import with_plain_blanks
from server.rules.language.engine import OWN_CLASSES, EngineError, RuleContext, Unusable
from server.rules.language.guard import DEPTH_MAX, NODES_MAX, TOKENS_MAX, guard_text, guard_token, too_large

_HINTS = {
    "=": "==",
    "!": "not",
    "&&": "and",
    "||": "or",
    "<>": "!=",
}
"""Word or sign of another language → what stands in its place here."""
_LITERALS = (ast.StringExpression, ast.FloatExpression, ast.BooleanExpression, ast.NullExpression)


class PlacedNode(_DeferredAstNode):  # type: ignore[misc, unused-ignore]
    """A deferred node that knows its place, and, once built, tells the trace what became of it."""

    __slots__ = ("end", "form", "index", "offset", "refused", "trace")

    def __init__(self, node: Any, offset: int, end: int) -> None:
        self.form: str = node.cls.__name__
        super().__init__(OWN_CLASSES.get(node.cls, node.cls), args=node.args, kwargs=node.kwargs, method=node.method)
        self.offset = offset
        self.end = end
        self.index = -1
        self.refused = False
        self.trace: Trace | None = None

    def build(self) -> Any:
        """Build the node; a failure is recorded, and what can be said about the rest is still said."""
        trace = self.trace
        try:
            built = self._unusable() if self.refused else super().build()
        except (RecursionError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - folding constants raises whatever Python raises
            built = Unusable(self.args[0])
            if trace is not None:
                trace.failures.append((self.index, error))
        if trace is not None and self.index >= 0:
            trace.built[self.index] = built
        return built

    def _unusable(self) -> Any:
        """Stand for what the language refuses, after a look at its parts; those of a loop mean nothing outside it."""
        for part in parts(self) if self.cls is not ast.ComprehensionExpression else ():
            part.build()
        return Unusable(self.args[0])


class Trace:
    """What came out of building the nodes: rule-engine's expression by index, and failures in the order met."""

    def __init__(self) -> None:
        self.built: dict[int, Any] = {}
        self.failures: list[tuple[int, Exception]] = []


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that the grammar accepts, within the limits of size."""

    text: str
    root: PlacedNode


class _Lexer:
    """rule-engine's lexer, with every token guarded before the parser acts on it."""

    def __init__(self, lexer: Any, text: str) -> None:
        self._lexer = lexer
        self._text = text
        self._count = 0
        self.ends: dict[int, int] = {}
        self.last = ""
        self.lineno = 1

    def input(self, text: str) -> None:
        self._lexer.input(with_plain_blanks(text))

    def token(self) -> Any:
        token = self._lexer.token()
        if token is None:
            return None
        end = self._lexer.lexpos
        source = self._text[token.lexpos : end]
        guard_token(self._text, token.type, source, token.lexpos)
        self._count += 1
        if self._count > TOKENS_MAX:
            raise too_large(self._text, "The rule has too many words.", token.lexpos, len(source))
        self.ends[token.lexpos] = end
        return token


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a text.

    Attributes:
        kind: rule-engine's name for it, as STRING, SYMBOL, LBRACKET.
        source: its characters.
        offset: 0-based place of the first of them.
    """

    kind: str
    source: str
    offset: int


def tokens(text: str) -> list[Token]:
    """Return the words of a text that ``guard_text`` let pass, each guarded.

    Raises: RuleError RULE_SYNTAX, RULE_TOO_LARGE, RULE_UNSUPPORTED.
    """
    lexer = _Lexer(_GRAMMAR.lexer.clone(), text)
    lexer.input(text)
    try:
        found = list(iter(lexer.token, None))
    except errors.RuleSyntaxError as error:
        raise _syntax_error(text, error) from error
    return [Token(token.type, text[token.lexpos : lexer.ends[token.lexpos]], token.lexpos) for token in found]


class _Grammar:
    """rule-engine's parser tables with actions that stamp the place of what they return; for one thread at a time."""

    def __init__(self) -> None:
        original = Rule.parser
        self.context: RuleContext | None = None
        self.op_names = original.op_names
        self.lexer = original._lexer  # noqa: SLF001 - pinned by a contract test
        self._tables = copy.copy(original._parser)  # noqa: SLF001
        self._tables.productions = [self._stamped(production) for production in self._tables.productions]
        self._lock = threading.Lock()
        self._ends: dict[int, int] = {}

    def _stamped(self, production: Any) -> Any:
        action = getattr(production, "callable", None)
        if action is None:
            return production
        own = copy.copy(production)
        own.callable = functools.partial(self._act, functools.partial(action.__func__, _Actions(self, action.__self__)))
        return own

    def _act(self, action: Any, p: Any) -> None:
        action(p)
        node = p[0]
        if type(node) is _DeferredAstNode:
            where = p.slice[0]
            end = self._ends.get(where.endlexpos, where.endlexpos)
            if node.cls is ast.UnaryExpression and type(node.args[2]) is _DeferredAstNode:
                inner = PlacedNode(node.args[2], where.lexpos, end)
                node.args = (*node.args[:2], inner)
            p[0] = PlacedNode(node, where.lexpos, end)

    def parse(self, text: str, context: RuleContext) -> Any:
        lexer = _Lexer(self.lexer.clone(), text)
        lexer.input(text)
        with self._lock:
            self.context = context
            self._ends = lexer.ends
            try:
                return self._tables.parse(text, lexer=lexer, tracking=True)
            finally:
                self.context = None


class _Actions:
    """Stands for rule-engine's parser in its own actions, with the context of the running parse."""

    def __init__(self, grammar: _Grammar, original: Any) -> None:
        self._grammar = grammar
        self._original = original

    @property
    def context(self) -> RuleContext | None:
        return self._grammar.context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


_GRAMMAR = _Grammar()


def parse(text: str, context: RuleContext) -> Parsed:
    """Return the deferred nodes of a text.

    Raises: RuleError RULE_EMPTY, RULE_SYNTAX, RULE_TOO_LARGE, RULE_UNSUPPORTED.
    """
    guard_text(text)
    try:
        statement = _GRAMMAR.parse(text, context)
    except errors.RuleSyntaxError as error:
        raise _syntax_error(text, error) from error
    except EngineError as error:
        raise RuleError(ErrorCode.RULE_SYNTAX, _sentence(error.message)) from error
    parsed = Parsed(text, statement.args[1])
    _limit_size(parsed)
    return parsed


def build(parsed: Parsed) -> Trace:
    """Run rule-engine's second phase: types are checked, constants folded.

    The caller holds rule-engine's decimal context. Raises: RuleError RULE_TOO_LARGE when Python's stack ends.
    """
    trace = Trace()
    for node in deferred_nodes(parsed.root):
        node.trace = trace
    try:
        parsed.root.build()
    except (RecursionError, MemoryError) as error:
        raise RuleError(ErrorCode.RULE_TOO_LARGE, "The rule is nested too deeply.") from error
    return trace


def literal_value(node: PlacedNode) -> Any:
    """Return the value of a literal number, period or date; raises as ``parse_literal``."""
    return parse_literal(node.form, node.args[1])


def parse_literal(form: str, source: str) -> Any:
    """Return the value of a number, a period or a date, which is naive when it names no zone.

    Args:
        form: rule-engine's name of the node.
        source: what stands in the literal, without ``d"`` and its like.

    Raises: ValueError, or OverflowError for a period that Python cannot hold.
    """
    try:
        if form == "FloatExpression":
            return parse_float(source)
        if form == "TimedeltaExpression":
            return parse_timedelta(source)
        return parse_datetime(source, None)  # type: ignore[arg-type]  # no default: a date without a zone stays naive
    except errors.SyntaxError as error:
        raise ValueError(_sentence(error.message)) from error


def deferred_nodes(root: PlacedNode) -> Iterator[PlacedNode]:
    """Yield all nodes, without recursion."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(parts(node))


def parts(node: PlacedNode) -> list[PlacedNode]:
    """Return the direct parts of a deferred node."""
    found: list[PlacedNode] = []
    pending: deque[Any] = deque([*node.args, *node.kwargs.values()])
    while pending:
        part = pending.popleft()
        if isinstance(part, PlacedNode):
            found.append(part)
        elif isinstance(part, (tuple, list, deque)):
            pending.extend(part)
    return found


def _limit_size(parsed: Parsed) -> None:
    """Keep the limits on nodes and depth; literals in a list and links of an and/or chain do not count for them."""
    count = 0
    stack = [(parsed.root, 1)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if depth > DEPTH_MAX or count > NODES_MAX:
            limit = (
                f"is nested at most {DEPTH_MAX} levels deep" if depth > DEPTH_MAX else f"has at most {NODES_MAX} parts"
            )
            raise too_large(parsed.text, f"A rule {limit}.", node.offset, node.end - node.offset)
        is_list = node.cls in {ast.ArrayExpression, ast.SetExpression}
        for part in parts(node):
            if is_list and part.cls in _LITERALS:
                continue
            chained = node.cls is ast.LogicExpression and part.cls is ast.LogicExpression
            same = chained and part.args[1] == node.args[1]
            stack.append((part, depth if same else depth + 1))


def _syntax_error(text: str, error: errors.RuleSyntaxError) -> RuleError:
    token = error.token
    if token is None:
        keyword = next((word for word in ("elif", "else", "while") if f"the {word} keyword" in error.message), None)
        if keyword is not None:
            offset = max(text.find(keyword), 0)
            message = f"{keyword} is reserved and means nothing yet."
            return RuleError(ErrorCode.RULE_SYNTAX, message, place=TextRange.of(text, offset, len(keyword)))
        return RuleError(
            ErrorCode.RULE_SYNTAX, "The rule ends too early.", place=TextRange.of(text, len(text.rstrip()), 0)
        )
    offset = token.lexpos
    illegal = "illegal character" in error.message
    length = 1 if illegal else max(1, len(str(token.value)))
    place = TextRange.of(text, offset, length)
    word = text[offset] if illegal else str(token.value) or text[offset]  # the value of t"" is nothing
    message = f"{_visible(word)} cannot stand here."
    if illegal and word in "\"'":
        message = "This text has no closing quote."
    return RuleError(ErrorCode.RULE_SYNTAX, message, place=place, suggestion=_hint(text, offset, word))


def _visible(word: str) -> str:
    """Return a word as it can be read; a character that cannot be seen by its name and number."""
    if word.strip() and word.isprintable():
        return word
    name = unicodedata.name(word[0], "a control character").lower()
    return f"{name[:1].upper()}{name[1:]} (U+{ord(word[0]):04X})"


def _hint(text: str, offset: int, word: str) -> str | None:
    """Return what people of other languages probably meant."""
    if text[max(0, offset - 1) : offset + 1] == "<>":
        return "!="
    hint = _HINTS.get(word.lower())
    if hint is not None:
        return hint
    if word.lower() in {"and", "or", "not", "in"} and word != word.lower():
        return word.lower()
    return None


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + "."
