"""The rules that are measured, each beside the SQL that somebody who knows the tables would write for it.

R1 to R9 are the shapes of ordinary criteria: a code, a mailing group, numbers, texts, what happened and what did not,
sums, arithmetic, a pattern. The others ask what such rules often ask besides. By hand means: the best of several
statements tried on this data, for each database, that read the contacts, because whatever is done with the contacts
selected needs more of them than their keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.rule_data import MOMENT, SEGMENT


@dataclass(frozen=True, slots=True)
class Pair:
    """A rule and the same question in SQL.

    Attributes:
        name: short, for the table.
        rule: in the language of criteria.
        sqlite: by hand for SQLite.
        postgresql: by hand for PostgreSQL; "" where it is the same.
    """

    name: str
    rule: str
    sqlite: str
    postgresql: str = ""

    def by_hand(self, dialect: str) -> str:
        """Return the statement for a database."""
        text = (self.postgresql if dialect == "postgresql" else "") or self.sqlite
        for name, value in _CONSTANTS[dialect].items():
            text = text.replace(name, value)
        return text


def _days_ago(days: int) -> str:
    return str(MOMENT.today - timedelta(days=days))


_NOW = int(MOMENT.now.timestamp())
_CONSTANTS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "{year ago}": f"'{_days_ago(365)}'",
        "{quarter ago}": f"'{_days_ago(90)}'",
        "{created 366 days ago}": str((_NOW - 366 * 86_400) * 1_000_000),
        "{modified 2025}": str(1_735_689_600 * 1_000_000),
        "{modified 2026}": str(1_767_225_600 * 1_000_000),
    },
    "postgresql": {
        "{year ago}": f"date '{_days_ago(365)}'",
        "{quarter ago}": f"date '{_days_ago(90)}'",
        "{created 366 days ago}": f"timestamptz '{MOMENT.now - timedelta(days=366)}'",
        "{modified 2025}": "timestamptz '2025-01-01T00:00:00Z'",
        "{modified 2026}": "timestamptz '2026-01-01T00:00:00Z'",
    },
}

_REVENUE = (
    "coalesce((select number_value from contact_attribute a where a.contact_id = c.id and a.attribute_id = 3), 0)"
)
_SCORE = "coalesce((select number_value from contact_attribute a where a.contact_id = c.id and a.attribute_id = 4), 0)"
_EMPLOYEES = (
    "coalesce((select number_value from contact_attribute a where a.contact_id = c.id and a.attribute_id = 2), 0)"
)


def _owned(column: str, having: str) -> str:
    return (
        f"select {column} from interaction_log_entry where not canceled and not postponed and {column} is not null"
        f" group by {column} having {having}"
    )


def _statistics(having: str) -> str:
    """Return the contacts whose counted interactions satisfy a condition that no interactions at all do not."""
    return (
        f"select id from contact where type = 'COMPANY' and id in ({_owned('company_id', having)})"
        f" union all select id from contact where type <> 'COMPANY' and id in ({_owned('contact_id', having)})"
    )


def _statistic(aggregate: str, conditions: str, comparison: str) -> str:
    """Return the contacts whose statistic compares so; PostgreSQL is quicker contact by contact."""

    def of(owner: str) -> str:
        return f"(select {aggregate} from interaction_log_entry i where i.{owner} = c.id and {conditions})"

    scoped = f"case when type = 'COMPANY' then {of('company_id')} else {of('contact_id')} end"
    return f"select id from contact c where {scoped} {comparison}"


_COUNTED = "not canceled and not postponed"


PAIRS = (
    Pair(
        "R1 codes",
        'country == "DE" and type == "PERSON"',
        "select id from contact where country = 'DE' and type = 'PERSON'",
    ),
    Pair(
        "R2 group and flag",
        '"NEWS" in mailing_groups and not exclude_from_segment',
        "select id from contact where not exclude_from_segment"
        " and id in (select contact_id from contact_mailing_group where code = 'NEWS')",
    ),
    Pair(
        "R3 list and numbers",
        'country in ["DE", "AT", "CH"] and (attributes.employees ?? 0) >= 50 and (attributes.revenue ?? 0) > 5000000',
        "select id from contact c where country in ('DE', 'AT', 'CH')"
        " and exists (select 1 from contact_attribute a"
        " where a.contact_id = c.id and attribute_id = 2 and number_value >= 500000)"
        " and exists (select 1 from contact_attribute a"
        " where a.contact_id = c.id and attribute_id = 3 and number_value > 50000000000)",
    ),
    Pair(
        "R4 ends or begins",
        'email.ends_with("@example.net") or name.starts_with("Mc")',
        "select id from contact where substr(email, -12) = '@example.net' or (name >= 'Mc' and name < 'Md')",
        "select id from contact where right(email, 12) = '@example.net' or (name >= 'Mc' and name < 'Md')",
    ),
    Pair(
        "R5 any recent",
        '$any([i.template == "GIFT" and i.on >= $today - t"P90D" for i in interactions])',
        "select id from contact where id in (select contact_id from interaction_log_entry"
        " where template = 'GIFT' and \"on\" >= {quarter ago})",
    ),
    Pair(
        "R6 sum of a year",
        '$sum([i.cost for i in interactions if i.on >= $today - t"P365D"]) > 500',
        'select id from contact where id in (select contact_id from interaction_log_entry where "on" >= {year ago}'
        " group by contact_id having sum(cost) > 5000000)",
    ),
    Pair(
        "R7 three or more",
        'modified_at < d"2026-01-01" and [i for i in interactions if i.template == "MAIL"'
        ' and i.on >= d"2025-01-01"].length >= 3',
        "select id from contact where modified_at < {modified 2026} and id in (select contact_id"
        " from interaction_log_entry where template = 'MAIL' and \"on\" >= '2025-01-01'"
        " group by contact_id having count(*) >= 3)",
    ),
    Pair(
        "R8 none recent, arithmetic",
        'country == "DE" and "NEWS" in mailing_groups and not $any([i.on >= $today - t"P365D" for i in interactions])'
        " and (attributes.revenue ?? 0) / 12 - attributes.score * 10 > 500000",
        "select id from contact c where country = 'DE' and exists (select 1 from contact_mailing_group g"
        " where g.contact_id = c.id and g.code = 'NEWS') and not exists (select 1 from interaction_log_entry i"
        f' where i.contact_id = c.id and i."on" >= {{year ago}}) and {_REVENUE} - {_SCORE} * 120 > 60000000000',
    ),
    Pair(
        "R9 pattern",
        'email =~ ".*[0-9]{3}@example\\\\.(net|org)"',
        "select id from contact where regex_match('.*[0-9]{3}@example\\.(net|org)', email)",
        "select id from contact where email ~ '^.*[0-9]{3}@example\\.(net|org)'",
    ),
    Pair(
        "custom attribute",
        'attributes.tier == "PLATINUM"',
        "select c.id from contact_attribute a join contact c on c.id = a.contact_id"
        " where a.attribute_id = 1 and a.text_value = 'PLATINUM'",
    ),
    Pair(
        "company's industry",
        '"RETAIL" in industry_groups and type == "PERSON"',
        "select id from contact where type = 'PERSON'"
        " and company_id in (select contact_id from contact_industry_group where code = 'RETAIL')",
    ),
    Pair(
        "name without case",
        'name.as_lower.starts_with("mü")',
        "select id from contact where search_name >= 'mü' and search_name < 'mý'"
        " and unicode_lower(name) >= 'mü' and unicode_lower(name) < 'mý'",
        "select id from contact where search_name >= 'mü' and search_name < 'mý'"
        ' and lower(name collate "und-x-icu") collate "C" >= \'mü\''
        ' and lower(name collate "und-x-icu") collate "C" < \'mý\'',
    ),
    Pair(
        "interaction count",
        "interaction_count >= 10",
        _statistics("count(*) >= 10"),
        _statistic("count(*)", _COUNTED, ">= 10"),
    ),
    Pair(
        "interaction cost",
        "interaction_cost > 2000",
        _statistics("sum(cost) > 20000000"),
        _statistic("sum(cost)", _COUNTED, "> 20000000"),
    ),
    Pair(
        "last interaction",
        '(last_interaction_on ?? d"1900-01-01") < $today - t"P365D"',
        "select id from contact c where (type = 'COMPANY' and not exists (select 1 from interaction_log_entry i"
        ' where i.company_id = c.id and not attempt_failed and not postponed and "on" >= {year ago}))'
        " or (type <> 'COMPANY' and not exists (select 1 from interaction_log_entry i"
        ' where i.contact_id = c.id and not attempt_failed and not postponed and "on" >= {year ago}))',
        _statistic("coalesce(max(\"on\"), date '1900-01-01')", "not attempt_failed and not postponed", "< {year ago}"),
    ),
    Pair(
        "days since",
        '($now - created_at).days > 365 and country == "FR"',
        "select id from contact where country = 'FR' and created_at <= {created 366 days ago}",
    ),
    Pair(
        "part of a date",
        'created_at.month == 11 and country == "FR"',
        "select id from contact where country = 'FR' and strftime('%m', created_at / 1000000, 'unixepoch') = '11'",
        "select id from contact where country = 'FR' and extract(month from created_at at time zone 'UTC') = 11",
    ),
    Pair(
        "on a segment",
        f'"{SEGMENT}" in segments and country == "DE"',
        "select id from contact where country = 'DE' and id in (select contact_id from segment_line l join segment s"
        f" on s.id = l.segment_id where s.no = '{SEGMENT}' and l.added <= s.revision"
        " and (l.removed is null or l.removed > s.revision))",
    ),
    Pair(
        "two columns",
        '(attributes.revenue ?? 0) > (attributes.employees ?? 0) * 100000 and type == "COMPANY"',
        f"select id from contact c where type = 'COMPANY' and {_REVENUE} > {_EMPLOYEES} * 100000",
    ),
    Pair(
        "no such interaction",
        'country == "GB" and not $any([i.template == "VISIT" and not i.canceled for i in interactions])',
        "select id from contact c where country = 'GB' and not exists (select 1 from interaction_log_entry i"
        " where i.contact_id = c.id and i.template = 'VISIT' and not i.canceled)",
    ),
    Pair(
        "e-mail without case",
        'email.as_lower.starts_with("c123")',
        "select id from contact where search_email >= 'c123' and search_email < 'c124'"
        " and unicode_lower(email) >= 'c123' and unicode_lower(email) < 'c124'",
        "select id from contact where search_email >= 'c123' and search_email < 'c124'"
        " and lower(email collate \"und-x-icu\") >= 'c123' and lower(email collate \"und-x-icu\") < 'c124'",
    ),
)
