"""The plain values of segments, their lines and their actions; what they refer to stands in ``objects``."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from server.schema.codes import SegmentActionOptions
from server.schema.enums import CorrespondenceType, Evaluation, InformationFlow, InitiatedBy, SegmentActionKind
from server.schema.fields import computed


@strawberry.type
class SegmentColumns:
    """The values of a segment's header."""

    no: str = strawberry.field(description="Number, at most 20 characters; unique.")
    description: str = strawberry.field(
        description="What the segment is for, at most 100 characters; may be blank, but not when it is logged."
    )
    correspondence_type: CorrespondenceType | None = strawberry.field(description="How things are sent to its lines.")
    ignore_contact_correspondence: bool = strawberry.field(
        description="Whether the contact's preference for correspondence does not count."
    )
    language: str | None = strawberry.field(
        description=(
            "Code of the default language, at most 10 characters, one of languages: what lines to come get whose "
            "contact has a language that the segment does not have."
        )
    )
    subject: str = strawberry.field(
        description="Subject of what is sent in the default language, at most 100 characters; may be blank."
    )
    unit_cost: Decimal = strawberry.field(description="Cost of one interaction.")
    unit_duration: Decimal = strawberry.field(description="Minutes that one interaction takes.")
    on: date = strawberry.field(description="Day that its interactions get.")
    information_flow: InformationFlow | None = strawberry.field(description="Which way the information goes.")
    initiated_by: InitiatedBy | None = strawberry.field(description="Who begins.")
    campaign_target: bool = strawberry.field(
        description="Whether its interactions reach the campaign's target; false while there is no campaign."
    )
    campaign_response: bool = strawberry.field(
        description="Whether its interactions are responses to the campaign; false while there is no campaign."
    )
    revision: int = strawberry.field(
        description="Number of the action at which the segment stands; 0 before the first one. Undo and redo move it."
    )
    head_revision: int = strawberry.field(description="Number of the newest action, undone or not.")
    line_count: int = strawberry.field(description="Number of lines; kept, not counted.")
    cost: Decimal = strawberry.field(
        description="Sum of the costs of its lines; added up, which takes longer than lineCount."
    )
    duration: Decimal = strawberry.field(
        description="Sum of the minutes of its lines; added up, which takes longer than lineCount."
    )
    action_count: int = strawberry.field(description="Number of its actions, without those undone.")
    member_count: int = strawberry.field(
        description="Number of different contacts on the lines; counted, which takes longer than lineCount."
    )
    created_at: datetime = strawberry.field(description="Instant of creation.")
    modified_at: datetime = strawberry.field(description="Instant of the last change.")
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")

    @computed("Whether there is an action to undo.", "revision")
    def can_undo(self) -> bool:
        """Return whether the pointer can go back."""
        return self.revision > 0

    @computed("Whether there is an undone action to redo.", "revision", "head_revision")
    def can_redo(self) -> bool:
        """Return whether the pointer can go forward."""
        return self.revision < self.head_revision


@strawberry.type
class SegmentLineColumns:
    """The values of a line, wherever they come from."""

    line_no: int = strawberry.field(description="Number of the line in its segment; rises in steps of 10.")
    description: str = strawberry.field(description="What the interaction is, at most 100 characters; may be blank.")
    correspondence_type: CorrespondenceType | None = strawberry.field(description="How it is sent; null: not sent.")
    language: str | None = strawberry.field(description="Language code, at most 10 characters.")
    subject: str = strawberry.field(description="Subject of what is sent, at most 100 characters; may be blank.")
    cost: Decimal = strawberry.field(description="Cost of the interaction.")
    duration: Decimal = strawberry.field(description="Minutes that the interaction takes.")
    on: date = strawberry.field(description="Day that the interaction gets.")
    information_flow: InformationFlow | None = strawberry.field(description="Which way the information goes.")
    initiated_by: InitiatedBy | None = strawberry.field(description="Who begins.")
    campaign_target: bool = strawberry.field(
        description="Whether it reaches the campaign's target; false while there is no campaign."
    )
    campaign_response: bool = strawberry.field(
        description="Whether it is a response to the campaign; false while there is no campaign."
    )
    evaluation: Evaluation | None = strawberry.field(description="How it went; null: not evaluated.")
    attempt_failed: bool = strawberry.field(description="Whether the contact was not reached.")
    alternative_address: str | None = strawberry.field(
        description=(
            "Code of the contact's alternative address that held on the line's day when the line was added or got that "
            "day, at most 10 characters; null: the contact's own address."
        )
    )
    contact_name: str = strawberry.field(
        description="Name of the contact if it is a person; blank for a company, whose name is contactCompanyName."
    )
    contact_company_name: str = strawberry.field(
        description="Name of the contact's company, or of the company itself; blank for a person without one."
    )
    contact_phone: str = strawberry.field(description="The contact's phone number now; may be blank.")
    contact_mobile_phone: str = strawberry.field(description="The contact's mobile phone number now; may be blank.")
    contact_email: str = strawberry.field(description="The contact's e-mail addresses now; may be blank.")
    added: int = strawberry.field(
        name="addedAtRevision", description="Number of the action that put the line on the segment."
    )


@strawberry.type
class SegmentActionColumns:
    """The values of an action."""

    options_json: strawberry.Private[dict[str, Any] | None]
    revision: int = strawberry.field(description="Number of the action, from 1.")
    kind: SegmentActionKind = strawberry.field(description="What it did.")
    rule: str = strawberry.field(description="The rule, as it was typed; blank where there is none.")
    language_version: str = strawberry.field(
        description="Version of the rule language in which the rule was written; blank where there is no rule."
    )
    lines_added: int = strawberry.field(description="Number of lines it added.")
    lines_removed: int = strawberry.field(description="Number of lines it removed.")
    line_count: int = strawberry.field(description="Number of lines after it.")
    undecided_count: int = strawberry.field(
        description="Number of contacts for which the rule failed; it neither added nor removed them."
    )
    actor: str = strawberry.field(description="Who did it, at most 50 characters; may be blank.")
    at: datetime = strawberry.field(description="When it was done.")
    undone: bool = strawberry.field(description="Whether it is undone now; a redo brings it back.")

    @computed("What it was told to do beside its rule.", "options_json")
    def options(self) -> SegmentActionOptions:
        """Return the options."""
        return SegmentActionOptions.of(self.options_json)


@strawberry.type(description="An action kept in a saved criteria.")
class SavedAction:
    """One action of a saved criteria."""

    position: int = strawberry.field(description="Place among the actions, from 1.")
    kind: SegmentActionKind = strawberry.field(description="What it does.")
    rule: str = strawberry.field(description="The rule, as it was typed; blank where there is none.")
    language_version: str = strawberry.field(description="Version of the rule language in which it was written.")
    options: SegmentActionOptions = strawberry.field(description="What it is told to do beside its rule.")


@strawberry.type
class SavedCriteriaColumns:
    """The values of a saved criteria."""

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    description: str = strawberry.field(description="What it selects, at most 100 characters; may be blank.")
    actor: str = strawberry.field(description="Who saved it, at most 50 characters; may be blank.")
    created_at: datetime = strawberry.field(description="When it was saved.")
    action_count: int = strawberry.field(description="Number of its actions.")
