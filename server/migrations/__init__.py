"""The schema's history: every database is brought to the newest revision by ``migrate``.

A run is one transaction on a connection of its own: it is applied whole or not at all, and two runs at the same time
take turns. On SQLite foreign keys are off while it runs, because changing a table there means copying it and dropping
the original, which would delete every row that refers to it; what they say is checked before the commit.
"""

from server.migrations.runs import Progress, migrate, pending

__all__ = ["Progress", "migrate", "pending"]
