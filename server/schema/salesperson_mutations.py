"""Mutations of salespeople and their teams."""

from typing import Annotated, cast

import strawberry

from server.operations.setup.salespeople import (
    SalespersonValues,
    create_salesperson,
    delete_salesperson,
    update_salesperson,
)
from server.operations.setup.teams import TeamValues, create_team, delete_team, update_team
from server.schema.changed import SalespersonPayload
from server.schema.code_payloads import DeletedCodePayload
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.inputs import Guarded, optional
from server.schema.nodes import global_id
from server.schema.payloads import Payload, given_values, mutation
from server.schema.records import load
from server.schema.salespeople import Team

_RENAMED = "Whatever refers to it follows, except rules, which are texts. Default: unchanged."


@strawberry.input
class SalespersonFields:
    """What is said of a salesperson beside the code."""

    name: str | None = optional("Name, at most 50 characters.")
    email: str | None = optional("E-mail addresses separated by semicolons, at most 80 characters together.")
    phone: str | None = optional("Phone number, at most 30 characters, no letters.")
    job_title: str | None = optional("Job title, at most 30 characters.")
    blocked: bool | None = optional("Whether nothing can be assigned to them. Default on creation: false.")
    privacy_blocked: bool | None = optional(
        "Whether their data must not be used; then nothing can be assigned to them either. Default on creation: false."
    )


@strawberry.input(description="A new salesperson.")
class CreateSalespersonInput(SalespersonFields):
    """A new salesperson."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")


@strawberry.input(description="What changes of a salesperson; fields that are left out do not change.")
class UpdateSalespersonInput(SalespersonFields, Guarded):
    """A changed salesperson."""

    code: str = strawberry.field(description="The code; case does not matter.")
    new_code: str | None = optional(f"Another code, at most 20 characters, not blank. {_RENAMED}")


@strawberry.input(description="Which salesperson to delete.")
class DeleteSalespersonInput(Guarded):
    """A salesperson that exists."""

    code: str = strawberry.field(description="The code; case does not matter.")


@strawberry.input(description="A new team.")
class CreateTeamInput:
    """A new team."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    name: str | None = optional("Name, at most 50 characters.")
    add_members: list[str] | None = optional("Codes of the salespeople in it, at most 1,000.")


@strawberry.input(description="What changes of a team; fields that are left out do not change.")
class UpdateTeamInput:
    """A changed team."""

    code: str = strawberry.field(description="The code; case does not matter.")
    new_code: str | None = optional("Another code, at most 20 characters, not blank. Default: unchanged.")
    name: str | None = optional("Name, at most 50 characters.")
    add_members: list[str] | None = optional("Codes of salespeople who join it, at most 1,000; members stay.")
    remove_members: list[str] | None = optional("Codes of salespeople who leave it, at most 1,000; others stay out.")


@strawberry.input(description="Which team to delete.")
class DeleteTeamInput:
    """A team that exists."""

    code: str = strawberry.field(description="The code; case does not matter.")


@strawberry.type
class TeamPayload(Payload):
    """Shows a team."""

    team_key: strawberry.Private[str | None] = None

    @computed("The team after the change; null when the mutation was refused.")
    async def team(self, info: Info) -> Team | None:
        """Return the team."""
        return await load(info, Team, self.team_key)


@strawberry.type(description="The answer of createSalesperson.")
class CreateSalespersonPayload(SalespersonPayload):
    """The new salesperson, or why there is none."""


@strawberry.type(description="The answer of updateSalesperson.")
class UpdateSalespersonPayload(SalespersonPayload):
    """The changed salesperson, or why it is not changed."""


@strawberry.type(description="The answer of deleteSalesperson.")
class DeleteSalespersonPayload(DeletedCodePayload):
    """The deleted salesperson, or why it is not deleted."""


@strawberry.type(description="The answer of createTeam.")
class CreateTeamPayload(TeamPayload):
    """The new team, or why there is none."""


@strawberry.type(description="The answer of updateTeam.")
class UpdateTeamPayload(TeamPayload):
    """The changed team, or why it is not changed."""


@strawberry.type(description="The answer of deleteTeam.")
class DeleteTeamPayload(DeletedCodePayload):
    """The deleted team, or why it is not deleted."""


@strawberry.type
class SalespersonMutations:
    """What can be done with salespeople and teams."""

    @mutation("Create a salesperson.")
    async def create_salesperson(
        self,
        info: Info,
        input: Annotated[CreateSalespersonInput, strawberry.argument(description="The salesperson.")],  # noqa: A002
    ) -> CreateSalespersonPayload:
        """Create a salesperson."""
        values = cast("SalespersonValues", given_values(input))
        async with info.context.write("createSalesperson") as work:
            key = await create_salesperson(work, values)
        return CreateSalespersonPayload(salesperson_key=key)

    @mutation(
        "Change a salesperson. Somebody who becomes blocked keeps what is assigned already. Contacts of one who is "
        "renamed count as changed."
    )
    async def update_salesperson(
        self,
        info: Info,
        input: Annotated[UpdateSalespersonInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateSalespersonPayload:
        """Change a salesperson."""
        values = cast("SalespersonValues", given_values(input, without=("code", "expected_version")))
        async with info.context.write("updateSalesperson") as work:
            key = await update_salesperson(work, input.code, values, expected_version=input.expected_version)
        return UpdateSalespersonPayload(salesperson_key=key)

    @mutation(
        "Delete a salesperson, provided that nothing refers to them: no contact, segment, campaign, interaction, user "
        "or setup; block them otherwise. They leave their teams."
    )
    async def delete_salesperson(
        self,
        info: Info,
        input: Annotated[DeleteSalespersonInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteSalespersonPayload:
        """Delete a salesperson."""
        async with info.context.write("deleteSalesperson") as work:
            key = await delete_salesperson(work, input.code, expected_version=input.expected_version)
        return DeleteSalespersonPayload(deleted_id=global_id("Salesperson", key), deleted_code=key)

    @mutation("Create a team of salespeople.")
    async def create_team(
        self,
        info: Info,
        input: Annotated[CreateTeamInput, strawberry.argument(description="The team.")],  # noqa: A002
    ) -> CreateTeamPayload:
        """Create a team."""
        values = cast("TeamValues", given_values(input, without=("code",)))
        async with info.context.write("createTeam") as work:
            key = await create_team(work, input.code, values)
        return CreateTeamPayload(team_key=key)

    @mutation("Change a team: its name, its code, or who is in it.")
    async def update_team(
        self,
        info: Info,
        input: Annotated[UpdateTeamInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateTeamPayload:
        """Change a team."""
        values = cast("TeamValues", given_values(input, without=("code",)))
        async with info.context.write("updateTeam") as work:
            key = await update_team(work, input.code, values)
        return UpdateTeamPayload(team_key=key)

    @mutation("Delete a team with its memberships; its salespeople stay.")
    async def delete_team(
        self,
        info: Info,
        input: Annotated[DeleteTeamInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteTeamPayload:
        """Delete a team."""
        async with info.context.write("deleteTeam") as work:
            key = await delete_team(work, input.code)
        return DeleteTeamPayload(deleted_id=global_id("Team", key), deleted_code=key)
