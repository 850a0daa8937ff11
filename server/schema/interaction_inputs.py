"""What clients say of interactions."""

from datetime import date
from decimal import Decimal

import strawberry

from server.schema.attachments import AttachmentInput
from server.schema.comments import CommentInput
from server.schema.enums import CorrespondenceType, Evaluation, InformationFlow, InitiatedBy
from server.schema.inputs import optional

_CAMPAIGN_NO = "Number of the campaign it belongs to."
_DELIVER = (
    "Queue the attachment for a mailer, as the correspondence type says, else that of the template. It then needs an "
    "attachment and, by e-mail, an address; where neither says anything, nothing is sent. Default: false."
)
_COMMENTS = "Comments on it, at most 1,000; they take the place of all there are."


@strawberry.input
class InteractionCircumstances:
    """What every interaction can say, beside its contact and template."""

    evaluation: Evaluation | None = optional("How it went. Default: not evaluated.")
    attempt_failed: bool | None = optional("Whether the contact was not reached. Default: false.")
    cost: Decimal | None = optional("Cost, not negative. Default: the template's; null: 0.")
    duration: Decimal | None = optional(
        "Minutes that it took, not negative, at most 2 decimal places. Default: the template's; null: 0."
    )
    information_flow: InformationFlow | None = optional("Which way the information went. Default: the template's.")
    initiated_by: InitiatedBy | None = optional("Who began. Default: the template's.")
    campaign_target: bool | None = optional(
        "Whether it counts as reaching the campaign's target. Default: the template's."
    )
    campaign_response: bool | None = optional(
        "Whether it is a response to the campaign; true is refused without one. Default: the template's."
    )
    language: str | None = optional(
        "Language code, at most 10 characters, of those that the template has; any if it has none. Default: the "
        "contact's where the template has it, else the template's."
    )
    contact_via: str | None = optional("Phone number or address used, at most 80 characters.")
    comments: list[CommentInput] | None = optional(f"{_COMMENTS} Default: none.")


@strawberry.input
class NewInteraction(InteractionCircumstances):
    """What a new interaction can say."""

    contact_no: str | None = optional(
        "Number of the contact, who must not be blocked for privacy. Needed without fromEntryNo."
    )
    template: str = strawberry.field(description="Code of the interaction template.")
    from_entry_no: int | None = strawberry.field(
        default=None,
        description=(
            "Entry number of an interaction that it goes on from: contact, salesperson and campaign are its, where "
            "they are not given."
        ),
    )
    salesperson: str | None = optional(
        "Code of who did it; not blocked. Default: the salesperson that the acting user is, else the contact's."
    )
    on: date | None = optional("Day of the interaction. Default: the work date.")
    description: str | None = optional(
        "What it was, at most 100 characters; not blank. Default: the template's description."
    )
    subject: str | None = optional(
        "Subject of what was sent, at most 100 characters. Default: the template's in the language, else the "
        "description."
    )
    campaign_no: str | None = optional(f"{_CAMPAIGN_NO} Default: the template's; null: none.")
    correspondence_type: CorrespondenceType | None = optional(
        "How it was sent. Default: by the contact's preference and the template. EMAIL to a contact without an address "
        "becomes blank when it is finished, unless it is to be delivered."
    )
    attachment: AttachmentInput | None = optional(
        "What is sent. Default: the template's in the language; null: nothing."
    )


@strawberry.input(
    description=(
        "An interaction that took place. Fields left out get the default of the template, the contact or the user; "
        "null means blank."
    )
)
class LogInteractionInput(NewInteraction):
    """An interaction that took place."""

    deliver: bool = strawberry.field(
        default=False,
        description=_DELIVER,
    )


@strawberry.input(
    description=(
        "An interaction to be finished later. Fields left out get the default of the template, the contact or the "
        "user; null means blank."
    )
)
class PostponeInteractionInput(NewInteraction):
    """An interaction to be finished later."""


@strawberry.input
class PostponedInteraction(InteractionCircumstances):
    """What can change of a postponed interaction."""

    entry_no: int = strawberry.field(description="Entry number of the postponed interaction.")
    contact_no: str | None = optional("Number of the contact, who must not be blocked for privacy.")
    template: str | None = optional(
        "Code of the interaction template; another one brings along everything that is not given."
    )
    salesperson: str | None = optional("Code of who did it; not blank, not blocked.")
    description: str | None = optional("What it was, at most 100 characters; not blank.")
    subject: str | None = optional("Subject of what was sent, at most 100 characters.")
    campaign_no: str | None = optional(f"{_CAMPAIGN_NO} null: none.")
    correspondence_type: CorrespondenceType | None = optional("How it was sent; null: not at all.")
    attachment: AttachmentInput | None = optional("What is sent; null: nothing.")


@strawberry.input(
    description="Changes of a postponed interaction. Fields left out stay as they are, whatever their default is."
)
class UpdatePostponedInteractionInput(PostponedInteraction):
    """Changes of a postponed interaction."""

    on: date | None = optional("Day of the interaction; not null.")


@strawberry.input(
    description=(
        "A postponed interaction that took place. Fields left out stay as they are, whatever their default is; the day "
        "does not."
    )
)
class ResumeInteractionInput(PostponedInteraction):
    """A postponed interaction that took place."""

    on: date | None = optional("Day of the interaction. Default: the work date.")
    deliver: bool = strawberry.field(
        default=False,
        description=_DELIVER,
    )


@strawberry.input(
    description=(
        "A phone call, with a contact or from the line of a segment. Its template is phoneCallTemplate of the "
        "marketing setup. Fields left out get the default of the line, the template, the contact or the user; null "
        "means blank."
    )
)
class LogPhoneCallInput(InteractionCircumstances):
    """A phone call."""

    contact_no: str | None = optional(
        "Number of the contact, who must not be blocked for privacy. Needed without a line."
    )
    segment_no: str | None = strawberry.field(
        default=None,
        description=(
            "Number of the segment on whose line the call is made; the line stays, and gives contact, salesperson, "
            "campaign and its flags."
        ),
    )
    line_no: int | None = strawberry.field(default=None, description="Number of that line.")
    contact_via: str | None = optional(
        "The phone number, at most 80 characters. Default: that of the alternative address of the day, else the "
        "contact's."
    )
    dialed: bool = strawberry.field(
        default=False, description="Whether the number was dialed, so that there must be one. Default: false."
    )
    salesperson: str | None = optional(
        "Code of who called; not blocked. Default: the line's, else the one that the acting user is, else the "
        "contact's."
    )
    on: date | None = optional("Day of the call. Default: the work date.")
    description: str | None = optional(
        "What it was, at most 100 characters; not blank. Default: the template's description."
    )
    subject: str | None = optional("What it was about, at most 100 characters. Default: the description.")
    campaign_no: str | None = optional(f"{_CAMPAIGN_NO} Default: the line's, else the template's; null: none.")
