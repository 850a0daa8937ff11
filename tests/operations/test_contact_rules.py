import pytest

from server.operations.contacts.contact_rules import split_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("", ("", "", "")),
        ("Cher", ("Cher", "", "")),
        ("Ann Berg", ("Ann", "", "Berg")),
        ("Ann  Mary\tBerg ", ("Ann", "Mary", "Berg")),
        ("Ann Mary Lou de Berg", ("Ann Mary Lou", "de", "Berg")),
        ("x" * 40 + " Berg", ("x" * 30, "", "Berg")),
    ],
)
def test_the_name_of_a_person_is_split(name: str, parts: tuple[str, str, str]) -> None:
    assert tuple(split_name(name).values()) == parts
