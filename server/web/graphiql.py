"""GraphiQL, opened on the operations of the tour."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

_PACKAGE = resources.files("server.web")


@dataclass(frozen=True, slots=True)
class Example:
    """One step of the tour: what a tab of GraphiQL, a paragraph of the README and a test share.

    Attributes:
        name: the file's name without its ending; the number in front is the order.
        query: the operation's text.
        variables: its variables as JSON text, or None.
    """

    name: str
    query: str
    variables: str | None


@cache
def examples() -> tuple[Example, ...]:
    """Return the steps of the tour in order, read from ``server/web/examples``."""
    folder = _PACKAGE / "examples"
    texts = {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.is_file()}
    return tuple(
        Example(
            name=name.removesuffix(".graphql"),
            query=texts[name],
            variables=texts.get(name.replace(".graphql", ".json")),
        )
        for name in sorted(texts)
        if name.endswith(".graphql")
    )


def graphiql_page() -> str:
    """Return the page as HTML; its tabs are the examples."""
    tabs = [{"query": step.query, **({"variables": step.variables} if step.variables else {})} for step in examples()]
    # In an HTML script element only "<" could end the data early.
    data = json.dumps(tabs).replace("<", "\\u003c")
    return (_PACKAGE / "graphiql.html").read_text(encoding="utf-8").replace("__TOUR__", data)
