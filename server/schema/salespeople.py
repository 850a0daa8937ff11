"""Salespeople and their teams."""

from typing import ClassVar

import strawberry

from server.reading.codes import SALESPEOPLE, TEAMS, members_of, teams_of
from server.reading.relations import Relation
from server.schema.interaction_figures import InteractionStatistics, statistics_field
from server.schema.nodes import Node
from server.schema.pagination import Connection
from server.schema.records import Record
from server.schema.referring import children
from server.store.tables import interaction_log_entry


@strawberry.type(description="Somebody who looks after contacts.")
class Salesperson(Record, Node):
    """A salesperson."""

    relation: ClassVar[Relation] = SALESPEOPLE

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    name: str = strawberry.field(description="Name, at most 50 characters; may be blank.")
    email: str = strawberry.field(description="E-mail address, at most 80 characters; may be blank.")
    phone: str = strawberry.field(description="Phone number, at most 30 characters; may be blank.")
    job_title: str = strawberry.field(description="Job title, at most 30 characters; may be blank.")
    blocked: bool = strawberry.field(description="Whether nothing can be assigned to them any more.")
    privacy_blocked: bool = strawberry.field(description="Whether their data must not be used.")
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")
    teams: "Connection[Team]" = children(lambda: Team, teams_of, "The teams that the salesperson is in, by code.")

    statistics: InteractionStatistics = statistics_field(
        interaction_log_entry.c.salesperson, "What the salesperson did"
    )


@strawberry.type(description="A team of salespeople.")
class Team(Record, Node):
    """A team."""

    relation: ClassVar[Relation] = TEAMS

    code: str = strawberry.field(description="Upper-case code, at most 20 characters; unique.")
    name: str = strawberry.field(description="Name, at most 50 characters; may be blank.")
    members: "Connection[Salesperson]" = children(
        lambda: Salesperson, members_of, "The salespeople who are in the team, by code."
    )
