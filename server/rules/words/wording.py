"""Names of the vocabulary as English words."""

_VOWELS = "aeiou"
SOURCE_CHARACTERS = 60


def words(name: str) -> str:
    """Return a symbol's name as words: ``last_interaction_on`` is ``last interaction on``."""
    return name.replace("_", " ").strip() or name


def singular(noun: str) -> str:
    """Return one of what a plural names: ``mailing group`` of ``mailing groups``."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else f"{noun} item"


def with_article(noun: str) -> str:
    """Return ``an interaction``, ``a mailing group``."""
    return f"an {noun}" if noun[:1].lower() in _VOWELS else f"a {noun}"


def counted(count: int | str, plural: str) -> str:
    """Return ``1 interaction``, ``7 interactions``, ``no interactions``."""
    if count in {0, "0"}:
        return f"no {plural}"
    return f"{count} {singular(plural) if count in {1, '1'} else plural}"


def listed(parts: list[str], word: str) -> str:
    """Return ``a``, ``a or b``, ``a, b or c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def one_line(source: str) -> str:
    """Return a part of a rule's text on one line, shortened with ``…``."""
    text = " ".join(source.split())
    return text if len(text) <= SOURCE_CHARACTERS else text[: SOURCE_CHARACTERS - 1] + "…"
