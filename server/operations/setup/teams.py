"""Teams of salespeople; somebody can be in any number of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import delete, insert, select, update

from server.errors import InvalidInputError, NotFoundError
from server.operations.setup.codes import CODE_LENGTH, CodeTable, locked_code, renamed, require_free
from server.operations.values import api_name, checked_text, required_code
from server.store.tables import salesperson, team, team_member
from server.store.unit_of_work import UnitOfWork

TEAMS = CodeTable("team", team)
_MEMBERS_MAX = 1_000
"""Salespeople in one list of an input."""


class TeamValues(TypedDict, total=False):
    """The values of a team; absent: blank or unchanged, None: blank, or nobody.

    ``add_members`` and ``remove_members`` are codes of salespeople.
    """

    new_code: str | None
    name: str | None
    add_members: Sequence[str] | None
    remove_members: Sequence[str] | None


async def create_team(work: UnitOfWork, code: str, values: TeamValues) -> str:
    """Create a team and return the code.

    Raises: AlreadyExistsError; InvalidInputError; NotFoundError for an unknown salesperson;
    RefusedError(VALUE_REQUIRED) for a blank code.
    """
    key = required_code(code, "code", CODE_LENGTH)
    name = checked_text(values.get("name"), "name", 50)
    await require_free(work, TEAMS, key)
    await work.connection.execute(insert(team).values(code=key, name=name))
    await _edit_members(work, key, values)
    work.record("team", code=key)
    return key


async def update_team(work: UnitOfWork, code: str, values: TeamValues) -> str:
    """Change the given values of a team and return the code; when nothing differs, nothing is written.

    Somebody who is in the team already is not added again; one who is not in it is not removed.

    Raises: NotFoundError; AlreadyExistsError for the new code; InvalidInputError, also for somebody in both lists;
    RefusedError(VALUE_REQUIRED) for a blank new code.
    """
    current = await locked_code(work, TEAMS, code)
    key: str = current.code
    changed: list[str] = []
    if "name" in values:
        name = checked_text(values["name"], "name", 50)
        if name != current.name:
            await work.connection.execute(update(team).where(team.c.code == key).values(name=name))
            changed.append("name")
    if await _edit_members(work, key, values):
        changed.append("members")
    if changed:
        work.record("team", code=key, fields=changed)
    if "new_code" in values:
        return await renamed(work, TEAMS, key, values["new_code"])
    return key


async def delete_team(work: UnitOfWork, code: str) -> str:
    """Delete a team with its memberships and return the code; the salespeople stay.

    Raises: NotFoundError.
    """
    current = await locked_code(work, TEAMS, code)
    await work.connection.execute(delete(team).where(team.c.code == current.code))
    work.record("team", code=current.code)
    return str(current.code)


async def _edit_members(work: UnitOfWork, key: str, values: TeamValues) -> bool:
    """Add and remove members; return whether anything changed."""
    added, removed = _codes(values, "add_members"), _codes(values, "remove_members")
    if both := added.keys() & removed.keys():
        msg = "A salesperson cannot be added and removed at once."
        raise InvalidInputError(msg, path=("removeMembers", removed[min(both)]))
    await _require_salespeople(work, added, "add_members")
    await _require_salespeople(work, removed, "remove_members")
    in_team = team_member.c.team == key
    present = set(await work.connection.scalars(select(team_member.c.salesperson).where(in_team)))
    lost: Collection[str] = present & removed.keys()
    gained = sorted(added.keys() - present)
    if lost:
        await work.connection.execute(delete(team_member).where(in_team, team_member.c.salesperson.in_(lost)))
    if gained:
        await work.connection.execute(insert(team_member), [{"team": key, "salesperson": code} for code in gained])
    return bool(lost or gained)


def _codes(values: TeamValues, field: str) -> dict[str, int]:
    """Return the codes of a list with the position of each."""
    given: Mapping[str, Any] = values
    codes: Sequence[str] = given.get(field) or ()
    if len(codes) > _MEMBERS_MAX:
        msg = f"{api_name(field)} has {len(codes)} codes; at most {_MEMBERS_MAX} are allowed."
        raise InvalidInputError(msg, path=(api_name(field),))
    return {required_code(code, field, CODE_LENGTH): position for position, code in enumerate(codes)}


async def _require_salespeople(work: UnitOfWork, codes: Mapping[str, int], field: str) -> None:
    """Raise NotFoundError for the first code that no salesperson has."""
    if not codes:
        return
    statement = select(salesperson.c.code).where(salesperson.c.code.in_(codes)).with_for_update(read=True)
    known = set(await work.connection.scalars(statement))
    for code, position in codes.items():
        if code not in known:
            msg = f"There is no salesperson {code}."
            raise NotFoundError(msg, path=(api_name(field), position))
