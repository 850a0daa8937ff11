"""From the source of an expression to Python functions; rules of one shape share the code."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from types import CodeType
from typing import Any

from server.rules.one_contact.closure_runtime import RUNTIME
from server.rules.one_contact.closure_writing import NotWritableError, Source

Rows = Iterable[tuple[Any, ...]]
"""What is to be returned for a rule, followed by what the names of its source are bound to."""


def function_of(source: Source) -> Callable[[Any], Any]:
    """Return the function of a contact; raises NotWritableError where Python's compiler finds it too deep."""
    function: Callable[[Any], Any] = _made(f"lambda c: {source.text}", {**source.names, "__builtins__": RUNTIME})
    return function


def selection_of(source: Source) -> Callable[[Any, Rows], list[Any]]:
    """Return the function of a contact and of many rules with this source that returns those that are true.

    Where one rule raises, it raises. Raises: NotWritableError as above.
    """
    names = "".join(f"{name}, " for name in source.names)
    return _selection(names, source.text)


@lru_cache(maxsize=1024)
def _selection(names: str, text: str) -> Callable[[Any, Rows], list[Any]]:
    selection: Callable[[Any, Rows], list[Any]] = _made(
        f"lambda c, rows: [found for found, {names}in rows if {text}]", {"__builtins__": RUNTIME}
    )
    return selection


def _made(text: str, namespace: dict[str, Any]) -> Any:
    return eval(_code(text), namespace)  # noqa: S307 - the text holds fixed words only


@lru_cache(maxsize=1024)
def _code(text: str) -> CodeType:
    try:
        return compile(text, "<rule>", "eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise NotWritableError from error
