"""What every resolver of one request shares: the store, one snapshot to read from, loaders, and who asks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

import strawberry
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.dataloader import DataLoader

from server.clock import Clock
from server.errors import DeadlineExceededError, TesseraError
from server.rules import FilledRule
from server.selection import DecidedRule, decide_rule
from server.settings import Settings
from server.store.database import Database
from server.store.unit_of_work import UnitOfWork

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ANONYMOUS = "anonymous"
"""Who acts when nobody says who."""


class Context:
    """The context of one request; use it as ``async with Context(…) as context``.

    Every read of the request sees one snapshot of the data, opened by the first read. A mutation ends it, so that what
    is read afterwards is what the mutation left.

    Attributes:
        settings: the limits that the schema checks.
        moment: the request's one clock reading; read again after each mutation.
        actor: who asks, at most 50 characters.
    """

    def __init__(self, database: Database, settings: Settings, clock: Clock, *, actor: str = ANONYMOUS) -> None:
        self.settings = settings
        self.actor = actor
        self.moment = clock()
        self._database = database
        self._clock = clock
        self._turn = asyncio.Lock()
        self._snapshot = AsyncExitStack()
        self._connection: AsyncConnection | None = None
        self._remembered: dict[Hashable, Any] = {}
        self._expires = monotonic() + settings.request_deadline

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._forget()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield the request's snapshot, to one caller at a time.

        Raises: BusyError when no connection is free in time, DeadlineExceededError when a statement takes too long.
        """
        async with self._turn:
            if monotonic() > self._expires:
                msg = f"The request has read for {self.settings.request_deadline:g} seconds; ask for less at a time."
                raise DeadlineExceededError(msg)
            try:
                if self._connection is None:
                    self._connection = await self._snapshot.enter_async_context(self._database.read())
                yield self._connection
            except TesseraError:
                raise  # ours, not the store's: the snapshot is sound
            except BaseException as error:
                # PostgreSQL answers nothing more in a transaction in which a statement has failed; leaving the
                # snapshot with the error also lets the store say it in its own terms.
                self._connection = None
                await self._snapshot.__aexit__(type(error), error, error.__traceback__)
                raise

    @asynccontextmanager
    async def write(self, operation: str) -> AsyncIterator[UnitOfWork]:
        """Yield a unit of work: committed when the block ends, rolled back whole when it raises.

        Args:
            operation: the mutation's name as in the API, for the change log.

        Raises: BusyError, DeadlineExceededError; ConflictError when a constraint of the store stops the change.
        """
        await self._forget()
        async with self._database.write(actor=self.actor, operation=operation, moment=self.moment) as work:
            yield work
        await self._forget()
        self.moment = self._clock()
        self._expires = monotonic() + self.settings.request_deadline

    async def decide(
        self,
        rule: FilledRule | str,
        *,
        allow_scan: bool = False,
        among: ColumnElement[bool] | None = None,
        for_change: bool = False,
    ) -> DecidedRule:
        """Return the rule, decided on the request's snapshot.

        A mutation decides first and then opens its unit of work, whose operation asks the rule to renew itself.

        Args:
            rule: one with parameters is told as typed in errors.
            allow_scan: decide any number of contacts one by one.
            among: condition on ``contact``: only these are in question; default all.
            for_change: take the time that a change may take, not that of a request that reads.

        Raises: RuleError; DeadlineExceededError and BusyError for a scan.
        """
        known = ("rule", rule, allow_scan)
        if among is None and known in self._remembered:
            remembered: DecidedRule = self._remembered[known]
            return remembered
        expires = monotonic() + self.settings.write_deadline if for_change else self._expires
        async with self._database.scan() if allow_scan else nullcontext(), self.read() as connection:
            decided = await decide_rule(
                connection,
                rule,
                self.moment,
                residual_rows=self.settings.residual_rows,
                allow_scan=allow_scan,
                among=among,
                expires=expires,
            )
        if among is None:
            self._remembered[known] = decided
        return decided

    def loader(
        self, name: Hashable, load: Callable[[AsyncConnection, Sequence[K]], Awaitable[Sequence[V]]]
    ) -> DataLoader[K, V]:
        """Return the request's loader of this name; ``load`` answers many keys with one statement, in their order."""
        known = self._remembered.get(("loader", name))
        if known is None:

            async def load_all(keys: list[K]) -> Sequence[V]:
                async with self.read() as connection:
                    return await load(connection, keys)

            known = self._remembered["loader", name] = DataLoader(load_fn=load_all)
        loader: DataLoader[K, V] = known
        return loader

    def remember(self, name: Hashable, compute: Callable[[], V]) -> V:
        """Return what ``compute`` returned the first time in this request."""
        if name not in self._remembered:
            self._remembered[name] = compute()
        value: V = self._remembered[name]
        return value

    async def _forget(self) -> None:
        """Give the snapshot back and forget what was read from it."""
        async with self._turn:
            self._connection = None
            await self._snapshot.aclose()
        self._remembered.clear()


Info = strawberry.Info[Context, None]
"""What Strawberry hands to a resolver."""
