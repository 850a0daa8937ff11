"""Letter case: what casefolding keeps of a text, for every code point, and what SQL makes of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select

from server.rules.sql.letter_case import Case, Folded, Spelling, in_case, may_end_a_word
from tests.postgresql_cluster import Cluster
from tests.rules.people import open_engine

LETTERS = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
SIGMA, DOTLESS_I = "\u03a3", "\u0131"
TEXTS = (
    "", "i", "I", DOTLESS_I, "\u0130", "i\u0307", f"I{DOTLESS_I}I", "kim", "KIM", f"K{DOTLESS_I}M", "\u212aim", "fi",
    "\ufb01", "FI", "ffi", "\ufb03", "stra\xdfe", "STRASSE", "Stra\u1e9ee", "strasse", "\xdf", "ss", "SS", "\u0149a",
    "\u02bcna", "\u017fa", "sa", "\u1e97a", "ta", "t\u0308a", "\xc5", "\u212b", "\xe5", "A\u030a", f"{SIGMA}",
    f"a{SIGMA}", f"{SIGMA}a", "a\u03c3", "a\u03c2", "\u0391\u03a3", "\u01c4", "\u01c5", "\u01c6", "\u13a0", "\uab70",
    "\U00010400", "\U00010428", "\ufb05", "st", "\u1fb3", "\u0391\u0399", "\u03b1\u03b9",
)  # fmt: skip
table = Table("spelling", MetaData(), Column("text", String), Column("folded", String))


def test_lower_case_has_the_casefolded_form_of_the_text_whatever_stands_around() -> None:
    assert [letter for letter in LETTERS if letter.lower().casefold() != letter.casefold()] == []
    for form in ("a{0}\u03a3", "\u03a3{0}", "a\u03a3{0}", "a\u03a3{0}a", "{0}\u03a3{0}"):
        texts = (form.format(letter) for letter in LETTERS)
        assert [text for text in texts if text.lower().casefold() != text.casefold()] == []


def test_upper_case_has_the_casefolded_form_of_all_letters_but_one() -> None:
    assert [letter for letter in LETTERS if letter.upper().casefold() != letter.casefold()] == [DOTLESS_I]
    assert DOTLESS_I.upper() == "I"


def test_letters_change_case_one_by_one_but_for_the_sigma() -> None:
    for other in ("a", SIGMA, "\u0307"):
        pairs = [letter + other for letter in LETTERS] + [other + letter for letter in LETTERS]
        for fold in (str.casefold, str.upper):
            assert [pair for pair in pairs if fold(pair) != fold(pair[0]) + fold(pair[1])] == []
        rest = [pair for pair in pairs if SIGMA not in pair]
        assert [pair for pair in rest if pair.lower() != pair[0].lower() + pair[1].lower()] == []


def test_changing_case_twice_changes_nothing() -> None:
    for case in Case:
        assert [letter for letter in LETTERS if case.of(case.of(letter)) != case.of(letter)] == []


@pytest.fixture(params=["sqlite", "postgresql"])
def spellings(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A table of texts, each with its casefolded form."""
    url = "sqlite://"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.create_database())
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            table.create(connection)
            connection.execute(insert(table), [{"text": text, "folded": text.casefold()} for text in TEXTS])
            yield connection
    finally:
        engine.dispose()


@pytest.mark.parametrize("case", [None, *Case])
def test_the_casefolded_column_finds_every_text_that_passes(spellings: Connection, case: Case | None) -> None:
    constants = {text if case is None else case.of(text) for text in TEXTS}
    found_less = 0
    ordered = table.c.folded.collate("C") if spellings.dialect.name == "postgresql" else table.c.folded
    for constant in constants:
        for prefix in (False, True):
            seen = {text: text if case is None else case.of(text) for text in TEXTS}
            passing = {
                text for text in TEXTS if (seen[text].startswith(constant) if prefix else seen[text] == constant)
            }
            condition = Folded(table.c.folded, case).condition(Spelling((constant,), prefix=prefix), ordered)
            if condition is None:
                assert constant == ""
                continue
            found = set(spellings.scalars(select(table.c.text).where(condition)))
            assert passing <= found, (constant, prefix)
            found_less += len(found) < len(TEXTS) / 4
    assert found_less > 30


def test_too_many_spellings_are_not_looked_for() -> None:
    assert Folded(table.c.folded, Case.UPPER).condition(Spelling(("IIIII",)), table.c.folded) is None
    assert Folded(table.c.folded, Case.LOWER).condition(Spelling(("iiiii",)), table.c.folded) is not None


@pytest.mark.parametrize("case", list(Case))
def test_postgresql_compares_in_a_case_as_python_does(cluster: Cluster, case: Case) -> None:
    database = cluster.create_database()
    engine = open_engine(cluster.url(database))
    changed = [letter for letter in LETTERS if case.of(letter) != letter]
    special = [letter for letter in changed if len(case.of(letter)) > 1 or case.of(letter).isascii()]
    constants = {case.of(text) for text in (*TEXTS, *special, *changed[::41])}
    try:
        with engine.connect() as connection:
            table.create(connection)
            connection.execute(insert(table), [{"text": text, "folded": ""} for text in (*TEXTS, *changed)])
            for constant in sorted(constants):
                _compare(connection, case, constant)
    finally:
        engine.dispose()
        cluster.drop_database(database)


def _compare(connection: Connection, case: Case, constant: str) -> None:
    seen = in_case(table.c.text, case, [constant], order=False)
    found = connection.execute(select(table.c.text, seen == constant)).all()
    unsure = may_end_a_word(case, [constant])
    known = [(text, same) for text, same in found if not (unsure and SIGMA in text)]
    assert len(known) > 1000
    assert [text for text, same in known if same != (case.of(text) == constant)] == [], constant
    if constant.isascii():
        ordered = in_case(table.c.text, case, [constant], order=True).collate("C")
        below = connection.execute(select(table.c.text, ordered < constant)).all()
        assert [text for text, less in below if less != (case.of(text) < constant)] == [], constant
