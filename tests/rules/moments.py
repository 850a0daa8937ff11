"""When and where random rules are asked: zones and instants at which a careless reading of days goes wrong."""

from datetime import datetime
from zoneinfo import ZoneInfo

from server.clock import Moment

MOMENTS = tuple(
    Moment(datetime.fromisoformat(now), ZoneInfo(zone))
    for now, zone in (
        ("2026-06-15T10:00:00+00:00", "UTC"),
        ("2026-06-15T10:00:00+00:00", "Europe/Berlin"),
        ("2025-10-26T01:30:00+00:00", "Europe/Berlin"),
        ("2018-11-04T12:00:00+00:00", "America/Sao_Paulo"),
        ("2011-12-31T12:00:00+00:00", "Pacific/Apia"),
        ("2024-02-29T18:20:00+00:00", "Asia/Kathmandu"),
        ("2026-04-04T15:15:00+00:00", "Australia/Lord_Howe"),
        ("2026-11-23T12:00:00+00:00", "America/New_York"),
        ("2010-11-08T12:00:00+00:00", "America/St_Johns"),
    )
)
