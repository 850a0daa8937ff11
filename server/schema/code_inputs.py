"""What clients say to create, change or delete a code."""

import strawberry

from server.schema.inputs import optional

_RULES_STAY = "Whatever refers to it follows, except rules, which are texts."


@strawberry.input
class NewCode:
    """A new code of at most 20 characters."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    description: str | None = strawberry.field(default=None, description="What it is, at most 100 characters.")


@strawberry.input
class ChangedCode:
    """What changes of a code of at most 20 characters."""

    code: str = strawberry.field(description="The code, at most 20 characters; case does not matter.")
    new_code: str | None = optional(
        f"Another code, at most 20 characters, not blank. {_RULES_STAY} Default: unchanged."
    )
    description: str | None = optional("What it is, at most 100 characters; null for blank. Default: unchanged.")


@strawberry.input
class NewShortCode:
    """A new code of at most 10 characters."""

    code: str = strawberry.field(description="Code, at most 10 characters; unique, stored in upper case.")
    description: str | None = strawberry.field(default=None, description="What it is, at most 100 characters.")


@strawberry.input
class ChangedShortCode:
    """What changes of a code of at most 10 characters."""

    code: str = strawberry.field(description="The code, at most 10 characters; case does not matter.")
    new_code: str | None = optional(
        f"Another code, at most 10 characters, not blank. {_RULES_STAY} Default: unchanged."
    )
    description: str | None = optional("What it is, at most 100 characters; null for blank. Default: unchanged.")


@strawberry.input
class WhichCode:
    """A code that exists."""

    code: str = strawberry.field(description="The code; case does not matter.")


@strawberry.input(description="A new mailing group.")
class CreateMailingGroupInput(NewCode):
    """A new mailing group."""


@strawberry.input(description="What changes of a mailing group; fields that are left out do not change.")
class UpdateMailingGroupInput(ChangedCode):
    """A changed mailing group."""


@strawberry.input(description="Which mailing group to delete.")
class DeleteMailingGroupInput(WhichCode):
    """A mailing group that exists."""


@strawberry.input(description="A new industry group.")
class CreateIndustryGroupInput(NewCode):
    """A new industry group."""


@strawberry.input(description="What changes of an industry group; fields that are left out do not change.")
class UpdateIndustryGroupInput(ChangedCode):
    """A changed industry group."""


@strawberry.input(description="Which industry group to delete.")
class DeleteIndustryGroupInput(WhichCode):
    """An industry group that exists."""


@strawberry.input(description="A new job responsibility.")
class CreateJobResponsibilityInput(NewCode):
    """A new job responsibility."""


@strawberry.input(description="What changes of a job responsibility; fields that are left out do not change.")
class UpdateJobResponsibilityInput(ChangedCode):
    """A changed job responsibility."""


@strawberry.input(description="Which job responsibility to delete.")
class DeleteJobResponsibilityInput(WhichCode):
    """A job responsibility that exists."""


@strawberry.input(description="A new business relation.")
class CreateBusinessRelationInput(NewCode):
    """A new business relation."""


@strawberry.input(description="What changes of a business relation; fields that are left out do not change.")
class UpdateBusinessRelationInput(ChangedCode):
    """A changed business relation."""


@strawberry.input(description="Which business relation to delete.")
class DeleteBusinessRelationInput(WhichCode):
    """A business relation that exists."""


@strawberry.input(description="A new organizational level.")
class CreateOrganizationalLevelInput(NewShortCode):
    """A new organizational level."""


@strawberry.input(description="What changes of an organizational level; fields that are left out do not change.")
class UpdateOrganizationalLevelInput(ChangedShortCode):
    """A changed organizational level."""


@strawberry.input(description="Which organizational level to delete.")
class DeleteOrganizationalLevelInput(WhichCode):
    """An organizational level that exists."""


@strawberry.input(description="A new salutation.")
class CreateSalutationInput(NewShortCode):
    """A new salutation."""


@strawberry.input(description="What changes of a salutation; fields that are left out do not change.")
class UpdateSalutationInput(ChangedShortCode):
    """A changed salutation."""


@strawberry.input(description="Which salutation to delete.")
class DeleteSalutationInput(WhichCode):
    """A salutation that exists."""


@strawberry.input(description="A new campaign status.")
class CreateCampaignStatusInput(NewShortCode):
    """A new campaign status."""


@strawberry.input(description="What changes of a campaign status; fields that are left out do not change.")
class UpdateCampaignStatusInput(ChangedShortCode):
    """A changed campaign status."""


@strawberry.input(description="Which campaign status to delete.")
class DeleteCampaignStatusInput(WhichCode):
    """A campaign status that exists."""
