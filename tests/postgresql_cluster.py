"""A PostgreSQL cluster of the test run's own, made from the installed binaries and thrown away at the end."""

import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "shared_buffers": "16MB",
    "synchronous_commit": "off",
    "unix_socket_directories": "",
    "wal_level": "minimal",
}


class Cluster:
    """A running cluster on 127.0.0.1, with trust for everyone who reaches it.

    Attributes:
        port: where it listens.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = count(1)
        self._admin = psycopg.connect(
            f"host=127.0.0.1 port={port} user=tests dbname=postgres connect_timeout=5", autocommit=True
        )
        self._strategy = "STRATEGY FILE_COPY" if self._admin.info.server_version >= 150_000 else ""

    def create_database(self, template: str = "template0", collation: str = "") -> str:
        """Create a database as a copy of ``template`` and return its name; ``collation`` is one of ``collations``."""
        name = f"tessera_{next(self._numbers)}"
        sorting = self.collations()[collation] if collation else ""
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} {self._strategy} {sorting}".encode())
        return name

    def collations(self) -> Mapping[str, str]:
        """Return how a database can sort text, as CREATE DATABASE says it: by code point (C), and as people do (ICU).

        ICU is missing where PostgreSQL is older than 15 or was built without it.
        """
        if self._admin.info.server_version < 150_000:
            return {"C": "LOCALE 'C'"}
        found = {"C": "LOCALE_PROVIDER libc LOCALE 'C'"}
        if self._admin.execute("SELECT 1 FROM pg_collation WHERE collprovider = 'i' LIMIT 1").fetchone():
            found["ICU"] = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'"
        return found

    def drop_database(self, name: str) -> None:
        """Drop the database, whoever is connected to it."""
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def url(self, database: str) -> str:
        """Return the address of a database as Tessera's settings want it."""
        return f"postgresql://tests@127.0.0.1:{self.port}/{database}"

    def close(self) -> None:
        """End the cluster's own connection."""
        self._admin.close()


def find_binaries() -> Path | None:
    """Return the folder of the newest ``initdb`` and ``postgres`` on this machine, or None."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for place in _PLACES:
        root, pattern = place[0], place[1:]
        folders += sorted(Path(root).glob(pattern), key=_version, reverse=True)
    return next(
        (folder for folder in folders if all((folder / name).exists() for name in ("initdb", "postgres"))), None
    )


def _has_binaries(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


@contextmanager
def running_cluster(binaries: Path, **settings: str) -> Iterator[Cluster]:
    """Yield a cluster that stops, and whose files go, when the block ends or this process dies.

    Args:
        binaries: the folder of ``initdb`` and ``postgres``.
        settings: PostgreSQL's own, in place of those that make tests quick.
    """
    folder = Path(tempfile.mkdtemp(prefix="tessera-postgresql-", dir=_fast_folder()))
    port = _free_port()
    options = [f"-c{name}={value}" for name, value in {**_SETTINGS, **settings}.items()]
    command: list[str | Path] = [sys.executable, __file__, folder, binaries, str(port), *options]
    keeper = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        cluster = _connected(keeper, port)
        try:
            yield cluster
        finally:
            cluster.close()
    finally:
        keeper.communicate()


def keep_running(folder: Path, binaries: Path, port: str, options: Sequence[str]) -> None:
    """Run a cluster in ``folder`` until the standard input ends, as it does when the test run ends in whatever way."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    owner = _owner()
    try:
        if owner:
            shutil.chown(folder, owner)
        _initialise(binaries, folder / "data", owner)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", f"-p{port}", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                user=owner,
                group=_group(owner),
                extra_groups=_no_groups(owner),
                start_new_session=True,
            )
        while server.poll() is None and not select.select([sys.stdin], [], [], 0.5)[0]:
            pass
        if server.poll() is not None:
            sys.stderr.write((folder / "log").read_text(errors="replace"))
        server.send_signal(signal.SIGQUIT)
        server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(binaries: Path, data: Path, owner: str | None) -> None:
    """Make the cluster's files; it sorts text as people do where it can, so that what depends on the order shows."""
    command: list[str | Path] = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8"]
    output = ""
    for locale in (("--locale-provider=icu", "--icu-locale=en"), ()):
        made = subprocess.run(
            [*command, "--no-sync", "--no-locale", *locale],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=data.parent,
            user=owner,
            group=_group(owner),
            extra_groups=_no_groups(owner),
        )
        if made.returncode == 0:
            return
        output += made.stdout.decode(errors="replace")
    msg = f"initdb failed:\n{output}"
    raise RuntimeError(msg)


def _connected(keeper: "subprocess.Popen[bytes]", port: int) -> Cluster:
    """Wait until the cluster answers."""
    end = time.monotonic() + 30
    while True:
        try:
            return Cluster(port)
        except psycopg.OperationalError as error:
            if keeper.poll() is not None or time.monotonic() > end:
                msg = "PostgreSQL did not start; see above"
                raise RuntimeError(msg) from error
            time.sleep(0.02)


def _owner() -> str | None:
    """Return the user as whom the cluster must run, because PostgreSQL refuses root; None for this one."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _fast_folder() -> Path | None:
    """Return a folder in memory if there is a roomy one; copying a database there is ten times as fast."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return memory if roomy else None


def _group(owner: str | None) -> int | None:
    return None if owner is None else pwd.getpwnam(owner).pw_gid


def _no_groups(owner: str | None) -> list[str | int] | None:
    return None if owner is None else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _version(folder: Path) -> list[int]:
    """Return the numbers in the path, so that 15 comes after 9."""
    digits = "".join(character if character.isdigit() else " " for character in str(folder))
    return [int(number) for number in digits.split()]


if __name__ == "__main__":
    keep_running(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
