"""Who the change log says has imported."""

import sqlite3
from pathlib import Path

import pytest

from tests.command_line.conftest import Tessera


@pytest.mark.parametrize(("setting", "actor"), [(None, "cli:login"), ("", "cli:login"), ("ann", "ann")])
def test_the_setting_says_who_acts_else_the_login(
    tessera: Tessera, monkeypatch: pytest.MonkeyPatch, setting: str | None, actor: str
) -> None:
    monkeypatch.setenv("LOGNAME", "login")
    if setting is not None:
        monkeypatch.setenv("TESSERA_USER", setting)
    Path("people.csv").write_text("no;name\nP1;Anna Berg\n", encoding="utf-8")
    tessera("migrate")

    assert tessera("import", "contacts", "people.csv").code == 0

    connection = sqlite3.connect("tessera.db")
    assert connection.execute("SELECT DISTINCT actor FROM change").fetchall() == [(actor,)]
    connection.close()


def test_a_setting_that_is_no_name_is_refused(tessera: Tessera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSERA_USER", "a" * 51)

    refused = tessera("migrate")

    assert refused.code == 1
    assert refused.err.startswith("tessera: TESSERA_USER: ")
