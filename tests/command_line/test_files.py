"""``tessera import`` and ``tessera export``: files in and out, also beside a running server."""

import csv
from pathlib import Path

import pytest

from tests.command_line.conftest import Tessera
from tests.command_line.servers import serving

PEOPLE = """no;name;e-mail;lucky number
P1;Anna Berg;anna@example.com;7
P2;Bo Ek;bo@example.com;11
P3;Cai Dahl;;x
"""


@pytest.fixture
def migrated(tessera: Tessera) -> Tessera:
    """The command line in a folder with an empty, migrated database and the file ``people.csv``."""
    assert tessera("migrate").code == 0
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    return tessera


def test_import_reports_every_row(migrated: Tessera) -> None:
    first = migrated("import", "contacts", "people.csv", "--map", "e-mail=email", "--attribute", "lucky number:number")
    second = migrated("import", "contacts", "people.csv", "--map", "e-mail=email", "--attribute", "lucky number:number")

    assert (first.code, second.code) == (0, 0)
    assert first.out == "3 rows: 2 created, 0 updated, 0 unchanged, 1 rejected.\n"
    assert second.out == "3 rows: 0 created, 0 updated, 2 unchanged, 1 rejected.\n"
    assert first.err.splitlines()[-1].endswith(" people.csv.rejects.csv")
    rejected = Path("people.csv.rejects.csv").read_text(encoding="utf-8")
    assert "Cai Dahl" in rejected


def test_import_names_the_columns_it_left_out(migrated: Tessera) -> None:
    imported = migrated("import", "contacts", "people.csv", "--type", "company", "--match", "none")

    assert imported.out == "3 rows: 3 created, 0 updated, 0 unchanged, 0 rejected.\n"
    assert "lucky number" in imported.err
    assert not Path("people.csv.rejects.csv").exists()


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["missing.csv"], 1, "missing.csv"),
        (["people.csv", "--map", "email"], 2, "write COLUMN=FIELD"),
        (["people.csv", "--map", "name=nonsense"], 1, "nonsense"),
        (["people.csv", "--encoding", "nonsense"], 1, "nonsense"),
        (["people.csv", "--attribute", "lucky number:complex"], 1, "complex"),
        (["people.csv", "--match", "phone"], 2, "phone"),
        ([], 2, "FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_import_that_cannot_begin(migrated: Tessera, options: list[str], code: int, complaint: str) -> None:
    refused = migrated("import", "contacts", *options)

    assert refused.code == code
    assert refused.out == ""
    assert complaint in refused.err


def test_export_of_an_unknown_segment_leaves_the_file_alone(migrated: Tessera) -> None:
    Path("members.csv").write_text("what was there")

    refused = migrated("export", "members", "SM99999", "--output", "members.csv")

    assert (refused.code, refused.out, refused.err) == (1, "", "tessera: There is no segment SM99999.\n")
    assert Path("members.csv").read_text() == "what was there"
    assert not Path("members.csv.part").exists()


def test_export_to_a_folder_that_is_not_there(migrated: Tessera) -> None:
    refused = migrated("export", "members", "SM00001", "--output", "nowhere/members.csv")

    assert refused.code == 1
    assert refused.err == "tessera: nowhere/members.csv cannot be written: No such file or directory.\n"


def test_beside_a_running_server(migrated: Tessera, tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        before = server.post("{ contacts { totalCount } }")
        imported = migrated("import", "contacts", "people.csv")
        after = server.post("{ contacts { totalCount } }")
        server.post('mutation { createSegment(input: {no: "ALL"}) { segment { no } } }')
        server.post('mutation { addContactsToSegment(input: {segmentNo: "ALL", rule: "true"}) { linesAdded } }')
        exported = migrated("export", "members", "all")
        migrated("export", "members", "ALL", "--output", "members.csv")

    assert (before, after) == ({"contacts": {"totalCount": 0}}, {"contacts": {"totalCount": 3}})
    assert imported.code == 0
    rows = list(csv.DictReader(exported.out.splitlines()))
    assert [(row["no"], row["name"]) for row in rows] == [("P1", "Anna Berg"), ("P2", "Bo Ek"), ("P3", "Cai Dahl")]
    assert exported.err == "3 members.\n"
    assert Path("members.csv").read_bytes().decode().splitlines() == exported.out.splitlines()
