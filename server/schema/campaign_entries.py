"""Campaign entries as a list, and what can be done with them."""

from typing import Annotated

import strawberry

from server.operations.campaigns.campaign_entries import cancel_campaign_entries, delete_campaign_entries
from server.reading.campaigns import CAMPAIGN_ENTRIES, entry_filter
from server.reading.pages import Listing
from server.reading.relations import Order
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.nodes import global_id
from server.schema.objects import CampaignEntry
from server.schema.pagination import Connection, paged
from server.schema.payloads import Payload, mutation
from server.schema.records import load, load_all

_ENTRY_NOS = "Entry numbers of the campaign entries, 1 to 1,000."


@strawberry.input(description="Which campaign entries to cancel, or to take that back.")
class CancelCampaignEntriesInput:
    """Campaign entries and their new state."""

    entry_nos: list[int] = strawberry.field(description=_ENTRY_NOS)
    canceled: bool = strawberry.field(default=True, description="false takes the canceling back. Default: true.")


@strawberry.input(description="Which campaign entries to delete.")
class DeleteCampaignEntriesInput:
    """Campaign entries to be deleted."""

    entry_nos: list[int] = strawberry.field(description=f"{_ENTRY_NOS} All of them are canceled.")


@strawberry.type(description="The answer of cancelCampaignEntries.")
class CancelCampaignEntriesPayload(Payload):
    """The changed entries, or why none is changed."""

    entry_keys: strawberry.Private[tuple[int, ...]] = ()

    @computed("The campaign entries after the change, by entry number; none when the mutation was refused.")
    async def campaign_entries(self, info: Info) -> list[CampaignEntry]:
        """Return the entries."""
        return await load_all(info, CampaignEntry, self.entry_keys)


@strawberry.type(description="The answer of deleteCampaignEntries.")
class DeleteCampaignEntriesPayload(Payload):
    """The deleted entries, or why none is deleted."""

    deleted_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Global ids that they had, by entry number; null when the mutation was refused."
    )


@strawberry.type
class CampaignEntryMutations:
    """What can be done with campaign entries."""

    @mutation(
        "Cancel campaign entries, or take that back. All interactions of an entry get the same state, whatever their "
        "own was. Taking it back is refused with STILL_CANCELED while the logged segment of an entry is canceled."
    )
    async def cancel_campaign_entries(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            CancelCampaignEntriesInput, strawberry.argument(description="Which entries.")
        ],
    ) -> CancelCampaignEntriesPayload:
        """Cancel entries, or take it back."""
        async with info.context.write("cancelCampaignEntries") as work:
            keys = await cancel_campaign_entries(work, input.entry_nos, canceled=input.canceled)
        return CancelCampaignEntriesPayload(entry_keys=tuple(keys))

    @mutation(
        "Delete canceled campaign entries with their canceled interactions, the comments on these, and attachments "
        "that nothing else refers to. Interactions that were logged for an entry after it was canceled, and are not "
        "canceled themselves, stay without an entry."
    )
    async def delete_campaign_entries(
        self,
        info: Info,
        input: Annotated[DeleteCampaignEntriesInput, strawberry.argument(description="Which entries.")],  # noqa: A002
    ) -> DeleteCampaignEntriesPayload:
        """Delete entries."""
        async with info.context.write("deleteCampaignEntries") as work:
            keys = await delete_campaign_entries(work, input.entry_nos)
        return DeleteCampaignEntriesPayload(deleted_ids=[global_id("CampaignEntry", key) for key in keys])


@strawberry.type
class CampaignEntryQueries:
    """Campaign entries of all campaigns."""

    @computed("The campaign entry of this entry number; null when there is none.")
    async def campaign_entry(
        self, info: Info, entry_no: Annotated[int, strawberry.argument(description="Entry number.")]
    ) -> CampaignEntry | None:
        """Return an entry."""
        return await load(info, CampaignEntry, entry_no)

    @paged("Campaign entries of all campaigns, newest first.")
    async def campaign_entries(
        self,
        canceled: Annotated[
            bool | None, strawberry.argument(description="Only those that are canceled, or are not. Default: all.")
        ] = None,
    ) -> Connection[CampaignEntry]:
        """Return a list of entries."""
        order = Order(CAMPAIGN_ENTRIES.orders["ENTRY_NO"], descending=True)
        return Connection.of(CampaignEntry, Listing(CAMPAIGN_ENTRIES, order, entry_filter(canceled)))
