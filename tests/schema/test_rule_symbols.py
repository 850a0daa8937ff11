"""The vocabulary as data: everything it claims is accepted by the checker, everything it leaves out is refused."""

from typing import Any

import pytest

from server.rules import Kind, ValueType, Vocabulary, check_rule, find_problems
from server.rules.language.engine import attribute_names
from server.store.database import Database
from server.vocabulary import load_vocabulary
from server.vocabulary.language import ATTRIBUTES_OF, LANGUAGE_NAMES, LIST_OPERATORS, OPERATORS
from tests.conftest import GraphQL

pytestmark = pytest.mark.usefixtures("world")

QUERY = """{ ruleSymbols { ...Symbol members { ...Symbol } } }
fragment Symbol on RuleSymbol { name fullName kind type nullable default description example indexed personal values
  operators operatorsWithDefault hasSuggestions attributes { name kind isMethod description example } }"""
FIXED = frozenset(
    """no type name search_name company_name first_name middle_name surname initials job_title address address_2
  post_code city county phone mobile_phone email email_2 home_page vat_registration_no registration_no external_id
  company_no country territory language currency salesperson salutation organizational_level correspondence_type
  exclude_from_segment privacy_blocked minor created_at modified_at last_interaction_on last_attempt_on
  interaction_count interaction_cost interaction_duration
  mailing_groups job_responsibilities industry_groups business_relations segments interactions""".split()  # noqa: SIM905 - names read better in a row
)
MEMBERS = frozenset(
    """on at template group campaign segment logged_segment salesperson evaluation canceled postponed
  attempt_failed campaign_target campaign_response cost duration information_flow initiated_by correspondence_type
  language description subject""".split()  # noqa: SIM905 - names read better in a row
)
NULLABLE = frozenset(
    """company_no country territory language currency salesperson salutation organizational_level
  correspondence_type last_interaction_on last_attempt_on attributes.score""".split()  # noqa: SIM905 - names read better in a row
)
OPERANDS = {
    "TEXT": ['"a"'],
    "CODE": ['"a"'],
    "NUMBER": ["1"],
    "BOOLEAN": ["true"],
    "DATE": ['d"2026-01-31"', 't"P1D"'],
    "DATETIME": ['d"2026-01-31"', 't"P1D"'],
}
BETWEEN = tuple(operator.name for operator in OPERATORS if operator.name not in {"? :", "and", "or", "not"})


async def symbols(graphql: GraphQL) -> dict[str, dict[str, Any]]:
    """Return every symbol, members of collections included, by full name."""
    found = (await graphql(QUERY))["ruleSymbols"]
    return {symbol["fullName"]: symbol for one in found for symbol in (one, *one["members"])}


async def vocabulary_of(database: Database) -> Vocabulary:
    async with database.read() as connection:
        return await load_vocabulary(connection)


def looped(rule: str, symbol: dict[str, Any]) -> str:
    """Return a rule in which ``X`` stands for a symbol, inside a loop where it is a member's."""
    owner, _, member = symbol["fullName"].partition(".")
    if owner != "interactions" or not member:
        return rule.replace("X", symbol["fullName"])
    return f"$any([{rule.replace('X', f'i.{member}')} for i in interactions])"


def rules_with(operator: str, value: str, type_: str, operands: list[str]) -> list[str]:
    """Return the rules that put an operator beside a value, with every operand that it could take."""
    found = []
    for operand in operands:
        if operator in {"in", "not in"}:
            found += [f"{value} {operator} [{operand}]", f"{operand} {operator} {value}"]
        elif operator in {"+", "-", "*", "/", "//", "%", "??"}:
            results = ['t"P1D"', 'd"2026-01-31"'] if type_ in {"DATE", "DATETIME"} else [operand]
            found += [f"({value} {operator} {operand}) == {result}" for result in results]
        else:
            found.append(f"{value} {operator} {operand}")
    return found


async def test_every_symbol_of_the_design_is_there(graphql: GraphQL) -> None:
    found = await symbols(graphql)

    own = {"attributes.tier", "attributes.score", "attributes.divisor"}
    assert set(found) == {*FIXED, *own, *(f"interactions.{member}" for member in MEMBERS)}
    assert {name for name, symbol in found.items() if symbol["nullable"] and not name.startswith("interactions.")} == {
        *NULLABLE
    }


async def test_every_symbol_says_what_it_is_and_how_it_is_used(graphql: GraphQL, database: Database) -> None:
    vocabulary = await vocabulary_of(database)

    for name, symbol in (await symbols(graphql)).items():
        assert symbol["description"].endswith("."), name
        assert symbol["operators"], name
        assert name in check_rule(symbol["example"], vocabulary).uses, name
        assert (symbol["default"] is not None) == symbol["nullable"], name
        assert (symbol["kind"] == "VALUE" and symbol["type"] != "BOOLEAN") <= bool(symbol["attributes"]), name


async def test_exactly_the_operators_claimed_can_stand_beside_a_symbol(graphql: GraphQL, database: Database) -> None:
    vocabulary = await vocabulary_of(database)
    tried = accepted = 0

    for name, symbol in (await symbols(graphql)).items():
        if symbol["kind"] != "VALUE":
            continue
        operands = [f'"{symbol["values"][0]}"'] if symbol["values"] else OPERANDS[symbol["type"]]
        with_default = f"(X ?? {symbol['default']})" if symbol["nullable"] else "X"
        for value, claimed in (("X", symbol["operators"]), (with_default, symbol["operatorsWithDefault"])):
            for operator in BETWEEN:
                rules = [looped(rule, symbol) for rule in rules_with(operator, value, symbol["type"], operands)]
                good = any(not find_problems(rule, vocabulary) for rule in rules)
                assert good == (operator in claimed), (name, operator, rules)
                tried += 1
                accepted += good

    assert tried > 2_000
    assert 0 < accepted < tried


async def test_exactly_the_operators_claimed_can_stand_beside_a_list(graphql: GraphQL, database: Database) -> None:
    vocabulary = await vocabulary_of(database)
    found = await symbols(graphql)

    for name in ("mailing_groups", "segments", "interactions"):
        claimed = found[name]["operators"]
        items = '"A"' if name != "interactions" else None
        for operator in BETWEEN:
            rules = [f"{name} {operator} {name}", f"({name} {operator} {name}) == {name}"]
            rules += [f"{name} {operator} [{name}]"] if operator in {"in", "not in"} else []
            rules += [f"{items} {operator} {name}"] if items else []
            good = any(not find_problems(rule, vocabulary) for rule in rules)
            assert good == (operator in claimed), (name, operator)
        assert claimed == list(LIST_OPERATORS)


async def test_every_attribute_of_a_value_is_listed_with_a_right_example(graphql: GraphQL, database: Database) -> None:
    vocabulary = await vocabulary_of(database)
    checked = 0

    for name, symbol in (await symbols(graphql)).items():
        for attribute in symbol["attributes"]:
            rule = check_rule(attribute["example"], vocabulary)
            assert name in rule.uses, attribute
            assert attribute["description"].endswith("."), attribute
            checked += 1

    assert checked > 500


async def test_attributes_give_what_they_claim(database: Database) -> None:
    """The kind of each attribute is told by what it can be compared with: everything else is another type."""
    vocabulary = await vocabulary_of(database)
    values = {
        Kind.TEXT: "name",
        Kind.NUMBER: "interaction_count",
        Kind.INSTANT: "created_at",
        Kind.PERIOD: "($now - created_at)",
        Kind.LIST: "mailing_groups",
    }
    others = {
        Kind.TEXT: '"a"',
        Kind.NUMBER: "1",
        Kind.BOOLEAN: "true",
        Kind.INSTANT: "$now",
        Kind.LIST: '["A"]',
        Kind.SET: '{"A"}',
    }
    for kind, value in values.items():
        assert {attribute.name for attribute in ATTRIBUTES_OF[kind]} == set(attribute_names(kind)), kind
        for attribute in ATTRIBUTES_OF[kind]:
            argument = ('("a")' if kind is Kind.TEXT else '(["A"])') if attribute.is_method else ""
            written = f"{value}.{attribute.name}{argument}"
            fitting = {other for other, text in others.items() if not find_problems(f"{written} == {text}", vocabulary)}
            assert fitting == {attribute.kind}, written
    assert len(ATTRIBUTES_OF[Kind.BOOLEAN]) == len(attribute_names(Kind.BOOLEAN)) == 0


async def test_the_language_itself_is_data(graphql: GraphQL, database: Database) -> None:
    vocabulary = await vocabulary_of(database)

    language = (
        await graphql(
            """{ ruleLanguage { version operators { name precedence description example }
            functions { name kind isFunction description example }
            limits { characters parts depth listItems textCharacters patternCharacters numberDigits numberExponent
              nestedLoops loopSteps contactsOneByOne } } }"""
        )
    )["ruleLanguage"]

    assert language["version"] == "5.1"
    for named in (*language["operators"], *language["functions"]):
        assert find_problems(named["example"], vocabulary) == [], named
        assert named["description"].endswith("."), named
        assert all(part in named["example"] for part in named["name"].split()), named
    (problem,) = find_problems("$x", vocabulary)
    builtins = {"abs", "any", "all", "sum", "max", "min", "now", "today", "pi", "e"}
    builtins |= {"parse_datetime", "parse_timedelta", "parse_float"}
    assert {name.name for name in LANGUAGE_NAMES} == {f"${name}" for name in builtins}
    assert problem.code == "RULE_UNKNOWN_SYMBOL"
    assert language["limits"] == {
        "characters": 4_096,
        "parts": 400,
        "depth": 40,
        "listItems": 1_000,
        "textCharacters": 1_024,
        "patternCharacters": 256,
        "numberDigits": 30,
        "numberExponent": 30,
        "nestedLoops": 2,
        "loopSteps": 100_000,
        "contactsOneByOne": 20_000,
    }


@pytest.mark.parametrize(
    ("tighter", "looser"),
    [
        ("interaction_count + 1 * 2 == 3", "interaction_count + (1 * 2) == 3"),
        ("interaction_count + 1 > 2 == minor", "((interaction_count + 1) > 2) == minor"),
        ("minor == minor ?? minor", "(minor == minor) ?? minor"),
        ("not minor ?? minor", "not (minor ?? minor)"),
        ("not minor and minor", "(not minor) and minor"),
        ("minor or minor and minor", "minor or (minor and minor)"),
        ("minor or minor ? minor : minor", "(minor or minor) ? minor : minor"),
    ],
)
async def test_precedence_is_that_of_the_parser(database: Database, tighter: str, looser: str) -> None:
    vocabulary = await vocabulary_of(database)

    def shape(text: str) -> str:
        def of(node: Any) -> str:
            return f"{type(node).__name__}({', '.join(of(part) for part in node.children())})"

        return of(check_rule(text, vocabulary).tree)

    assert shape(tighter) == shape(looser)


async def test_suggestions_are_announced(graphql: GraphQL) -> None:
    found = await symbols(graphql)

    without = {name for name, symbol in found.items() if not symbol["hasSuggestions"]}
    assert without == {
        "interactions",
        "interaction_count",
        "interaction_cost",
        "interaction_duration",
        "interactions.cost",
        "interactions.duration",
    }


async def test_types_of_the_api_are_those_of_the_language(graphql: GraphQL) -> None:
    found = await symbols(graphql)

    assert {symbol["type"] for symbol in found.values()} == {*(type_.value for type_ in ValueType), None}
    assert found["interactions.cost"]["default"] is None
    assert found["interactions.evaluation"]["values"][0] == "VERY_POSITIVE"
    assert (found["no"]["indexed"], found["city"]["indexed"]) == (True, False)
    assert (found["email"]["personal"], found["country"]["personal"]) == (True, False)
