"""Mutations of what is set up once: the marketing setup, number series and users."""

from typing import Annotated, cast

import strawberry

from server.operations.setup.marketing_setup import MarketingSetupValues, update_marketing_setup
from server.operations.setup.number_series import (
    NumberSeriesValues,
    create_number_series,
    delete_number_series,
    update_number_series,
)
from server.operations.setup.users import UserValues, create_user, delete_user, update_user
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.marketing_setup import MarketingSetup
from server.schema.nodes import global_id
from server.schema.number_series import NumberSeries
from server.schema.payloads import Payload, given_values, mutation
from server.schema.records import load
from server.schema.setup_inputs import (
    CreateNumberSeriesInput,
    CreateUserInput,
    DeleteNumberSeriesInput,
    DeleteUserInput,
    UpdateMarketingSetupInput,
    UpdateNumberSeriesInput,
    UpdateUserInput,
)
from server.schema.users import User

_AFTER = "after the change; null when the mutation was refused."


@strawberry.type
class NumberSeriesPayload(Payload):
    """Shows a number series."""

    number_series_key: strawberry.Private[str | None] = None

    @computed(f"The number series {_AFTER}")
    async def number_series(self, info: Info) -> NumberSeries | None:
        """Return the number series."""
        return await load(info, NumberSeries, self.number_series_key)


@strawberry.type
class UserPayload(Payload):
    """Shows a user."""

    user_key: strawberry.Private[str | None] = None

    @computed(f"The user {_AFTER}")
    async def user(self, info: Info) -> User | None:
        """Return the user."""
        return await load(info, User, self.user_key)


@strawberry.type(description="The answer of updateMarketingSetup.")
class UpdateMarketingSetupPayload(Payload):
    """The changed setup, or why it is not changed."""

    marketing_setup_key: strawberry.Private[int | None] = None

    @computed(f"The marketing setup {_AFTER}")
    async def marketing_setup(self, info: Info) -> MarketingSetup | None:
        """Return the marketing setup."""
        return await load(info, MarketingSetup, self.marketing_setup_key)


@strawberry.type(description="The answer of createNumberSeries.")
class CreateNumberSeriesPayload(NumberSeriesPayload):
    """The new number series, or why there is none."""


@strawberry.type(description="The answer of updateNumberSeries.")
class UpdateNumberSeriesPayload(NumberSeriesPayload):
    """The changed number series, or why it is not changed."""


@strawberry.type(description="The answer of createUser.")
class CreateUserPayload(UserPayload):
    """The new user, or why there is none."""


@strawberry.type(description="The answer of updateUser.")
class UpdateUserPayload(UserPayload):
    """The changed user, or why it is not changed."""


@strawberry.type
class DeletedPayload(Payload):
    """Says what was deleted."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Global id that it had; null when the mutation was refused."
    )


@strawberry.type(description="The answer of deleteNumberSeries.")
class DeleteNumberSeriesPayload(DeletedPayload):
    """What was deleted, or why nothing was."""


@strawberry.type(description="The answer of deleteUser.")
class DeleteUserPayload(DeletedPayload):
    """What was deleted, or why nothing was."""


@strawberry.type
class SetupMutations:
    """What can be set up."""

    @mutation(
        "Change what holds for the whole marketing. What was created or inherited before stays as it is; the new "
        "values count from now on."
    )
    async def update_marketing_setup(
        self,
        info: Info,
        input: Annotated[UpdateMarketingSetupInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateMarketingSetupPayload:
        """Change the marketing setup."""
        values = cast("MarketingSetupValues", given_values(input, without=("expected_version",)))
        async with info.context.write("updateMarketingSetup") as work:
            key = await update_marketing_setup(work, values, expected_version=input.expected_version)
        return UpdateMarketingSetupPayload(marketing_setup_key=key)

    @mutation("Create a number series; updateMarketingSetup then says what gets its numbers.")
    async def create_number_series(
        self,
        info: Info,
        input: Annotated[CreateNumberSeriesInput, strawberry.argument(description="The number series.")],  # noqa: A002
    ) -> CreateNumberSeriesPayload:
        """Create a number series."""
        values = cast("NumberSeriesValues", given_values(input, without=("code",)))
        async with info.context.write("createNumberSeries") as work:
            key = await create_number_series(work, input.code, values)
        return CreateNumberSeriesPayload(number_series_key=key)

    @mutation("Change a number series; numbers that were given stay, and the marketing setup follows a new code.")
    async def update_number_series(
        self,
        info: Info,
        input: Annotated[UpdateNumberSeriesInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateNumberSeriesPayload:
        """Change a number series."""
        values = cast("NumberSeriesValues", given_values(input, without=("code",)))
        async with info.context.write("updateNumberSeries") as work:
            key = await update_number_series(work, input.code, values)
        return UpdateNumberSeriesPayload(number_series_key=key)

    @mutation("Delete a number series that the marketing setup does not name; numbers that were given stay.")
    async def delete_number_series(
        self,
        info: Info,
        input: Annotated[DeleteNumberSeriesInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteNumberSeriesPayload:
        """Delete a number series."""
        async with info.context.write("deleteNumberSeries") as work:
            key = await delete_number_series(work, input.code)
        return DeleteNumberSeriesPayload(deleted_id=global_id("NumberSeries", key))

    @mutation("Set up a user: the name under which requests act, and which salesperson the user is.")
    async def create_user(
        self,
        info: Info,
        input: Annotated[CreateUserInput, strawberry.argument(description="The user.")],  # noqa: A002
    ) -> CreateUserPayload:
        """Create a user."""
        values = cast("UserValues", given_values(input, without=("name",)))
        async with info.context.write("createUser") as work:
            key = await create_user(work, input.name, values)
        return CreateUserPayload(user_key=key)

    @mutation("Change a user. What was done under an old name keeps it.")
    async def update_user(
        self,
        info: Info,
        input: Annotated[UpdateUserInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateUserPayload:
        """Change a user."""
        values = cast("UserValues", given_values(input, without=("name",)))
        async with info.context.write("updateUser") as work:
            key = await update_user(work, input.name, values)
        return UpdateUserPayload(user_key=key)

    @mutation("Delete what is set up for a user. What was done under the name keeps it, and requests may still use it.")
    async def delete_user(
        self,
        info: Info,
        input: Annotated[DeleteUserInput, strawberry.argument(description="Which user.")],  # noqa: A002
    ) -> DeleteUserPayload:
        """Delete a user."""
        async with info.context.write("deleteUser") as work:
            key = await delete_user(work, input.name)
        return DeleteUserPayload(deleted_id=global_id("User", key))
