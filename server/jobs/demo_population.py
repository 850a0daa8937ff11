"""The people and companies of the demo data, made up from a seed: no database, no clock, no order but its own."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from server.clock import Moment
from server.jobs import demo_words as words
from server.jobs.demo_places import COUNTRIES, Country
from server.store.folding import folded_columns

Item = TypeVar("Item")

_COMPANY_SIZE_EXPONENT = 1.15
_COMPANY_SIZE_MAX = 400
"""Persons of the largest company: one company always fits into a chunk."""
_INTERACTION_DAYS = 730
_CONTACT_DAYS = 1_100
_COUNTRY_CHOICE = words.weighted({country: country.share for country in COUNTRIES})
_INHERITED = ("address", "post_code", "city", "county", "country", "territory", "language", "salesperson", "phone")
_MAIL_PROVIDERS = ("example.com", "example.net", "example.org", "mail.example.com", "post.example.net")
_ASCII = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "ä": "ae", "ö": "oe", "ü": "ue", "Ö": "Oe", "Ü": "Ue"})


@dataclass(slots=True)
class DemoChunk:
    """Some whole companies and private persons, with everything that hangs on them.

    Contacts are named by their position in ``contacts``; rows have no keys and no numbers yet.

    Attributes:
        contacts: column values; ``company_id`` is a position or None.
        codes: name of the code list → (position, code).
        attributes: (position, attribute, value).
        interactions: column values; ``contact_id`` and ``company_id`` are positions, ``campaign_id`` is the
            place of a campaign, from 0, or None.
    """

    contacts: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, list[tuple[int, str]]] = field(
        default_factory=lambda: {
            "mailing_group": [],
            "industry_group": [],
            "job_responsibility": [],
            "business_relation": [],
        }
    )
    attributes: list[tuple[int, str, Any]] = field(default_factory=list)
    interactions: list[dict[str, Any]] = field(default_factory=list)


class DemoPopulation:
    """An endless, repeatable population: the same seed and moment give the same contacts in the same order."""

    def __init__(self, moment: Moment, *, seed: int = 20_260_101) -> None:
        self._moment = moment
        self._random = Random(seed)  # noqa: S311 - repeatable on purpose
        self._serial = 0

    def chunks(self, contacts: int, *, size: int) -> Iterator[DemoChunk]:
        """Yield chunks of about ``size`` contacts, ``contacts`` in all."""
        left = contacts
        while left > 0:
            chunk = DemoChunk()
            while len(chunk.contacts) < min(size, left):
                room = left - len(chunk.contacts)
                if self._random.random() < 0.3:
                    self._add_company(chunk, room)
                else:
                    self._add_person(chunk, self._pick(_COUNTRY_CHOICE), None)
            left -= len(chunk.contacts)
            yield chunk

    def _pick(self, items: Sequence[Item]) -> Item:
        return items[int(self._random.random() * len(items))]

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _digits(self, count: int) -> str:
        return f"{int(self._random.random() * 10**count):0{count}d}"

    def _add_company(self, chunk: DemoChunk, room: int) -> None:
        country = self._pick(_COUNTRY_CHOICE)
        position = len(chunk.contacts)
        row = self._contact(country)
        word, trade = self._pick(words.COMPANY_WORDS), self._pick(words.COMPANY_TRADES)
        name = f"{word} {trade} {country.company_form}"
        domain = f"{word}-{trade}-{self._serial}.example.com".lower().replace(" ", "-")
        row |= {
            "type": "COMPANY",
            "name": name,
            "company_id": position,
            "company_name": name,
            "email": f"info@{domain}",
            "home_page": f"https://{domain}",
            "currency": country.currency,
            "vat_registration_no": f"{country.code}{self._digits(9)}",
            "registration_no": self._digits(8),
            "salutation": "COMPANY",
        }
        chunk.contacts.append(row | folded_columns(row))
        chunk.codes["industry_group"].append((position, self._pick(words.INDUSTRY_GROUP_CHOICE)))
        chunk.codes["business_relation"].append((position, self._pick(words.BUSINESS_RELATION_CHOICE)))
        self._add_belongings(chunk, position, row)
        size = min(int(self._random.paretovariate(_COMPANY_SIZE_EXPONENT)), _COMPANY_SIZE_MAX, room - 1)
        for _ in range(size):
            self._add_person(chunk, country, position)

    def _add_person(self, chunk: DemoChunk, country: Country, company: int | None) -> None:
        position = len(chunk.contacts)
        row = self._contact(country)
        woman = self._chance(0.5)
        first, surname = self._pick(country.women if woman else country.men), self._pick(country.surnames)
        middle = f"{self._pick(country.men)[0]}." if self._chance(0.08) else ""
        parts = [first, middle, surname] if middle else [first, surname]
        name = " ".join(parts)
        row |= {
            "type": "PERSON",
            "name": name,
            "first_name": first,
            "middle_name": middle,
            "surname": surname,
            "initials": "".join(f"{part[0]}." for part in parts),
            "salutation": "MS" if woman else "MR",
            "mobile_phone": f"{country.phone} 7{self._digits(2)} 555 {self._digits(4)}",
        }
        if company is None:
            provider = self._pick(_MAIL_PROVIDERS)
            row["email"] = f"{_mailbox(first, surname)}{self._serial}@{provider}" if self._chance(0.86) else ""
            row["minor"] = self._chance(0.004)
            row["privacy_blocked"] = row["minor"] or row["privacy_blocked"]
        else:
            self._employ(chunk, position, row, company)
            row["email"] = f"{_mailbox(first, surname)}{position}@{chunk.contacts[company]['email'].partition('@')[2]}"
        chunk.contacts.append(row | folded_columns(row))
        self._add_belongings(chunk, position, row)

    def _employ(self, chunk: DemoChunk, position: int, row: dict[str, Any], company: int) -> None:
        """Give a person a job, and what persons inherit from their company."""
        employer = chunk.contacts[company]
        level, titles = self._pick(words.ORGANIZATIONAL_LEVELS)
        row |= {
            "company_id": company,
            "company_name": employer["name"],
            "organizational_level": level,
            "job_title": self._pick(titles),
            "home_page": employer["home_page"],
            "created_at": max(row["created_at"], employer["created_at"]),
        }
        row["modified_at"] = max(row["created_at"], row["modified_at"])
        row |= {column: employer[column] for column in _INHERITED}
        responsibilities = {self._pick(words.JOB_RESPONSIBILITY_CHOICE): None for _ in range(2)}
        chunk.codes["job_responsibility"].extend((position, code) for code in responsibilities)

    def _contact(self, country: Country) -> dict[str, Any]:
        """Return the columns that companies and persons share; every key that any contact has is there."""
        self._serial += 1
        city = self._pick(country.cities)
        created = self._moment.now - timedelta(seconds=int(self._random.random() * _CONTACT_DAYS * 86_400) + 60)
        modified = created + (self._moment.now - created) * (self._random.random() ** 2)
        return {
            "first_name": "",
            "middle_name": "",
            "surname": "",
            "initials": "",
            "job_title": "",
            "company_id": None,
            "company_name": "",
            "address": f"{self._pick(country.streets)} {1 + int(self._random.random() * 180)}",
            "post_code": self._post_code(city.post_code),
            "city": city.name,
            "county": city.county,
            "country": country.code,
            "territory": country.territory,
            "language": country.language,
            "currency": None,
            "phone": f"{country.phone} {self._digits(2)} 555 {self._digits(4)}",
            "mobile_phone": "",
            "email": "",
            "home_page": "",
            "vat_registration_no": "",
            "registration_no": "",
            "external_id": f"CRM-{self._serial:08d}" if self._chance(0.8) else "",
            "salesperson": self._pick(words.SALESPERSON_CHOICE),
            "organizational_level": None,
            "correspondence_type": "EMAIL" if self._chance(0.6) else "HARD_COPY" if self._chance(0.5) else None,
            "exclude_from_segment": self._chance(0.02),
            "privacy_blocked": self._chance(0.01),
            "minor": False,
            "created_at": created,
            "modified_at": modified.replace(microsecond=0),
        }

    def _post_code(self, pattern: str) -> str:
        return "".join(
            self._digits(1) if sign == "#" else self._pick("ABDEFHJLNPRSTUWXYZ") if sign == "@" else sign
            for sign in pattern
        )

    def _add_belongings(self, chunk: DemoChunk, position: int, row: dict[str, Any]) -> None:
        """Add the mailing groups, attributes and interactions of a contact."""
        if self._chance(0.55):
            groups = {self._pick(words.MAILING_GROUP_CHOICE): None for _ in range(2)}
            chunk.codes["mailing_group"].extend((position, group) for group in groups)
        if self._chance(0.6):
            chunk.attributes.append((position, "tier", self._pick(words.TIER_CHOICE)))
        if self._chance(0.45):
            amount = min(int(self._random.paretovariate(0.9) * 5_000), 100_000_000)
            chunk.attributes.append((position, "lifetime_value", Decimal(amount).scaleb(-2)))
        if self._chance(0.3):
            chunk.attributes.append((position, "customer_since", row["created_at"].date()))
        for _ in range(self._pick(words.INTERACTION_COUNT_CHOICE)):
            chunk.interactions.append(self._interaction(position, row))

    def _interaction(self, position: int, row: dict[str, Any]) -> dict[str, Any]:
        template = self._pick(words.TEMPLATE_CHOICE)
        at = self._office_hour(row["created_at"])
        campaign = _campaign_on(self._moment, at) if self._chance(0.5) else None
        own = template.information_flow == "OUTBOUND"
        return {
            "contact_id": position,
            "company_id": row["company_id"],
            "on": at.astimezone(self._moment.zone).date(),
            "at": at,
            "description": template.description,
            "subject": "",
            "template": template.code,
            "group": template.group,
            "salesperson": row["salesperson"],
            "campaign_id": campaign,
            "campaign_target": campaign is not None and own,
            "campaign_response": campaign is not None and not own,
            "evaluation": self._pick(words.EVALUATION_CHOICE),
            "attempt_failed": own and self._chance(0.04),
            "canceled": self._chance(0.01),
            "postponed": self._chance(0.005),
            "cost": template.cost,
            "duration": template.duration * self._pick((1, 1, 1, 2, 3)),
            "information_flow": template.information_flow,
            "initiated_by": template.initiated_by,
            "correspondence_type": template.correspondence_type,
            "language": row["language"],
        }

    def _office_hour(self, since: datetime) -> datetime:
        """Return an instant of the last two years between 8 and 18 o'clock UTC, after ``since`` where there is room."""
        now = self._moment.now
        days = min((now - since).days, _INTERACTION_DAYS)
        day = now - timedelta(days=int(self._random.random() * days) if days > 0 else 0)
        seconds = 8 * 3_600 + int(self._random.random() * 36_000)
        at = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(seconds=seconds)
        return min(at, now)


@lru_cache(maxsize=4_096)
def _mailbox(first: str, surname: str) -> str:
    """Return an address's first part in ASCII: ``Łucja``, ``O'Neill`` → ``lucja.oneill``."""
    return f"{_ascii_letters(first)}.{_ascii_letters(surname)}"


def _ascii_letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum()).lower()


def _campaign_on(moment: Moment, at: datetime) -> int | None:
    """Return the number of the campaign that ran at an instant; None when none did."""
    days = (moment.now - at).days
    for number, campaign in enumerate(words.CAMPAIGNS):
        if (campaign.ended or 0) <= days <= campaign.started:
            return number
    return None
