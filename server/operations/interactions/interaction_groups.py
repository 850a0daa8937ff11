"""Interaction groups: a code table of the interaction log."""

from server.operations.setup.codes import CodeTable
from server.store.tables import interaction_group

INTERACTION_GROUPS = CodeTable("interaction group", interaction_group)
