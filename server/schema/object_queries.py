"""Queries for objects and lists of them."""

import asyncio
import re
from datetime import date
from typing import Annotated, Any, TypeVar

import strawberry

from server.errors import InvalidInputError
from server.reading.contacts import contact_filter
from server.reading.interactions import interaction_filter
from server.reading.pages import Listing
from server.reading.relations import Filter, Order
from server.reading.texts import is_storable
from server.schema.attachments import Attachment
from server.schema.codes import (
    Attribute,
    BusinessRelation,
    CampaignStatus,
    IndustryGroup,
    InteractionGroup,
    JobResponsibility,
    MailingGroup,
    OrganizationalLevel,
)
from server.schema.context import Info
from server.schema.day_ranges import require_day_range
from server.schema.enums import Evaluation
from server.schema.fields import computed
from server.schema.marketing_setup import MarketingSetup
from server.schema.nodes import Node, parse_global_id
from server.schema.number_series import NumberSeries
from server.schema.objects import (
    Campaign,
    CampaignEntry,
    Contact,
    Interaction,
    InteractionTemplate,
    LoggedSegment,
    SavedCriteria,
    Segment,
    SegmentLine,
    load_line,
)
from server.schema.orders import (
    CampaignOrder,
    ContactOrder,
    InteractionOrder,
    LoggedSegmentOrder,
    SegmentOrder,
    chosen_order,
)
from server.schema.pagination import Connection, paged
from server.schema.payloads import at_path, given_values
from server.schema.records import Record, load
from server.schema.rule_arguments import RuleParameters, decided_rule, filled_rule
from server.schema.salespeople import Salesperson, Team
from server.schema.salutations import Salutation
from server.schema.users import User

T = TypeVar("T", bound=Record)

Number = Annotated[str, strawberry.argument(description="Number, at most 20 characters; case does not matter.")]
EntryNumber = Annotated[int, strawberry.argument(description="Entry number.")]


@strawberry.input(description="Which interactions; restrictions that are left out or null do not restrict.")
class InteractionFilter:
    """Restrictions of a list of interactions."""

    contact_no: str | None = strawberry.field(default=None, description="Number of the contact.")
    campaign_no: str | None = strawberry.field(default=None, description="Number of the campaign.")
    segment_no: str | None = strawberry.field(default=None, description="Number that the logged segment had.")
    logged_segment_entry_no: int | None = strawberry.field(
        default=None, description="Entry number of the logged segment."
    )
    template: str | None = strawberry.field(default=None, description="Code of the interaction template.")
    salesperson: str | None = strawberry.field(default=None, description="Code of the salesperson.")
    evaluation: Evaluation | None = strawberry.field(default=None, description="How they went.")
    canceled: bool | None = strawberry.field(default=None, description="Whether they were canceled.")
    postponed: bool | None = strawberry.field(default=None, description="Whether they are still to be finished.")
    on_from: date | None = strawberry.field(default=None, description="First day, inclusive.")
    on_to: date | None = strawberry.field(default=None, description="Last day, inclusive; not before the first.")


@strawberry.type
class ObjectQueries:
    """One object, or a list of them."""

    @computed("The contact of this number; null when there is none.")
    async def contact(self, info: Info, no: Number) -> Contact | None:
        """Return a contact."""
        return await _by_number(info, Contact, no)

    @paged("Contacts.")
    async def contacts(
        self,
        info: Info,
        rule: Annotated[
            str | None,
            strawberry.argument(
                description="Only contacts that this rule selects, at most 4,096 characters; see ruleSymbols for names."
            ),
        ] = None,
        *,
        parameters: RuleParameters = None,
        allow_scan: Annotated[
            bool,
            strawberry.argument(
                description=(
                    "Whether any number of contacts may be decided one by one where SQL cannot decide the rule; "
                    "without it, 20,000 unless the server is set otherwise."
                )
            ),
        ] = False,
        search: Annotated[
            str | None,
            strawberry.argument(
                description=(
                    "Only contacts whose name begins with this text, without regard to case, or whose whole number or "
                    "e-mail address it is; at most 100 characters. For text inside names write a rule."
                )
            ),
        ] = None,
        order_by: Annotated[ContactOrder | None, strawberry.argument(description="Default: by number.")] = None,
    ) -> Connection[Contact]:
        """Return a list of contacts."""
        filled = filled_rule("true" if rule is None else rule, parameters)
        decided = None if rule is None else await decided_rule(info, filled, allow_scan=allow_scan)
        return _listed(Contact, "NO", order_by, contact_filter(search=search, decided=decided))

    @computed("The segment of this number; null when there is none.")
    async def segment(self, info: Info, no: Number) -> Segment | None:
        """Return a segment."""
        return await _by_number(info, Segment, no)

    @paged("Segments that are not logged yet.")
    async def segments(
        self,
        order_by: Annotated[SegmentOrder | None, strawberry.argument(description="Default: by number.")] = None,
    ) -> Connection[Segment]:
        """Return a list of segments."""
        return _listed(Segment, "NO", order_by)

    @computed("The campaign of this number; null when there is none.")
    async def campaign(self, info: Info, no: Number) -> Campaign | None:
        """Return a campaign."""
        return await _by_number(info, Campaign, no)

    @paged("Campaigns.")
    async def campaigns(
        self,
        order_by: Annotated[CampaignOrder | None, strawberry.argument(description="Default: by number.")] = None,
    ) -> Connection[Campaign]:
        """Return a list of campaigns."""
        return _listed(Campaign, "NO", order_by)

    @paged("Interactions.")
    async def interactions(
        self,
        filter: Annotated[  # noqa: A002 - the argument's name in the API
            InteractionFilter | None, strawberry.argument(description="Which ones; default: all.")
        ] = None,
        order_by: Annotated[
            InteractionOrder | None, strawberry.argument(description="Default: newest entry first.")
        ] = None,
    ) -> Connection[Interaction]:
        """Return a list of interactions."""
        with at_path("filter"):
            if filter is not None:
                require_day_range(filter.on_from, filter.on_to)
            chosen = interaction_filter({} if filter is None else given_values(filter))
        return _listed(Interaction, "ENTRY_NO", order_by, chosen, descending=True)

    @computed("The logged segment of this entry number; null when there is none.")
    async def logged_segment(self, info: Info, entry_no: EntryNumber) -> LoggedSegment | None:
        """Return a logged segment."""
        return await load(info, LoggedSegment, entry_no)

    @paged("Logged segments.")
    async def logged_segments(
        self,
        order_by: Annotated[
            LoggedSegmentOrder | None, strawberry.argument(description="Default: newest entry first.")
        ] = None,
    ) -> Connection[LoggedSegment]:
        """Return a list of logged segments."""
        return _listed(LoggedSegment, "ENTRY_NO", order_by, descending=True)

    @paged("Saved criteria by code.")
    async def saved_criteria(self) -> Connection[SavedCriteria]:
        """Return the saved criteria."""
        return _listed(SavedCriteria, "CODE")

    @paged("Interaction templates by code.")
    async def interaction_templates(self) -> Connection[InteractionTemplate]:
        """Return the interaction templates."""
        return _listed(InteractionTemplate, "CODE")

    @paged("Salespeople by code.")
    async def salespeople(self) -> Connection[Salesperson]:
        """Return the salespeople."""
        return _listed(Salesperson, "CODE")

    @paged("Mailing groups by code.")
    async def mailing_groups(self) -> Connection[MailingGroup]:
        """Return the mailing groups."""
        return _listed(MailingGroup, "CODE")

    @computed("The object with this global id; null when there is none, whatever the text is.")
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")],  # noqa: A002
    ) -> Node | None:
        """Return any object."""
        return await _by_global_id(info, id)

    @computed("The objects with these global ids in their order; null where there is none.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 200.")],
    ) -> list[Node | None]:
        """Return any objects; one statement for each type among them."""
        if len(ids) > info.context.settings.page_size_max:
            msg = f"At most {info.context.settings.page_size_max} ids are allowed; {len(ids)} were given."
            raise InvalidInputError(msg, path=("ids",))
        return await asyncio.gather(*(_by_global_id(info, id_) for id_ in ids))


_KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Attachment,
        Attribute,
        BusinessRelation,
        Campaign,
        CampaignEntry,
        CampaignStatus,
        Contact,
        IndustryGroup,
        Interaction,
        InteractionGroup,
        InteractionTemplate,
        JobResponsibility,
        LoggedSegment,
        MailingGroup,
        MarketingSetup,
        NumberSeries,
        OrganizationalLevel,
        Salesperson,
        Salutation,
        SavedCriteria,
        Segment,
        Team,
        User,
    )
}
_INTEGER_KEY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


async def _by_global_id(info: Info, id_: str) -> Node | None:
    """Return the object; None for every text that names none."""
    parsed = parse_global_id(id_)
    if parsed is None:
        return None
    type_name, key = parsed
    if type_name == SegmentLine.__name__:
        return await _line(info, *key.partition(":")[::2])
    kind = _KINDS.get(type_name)
    if kind is None or not is_storable(key):
        return None
    is_text = kind.relation.key.type is str
    if not is_text and not _INTEGER_KEY.fullmatch(key):
        return None
    found: Node | None = await load(info, kind, key if is_text else int(key))
    return found


async def _line(info: Info, segment_key: str, line_no: str) -> SegmentLine | None:
    """Return a line that its segment shows."""
    if not (_INTEGER_KEY.fullmatch(segment_key) and _INTEGER_KEY.fullmatch(line_no)):
        return None
    return await load_line(info, int(segment_key), int(line_no))


async def _by_number(info: Info, kind: type[T], no: str) -> T | None:
    """Return the object of a number, as it is stored: stripped and in upper case."""
    return await load(info, kind, no.strip().upper(), by="no") if is_storable(no) else None


def _listed(
    kind: type[T], order: str, wanted: Any = None, chosen: Filter | None = None, *, descending: bool = False
) -> Connection[T]:
    """Return the list of all objects of a kind, in the order wanted or the one named."""
    default = Order(kind.relation.orders[order], descending)
    return Connection.of(kind, Listing(kind.relation, chosen_order(kind.relation, wanted, default), chosen or Filter()))
