"""Users: who acts, and which salesperson they are."""

from typing import Annotated, ClassVar

import strawberry

from server.reading.pages import Listing
from server.reading.relations import Order, Relation
from server.reading.setup import USERS
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.nodes import Node
from server.schema.pagination import Connection, paged
from server.schema.records import Record, load
from server.schema.referring import reference
from server.schema.salespeople import Salesperson

_CLAIM = (
    "A request says by the header Tessera-User who acts: 1 to 50 printable ASCII characters, in which case matters. "
    "This is a claim and no proof; it decides defaults and the change log, and no right."
)


@strawberry.type(description=f"Somebody who works with Tessera. {_CLAIM}")
class User(Record, Node):
    """A user."""

    relation: ClassVar[Relation] = USERS

    name: str = strawberry.field(
        description="Name under which the user acts, at most 50 characters; unique, case matters."
    )
    full_name: str = strawberry.field(description="The user's own name, at most 80 characters; may be blank.")
    email: str = strawberry.field(
        description="E-mail addresses separated by semicolons, at most 80 characters; may be blank."
    )
    salesperson: Salesperson | None = reference(
        lambda: Salesperson,
        "salesperson_code",
        "The salesperson whom the user is: new contacts, segments and campaigns of the user get this one, unless "
        "blocked; null for none.",
    )


@strawberry.type(description=f"Who acts in this request. {_CLAIM}")
class Viewer:
    """The acting user."""

    name: str = strawberry.field(
        description="Name that the change log gets: of the header, else of the server's setting, else anonymous."
    )

    @computed("What is set up for the name; null for nothing.")
    async def user(self, info: Info) -> User | None:
        """Return the user."""
        return await load(info, User, self.name)


@strawberry.type
class UserQueries:
    """Who works here."""

    @computed("Who acts in this request.")
    async def viewer(self, info: Info) -> Viewer:
        """Return who acts."""
        return Viewer(name=info.context.actor)

    @computed("The user of this name; null when there is none.")
    async def user(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="Name, at most 50 characters; case matters.")],
    ) -> User | None:
        """Return a user."""
        wanted = name.strip()
        return await load(info, User, wanted) if wanted.isascii() and wanted.isprintable() else None

    @paged("Users by name.")
    async def users(self) -> Connection[User]:
        """Return the users."""
        relation = User.relation
        return Connection.of(User, Listing(relation, Order(relation.orders["NAME"])))
