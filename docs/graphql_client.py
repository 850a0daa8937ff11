"""GraphQL over HTTP with nothing but Python, for the scripts beside it."""

import json
import sys
import urllib.request
from typing import Any


class Server:
    """Sends GraphQL to one address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of a query; stops the script at an error."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(self.url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
        if answer.get("errors"):
            sys.exit(json.dumps(answer["errors"], indent=2))
        return answer["data"]

    def change(self, mutation: str, shown: str, **values: Any) -> Any:
        """Return what a mutation answers; stops the script when it is refused."""
        kind = mutation[0].upper() + mutation[1:]
        answer = f"{{ {shown} userErrors {{ code message }} }}"
        query = f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {answer} }}"
        payload = self.ask(query, input=values)[mutation]
        if payload["userErrors"]:
            sys.exit(f"{mutation}: {payload['userErrors']}")
        return payload


def expect(what: str, found: Any, expected: Any) -> None:
    """Say a figure; stop the script when it is not the expected one."""
    if found != expected:
        sys.exit(f"{what}: expected {expected}, found {found}")
    shown = f"{found:,}" if isinstance(found, int) else found
    print(f"{what}: {shown}")
