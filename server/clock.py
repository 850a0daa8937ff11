"""One clock: every evaluation and every write sees a frozen ``Moment``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant and the zone in which its day is counted.

    Attributes:
        now: aware, microsecond precision.
        zone: where days begin; ``$today`` and date literals without a zone are read in it.
        work_date: the date that new documents get; None means today.
    """

    now: datetime
    zone: ZoneInfo = _UTC
    work_date: date | None = None

    @property
    def today(self) -> date:
        """The calendar day of ``now`` in the zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def midnight(self) -> datetime:
        """The instant at which ``today`` began: what ``$today`` means in a rule."""
        return datetime.combine(self.today, time(), tzinfo=self.zone)

    @property
    def document_date(self) -> date:
        """The work date, else today."""
        return self.work_date or self.today


Clock = Callable[[], Moment]


def system_clock(zone: ZoneInfo = _UTC, work_date: date | None = None) -> Clock:
    """Return a clock that reads the machine's time."""

    def read() -> Moment:
        return Moment(now=datetime.now(UTC), zone=zone, work_date=work_date)

    return read
