"""Columns find their fields, and new attributes their types."""

import pytest

from server.errors import InvalidInputError
from server.jobs.csv_records import Record
from server.jobs.import_attributes import guess_types
from server.jobs.import_columns import normalised, read_columns
from server.jobs.import_options import ImportOptions


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("car.loan", "car_loan"),
        ("First Name", "first_name"),
        ("firstName", "first_name"),
        ("E-Mail", "e_mail"),
        ("  Größe (cm) ", "grosse_cm"),
        ("MntWines", "mnt_wines"),
        ("AcceptedCmp3", "accepted_cmp3"),
        ("Year_Birth", "year_birth"),
        ("ID", "id"),
        ("VAT Registration No.", "vat_registration_no"),
        ("Prénom", "prenom"),
        ("---", ""),
    ],
)
def test_names_become_the_names_of_fields(title: str, name: str) -> None:
    assert normalised(title) == name


def targets(header: list[str], **options: object) -> dict[str, tuple[str, str, str | None]]:
    columns = read_columns(header, ImportOptions(**options))  # type: ignore[arg-type]
    return {column.title: (column.kind.name, column.name, column.type) for column in columns}


def test_fields_lists_captions_attributes_and_the_rest() -> None:
    assert targets(
        ["No.", "E-Mail", "Country/Region Code", "Mailing Groups", "attributes.tier", "Company Name", "note", ""],
        attributes=("note:text",),
    ) == {
        "No.": ("FIELD", "no", None),
        "E-Mail": ("FIELD", "email", None),
        "Country/Region Code": ("FIELD", "country", None),
        "Mailing Groups": ("LIST", "mailing_groups", None),
        "attributes.tier": ("ATTRIBUTE", "tier", None),
        "Company Name": ("FIELD", "company_name", None),
        "note": ("ATTRIBUTE", "note", "TEXT"),
        "": ("NOTHING", "", None),
    }


def test_the_caller_decides() -> None:
    assert targets(
        ["language", "Mail", "x:y", "Born", "rest.1", "email"],
        columns={"Mail": "E-Mail", "born": "attributes.birth_date:date", "email": "-"},
        attributes=("language:TEXT", "x:y", "*"),
    ) == {
        "language": ("ATTRIBUTE", "language", "TEXT"),
        "Mail": ("FIELD", "email", None),
        "x:y": ("ATTRIBUTE", "x_y", None),
        "Born": ("ATTRIBUTE", "birth_date", "DATE"),
        "rest.1": ("ATTRIBUTE", "rest_1", None),
        "email": ("NOTHING", "", None),
    }


@pytest.mark.parametrize(
    ("header", "options"),
    [
        (["name", "Name"], {}),
        (["car.loan", "car loan", "name"], {}),
        (["email", "E-Mail"], {}),
        (["name", "x"], {"columns": {"x": "name"}}),
        (["name"], {"columns": {"missing": "city"}}),
        (["name", "x"], {"columns": {"x": "no_such_field"}}),
        (["name"], {"columns": {"name": "search_name"}}),
        (["name"], {"attributes": ("missing",)}),
        (["name", "1st"], {"attributes": ("1st",)}),
        (["name", "in"], {"attributes": ("*",)}),
        (["name", "x" * 31], {"attributes": ("*",)}),
        (["name", "a", "b"], {"columns": {"a": "attributes.same", "b": "attributes.same"}}),
        (["foo", "bar"], {}),
        ([""], {"attributes": ("*",)}),
    ],
)
def test_what_makes_no_sense_is_refused(header: list[str], options: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        targets(header, **options)


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["1", "-2.5", "0", ""], "NUMBER"),
        (["9999999999999.9999"], "NUMBER"),
        (["99999999999999"], "TEXT"),
        (["1.00001"], "TEXT"),
        (["1e3"], "TEXT"),
        (["007"], "TEXT"),
        (["1", "n/a"], "TEXT"),
        (["true", "FALSE", " "], "BOOLEAN"),
        (["yes", "no"], "TEXT"),
        (["1", "0"], "NUMBER"),
        (["2024-02-29", "2023-01-01"], "DATE"),
        (["2023-02-29"], "TEXT"),
        (["2024-01-01T10:00:00Z", "2024-01-01 10:00:00+02:00"], "DATETIME"),
        (["2024-01-01T10:00:00"], "TEXT"),
        (["2024-01-01", "2024-01-01T10:00:00Z"], "TEXT"),
        (["", " "], "TEXT"),
        ([], "TEXT"),
        (["1", "x" * 100_000], "TEXT"),
    ],
)
def test_types_are_guessed_with_caution(cells: list[str], type_: str) -> None:
    records = [Record(line, ["name", cell]) for line, cell in enumerate(cells)]
    broken = Record(99, ["not a row"], problem="1 cells")
    assert guess_types([broken, *records], [1]) == {1: type_}
