"""How files are recognised and read: encodings, delimiters, and what is broken in them."""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import InvalidInputError, NotFoundError
from server.jobs.csv_format import UTF_8, CsvFormat, detect_format
from server.jobs.csv_records import RECORD_LENGTH, CsvFile, Record

WriteFile = Callable[..., Path]

GERMAN = "name;city\r\nMüller;Köln\r\nSchäfer;Düsseldorf\r\nGroß;München\r\n"
FRENCH = "name;city\nLefèvre;Orléans\nÉtienne;Besançon\n"
POLISH = "name,city\nŁukasz,Gdańsk\nŚwiątek,Łódź\nWójcik,Kraków\nDąbrowski,Wrocław\n"
RUSSIAN = "имя;город\nИванов;Москва\nСмирнова;Казань\n"  # noqa: RUF001
JAPANESE = "氏名,市\n佐藤さくら,東京\n鈴木ケンジ,大阪\n"


def records_of(file: Path, form: CsvFormat | None = None) -> list[Record]:
    with CsvFile(file, form or detect_format(file)) as source:
        return list(source.records())


@pytest.mark.parametrize(
    ("text", "written", "detected"),
    [
        (GERMAN, "utf-8", UTF_8),
        (GERMAN, "utf-8-sig", UTF_8),
        (GERMAN, "utf-16", "utf-16"),
        (GERMAN, "cp1252", "cp1252"),
        (FRENCH, "cp1252", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (RUSSIAN, "cp1251", "cp1251"),
        (JAPANESE, "shift_jis", "shift_jis"),
        ("name,price\nJosé,5\n", "cp1252", "cp1252"),
        ("name,price\nUmbrella,5 €\n", "cp1252", "cp1252"),
        ("name,city\nplain,ascii\n", "ascii", UTF_8),
    ],
)
def test_the_encoding_is_detected(write_file: WriteFile, text: str, written: str, detected: str) -> None:
    file = write_file(text.encode(written))
    form = detect_format(file)
    assert form.encoding == detected
    with CsvFile(file, form) as source:
        assert [source.header, *(record.cells for record in source.records())] == list(
            csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter)
        )


def test_an_umlaut_far_behind_the_sample_still_decides(write_file: WriteFile) -> None:
    plain = "name,city\n" + "Anna,Berlin\n" * 200_000
    assert detect_format(write_file((plain + "Jürgen,Köln\n").encode("cp1252"))).encoding == "cp1252"
    assert detect_format(write_file((plain + "Jürgen,Köln\n").encode())).encoding == UTF_8


def test_one_wrong_byte_in_utf_8_spoils_its_row_only(write_file: WriteFile) -> None:
    file = write_file(b"name\n" + "Jürgen\n".encode() * 50 + b"J\xfcrgen\n")
    assert detect_format(file).encoding == UTF_8
    assert [record.cells for record in records_of(file)][-2:] == [["Jürgen"], ["J\udcfcrgen"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(write_file: WriteFile, delimiter: str) -> None:
    rows = [["name", "address", "note"], ["Anna, B.", "a;b", "x|y"], ["Bo", 'say "hi"', "two\nlines"]]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    file = write_file(stream.getvalue())
    assert detect_format(file).delimiter == delimiter
    assert [record.cells for record in records_of(file)] == rows[1:]


def test_one_column_needs_no_delimiter(write_file: WriteFile) -> None:
    assert [record.cells for record in records_of(write_file("email\na@example.com\nb@example.com\n"))] == [
        ["a@example.com"],
        ["b@example.com"],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"PK\x03\x04" + bytes(500), "Excel"),
        (b"\x1f\x8b" + bytes(500), "compressed"),
        (b"SQLite format 3\x00" + bytes(500), "SQLite"),
        (bytes(range(256)) * 10, "no text"),
        (bytes(4_000), "no text"),
    ],
)
def test_what_is_no_csv_is_refused(write_file: WriteFile, content: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        detect_format(write_file(content))


def test_odd_options_are_refused(write_file: WriteFile, tmp_path: Path) -> None:
    file = write_file("a,b\n1,2\n")
    for options in (
        {"encoding": "no-such"},
        {"encoding": "base64"},
        {"delimiter": ";;"},
        {"delimiter": ""},
        {"delimiter": '"'},
    ):
        with pytest.raises(InvalidInputError):
            detect_format(file, **options)
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(NotFoundError):
            detect_format(missing)


def test_a_torn_utf_16_file_is_refused(write_file: WriteFile) -> None:
    file = write_file("name,city\nAnna,Berlin\n".encode("utf-16")[:-1])
    with pytest.raises(InvalidInputError, match="not valid utf-16"):
        records_of(file)


def problems(file: Path) -> list[tuple[int, bool]]:
    """Return the line of every row and whether it can be used."""
    return [(record.line, not record.problem) for record in records_of(file, CsvFormat(UTF_8, ","))]


def test_wrong_counts_blank_lines_and_line_ends(write_file: WriteFile) -> None:
    file = write_file('a,b\r\n1,2\r3\n\n1,2,3\n,\n"x\r\ny",2\n1,2')
    assert problems(file) == [(2, True), (3, False), (5, False), (6, False), (7, True), (9, True)]
    assert records_of(file)[4].cells == ["x\r\ny", "2"]


@pytest.mark.parametrize("tail", ["", "\n".join("x" * 100 for _ in range(2_000))])
def test_a_quote_that_is_never_closed_costs_one_row(write_file: WriteFile, tail: str) -> None:
    rest = "".join(f"{number},ok\n" for number in range(3_000)) if tail else "5,6\n7,8\n"
    file = write_file('a,b\n1,2\n3,"4\n' + rest)
    found = records_of(file, CsvFormat(UTF_8, ","))
    assert [record.line for record in found if record.problem] == [3]
    assert found[1].cells == ['3,"4']
    assert [record.cells for record in found[2:]] == list(csv.reader(io.StringIO(rest)))


def test_a_stray_quote_takes_the_lines_of_its_record_along(write_file: WriteFile) -> None:
    file = write_file('a,b\n1,"x "y" z"\n2,3\n"p\nq"r,5\n6,7\n')
    found = records_of(file, CsvFormat(UTF_8, ","))
    assert [(record.line, not record.problem) for record in found] == [(2, False), (3, True), (4, False), (6, True)]
    assert found[2].cells == ['"p\nq"r,5']


def test_endless_lines_and_cells_cost_one_row(write_file: WriteFile) -> None:
    long = "x" * (RECORD_LENGTH * 3)
    quoted = '"' + ("y" * 99 + "\n") * (RECORD_LENGTH // 50) + '"'
    file = write_file(f"a,b\n1,{long}\n2,3\n4,{quoted}\n5,6\n7,{'z' * (RECORD_LENGTH - 10)}\n8,9")
    found = records_of(file, CsvFormat(UTF_8, ","))
    usable = [record.cells for record in found if not record.problem]
    assert [cells[0] for cells in usable] == ["2", "5", "7", "8"]
    assert found[0].line == 2
    assert found[1].line == 3
    assert found[-1].line == found[-2].line + 1
    assert all(len(record.cells[0]) <= 1_000 for record in found if record.problem)


def test_a_long_line_inside_an_open_quote_does_not_swallow_the_next(write_file: WriteFile) -> None:
    file = write_file('a,b\n1,"open\n' + "x" * (RECORD_LENGTH * 2) + "\n2,3\n4,5\n")
    found = records_of(file, CsvFormat(UTF_8, ","))
    assert [(record.line, record.cells) for record in found if not record.problem] == [(4, ["2", "3"]), (5, ["4", "5"])]


def test_a_broken_header_is_refused(write_file: WriteFile) -> None:
    with pytest.raises(InvalidInputError, match="header"):
        records_of(write_file('a,"b\n1,2\n'), CsvFormat(UTF_8, ","))


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=20), st.sampled_from(",;\t|"))
def test_whatever_csv_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([["a", "b", "c"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contacts.csv"
        file.write_bytes(stream.getvalue().encode())
        found = records_of(file, CsvFormat(UTF_8, delimiter))
    assert [record.cells for record in found if not record.problem] == [row for row in rows if any(row)]
