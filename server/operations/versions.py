"""Optimistic locking: a change made on what somebody read before."""

from server.errors import ConflictError


def require_version(current: int, expected: int | None) -> None:
    """Raise ConflictError when the object's version is not the expected one; None expects nothing."""
    if expected is not None and expected != current:
        msg = f"Somebody changed it since you read it: its version is {current}, not {expected}."
        raise ConflictError(msg, current_version=current, path=("expectedVersion",))
