"""Rules as people write them who know SQL, Python or JavaScript: what they are told, and that it helps."""

import pytest

from server.errors import ErrorCode
from server.rules import ValueType, Vocabulary, check_rule, find_problems
from server.store.tables import contact
from server.vocabulary.attributes import attribute_symbol
from server.vocabulary.contacts import CONTACT_CODE_SETS, CONTACT_SYMBOLS
from server.vocabulary.interactions import INTERACTIONS

SYNTAX, TYPE, UNKNOWN = ErrorCode.RULE_SYNTAX, ErrorCode.RULE_TYPE, ErrorCode.RULE_UNKNOWN_SYMBOL
UNSUPPORTED = ErrorCode.RULE_UNSUPPORTED
OWN = [
    attribute_symbol(1, "tier", ValueType.TEXT, None, ""),
    attribute_symbol(2, "lifetime_value", ValueType.NUMBER, None, ""),
]
VOCABULARY = Vocabulary(
    key=contact.c.id,
    symbols={symbol.name: symbol for symbol in (*CONTACT_SYMBOLS, *OWN)},
    code_sets={codes.name: codes for codes in CONTACT_CODE_SETS},
    collections={INTERACTIONS.name: INTERACTIONS},
)

WRONG = [
    # signs and words of other languages
    ('country = "DE"', SYNTAX, "=", "==", 'country == "DE"'),
    ("country = 'DE'", SYNTAX, "=", "==", "country == 'DE'"),
    ('country === "DE"', SYNTAX, "===", "==", 'country == "DE"'),
    ('country !== "DE"', SYNTAX, "!==", "!=", 'country != "DE"'),
    ('country <> "DE"', SYNTAX, "<>", "!=", 'country != "DE"'),
    ("interaction_count => 3", SYNTAX, "=>", ">=", "interaction_count >= 3"),
    ("interaction_count =< 3", SYNTAX, "=<", "<=", "interaction_count <= 3"),
    ('country == "DE" AND minor', SYNTAX, "AND", "and", 'country == "DE" and minor'),
    ('country == "DE" Or minor', SYNTAX, "Or", "or", 'country == "DE" or minor'),
    ("NOT minor", SYNTAX, "NOT", "not", "not minor"),
    ('country == "DE" && minor', UNSUPPORTED, "&&", "and", 'country == "DE" and minor'),
    ('country == "DE" || minor', UNSUPPORTED, "||", "or", 'country == "DE" or minor'),
    ("!minor", SYNTAX, "!", "not", "not minor"),
    ("!country", SYNTAX, "!", "not", "not country"),
    ("country IS NULL", SYNTAX, "IS NULL", "== null", "country == null"),
    ("country is not null", SYNTAX, "is not null", "!= null", "country != null"),
    ("country is empty", SYNTAX, "is empty", "== null", "country == null"),
    ("last_interaction_on is not blank", SYNTAX, "is not blank", "!= null", "last_interaction_on != null"),
    ("attributes.tier is blank", SYNTAX, "is blank", "== null", "attributes.tier == null"),
    ("mailing_groups is empty", SYNTAX, "mailing_groups is empty", "mailing_groups.is_empty",
     "mailing_groups.is_empty"),
    ("interactions is not empty", SYNTAX, "interactions is not empty", "not interactions.is_empty",
     "not interactions.is_empty"),
    ("$any([i.template is empty for i in interactions])", SYNTAX, "is empty", "== null",
     "$any([i.template == null for i in interactions])"),
    ("email is empty", SYNTAX, "is empty", '== ""', 'email == ""'),
    ('country is "DE"', SYNTAX, "is", "==", 'country == "DE"'),
    ('country equals "DE"', SYNTAX, "equals", "==", 'country == "DE"'),
    ("country == NULL", UNKNOWN, "NULL", "null", "country == null"),
    ("country == None", UNKNOWN, "None", "null", "country == null"),
    ("minor == True", UNKNOWN, "True", "true", "minor == true"),
    ("minor == FALSE", UNKNOWN, "FALSE", "false", "minor == false"),
    ('name LIKE "A%"', SYNTAX, 'name LIKE "A%"', 'name.starts_with("A")', 'name.starts_with("A")'),
    ("name not like '%GmbH'", SYNTAX, "name not like '%GmbH'",
     'not name.ends_with("GmbH")', 'not name.ends_with("GmbH")'),
    ("name LIKE '%mb%'", SYNTAX, "name LIKE '%mb%'", '"mb" in name', '"mb" in name'),
    ("name ILIKE 'Mc%'", SYNTAX, "name ILIKE 'Mc%'",
     'name.as_lower.starts_with("mc")', 'name.as_lower.starts_with("mc")'),
    ("name LIKE 'A_b%c'", SYNTAX, "name LIKE 'A_b%c'", 'name =~ "(?s)A.b.*c$"', 'name =~ "(?s)A.b.*c$"'),
    ("interaction_count BETWEEN 3 AND 5", SYNTAX, "interaction_count BETWEEN 3 AND 5",
     "interaction_count >= 3 and interaction_count <= 5", "interaction_count >= 3 and interaction_count <= 5"),
    ("not interaction_count between 3 and 5", SYNTAX, "not interaction_count between 3 and 5",
     "not (interaction_count >= 3 and interaction_count <= 5)",
     "not (interaction_count >= 3 and interaction_count <= 5)"),
    ("created_at between 2026-01-01 and 01.02.2026", SYNTAX, "created_at between 2026-01-01 and 01.02.2026",
     'created_at >= d"2026-01-01" and created_at <= d"2026-02-01"',
     'created_at >= d"2026-01-01" and created_at <= d"2026-02-01"'),
    ("not 3 < interaction_count < 5", SYNTAX, "not 3 < interaction_count < 5",
     "not (3 < interaction_count and interaction_count < 5)", "not (3 < interaction_count and interaction_count < 5)"),
    ("3 < interaction_count < 5", SYNTAX, "3 < interaction_count < 5",
     "3 < interaction_count and interaction_count < 5", "3 < interaction_count and interaction_count < 5"),
    ('country in ("DE","AT")', SYNTAX, '("DE","AT")', '["DE","AT"]', 'country in ["DE","AT"]'),
    ('city in ("Ems (Bad)", "x, y")', SYNTAX, '("Ems (Bad)", "x, y")', '["Ems (Bad)", "x, y"]',
     'city in ["Ems (Bad)", "x, y"]'),
    ('country in ("DE")', TYPE, '("DE")', '["DE"]', 'country in ["DE"]'),
    ("country in DE", UNKNOWN, "DE", '["DE"]', 'country in ["DE"]'),
    ("country not in (DE)", UNKNOWN, "(DE)", '["DE"]', 'country not in ["DE"]'),
    ("country IN ('DE')", SYNTAX, "IN", "in", "country in ['DE']"),
    ('country is not in ("DE", "AT")', SYNTAX, "is not in", "not in", 'country not in ["DE", "AT"]'),
    ('country in ["DE" "AT" "CH"]', SYNTAX, '"DE" "AT"', '"DE", "AT"', 'country in ["DE", "AT", "CH"]'),
    ("interaction_count in [1 2]", SYNTAX, "1 2", "1, 2", "interaction_count in [1, 2]"),
    ('country IN ("DE", "AT")', SYNTAX, "IN", "in", 'country in ["DE", "AT"]'),
    ('country in "DE", "AT"', SYNTAX, '"DE", "AT"', '["DE", "AT"]', 'country in ["DE", "AT"]'),
    ("name ~ \"A\"", SYNTAX, "~", "=~~", 'name =~~ "A"'),
    ("name =~ /^A/", SYNTAX, "/^A/", '"^A"', 'name =~ "^A"'),
    ('name matches "A.*"', SYNTAX, "matches", "=~", 'name =~ "A.*"'),
    ('job_title contains "Manager"', SYNTAX, 'job_title contains "Manager"', '"Manager" in job_title',
     '"Manager" in job_title'),
    ('name does not contain "x"', SYNTAX, 'name does not contain "x"', '"x" not in name', '"x" not in name'),
    ('name does not start with "A"', SYNTAX, 'name does not start with "A"', 'not name.starts_with("A")',
     'not name.starts_with("A")'),
    ('name starts with "A"', SYNTAX, 'name starts with "A"', 'name.starts_with("A")', 'name.starts_with("A")'),
    ('where country = "DE"', SYNTAX, "where ", None, 'country == "DE"'),
    ('SELECT * FROM contact WHERE city = "Bonn" AND country IS NULL', SYNTAX, "SELECT * FROM contact WHERE ", None,
     'city == "Bonn" and country == null'),
    ('if country == "DE" then true', SYNTAX, 'if country == "DE" then true', 'country == "DE"', 'country == "DE"'),
    ('country == "DE";', SYNTAX, ";", None, 'country == "DE"'),
    ('country == "DE" // Germany', UNKNOWN, "// Germany", "# Germany", 'country == "DE" # Germany'),
    # functions and methods of other languages
    ('"GMBH" in name.upper()', UNKNOWN, "name.upper()", "name.as_upper", '"GMBH" in name.as_upper'),
    ('name.toLowerCase() == "x"', UNKNOWN, "name.toLowerCase()", "name.as_lower", 'name.as_lower == "x"'),
    ('LOWER(name) == "x"', UNKNOWN, "LOWER(name)", "name.as_lower", 'name.as_lower == "x"'),
    ('name.upper == "X"', UNKNOWN, "upper", "as_upper", 'name.as_upper == "X"'),
    ('name.startsWith("A")', UNKNOWN, "startsWith", "starts_with", 'name.starts_with("A")'),
    ('name.contains("A")', UNKNOWN, 'name.contains("A")', '"A" in name', '"A" in name'),
    ("len(name) > 3", UNKNOWN, "len(name)", "name.length", "name.length > 3"),
    ("name.length() > 3", TYPE, "name.length()", "name.length", "name.length > 3"),
    ("count(interactions) > 3", UNKNOWN, "count(interactions)", "interactions.length", "interactions.length > 3"),
    ("interactions.count > 3", UNKNOWN, "count", "length", "interactions.length > 3"),
    ("year(created_at) == 2026", UNKNOWN, "year(created_at)", "created_at.year", "created_at.year == 2026"),
    ('coalesce(country, "") == ""', UNKNOWN, 'coalesce(country, "")', '(country ?? "")', '(country ?? "") == ""'),
    ("today() > created_at", UNKNOWN, "today()", "$today", "$today > created_at"),
    ("$now() > created_at", TYPE, "$now()", "$now", "$now > created_at"),
    ("now > created_at", UNKNOWN, "now", "$now", "$now > created_at"),
    # names
    ("createdAt > $now", UNKNOWN, "createdAt", "created_at", "created_at > $now"),
    ("contact.city == \"Bonn\"", UNKNOWN, "contact.city", "city", 'city == "Bonn"'),
    ('company.name == "X"', UNKNOWN, "company.name", "company_name", 'company_name == "X"'),
    ('salesperson.code == "JR"', UNKNOWN, "salesperson.code", "salesperson", 'salesperson == "JR"'),
    ('tier == "GOLD"', UNKNOWN, "tier", "attributes.tier", 'attributes.tier == "GOLD"'),
    ('attributes.Tier == "GOLD"', UNKNOWN, "Tier", "tier", 'attributes.tier == "GOLD"'),
    ('attributes["tier"] == "GOLD"', TYPE, 'attributes["tier"]', "attributes.tier", 'attributes.tier == "GOLD"'),
    ('$any([i["cost"] > 5 for i in interactions])', TYPE, 'i["cost"]', "i.cost",
     "$any([i.cost > 5 for i in interactions])"),
    ('city == "Bonn" or "Ulm"', TYPE, 'city == "Bonn" or "Ulm"', 'city in ["Bonn", "Ulm"]', 'city in ["Bonn", "Ulm"]'),
    ("country == DE", UNKNOWN, "DE", '"DE"', 'country == "DE"'),
    ("city in [Bonn]", UNKNOWN, "Bonn", '"Bonn"', 'city in ["Bonn"]'),
    # text, numbers, dates and periods
    ("country == “DE”", SYNTAX, "“DE”", '"DE"', 'country == "DE"'),
    ("country == \u2018DE\u2019", SYNTAX, "\u2018DE\u2019", '"DE"', 'country == "DE"'),
    ("country == „DE“", SYNTAX, "„DE“", '"DE"', 'country == "DE"'),
    ('country == "DE', SYNTAX, '"DE', '"DE"', 'country == "DE"'),
    ('(country == "DE"', SYNTAX, "", ")", '(country == "DE")'),
    ('country == "DE")', SYNTAX, ")", None, 'country == "DE"'),
    ('country == "DE" adn city == "Bonn"', SYNTAX, "adn", "and", 'country == "DE" and city == "Bonn"'),
    ('country == "DE" oder city == "Bonn"', SYNTAX, "oder", "or", 'country == "DE" or city == "Bonn"'),
    ('country == "DE" minor', SYNTAX, "minor", "and minor", 'country == "DE" and minor'),
    ('country == "DE" "NEWS" in mailing_groups', SYNTAX, '"NEWS"', 'and "NEWS"',
     'country == "DE" and "NEWS" in mailing_groups'),
    ("$any([i.cost > 5 i.canceled for i in interactions])", SYNTAX, "i.canceled", "and i.canceled",
     "$any([i.cost > 5 and i.canceled for i in interactions])"),
    ('country == "DE" city == "Bonn"', SYNTAX, "city", "and city", 'country == "DE" and city == "Bonn"'),
    ("interaction_cost > 1,000", SYNTAX, "1,000", "1000", "interaction_cost > 1000"),
    ("interaction_cost > 1.000,50", SYNTAX, "1.000,50", "1000.50", "interaction_cost > 1000.50"),
    ("interaction_cost > 2,5", SYNTAX, "2,5", "2.5", "interaction_cost > 2.5"),
    ("interaction_cost > 10%", SYNTAX, "10%", "0.1", "interaction_cost > 0.1"),
    ("interaction_cost > 100€", SYNTAX, "€", None, "interaction_cost > 100"),
    ('interaction_count > "3"', TYPE, 'interaction_count > "3"', "interaction_count > 3", "interaction_count > 3"),
    ('created_at == "2026-01-31"', TYPE, 'created_at == "2026-01-31"', 'created_at == d"2026-01-31"',
     'created_at == d"2026-01-31"'),
    ('created_at > "31.12.2026"', TYPE, 'created_at > "31.12.2026"', 'created_at > d"2026-12-31"',
     'created_at > d"2026-12-31"'),
    ("created_at > 2026-01-31", SYNTAX, "2026-01-31", 'd"2026-01-31"', 'created_at > d"2026-01-31"'),
    ("created_at > 2026-12-31", TYPE, "created_at > 2026-12-31", 'created_at > d"2026-12-31"',
     'created_at > d"2026-12-31"'),
    ('created_at > d"31.12.2026"', SYNTAX, 'd"31.12.2026"', 'd"2026-12-31"', 'created_at > d"2026-12-31"'),
    ('created_at > d"12/31/2026"', SYNTAX, 'd"12/31/2026"', 'd"2026-12-31"', 'created_at > d"2026-12-31"'),
    ("created_at > now - 30 days", SYNTAX, "30 days", 't"P30D"', 'created_at > $now - t"P30D"'),
    ("created_at > $now - 30", TYPE, "$now - 30", '$now - t"P30D"', 'created_at > $now - t"P30D"'),
    ('created_at > $now - "2 weeks"', TYPE, '$now - "2 weeks"', '$now - t"P14D"', 'created_at > $now - t"P14D"'),
    ('created_at > $now - t"P1M"', SYNTAX, 't"P1M"', 't"P30D"', 'created_at > $now - t"P30D"'),
    ("$now - created_at > 30", TYPE, "$now - created_at > 30", "($now - created_at).days > 30",
     "($now - created_at).days > 30"),
    ("created_at.days > 30", UNKNOWN, "created_at.days", "($now - created_at).days", "($now - created_at).days > 30"),
    # null, closed lists, sets and collections
    ("(last_interaction_on) > $today", TYPE, "last_interaction_on",
     '((last_interaction_on ?? d"1900-01-01")) > $today', '((last_interaction_on ?? d"1900-01-01")) > $today'),
    ("last_interaction_on > $today", TYPE, "last_interaction_on",
     '(last_interaction_on ?? d"1900-01-01") > $today', '(last_interaction_on ?? d"1900-01-01") > $today'),
    ("attributes.lifetime_value > 5", TYPE, "attributes.lifetime_value", "(attributes.lifetime_value ?? 0) > 5",
     "(attributes.lifetime_value ?? 0) > 5"),
    ('country ?? "" == "DE"', TYPE, 'country ?? "" == "DE"', '(country ?? "") == "DE"', '(country ?? "") == "DE"'),
    ("email == null", TYPE, "null", '""', 'email == ""'),
    ('country == ""', TYPE, '""', "null", "country == null"),
    ('last_interaction_on == ""', TYPE, 'last_interaction_on == ""', "last_interaction_on == null",
     "last_interaction_on == null"),
    ('type == "Person"', TYPE, '"Person"', '"PERSON"', 'type == "PERSON"'),
    ('minor == "yes"', TYPE, 'minor == "yes"', "minor == true", "minor == true"),
    ('mailing_groups == "NEWS"', TYPE, 'mailing_groups == "NEWS"', '"NEWS" in mailing_groups',
     '"NEWS" in mailing_groups'),
    ('mailing_groups in ["NEWS"]', TYPE, 'mailing_groups in ["NEWS"]', '"NEWS" in mailing_groups',
     '"NEWS" in mailing_groups'),
    ('mailing_groups in ["NEWS", "PRESS"]', TYPE, 'mailing_groups in ["NEWS", "PRESS"]',
     '$any([code in ["NEWS", "PRESS"] for code in mailing_groups])',
     '$any([code in ["NEWS", "PRESS"] for code in mailing_groups])'),
    ('mailing_groups not in ["NEWS"]', TYPE, 'mailing_groups not in ["NEWS"]', '"NEWS" not in mailing_groups',
     '"NEWS" not in mailing_groups'),
    ('mailing_groups not in "NEWS"', TYPE, 'mailing_groups not in "NEWS"', '"NEWS" not in mailing_groups',
     '"NEWS" not in mailing_groups'),
    ('mailing_groups in "NEWS"', TYPE, 'mailing_groups in "NEWS"', '"NEWS" in mailing_groups',
     '"NEWS" in mailing_groups'),
    ("interactions.cost > 5", UNKNOWN, "interactions.cost > 5", "$any([i.cost > 5 for i in interactions])",
     "$any([i.cost > 5 for i in interactions])"),
    ("$sum(interactions.cost) > 100", UNKNOWN, "interactions.cost", "[i.cost for i in interactions]",
     "$sum([i.cost for i in interactions]) > 100"),
    ("$any(i.cost > 5 for i in interactions)", SYNTAX, "i.cost > 5 for i in interactions",
     "[i.cost > 5 for i in interactions]", "$any([i.cost > 5 for i in interactions])"),
    ("any([i.cost > 5 for i in interactions])", UNKNOWN, "any([i.cost > 5 for i in interactions])",
     "$any([i.cost > 5 for i in interactions])", "$any([i.cost > 5 for i in interactions])"),
    ("$any([cost > 5 for i in interactions])", UNKNOWN, "cost", "i.cost", "$any([i.cost > 5 for i in interactions])"),
    ("[i.cost > 5 for i in interactions]", TYPE, "[i.cost > 5 for i in interactions]",
     "$any([i.cost > 5 for i in interactions])", "$any([i.cost > 5 for i in interactions])"),
    ("not interactions.canceled", UNKNOWN, "interactions.canceled", "$any([i.canceled for i in interactions])",
     "not $any([i.canceled for i in interactions])"),
    ("minor or interactions.canceled", UNKNOWN, "interactions.canceled", "$any([i.canceled for i in interactions])",
     "minor or $any([i.canceled for i in interactions])"),
    ('"NEWS" in interactions.template', UNKNOWN, "interactions.template", "[i.template for i in interactions]",
     '"NEWS" in [i.template for i in interactions]'),
    ('[i for i in interactions if i.template == "NEWS"]', TYPE, '[i for i in interactions if i.template == "NEWS"]',
     'not [i for i in interactions if i.template == "NEWS"].is_empty',
     'not [i for i in interactions if i.template == "NEWS"].is_empty'),
    ("country", TYPE, "country", "country != null", "country != null"),
    ("name + surname", TYPE, "name + surname", '(name + surname) != ""', '(name + surname) != ""'),
]  # fmt: skip
WITHOUT_WORDS = [
    ('country == "DE" and', "Something is missing after and."),
    ("country ==", "Something is missing after ==."),
    ('== "DE"', "Something is missing before ==."),
    ('minor and (in ["DE"])', "Something is missing before in."),
    ("name.starts_with", "A rule must be true or false for a contact; this one is a function."),
]
"""Rules whose other half nobody can guess."""


def mended(text: str) -> str:
    """Return the text after taking every correction that is offered, one after the other."""
    for _ in range(4):
        problems = find_problems(text, VOCABULARY)
        if not problems:
            return text
        assert problems[0].correction, problems[0].message
        text = problems[0].correction
    return text


@pytest.mark.parametrize(("text", "code", "word", "suggestion", "right"), WRONG, ids=[row[0] for row in WRONG])
def test_a_habit_is_named_and_mended(text: str, code: ErrorCode, word: str, suggestion: str | None, right: str) -> None:
    first = find_problems(text, VOCABULARY)[0]

    assert (first.code, first.place and first.place.word, first.suggestion) == (code, word, suggestion)
    assert first.message.endswith((".", suggestion or "."))
    assert mended(text) == right
    assert check_rule(right, VOCABULARY).text == right


@pytest.mark.parametrize(("text", "message"), WITHOUT_WORDS, ids=[row[0] for row in WITHOUT_WORDS])
def test_what_nobody_can_guess_is_said_to_be_missing(text: str, message: str) -> None:
    (problem,) = find_problems(text, VOCABULARY)

    assert (problem.message, problem.suggestion, problem.correction) == (message, None, None)
    assert problem.place


@pytest.mark.parametrize(
    "text",
    [
        "case when minor then true else false end",
        "city == New York",
        "city Bonn",
        'country "DE"',
        'minor city == "x"',
        "interaction_cost > 5 EUR",
        "country in [DE AT]",
        "interaction_count is empty",
        "unknown is blank",
        "interactions.cost",
        "(interactions.cost ?? 0) > 5",
        "$any([x > 5 for x in interactions.cost])",
        'attributes["foo"] == "GOLD"',
        "name =~ city",
        "interaction_count ** 2 > 4",
        "attributes == null",
    ],
)
def test_what_cannot_be_mended_surely_is_not_corrected(text: str) -> None:
    problem = find_problems(text, VOCABULARY)[0]

    assert (problem.suggestion, problem.correction) == (None, None)
    assert problem.message.endswith(".")


@pytest.mark.parametrize("blank", ["\r\n", "\xa0", "\u200b"])
def test_habits_beside_blanks_of_every_kind_are_mended(blank: str) -> None:
    (problem,) = find_problems(f'country = "DE"{blank}AND{blank}city{blank}IS NULL', VOCABULARY)

    assert problem.correction == f'country == "DE"{blank}and{blank}city{blank}== null'


def test_several_habits_are_mended_at_once() -> None:
    text = "country = 'DE' AND city <> 'Bonn' AND NOT minor && interaction_cost > 1,000"

    (problem,) = find_problems(text, VOCABULARY)

    assert problem.correction == "country == 'DE' and city != 'Bonn' and not minor and interaction_cost > 1000"
    assert find_problems(problem.correction, VOCABULARY) == []


@pytest.mark.parametrize(
    "text",
    [
        'name == "a = b AND c <> d"',
        'name == "1,000 days" and city == "where ; is null"',
        "name =~ \"it's\" or name == '“x”'",
        'name == "\\" = \\"" and minor',
    ],
)
def test_what_stands_in_quotes_is_no_habit(text: str) -> None:
    assert find_problems(text, VOCABULARY) == []
    (problem,) = find_problems(f"{text} AND minor", VOCABULARY)
    assert problem.correction == f"{text} and minor"


def test_a_correction_leaves_the_rest_of_the_text_as_it_is() -> None:
    text = 'city == "Bonn"\n  and contry == "DE"\n  and minor'

    (problem,) = find_problems(text, VOCABULARY)

    assert problem.correction == text.replace("contry", "country")


@pytest.mark.parametrize(
    "text", ["= " * 2_000, "a AND " * 600, "any(" * 1_000, "“" * 4_000, "1,000 " * 600, "x is " * 800]
)
def test_a_text_of_nothing_but_habits_is_only_wrong(text: str) -> None:
    (problem,) = find_problems(text, VOCABULARY)

    assert problem.code in {SYNTAX, ErrorCode.RULE_TOO_LARGE}
