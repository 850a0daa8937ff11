"""From a rule that is answered wrongly to a shorter one that is."""

from collections.abc import Callable, Iterator

from server.errors import RuleError
from server.rules.language.check import check_language
from server.rules.language.tree import Comprehension, Node, walk
from tests.rules.asked import MismatchError
from tests.rules.people import VOCABULARY

_ATTEMPTS = 400


def shrunk(found: MismatchError, compare: Callable[[str], None]) -> MismatchError:
    """Return the mismatch of the shortest rule that could be reached; ``compare`` raises it for wrong answers."""
    attempts, tried = 0, {found.rule}
    progress = True
    while progress:
        progress = False
        for candidate in sorted(set(_shorter(found.rule)) - tried, key=len):
            tried.add(candidate)
            attempts += 1
            if attempts > _ATTEMPTS:
                return found
            try:
                compare(candidate)
            except MismatchError as still:
                found, progress = still, True
                break
            except RuleError:
                continue
    return found


def _shorter(text: str) -> Iterator[str]:
    """Yield shorter texts: a part in place of the whole, or of what is around it; a loop without its condition."""
    tree = check_language(text, VOCABULARY).tree
    for node in walk(tree):
        own = _text(text, node)
        yield own
        before, after = text[: node.offset], text[node.offset + node.length :]
        shorter = [_text(text, part) for part in node.children()]
        shorter += [f"({part})" for part in shorter]
        if isinstance(node, Comprehension) and node.condition is not None:
            shorter.append(f"[{_text(text, node.result)} for {node.variable} in {_text(text, node.iterable)}]")
        for part in (*shorter, "true", "false"):
            if len(part) < len(own):
                yield before + part + after


def _text(text: str, node: Node) -> str:
    return text[node.offset : node.offset + node.length]
