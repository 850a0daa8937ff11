"""Global ids: opaque to clients, ``TypeName:key`` inside."""

import base64
import binascii

import strawberry

from server.schema.fields import computed

_ID_CHARACTERS = 200


def global_id(type_name: str, key: int | str) -> strawberry.ID:
    """Return the global id of an object."""
    return strawberry.ID(base64.urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("="))


def parse_global_id(value: str) -> tuple[str, str] | None:
    """Return the type's name and the key; None for what is no global id."""
    if len(value) > _ID_CHARACTERS or not value.isascii():
        return None
    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    type_name, colon, key = text.partition(":")
    return (type_name, key) if colon else None


@strawberry.interface(description="Anything with a global id.")
class Node:
    """What ``node`` and ``nodes`` can find."""

    key: strawberry.Private[int | str]

    @computed("Global id, unique among all types; opaque, at most 200 characters.")
    def id(self) -> strawberry.ID:
        """Return the global id."""
        return global_id(type(self).__name__, self.key)
