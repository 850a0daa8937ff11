"""How contacts are greeted: formulas by language and type, with parts of the name in their places."""

from typing import Any

import pytest

from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL

KEY = {"salutation": "MS", "type": "FORMAL", "language": "ENU"}


@pytest.fixture(autouse=True)
async def contacts(change: Change) -> None:
    """The salutation MS, and Dr. Ann Mary Hill of Acme, who speaks ENU and is greeted by it."""
    await change("createSalutation", {"code": "MS"})
    await change("createContact", {"no": "ACME", "name": "Acme"})
    ann = {"no": "ANN", "type": "PERSON", "name": "Ann Mary Hill", "companyNo": "ACME", "jobTitle": "Dr."}
    await change("createContact", {**ann, "initials": "A. M.", "language": "ENU", "salutation": "MS"})


async def new_formula(change: Change, text: str, *names: str | None, **key: Any) -> None:
    values: dict[str, Any] = {f"name{place}": name for place, name in enumerate(names, start=1)}
    await change("createSalutationFormula", {**KEY, **key, "text": text, **values})


async def greeting(given: Given, arguments: str = "", no: str = "ANN") -> str | None:
    found: dict[str, str | None] = await given.contact(no, f"salutationText{arguments}")
    return found["salutationText"]


async def test_2_a_formula_has_a_text_and_five_parts_of_the_name(change: Change) -> None:
    parts = {"name1": "JOB_TITLE", "name3": "SURNAME", "name5": "COMPANY_NAME"}
    shown = "salutation { code formulas { language type text names } }"
    payload = await change("createSalutationFormula", {**KEY, "text": "Dear %1 %3 of %5,", **parts}, shown)

    names = ["JOB_TITLE", None, "SURNAME", None, "COMPANY_NAME"]
    formula = {"language": "ENU", "type": "FORMAL", "text": "Dear %1 %3 of %5,", "names": names}
    assert payload["salutation"] == {"code": "MS", "formulas": [formula]}


async def test_2_a_salutation_has_one_formula_for_each_language_and_type(
    change: Change, refused: Refused, graphql: GraphQL
) -> None:
    await new_formula(change, "Hi %1", "FIRST_NAME", type="INFORMAL")
    await new_formula(change, "Dear", language="enu")
    await new_formula(change, "Hallo", language="DEU")
    await new_formula(change, "To whom it may concern", language=None)

    for again in ({"language": " enu "}, {"language": ""}):
        wrong = {**KEY, **again, "text": "Twice"}
        await refused("ALREADY_EXISTS", ["language"], "createSalutationFormula", wrong)
    data = await graphql('{ salutation(code: "ms") { formulas { language type } } }')
    listed = [(formula["language"], formula["type"]) for formula in data["salutation"]["formulas"]]
    assert listed == [(None, "FORMAL"), ("DEU", "FORMAL"), ("ENU", "FORMAL"), ("ENU", "INFORMAL")]


WRONG: list[tuple[str, str, dict[str, Any]]] = [
    ("VALUE_REQUIRED", "text", {"text": " "}),
    ("INVALID_INPUT", "text", {"text": "x" * 51}),
    ("INVALID_INPUT", "text", {"text": "Dear\n%1"}),
    ("INVALID_INPUT", "language", {"language": "L" * 11}),
    ("NOT_FOUND", "salutation", {"salutation": "MR"}),
    ("VALUE_REQUIRED", "salutation", {"salutation": ""}),
]


async def test_2_a_formula_that_cannot_be_is_refused(refused: Refused) -> None:
    for code, path, wrong in WRONG:
        await refused(code, [path], "createSalutationFormula", {**KEY, "text": "x" * 50, **wrong})


async def test_2_a_formula_can_be_changed_and_deleted(change: Change, refused: Refused) -> None:
    await new_formula(change, "Dear %1 %2", "FIRST_NAME", "SURNAME")
    shown = "salutation { formulas { text names } }"

    changed = await change("updateSalutationFormula", {**KEY, "text": "Hello %1", "name2": None}, shown)
    names = ["FIRST_NAME", None, None, None, None]
    assert changed["salutation"]["formulas"] == [{"text": "Hello %1", "names": names}]
    await refused("VALUE_REQUIRED", ["text"], "updateSalutationFormula", {**KEY, "text": None})
    for mutation in ("updateSalutationFormula", "deleteSalutationFormula"):
        await refused("NOT_FOUND", ["language"], mutation, {**KEY, "language": "DEU"})
        await refused("NOT_FOUND", ["language"], mutation, {**KEY, "type": "INFORMAL"})
    deleted = await change("deleteSalutationFormula", KEY, shown)
    assert deleted["salutation"]["formulas"] == []


async def test_2_formulas_go_with_their_salutation_and_follow_its_new_code(
    change: Change, refused: Refused, given: Given
) -> None:
    await new_formula(change, "Dear %1", "SURNAME")
    shown = "salutation { formulas { text } }"

    renamed = await change("updateSalutation", {"code": "MS", "newCode": "FRAU"}, shown)
    assert renamed["salutation"]["formulas"] == [{"text": "Dear %1"}]
    assert await greeting(given) == "Dear Hill"
    await refused("IN_USE", ["code"], "deleteSalutation", {"code": "FRAU"})
    await change("updateContact", {"no": "ANN", "salutation": None})
    await change("deleteSalutation", {"code": "FRAU"})
    again = await change("createSalutation", {"code": "FRAU"}, shown)
    assert again["salutation"]["formulas"] == []


PARTS: list[tuple[str, list[str], str]] = [
    ("Dear %1", ["JOB_TITLE"], "Dear Dr."),
    ("Dear %1", ["FIRST_NAME"], "Dear Ann"),
    ("Dear %1", ["MIDDLE_NAME"], "Dear Mary"),
    ("Dear %1", ["SURNAME"], "Dear Hill"),
    ("Dear %1", ["INITIALS"], "Dear A. M."),
    ("Dear %1", ["COMPANY_NAME"], "Dear Acme"),
    ("%4, %3 %2 of %1:", ["COMPANY_NAME", "SURNAME", "FIRST_NAME", "JOB_TITLE"], "Dr., Ann Hill of Acme:"),
    ("%5", ["SURNAME", "SURNAME", "SURNAME", "SURNAME", "FIRST_NAME"], "Ann"),
    ("%1%2 %1", ["FIRST_NAME", "SURNAME"], "AnnHill Ann"),
    ("100 % of %6 for %1", ["FIRST_NAME"], "100 % of %6 for Ann"),
]


async def test_2_the_parts_of_the_name_stand_in_their_places(change: Change, given: Given) -> None:
    for text, names, greeted in PARTS:
        await new_formula(change, text, *names)
        assert await greeting(given) == greeted
        await change("deleteSalutationFormula", KEY)


MISSING = [
    ("Dear %1 %2 %3,", "Dear Ann Hill,"),  # the middle one goes with the blank after it
    ("%2 %1 %3", "Ann Hill"),
    ("Dear %1 %2,", "Dear Ann,"),  # no blank after it: the one before goes
    ("Dear %1 %2", "Dear Ann"),
    ("Dear %2 %4", "Dear"),  # %4 stands for nothing
    ("Dear %2 %2 %1", "Dear Ann"),
    ("%2", ""),
]


async def test_2_a_missing_part_of_the_name_goes_with_its_blank(change: Change, given: Given) -> None:
    await change("updateContact", {"no": "ANN", "middleName": ""})
    await new_formula(change, "-", "FIRST_NAME", "MIDDLE_NAME", "SURNAME")
    for text, greeted in MISSING:
        await change("updateSalutationFormula", {**KEY, "text": text})
        assert await greeting(given) == greeted


async def test_2_a_name_that_looks_like_a_placeholder_stays_as_it_is(change: Change, given: Given) -> None:
    await change("updateContact", {"no": "ANN", "firstName": "%2", "surname": "%1"})
    await new_formula(change, "Dear %1 %2", "FIRST_NAME", "SURNAME")
    assert await greeting(given) == "Dear %2 %1"


async def test_2_a_greeting_is_formal_and_in_the_language_of_the_contact_unless_asked_otherwise(
    change: Change, given: Given
) -> None:
    await new_formula(change, "Dear Ms. %1", "SURNAME")
    await new_formula(change, "Hi %1", "FIRST_NAME", type="INFORMAL")
    await new_formula(change, "Sehr geehrte Frau %1", "SURNAME", language="DEU")
    await new_formula(change, "Hello", language=None)

    assert await greeting(given) == "Dear Ms. Hill"
    assert await greeting(given, "(type: INFORMAL)") == "Hi Ann"
    assert await greeting(given, '(language: " deu ")') == "Sehr geehrte Frau Hill"
    assert await greeting(given, "(language: null)") == "Hello"
    await change("updateContact", {"no": "ANN", "language": "DEU"})
    assert await greeting(given) == "Sehr geehrte Frau Hill"
    await change("updateContact", {"no": "ANN", "language": None})
    assert await greeting(given) == "Hello"


async def test_2_no_formula_for_the_language_is_an_error(change: Change, graphql: GraphQL) -> None:
    """A formula for another language, or for none, does not stand in."""
    await new_formula(change, "Dear")

    for arguments in ('(language: "FRA")', "(type: INFORMAL)", "(language: null)"):
        body = await graphql(f'{{ contact(no: "ANN") {{ no salutationText{arguments} }} }}', expect_errors=True)

        (error,) = body["errors"]
        assert (error["extensions"]["code"], error["path"]) == ("NO_FORMULA", ["contact", "salutationText"])
        assert "Salutation MS has no" in error["message"]
        assert body["data"]["contact"] == {"no": "ANN", "salutationText": None}


async def test_2_a_contact_without_a_salutation_has_no_greeting(given: Given) -> None:
    assert await greeting(given, no="ACME") is None
