"""Text that comes from a client to look something up."""

from server.errors import InvalidInputError


def is_storable(text: str) -> bool:
    """Return whether a database could hold the text at all: no NUL, no lone surrogates."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def checked_text(text: str, argument: str, *, most: int) -> str:
    """Return the text; raises InvalidInputError when it is longer than ``most`` characters or no real text."""
    if len(text) > most:
        msg = f"At most {most} characters are allowed here; {len(text)} were given."
        raise InvalidInputError(msg, path=(argument,))
    if not is_storable(text):
        msg = "The text contains characters that cannot be stored (NUL or half of a surrogate pair)."
        raise InvalidInputError(msg, path=(argument,))
    return text
