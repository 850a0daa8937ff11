import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.errors import UnavailableError
from server.store.server_lock import server_lock

URL = "http://127.0.0.1:8000/graphql"
HOLD = """
import sys, time
from pathlib import Path
from server.store.server_lock import server_lock
with server_lock(Path(sys.argv[1]), "http://127.0.0.1:9999/graphql"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "tessera.db"


def test_the_lock_file_says_who_serves(database_file: Path) -> None:
    with server_lock(database_file, URL) as path:
        assert path == database_file.with_name("tessera.db.lock")
        assert json.loads(path.read_text()) == {"pid": os.getpid(), "url": URL}


def test_a_second_server_is_told_who_has_the_database(database_file: Path) -> None:
    with server_lock(database_file, URL), pytest.raises(UnavailableError) as caught:
        server_lock(database_file, "http://127.0.0.1:8001/graphql").__enter__()

    assert str(os.getpid()) in caught.value.message
    assert URL in caught.value.message
    assert str(database_file) in caught.value.message


def test_the_refused_server_leaves_the_lock_as_it_was(database_file: Path) -> None:
    with server_lock(database_file, URL) as path:
        with pytest.raises(UnavailableError):
            server_lock(database_file, "http://127.0.0.1:8001/graphql").__enter__()

        assert json.loads(path.read_text())["url"] == URL


def test_the_lock_is_free_again_afterwards(database_file: Path) -> None:
    for _ in range(2):
        with server_lock(database_file, URL) as path:
            pass

        assert path.read_text() == ""


def test_other_names_of_the_file_share_its_lock(database_file: Path, tmp_path: Path) -> None:
    database_file.touch()
    link = tmp_path / "link.db"
    link.symlink_to(database_file)

    with server_lock(database_file, URL), pytest.raises(UnavailableError):
        server_lock(link, URL).__enter__()


def test_a_server_of_another_process_holds_until_it_dies(database_file: Path) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database_file], stdout=subprocess.PIPE, cwd=root, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(UnavailableError, match=f"process {process.pid}, http://127.0.0.1:9999/graphql"):
            server_lock(database_file, URL).__enter__()
        process.send_signal(signal.SIGKILL)

    stale = database_file.with_name("tessera.db.lock")
    assert json.loads(stale.read_text())["pid"] == process.pid
    with server_lock(database_file, URL) as path:
        assert json.loads(path.read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "null"])
def test_a_lock_file_that_does_not_say_who(database_file: Path, content: str) -> None:
    with server_lock(database_file, URL) as path:
        path.write_text(content)

        with pytest.raises(UnavailableError, match=r"^Another server already serves"):
            server_lock(database_file, URL).__enter__()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be written"):
        server_lock(tmp_path / "none" / "tessera.db", URL).__enter__()


def test_a_file_with_a_second_name_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tessera.db"
    file.touch()
    (tmp_path / "second.db").hardlink_to(file)

    with pytest.raises(UnavailableError, match="hard link"), server_lock(file, "http://127.0.0.1:1"):
        pass
    assert not (tmp_path / "tessera.db.lock").exists()
