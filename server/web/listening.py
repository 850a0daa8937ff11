"""Running the application as an HTTP server until a signal ends it."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from server.errors import UnavailableError

_SECONDS_TO_FINISH = 10
"""How long running requests may take once the server is told to stop."""


@contextmanager
def bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket that owns the address; nothing can connect before the server runs on it.

    Args:
        host: name or address of an interface, IPv4 or IPv6.
        port: 0 takes a free one; ``getsockname`` tells which.

    Raises: UnavailableError when the address is taken, or is none of this machine's.
    """
    with ExitStack() as stack:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            bound = stack.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError as error:
            msg = f"Port {port} of {host} cannot be used: {error.strerror}."
            raise UnavailableError(msg) from error
        yield bound


def http_address(bound: socket.socket) -> str:
    """Return the URL of the server on this socket, without a path."""
    host, port, *_ = bound.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_until_signal(app: ASGIApp, bound: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve ``app`` on the socket; return after SIGINT or SIGTERM, when the running requests are answered.

    Args:
        app: what answers.
        bound: from ``bound_socket``.
        started: called once when requests are being answered.

    Raises: SystemExit when the application refuses to start; its reason is in the log.
    """
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    _Server(config, started).run(sockets=[bound])


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it answers."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the block, and the process with code 0: being told to stop is no failure."""

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
