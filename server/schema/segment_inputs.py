"""What the mutations of segments take."""

from datetime import date
from decimal import Decimal

import strawberry

from server.schema.attachments import AttachmentInput
from server.schema.enums import CorrespondenceType, Evaluation, InformationFlow, InitiatedBy
from server.schema.inputs import Guarded, optional
from server.schema.rule_arguments import PARAMETERS, RuleParameter


@strawberry.input
class SharedFields:
    """The values that a segment's header and a line both have."""

    description: str | None = optional("What the interactions are, at most 100 characters.")
    campaign_no: str | None = optional(
        "Number of the campaign, at most 20 characters. Null also clears campaignTarget and campaignResponse."
    )
    salesperson: str | None = optional("Code of who does it, at most 20 characters; not blocked.")
    template: str | None = optional(
        "Code of the interaction template, at most 20 characters. Its values are taken over before the others given; "
        "its campaign flags count as soon as there is a campaign."
    )
    subject: str | None = optional("Subject of what is sent, at most 100 characters.")
    on: date | None = optional("Day of the interactions. Null, and the default of a new segment: the work date.")
    information_flow: InformationFlow | None = optional("Which way the information goes.")
    initiated_by: InitiatedBy | None = optional("Who begins.")
    campaign_target: bool | None = optional(
        "Whether it reaches the campaign's target; true is refused without a campaign."
    )
    campaign_response: bool | None = optional(
        "Whether it is a response to the campaign; true is refused without a campaign."
    )


@strawberry.input
class SegmentFields(SharedFields):
    """The values of a segment that both mutations take."""

    correspondence_type: CorrespondenceType | None = optional(
        "How it is sent to every contact; refused unless ignoreContactCorrespondence is true."
    )
    ignore_contact_correspondence: bool | None = optional(
        "Whether the contact's preference for correspondence does not count for lines to come."
    )
    language: str | None = optional("Code of the default language, at most 10 characters; it brings its subject.")
    create_language: bool = strawberry.field(
        default=True,
        description=(
            "Whether a language given is created where the segment, or the template given, does not have it. "
            "False: refuse with LANGUAGE_MISSING."
        ),
    )
    unit_cost: Decimal | None = optional("Cost of one interaction, not negative.")
    unit_duration: Decimal | None = optional(
        "Minutes that one interaction takes, not negative, at most 2 decimal places."
    )


@strawberry.input(
    description="A new segment. Fields left out get the template's value, else are blank; null and blank text: blank."
)
class CreateSegmentInput(SegmentFields):
    """A new segment."""

    salesperson: str | None = optional(
        "Code of who does it, at most 20 characters; not blocked. Default: the acting user's own salesperson."
    )
    no: str | None = optional(
        "Number, at most 20 characters, that no segment has, nor a logged one, nor a campaign entry. "
        "Default: the next of the series, such as SM00001."
    )


@strawberry.input(
    description="Changes of a segment. Fields left out stay as they are; null and blank text make them blank."
)
class UpdateSegmentInput(SegmentFields, Guarded):
    """Changes of a segment."""

    no: str = strawberry.field(description="Number of the segment; it cannot be changed.")
    update_lines: bool = strawberry.field(
        default=True,
        description=(
            "Whether the changes reach the lines that have the segment's template, even where such a line was edited; "
            "a new template reaches all lines. Edits of lines removed or undone stay. "
            "False: only lines to come get them; a new template is then refused while lines have the attachment of one "
            "of the segment's languages."
        ),
    )


@strawberry.input(description="Which segment to delete.")
class DeleteSegmentInput(Guarded):
    """A segment to delete."""

    no: str = strawberry.field(description="Number of the segment, at most 20 characters.")


@strawberry.input
class SegmentActionInput(Guarded):
    """A segment to act on."""

    segment_no: str = strawberry.field(description="Number of the segment, at most 20 characters.")


@strawberry.input
class RuleActionInput(SegmentActionInput):
    """A segment to act on by a rule."""

    rule: str = strawberry.field(
        description=(
            'The rule, at most 4,096 characters, such as country == "DE" and not privacy_blocked; true stands for '
            "every contact. A contact for which it fails is neither added nor removed by it. The rule that counts, and "
            "is stored, has the values of its parameters in place."
        )
    )
    parameters: list[RuleParameter] | None = optional(PARAMETERS)
    allow_scan: bool = strawberry.field(
        default=False,
        description="Allow a rule that SQL cannot decide to be evaluated for any number of contacts, one by one.",
    )


@strawberry.input(description="Which contacts to add to a segment.")
class AddContactsToSegmentInput(RuleActionInput):
    """Contacts to add by a rule."""

    allow_existing_contacts: bool = strawberry.field(
        default=False, description="Add a second line for a contact that stands on the segment."
    )
    expand_companies: bool = strawberry.field(
        default=False, description="Add everyone of the company of a selected contact: the company and its persons."
    )
    allow_company_with_persons: bool = strawberry.field(
        default=False, description="Add the company of a selected contact, too."
    )
    ignore_exclusion: bool = strawberry.field(
        default=False, description="Add contacts that are excluded from segments, too."
    )
    skip_privacy_blocked: bool | None = strawberry.field(
        default=None,
        description="Leave out contacts blocked for privacy. Default: what the marketing setup says.",
    )


@strawberry.input
class RemovalInput(RuleActionInput):
    """Contacts to remove by a rule."""

    entire_companies: bool = strawberry.field(
        default=False,
        description="Ask everyone of the companies of the lines; whom the rule selects stands for the whole company.",
    )
    reset_when_empty: bool = strawberry.field(
        default=False,
        description=(
            "Clear the list of actions when no line is left; then nothing can be undone. Saved criteria never do so."
        ),
    )


@strawberry.input(description="Whom to remove from a segment.")
class ReduceSegmentInput(RemovalInput):
    """Contacts to remove by a rule."""


@strawberry.input(description="Whom to keep on a segment; all others are removed.")
class RefineSegmentInput(RemovalInput):
    """Contacts to keep by a rule."""


@strawberry.input(description="The segment whose last action to undo.")
class UndoSegmentActionInput(SegmentActionInput):
    """An action to undo."""


@strawberry.input(description="The segment whose undone action to redo.")
class RedoSegmentActionInput(SegmentActionInput):
    """An action to redo."""


@strawberry.input(description="Contacts to put on a segment one by one.")
class AddSegmentLinesInput(SegmentActionInput):
    """Contacts to add by their numbers."""

    contact_nos: list[str] = strawberry.field(
        description=(
            "Numbers of the contacts, at least one, in the order in which their lines shall stand; excluded ones are "
            "added."
        )
    )
    allow_existing_contacts: bool = strawberry.field(
        default=False, description="Add a second line for a contact that stands on the segment; else it is skipped."
    )


@strawberry.input(description="Lines to take off a segment.")
class RemoveSegmentLinesInput(SegmentActionInput):
    """Lines to remove by their numbers."""

    line_nos: list[int] = strawberry.field(description="Numbers of lines that stand on the segment, at least one.")
    reset_when_empty: bool = strawberry.field(
        default=False,
        description=(
            "Clear the list of actions when no line is left; then nothing can be undone. Saved criteria never do so."
        ),
    )


@strawberry.input(
    description=(
        "Changes of one line. Fields left out stay as they are; null and blank text make them blank. Edits are no "
        "action: undo and redo keep them."
    )
)
class UpdateSegmentLineInput(SharedFields, SegmentActionInput):
    """Changes of a line."""

    line_no: int = strawberry.field(description="Number of a line that stands on the segment.")
    cost: Decimal | None = optional("Cost of the interaction, not negative.")
    duration: Decimal | None = optional("Minutes that the interaction takes, not negative, at most 2 decimal places.")
    correspondence_type: CorrespondenceType | None = optional("How it is sent.")
    language: str | None = optional(
        "Language code, at most 10 characters: one that the segment has or, on a line with a template of its own, that "
        "template; else LANGUAGE_MISSING. Null: no language, with the subject that the segment has without one."
    )
    attachment: AttachmentInput | None = optional(
        "The document that is sent to this contact, instead of that of the line's language; null: none."
    )
    evaluation: Evaluation | None = optional("How it went.")
    attempt_failed: bool | None = optional("Whether the contact was not reached.")


@strawberry.input(description="A contact to put on a line.")
class ChangeSegmentLineContactInput(SegmentActionInput):
    """A contact and a line."""

    line_no: int = strawberry.field(description="Number of a line that stands on the segment.")
    contact_no: str = strawberry.field(
        description="Number of the contact, at most 20 characters; an excluded one is put on the line, too."
    )
    allow_existing_contacts: bool = strawberry.field(
        default=False,
        description="Add a second line for a contact that stands on the segment; else that is refused.",
    )


@strawberry.input(description="Which actions to keep, and as what.")
class SaveCriteriaInput(SegmentActionInput):
    """Actions to keep."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    description: str | None = optional("What the criteria select, at most 100 characters.")


@strawberry.input(description="Which saved criteria to carry out on a segment.")
class ReuseCriteriaInput(SegmentActionInput):
    """Saved criteria to carry out."""

    code: str = strawberry.field(description="Code of the saved criteria, at most 20 characters.")
    append: bool = strawberry.field(
        default=False, description="Carry them out on a segment that has actions already; else that is refused."
    )
    allow_scan: bool = strawberry.field(
        default=False,
        description="Allow rules that SQL cannot decide to be evaluated for any number of contacts, one by one.",
    )


@strawberry.input(description="Which segment to log.")
class LogSegmentInput(SegmentActionInput):
    """A segment to log."""

    deliver: bool = strawberry.field(
        default=False,
        description=(
            "Queue what is sent for the mailers. Every line that has a correspondence type, or whose template has one, "
            "then needs an attachment, and one to be sent by e-mail an address."
        ),
    )
    follow_up: bool = strawberry.field(
        default=False,
        description="Create a follow-up segment with the segment's campaign and a line for every interaction.",
    )
