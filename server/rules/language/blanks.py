"""White space that editors, forms and word processors leave in a text, where the grammar knows only three kinds."""

import re

_LITERAL = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_BLANK = r"[\r\f\v\x1c-\x1f\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"
_LITERAL_OR_BLANK = re.compile(rf"{_LITERAL}|({_BLANK}+)")


def with_plain_blanks(text: str) -> str:
    """Return the text, equally long, with a plain blank for every other one outside literals."""
    return _LITERAL_OR_BLANK.sub(lambda found: " " * len(found[1]) if found[1] else found[0], text)
