"""Rules that name contacts by their numbers, as they stand on the list of what was done to a segment."""

import json
from collections.abc import Collection, Sequence

_START = "no in "


def rule_naming(contact_nos: Sequence[str]) -> str:
    """Return the rule that selects exactly these contacts."""
    return _START + json.dumps(list(contact_nos), ensure_ascii=False)


def without_contacts(rule: str, gone: Collection[str]) -> str:
    """Return a rule that ``rule_naming`` wrote without the numbers of contacts that are gone; blank without any."""
    named: list[str] = json.loads(rule.removeprefix(_START))
    left = [no for no in named if no not in gone]
    return rule_naming(left) if left else ""
