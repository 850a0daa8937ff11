"""Contacts and interactions to ask rules about, made by the databases themselves: a million in a minute or two.

Every value is a function of its row's number, so both databases hold the same rows, and one rule selects the same
contacts in both. The numbers are those of ordinary companies: a sixth of the contacts live in one of forty countries,
few contacts have most of the interactions, an eighth of the contacts are companies.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from server.clock import Moment

MOMENT = Moment(now=datetime(2026, 11, 23, 12, tzinfo=UTC))
"""The moment at which the rules are asked; the interactions of three years lie before it."""

INTERACTIONS_PER_CONTACT = 3
SEGMENT = "SM00001"
"""Number of a segment on which every twentieth contact stands."""

Execute = Callable[[str], object]

_DAYS = 3 * 365
_FIRST_DAY = date(2023, 11, 24)
_PRIME = 2_147_483_647
COUNTRIES = (
    "DE", "FR", "GB", "NL", "AT", "CH", "BE", "DK", "SE", "NO", "FI", "PL", "CZ", "SK",
    "HU", "RO", "BG", "GR", "IT", "ES", "PT", "IE", "LU", "EE", "LV", "LT", "SI", "HR",
    "RS", "UA", "TR", "US", "CA", "MX", "BR", "AR", "JP", "CN", "IN", "AU",
)  # fmt: skip
GROUPS = ("NEWS", "SPORT", "TRAVEL", "OFFER")
_INDUSTRIES = ("RETAIL", "FOOD", "METAL", "PRESS", "LAW", "BANK")
TEMPLATES = (
    "MAIL", "CALL", "VISIT", "LETTER", "EVENT", "FAIR", "DEMO", "QUOTE", "ORDER", "INVOICE",
    "SURVEY", "THANKS", "INVITE", "REMIND", "RETURN", "REPAIR", "COURSE", "WEBINAR", "SAMPLE", "GIFT",
)  # fmt: skip
_SURNAMES = (
    "Smith", "Müller", "García", "McDonald", "Novák", "Łukasz", "Jensen", "Rossi", "Çelik", "Dubois", "Meyer", "Øster",
    "Brown", "Silva", "Ivanov", "Sørensen", "Weber", "McGee", "Nagy", "Popescu",
)  # fmt: skip
_FIRST_NAMES = ("Anna", "Ben", "Chloé", "David", "Eva", "Frédéric", "Greta", "Hugo", "Inés", "Jürgen", "Karin", "Lars")
CITIES = (
    "Berlin",
    "Köln",
    "Paris",
    "Wien",
    "Zürich",
    "London",
    "København",
    "Madrid",
    "Milano",
    "Oslo",
    "Praha",
    "Rom",
)
_DOMAINS = ("example.com", "Example.com", "example.org", "example.net")
_EVALUATIONS = ("POSITIVE", "NEUTRAL", "NEGATIVE", "VERY_POSITIVE", "VERY_NEGATIVE")
_COUNTED_KEYS = {"contact": "id", "segment": "id", "campaign": "id", "interaction_log_entry": "entry_no"}
"""Tables filled here whose keys PostgreSQL counts."""
_ATTRIBUTES = {
    "tier": ("TEXT", None),
    "employees": ("NUMBER", None),
    "revenue": ("NUMBER", None),
    "score": ("NUMBER", "0"),
}


class Sql:
    """What is written differently for the two databases."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def day(self, days: str) -> str:
        """Return the day so many days after the first."""
        if self.dialect == "sqlite":
            return f"date('{_FIRST_DAY}', ({days}) || ' days')"
        return f"date '{_FIRST_DAY}' + ({days})::integer"

    def instant(self, days: str, seconds: str) -> str:
        """Return the instant so many days and seconds after the beginning of the first day."""
        begin = datetime(_FIRST_DAY.year, _FIRST_DAY.month, _FIRST_DAY.day, tzinfo=UTC)
        if self.dialect == "sqlite":
            return f"(({int(begin.timestamp())} + ({days}) * 86400 + {seconds}) * 1000000)"
        return f"(timestamptz '{begin.isoformat()}' + (({days}) * 86400 + {seconds}) * interval '1 second')"

    def folded(self, text: str) -> str:
        """Return the text without regard to case; none of the texts has a letter that folds to several."""
        return f"casefold({text})" if self.dialect == "sqlite" else f'lower({text} collate "und-x-icu")'

    def numbers(self, count: int) -> str:
        """Return a table ``number(i)`` of 1 … count, for FROM."""
        if self.dialect == "postgresql":
            return f"(select i::bigint from generate_series(1, {count}) as i) as number"
        numbers = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) select i from n"
        return f"({numbers}) as number"

    def analyze(self) -> str:
        """Return the statement that tells the planner of the rows."""
        return "analyze" if self.dialect == "sqlite" else "vacuum analyze"


def chance(number: str, salt: int, below: int) -> str:
    """Return an expression that gives each number one of 0 … below - 1, evenly and without a visible order."""
    mixed = f"(({number}) * {48_271 + 2 * salt} + {salt * 7_919 + 12_345}) % {_PRIME}"
    return f"((({mixed}) * ({mixed}) % {_PRIME}) * 16807 % {_PRIME} / 7 % {below})"


def skewed(number: str, salt: int, below: int) -> str:
    """Return an expression that gives low values much more often than high ones: the lowest of 40 a sixth."""
    even = chance(number, salt, 524_288)
    return f"({even} * {even} * {below} / {524_288**2})"


def one_of(words: Sequence[str], index: str) -> str:
    """Return an expression for the word at a 0-based index."""
    width = max(map(len, words))
    padded = "".join(word.ljust(width) for word in words)
    return f"rtrim(substr('{padded}', cast(({index}) * {width} + 1 as integer), {width}))"


def fill(execute: Execute, dialect: str, contacts: int) -> None:
    """Fill the tables of an empty, migrated database, tell its planner, and let new rows get the keys that follow."""
    sql = Sql(dialect)
    if dialect == "postgresql":
        execute("set session_replication_role = replica")  # nothing refers to nothing, so nobody need look
    for statement in _statements(sql, contacts):
        execute(statement)
    execute(sql.analyze())
    if dialect == "postgresql":
        execute("reset session_replication_role")
        for table, key in _COUNTED_KEYS.items():
            execute(f"select setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) from {table}")


def _statements(sql: Sql, contacts: int) -> Iterator[str]:
    codes = {"mailing_group": GROUPS, "industry_group": _INDUSTRIES, "interaction_group": ("SALES", "SERVICE")}
    for table, values in codes.items():
        yield _codes_of(table, values)
    yield _codes_of("salesperson", [f"SP{number:02}" for number in range(10)])
    yield _codes_of("interaction_template", TEMPLATES)
    for number, (name, (type_, default)) in enumerate(_ATTRIBUTES.items(), 1):
        value = "null" if default is None else f"'{default}'"
        yield (
            "insert into attribute (id, name, type, default_value, created_at)"
            f" values ({number}, '{name}', '{type_}', {value}, {sql.instant('0', '0')})"
        )
    yield _contacts(sql, contacts)
    yield from _contact_codes(sql, contacts)
    yield from _attributes(sql, contacts)
    yield _interactions(sql, contacts)
    yield from _segment(sql)


def _codes_of(table: str, values: Sequence[str]) -> str:
    return f"insert into {table} (code) values " + ", ".join(f"('{value}')" for value in values)


def _insert(table: str, columns: Mapping[str, str], source: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"insert into {table} ({names}) select {', '.join(columns.values())} from {source}"


def company_of(number: str) -> str:
    """Return the number of the company of a contact: every eighth contact is one, the seven after it belong to it."""
    return f"(({number}) - (({number}) - 1) % 8)"


def _company_name(number: str) -> str:
    return f"{one_of(_SURNAMES, chance(number, 3, len(_SURNAMES)))} || ' & Co ' || (({number}) % 9973)"


def _contacts(sql: Sql, count: int) -> str:
    i = "i"
    is_company = "i % 8 = 1"
    surname = one_of(_SURNAMES, chance(i, 5, len(_SURNAMES)))
    first_name = one_of(_FIRST_NAMES, chance(i, 6, len(_FIRST_NAMES)))
    name = f"case when {is_company} then {_company_name(i)} else {first_name} || ' ' || {surname} end"
    alone = f"({chance(i, 7, 10)} = 0 and i % 8 <> 1)"
    address = f"'c' || i || '@' || {one_of(_DOMAINS, skewed(i, 15, len(_DOMAINS)))}"
    email = f"case when {chance(i, 14, 20)} = 0 then '' else {address} end"
    created, second = skewed(i, 8, _DAYS), chance(i, 9, 86_400)
    columns = {
        "id": i,
        "no": "'CT' || substr('00000000' || i, -8)" if sql.dialect == "sqlite" else "'CT' || lpad(i::text, 8, '0')",
        "type": f"case when {is_company} then 'COMPANY' else 'PERSON' end",
        "name": name,
        "search_name": sql.folded(name),
        "company_id": f"case when {alone} then null else {company_of(i)} end",
        "company_name": f"case when {alone} then '' else {_company_name(company_of(i))} end",
        "first_name": f"case when {is_company} then '' else {first_name} end",
        "surname": f"case when {is_company} then '' else {surname} end",
        "post_code": f"(10000 + {chance(i, 10, 90_000)}) || ''",
        "city": one_of(CITIES, skewed(i, 11, len(CITIES))),
        "country": f"case when {chance(i, 12, 50)} = 0 then null else {one_of(COUNTRIES, skewed(i, 13, 40))} end",
        "email": email,
        "search_email": sql.folded(email),
        "phone": f"'+49 30 ' || {chance(i, 16, 10_000_000)}",
        "salesperson": f"case when {chance(i, 17, 8)} = 0 then null else 'SP0' || {chance(i, 18, 10)} end",
        "exclude_from_segment": f"{chance(i, 19, 50)} = 0",
        "privacy_blocked": f"{chance(i, 20, 100)} = 0",
        "created_at": sql.instant(created, second),
        "modified_at": sql.instant(f"{created} + {chance(i, 21, 1_000)} * ({_DAYS} - {created}) / 1000", second),
    }
    return _insert("contact", columns, sql.numbers(count))


def _contact_codes(sql: Sql, count: int) -> Iterator[str]:
    """Yield what gives each contact 1.3 mailing groups and each company 1.2 industry groups."""
    shares = {"NEWS": 5, "SPORT": 4, "TRAVEL": 3, "OFFER": 1}
    for salt, (code, tenths) in enumerate(shares.items(), 30):
        where = f"{chance('i', salt, 10)} < {tenths}"
        yield _insert(
            "contact_mailing_group", {"contact_id": "i", "code": f"'{code}'"}, f"{sql.numbers(count)} where {where}"
        )
    for salt, code in enumerate(_INDUSTRIES, 40):
        where = f"i % 8 = 1 and {chance('i', salt, 10)} < 2"
        yield _insert(
            "contact_industry_group", {"contact_id": "i", "code": f"'{code}'"}, f"{sql.numbers(count)} where {where}"
        )


def _attributes(sql: Sql, count: int) -> Iterator[str]:
    """Yield what gives two thirds of the contacts a tier, the companies a size, and everyone revenue and score."""
    tier = one_of(("BRONZE", "SILVER", "GOLD", "PLATINUM"), skewed("i", 51, 4))
    amounts = {
        2: (f"(1 + {skewed('i', 52, 5_000)}) * 10000", "i % 8 = 1"),
        3: (f"{skewed('i', 53, 2_000_000)} * 100000 + 5000", f"{chance('i', 54, 3)} > 0"),
        4: (f"({chance('i', 55, 200)} - 100) * 10000", f"{chance('i', 56, 2)} = 0"),
    }
    columns = {"contact_id": "i", "attribute_id": "1", "text_value": tier}
    yield _insert("contact_attribute", columns, f"{sql.numbers(count)} where {chance('i', 50, 3)} > 0")
    for attribute, (amount, where) in amounts.items():
        columns = {"contact_id": "i", "attribute_id": str(attribute), "number_value": amount}
        yield _insert("contact_attribute", columns, f"{sql.numbers(count)} where {where}")


def _interactions(sql: Sql, contacts: int) -> str:
    """Return what makes the log, oldest first; half of the entries are those of a few contacts."""
    count = contacts * INTERACTIONS_PER_CONTACT
    spread, few = chance("i", 60, contacts), chance(skewed("i", 61, contacts), 62, contacts)
    source = (
        f"(select i, i * {_DAYS} / {count + 1} as day, 1 + case when i % 2 = 0 then {spread} else {few} end as owner"
        f" from {sql.numbers(count)}) as entry join contact on contact.id = owner"
    )
    columns = {
        "entry_no": "i",
        "contact_id": "owner",
        "company_id": "company_id",
        "on": sql.day("day"),
        "at": sql.instant("day", chance("i", 63, 86_400)),
        "description": "'Interaction'",
        "template": one_of(TEMPLATES, skewed("i", 64, len(TEMPLATES))),
        "group": one_of(("SALES", "SERVICE"), chance("i", 65, 2)),
        "salesperson": f"'SP0' || {chance('i', 66, 10)}",
        "evaluation": f"case when {chance('i', 67, 3)} = 0 then {one_of(_EVALUATIONS, chance('i', 68, 5))} end",
        "attempt_failed": f"{chance('i', 69, 20)} = 0",
        "canceled": f"{chance('i', 70, 50)} = 0",
        "postponed": f"{chance('i', 71, 100)} = 0",
        "cost": f"{skewed('i', 72, 40_000)} * 100",
        "duration": f"{chance('i', 73, 6_000)}",
        "information_flow": one_of(("OUTBOUND", "INBOUND"), chance("i", 74, 2)),
        "initiated_by": one_of(("US", "THEM"), chance("i", 75, 2)),
        "correspondence_type": "'EMAIL'",
    }
    return _insert("interaction_log_entry", columns, source)


def _segment(sql: Sql) -> Iterator[str]:
    """Yield what puts every twentieth contact on a segment, and others on it no more."""
    now = sql.instant(str(_DAYS), "43200")
    names = 'id, "no", created_at, modified_at, revision, head_revision, last_line_no'
    yield f"insert into segment ({names}) values (1, '{SEGMENT}', {now}, {now}, 2, 2, 1)"
    columns = {
        "segment_id": "1",
        "line_no": "id * 10",
        "contact_id": "id",
        "origin": "1",
        "added": "1",
        "removed": f"case when {chance('id', 81, 4)} = 0 then 2 end",
        "defaults_no": "1",
    }
    yield _insert("segment_line", columns, f"contact where {chance('id', 80, 15)} = 0")
