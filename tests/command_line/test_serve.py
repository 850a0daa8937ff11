"""``tessera serve``: from nothing to an answering server, and to an orderly end."""

import signal
import socket
from pathlib import Path

import pytest

from tests.command_line.conftest import Tessera
from tests.command_line.servers import serving

COUNT = "{ contacts { totalCount } }"


def test_serves_a_new_database(tmp_path: Path) -> None:
    with serving(cwd=tmp_path) as server:
        assert server.post(COUNT) == {"contacts": {"totalCount": 0}}
        assert server.url in server.greeting

    assert (tmp_path / "tessera.db").exists()


def test_fills_an_empty_database_with_demo_data_once(tmp_path: Path) -> None:
    with serving("--demo", "--demo-contacts", "120", cwd=tmp_path) as server:
        first = server.post(COUNT)
        server.stop()
    with serving("--demo", "--demo-contacts", "500", cwd=tmp_path) as server:
        second = server.post(COUNT)

    assert first == second == {"contacts": {"totalCount": 120}}


@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT])
def test_stops_with_code_0_and_gives_the_database_back(tmp_path: Path, stop_signal: signal.Signals) -> None:
    with serving(cwd=tmp_path) as server:
        server.post(COUNT)

        assert server.stop(stop_signal) == 0

    with serving(cwd=tmp_path) as server:
        assert server.post(COUNT) == {"contacts": {"totalCount": 0}}


@pytest.mark.parametrize("port", ["0", "the same"])
def test_second_server_on_the_same_file_is_refused_and_told_who_holds_it(
    tessera: Tessera, tmp_path: Path, port: str
) -> None:
    with serving(cwd=tmp_path) as server:
        taken = server.url.removesuffix("/graphql").rpartition(":")[2]
        refused = tessera("serve", "--port", taken if port == "the same" else port)

        assert (refused.code, refused.out) == (1, "")
        assert len(refused.err.splitlines()) == 1
        assert server.url in refused.err
        assert server.post(COUNT) == {"contacts": {"totalCount": 0}}


def test_taken_port_is_one_clear_line(tessera: Tessera) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        refused = tessera("serve", "--port", str(port))

    assert refused.code == 1
    assert refused.err == f"tessera: Port {port} of 127.0.0.1 cannot be used: Address already in use.\n"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "sqlite:////no/such/folder/tessera.db",
        "sqlite://",
        "mysql://localhost/tessera",
        "nonsense",
    ],
)
def test_database_that_cannot_be_used_is_one_clear_line(tessera: Tessera, address: str) -> None:
    refused = tessera("serve", "--port", "0", "--database", address)

    assert refused.code == 1
    assert refused.out == ""
    assert refused.err.startswith("tessera: ")
    assert len(refused.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("variable", "value"), [("TESSERA_PORT", "eighty"), ("TESSERA_ZONE", "Mars/Olympus"), ("TESSERA_WRITE_WAIT", "0")]
)
def test_wrong_setting_is_named(tessera: Tessera, monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)

    refused = tessera("serve")

    assert refused.code in {1, 2}
    assert variable in refused.err


def test_port_of_another_range_is_wrong_usage(tessera: Tessera) -> None:
    refused = tessera("serve", "--port", "65536")

    assert refused.code == 2
