"""The lower bound of the worksheet: what somebody would write by hand with the driver alone, on either database.

The statements do to the same tables what the operations do: the same rows in the same order under the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

Execute = Callable[[str], int]
"""Runs one statement on the driver and returns how many rows it touched."""

_ADD = """
insert into segment_line
    (segment_id, line_no, contact_id, origin, added, defaults_no, salesperson, language, correspondence_type)
select {segment},
       10 * row_number() over (
           order by coalesce(company.search_name, ''), coalesce(company.no, ''), c.type, c.search_name, c.no),
       c.id, 1, 1, 1, c.salesperson, null, c.correspondence_type
  from contact c left join contact company on company.id = c.company_id
 where not c.exclude_from_segment and not c.privacy_blocked
"""
_LOG = """
insert into interaction_log_entry
    (contact_id, company_id, "on", at, description, subject, template, salesperson, campaign_target, campaign_response,
     segment_no, logged_segment_no, attempt_failed, cost, duration, correspondence_type, actor)
select c.id, c.company_id, '2026-11-23', {now}, 'By hand', '', 'MAIL', l.salesperson, false, false,
       'BY-HAND', {logged}, false, 0, 0, case when c.email = '' then null else l.correspondence_type end, 'bench'
  from segment_line l join contact c on c.id = l.contact_id
 where l.segment_id = {segment}
 order by l.contact_id, l.line_no
"""


@dataclass(frozen=True, slots=True)
class ByHand:
    """One database and its driver."""

    dialect: str
    execute: Execute

    def add(self, segment: int) -> tuple[float, int]:
        """Put every contact that may be there on a segment without lines; return seconds and lines."""
        return self._timed(_ADD.format(segment=segment))

    def delete(self, segment: int, where: str) -> tuple[float, int]:
        """Delete the lines of the contacts that meet a condition."""
        chosen = f"contact_id in (select c.id from contact c where {where})"
        return self._timed(f"delete from segment_line where segment_id = {segment} and {chosen}")

    def log(self, segment: int, logged_segment: str) -> tuple[float, int]:
        """Write an interaction for every line, in the order of the contacts, and delete the lines."""
        now = "1795435200000000" if self.dialect == "sqlite" else "'2026-11-23 12:00:00+00'"
        statement = _LOG.format(segment=segment, logged=logged_segment, now=now)
        return self._timed(statement, f"delete from segment_line where segment_id = {segment}")

    def clean(self, *statements: str) -> None:
        """Run what brings the tables back, and let the database tidy up after it."""
        for statement in statements:
            self.execute(statement)
        if self.dialect == "sqlite":
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            self.execute("VACUUM segment_line")
            self.execute("VACUUM interaction_log_entry")

    def _timed(self, statement: str, *more: str) -> tuple[float, int]:
        """Run statements in one transaction; return the seconds, and the rows that the first one touched."""
        begun = perf_counter()
        self.execute("BEGIN IMMEDIATE" if self.dialect == "sqlite" else "BEGIN")
        rows = self.execute(statement)
        for other in more:
            self.execute(other)
        self.execute("COMMIT")
        return perf_counter() - begun, rows
