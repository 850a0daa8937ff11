"""Codes and words of the demo data that do not depend on the country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

Item = TypeVar("Item")


def weighted(shares: Mapping[Item, int]) -> tuple[Item, ...]:
    """Return each item as often as its share says: an even choice from it is a weighted choice of the items."""
    return tuple(item for item, share in shares.items() for _ in range(share))


MAILING_GROUPS = {
    "NEWSLETTER": "Monthly newsletter",
    "PRODUCT": "Product news",
    "EVENTS": "Invitations to events",
    "PRESS": "Press releases",
    "XMAS": "Season's greetings",
    "BETA": "Early access programme",
}
MAILING_GROUP_CHOICE = weighted(
    {"NEWSLETTER": 50, "PRODUCT": 24, "EVENTS": 14, "PRESS": 3, "XMAS": 8, "BETA": 1},
)

INDUSTRY_GROUPS = {
    "MANUFACT": "Manufacturing",
    "RETAIL": "Retail",
    "SERVICES": "Business services",
    "IT": "Software and IT",
    "HEALTH": "Health care",
    "FINANCE": "Banks and insurance",
    "EDUCATION": "Schools and universities",
    "PUBLIC": "Public administration",
}
INDUSTRY_GROUP_CHOICE = weighted(
    {"MANUFACT": 28, "RETAIL": 22, "SERVICES": 18, "IT": 13, "HEALTH": 8, "FINANCE": 6, "EDUCATION": 3, "PUBLIC": 2},
)

JOB_RESPONSIBILITIES = {
    "PURCHASE": "Purchasing",
    "SALES": "Sales",
    "MARKETING": "Marketing",
    "IT": "Information technology",
    "PRODUCTION": "Production",
    "FINANCE": "Finance",
    "MANAGEMENT": "General management",
}
JOB_RESPONSIBILITY_CHOICE = weighted(
    {"PURCHASE": 30, "SALES": 20, "MARKETING": 14, "IT": 14, "PRODUCTION": 10, "FINANCE": 8, "MANAGEMENT": 4},
)

BUSINESS_RELATIONS = {"CUST": "Customer", "PROS": "Prospect", "VEND": "Vendor", "COMP": "Competitor"}
BUSINESS_RELATION_CHOICE = weighted({"PROS": 55, "CUST": 36, "VEND": 8, "COMP": 1})

ORGANIZATIONAL_LEVELS: Sequence[tuple[str, tuple[str, ...]]] = weighted(
    {
        ("STAFF", ("Assistant", "Buyer", "Engineer", "Account manager", "Consultant", "Accountant")): 60,
        ("MANAGER", ("Head of purchasing", "Marketing manager", "IT manager", "Plant manager")): 28,
        ("DIRECTOR", ("Sales director", "Finance director", "Director of operations")): 9,
        ("CEO", ("Managing director", "Chief executive officer")): 3,
    }
)
"""Level and the job titles people have on it."""

LEVELS = {
    "STAFF": "Staff",
    "MANAGER": "Head of a department",
    "DIRECTOR": "Director",
    "CEO": "Head of the company",
}
SALUTATIONS = {"COMPANY": "Company", "MR": "Man", "MS": "Woman"}
CAMPAIGN_STATUSES = {"ACTIVE": "Runs", "DONE": "Is over"}

COMPANY_WORDS = (
    "Adler", "Alpine", "Amber", "Aster", "Atlas", "Aurora", "Beacon", "Birch", "Blue Harbour", "Bright", "Cedar",
    "Clover", "Cobalt", "Compass", "Coral", "Crown", "Delta", "Dolomite", "Echo", "Ember", "Falcon", "Fjord", "Flint",
    "Foxglove", "Garnet", "Glacier", "Granite", "Harvest", "Heron", "Horizon", "Indigo", "Iris", "Juniper", "Keystone",
    "Lantern", "Larch", "Lighthouse", "Linden", "Lotus", "Magnolia", "Maple", "Meridian", "Mistral", "Mosaic", "Nimbus",
    "North Star", "Oak Hill", "Onyx", "Orchid", "Osprey", "Pioneer", "Polaris", "Quartz", "Raven", "Redwood", "River",
    "Rowan", "Saffron", "Sequoia", "Silver", "Solstice", "Sparrow", "Summit", "Sunrise", "Tamarind", "Terra", "Thistle",
    "Tidal", "Topaz", "Union", "Vantage", "Vega", "Vertex", "Willow", "Zephyr",
)  # fmt: skip
COMPANY_TRADES = (
    "Bakery", "Bikes", "Books", "Catering", "Chemicals", "Clinics", "Components", "Consulting", "Design", "Electronics",
    "Energy", "Foods", "Furniture", "Glass", "Hotels", "Instruments", "Insurance", "Interiors", "Logistics", "Machines",
    "Media", "Optics", "Packaging", "Paper", "Pharma", "Plastics", "Printing", "Robotics", "Security", "Software",
    "Sports", "Systems", "Textiles", "Tools", "Trading", "Travel", "Wines",
)  # fmt: skip

SALESPEOPLE = (
    ("AH", "Annette Hill"), ("BD", "Bart Duncan"), ("DC", "Debra L. Core"), ("EK", "Eva Kowalska"),
    ("HR", "Helena Ray"), ("JO", "Jim Olive"), ("LM", "Lina Moser"), ("MK", "Martin Kaya"), ("OF", "Otis Falls"),
    ("PS", "Peter Saddow"), ("RB", "Robin Bettencourt"), ("TN", "Tove Nyberg"),
)  # fmt: skip
SALESPERSON_CHOICE = weighted(
    {code: max(1, 24 // rank) for rank, (code, _) in enumerate(SALESPEOPLE, start=1)} | {None: 6}
)

TIER_CHOICE = weighted({"BRONZE": 60, "SILVER": 26, "GOLD": 11, "PLATINUM": 3})
INTERACTION_COUNT_CHOICE = weighted({0: 25, 1: 25, 2: 20, 3: 12, 4: 8, 6: 5, 9: 3, 14: 2})
EVALUATION_CHOICE = weighted(
    {None: 78, "VERY_POSITIVE": 3, "POSITIVE": 8, "NEUTRAL": 6, "NEGATIVE": 4, "VERY_NEGATIVE": 1}
)


@dataclass(frozen=True, slots=True)
class Template:
    """An interaction template of the demo data; cost in the local currency, duration in minutes."""

    code: str
    group: str
    description: str
    cost: Decimal
    duration: Decimal
    information_flow: str
    initiated_by: str
    correspondence_type: str | None
    share: int


INTERACTION_GROUPS = {
    "LETTER": "Letters and mailings",
    "EMAIL": "E-mails",
    "PHONE": "Phone calls",
    "MEETING": "Meetings and events",
    "SUPPORT": "Support",
}
TEMPLATES = (
    Template("NEWS", "EMAIL", "Newsletter", Decimal("0.05"), Decimal(1), "OUTBOUND", "US", "EMAIL", 42),
    Template("OFFER", "EMAIL", "Offer by e-mail", Decimal("0.4"), Decimal(5), "OUTBOUND", "US", "EMAIL", 16),
    Template("MAILING", "LETTER", "Printed mailing", Decimal("1.85"), Decimal(2), "OUTBOUND", "US", "HARD_COPY", 8),
    Template("CALL-OUT", "PHONE", "Outgoing call", Decimal(6), Decimal(8), "OUTBOUND", "US", None, 14),
    Template("CALL-IN", "PHONE", "Incoming call", Decimal(4), Decimal(6), "INBOUND", "THEM", None, 8),
    Template("MEETING", "MEETING", "Meeting", Decimal(95), Decimal(60), "OUTBOUND", "US", None, 4),
    Template("WEBINAR", "MEETING", "Webinar attended", Decimal("2.5"), Decimal(45), "INBOUND", "THEM", "EMAIL", 3),
    Template("TICKET", "SUPPORT", "Support ticket", Decimal("7.25"), Decimal("12.5"), "INBOUND", "THEM", "EMAIL", 5),
)
TEMPLATE_CHOICE = weighted({template: template.share for template in TEMPLATES})


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of the demo data, by days before the moment it is created at; ``ended`` None means it runs."""

    description: str
    status: str
    started: int
    ended: int | None
    salesperson: str


CAMPAIGNS = (
    Campaign("Spring product launch", "DONE", 540, 420, "AH"),
    Campaign("Autumn road show", "DONE", 300, 240, "BD"),
    Campaign("Win back quiet customers", "ACTIVE", 45, None, "DC"),
)
