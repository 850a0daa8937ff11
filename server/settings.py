"""Everything an operator can set, each with its unit and default; read from ``TESSERA_…`` environment variables."""

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

USER_NAME_LENGTH = 50


def user_name(text: str) -> str:
    """Return the name of a user, as requests and settings give it, without blanks around it; case matters.

    Raises: ValueError for a blank name, one of more than 50 characters, or of others than printable ASCII: it travels
    in an HTTP header, and no two names look alike.
    """
    name = text.strip()
    if not 0 < len(name) <= USER_NAME_LENGTH or not (name.isascii() and name.isprintable()):
        msg = f"the name of a user has 1 to {USER_NAME_LENGTH} characters, all of them printable ASCII"
        raise ValueError(msg)
    return name


class Settings(BaseSettings):
    """The settings of one deployment.

    Source: environment variables with the prefix ``TESSERA_`` (``TESSERA_DATABASE_URL=…``), then the defaults below.
    """

    model_config = SettingsConfigDict(env_prefix="TESSERA_", frozen=True)

    database_url: str = Field(
        default="sqlite:///tessera.db",
        description="Where the data is: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port the server listens on; 0 takes a free one.")
    zone: str = Field(default="UTC", description="IANA time zone in which days begin and end.")
    work_date: date | None = Field(default=None, description="Date that new documents get; default: today in the zone.")
    user: str | None = Field(
        default=None,
        description="Who acts when a request does not say; default: anonymous, on the command line cli: and the login.",
    )
    write_wait: float = Field(
        default=5.0, gt=0, description="Seconds that a change waits for another one before it answers BUSY."
    )
    read_deadline: float = Field(
        default=10.0, gt=0, description="Seconds after which a statement that reads is stopped."
    )
    request_deadline: float = Field(
        default=30.0, gt=0, description="Seconds after which a request that reads begins no further statement."
    )
    write_deadline: float = Field(
        default=600.0, gt=0, description="Seconds after which a statement that changes data is stopped."
    )
    residual_rows: int = Field(
        default=20_000, ge=0, description="Contacts that may be decided one by one, outside SQL, without allowScan."
    )
    scans: int = Field(default=2, ge=1, description="Scans (allowScan) that run at the same time.")
    read_connections: int = Field(default=8, ge=1, description="Connections kept for reading.")
    page_size: int = Field(default=50, ge=1, description="Items on a page when the request does not say.")
    page_size_max: int = Field(default=200, ge=1, description="Most items on a page.")
    body_bytes_max: int = Field(default=1_048_576, ge=1, description="Largest HTTP request body, in bytes.")

    @field_validator("user")
    @classmethod
    def _require_user_name(cls, name: str | None) -> str | None:
        return user_name(name) if name else None

    @field_validator("zone")
    @classmethod
    def _require_known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            msg = f"{zone!r} is no time zone; write an IANA name such as Europe/Berlin"
            raise ValueError(msg) from error
        return zone

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)
