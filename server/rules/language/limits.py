"""The limits of the language, for whoever wants to tell people about them."""

from collections.abc import Mapping

from server.rules.language import guard
from server.rules.language.engine import LOOP_STEPS_MAX

RULE_LIMITS: Mapping[str, int] = {
    "characters": guard.TEXT_CHARACTERS_MAX,
    "parts": guard.NODES_MAX,
    "depth": guard.DEPTH_MAX,
    "list_items": guard.LIST_ITEMS_MAX,
    "text_characters": guard.STRING_CHARACTERS_MAX,
    "pattern_characters": guard.PATTERN_MAX,
    "number_digits": guard.NUMBER_DIGITS_MAX,
    "number_exponent": guard.EXPONENT_MAX,
    "nested_loops": guard.LOOPS_NESTED_MAX,
    "loop_steps": LOOP_STEPS_MAX,
}
"""How large a rule can be; what each number counts is said in ``server.rules.language.guard``."""
