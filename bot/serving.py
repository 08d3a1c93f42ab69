"""Serving: the socket, uvicorn, and an orderly end on SIGTERM."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import structlog
import uvicorn
import uvloop

from bot.console import greet
from bot.reading.place import PlacedReader
from bot.roles import ALL, Role
from bot.settings import Settings
from bot.wiring import Huixiang
from domain.errors import SettingsError

log = structlog.get_logger()
CONNECTIONS_SECONDS = 2
BACKLOG = 512
LOCAL = ("127.0.0.1", "localhost", "::1")


class Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again before our own parts have stopped."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(settings: Settings) -> socket.socket:
    """Bound before anything else is built, so that a taken port is told at once. Port 0 takes any free one."""
    return _bound(settings.host, settings.port, "HUIXIANG_PORT", "例如 make run PORT=8001")


def bind_health(settings: Settings) -> socket.socket | None:
    """For a process without pages; None when nobody is to ask it."""
    if settings.health_port is None:
        return None
    return _bound(settings.host, settings.health_port, "HUIXIANG_HEALTH_PORT", "每个进程一个")


def _bound(host: str, port: int, name: str, hint: str) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"HUIXIANG_HOST/{name}：{host}:{port} 用不了（{error.strerror}）。"
            f"请停掉占用它的程序，或换一个端口，{hint}。"
        ) from None
    return listening


def url_of(settings: Settings, listening: socket.socket) -> str:
    """The address for links: the public one, or that of this machine."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return settings.public_url or f"http://{host}:{listening.getsockname()[1]}"


def run(settings: Settings, roles: frozenset[Role], reader: PlacedReader) -> None:
    """A process with these roles, until it is told to stop."""
    uvloop.run(serve(settings, greet, roles, reader) if Role.WEB in roles else work(settings, roles, reader))


async def work(settings: Settings, roles: frozenset[Role], reader: PlacedReader) -> None:
    """A process without pages, until SIGTERM or Ctrl-C; how it is, it tells on a port of its own, if it has one."""
    with bind_health(settings) or contextlib.nullcontext() as listening:
        house = Huixiang(settings, settings.public_url or f"http://{settings.host}:{settings.port}", roles, reader)
        ended = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await house.start()
        try:
            async with _telling(house, listening):
                log.info("working", roles=sorted(roles), health_port=listening and listening.getsockname()[1])
                _settle_memory()
                await ended.wait()
        finally:
            await house.stop()


@contextlib.asynccontextmanager
async def _telling(house: Huixiang, listening: socket.socket | None) -> AsyncIterator[None]:
    """While it works, whoever asks hears how it is."""
    if listening is None:
        yield
        return
    server = Server(config(house))
    serving = asyncio.ensure_future(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def serve(
    settings: Settings,
    on_ready: Callable[[Huixiang], Awaitable[None]],
    roles: frozenset[Role] = ALL,
    reader: PlacedReader | None = None,
) -> None:
    """Until SIGTERM or Ctrl-C. `on_ready` is awaited when the first request can be answered."""
    _check_demo(settings)
    with bind(settings) as listening:
        house = Huixiang(settings, url_of(settings, listening), roles, reader)
        server = Server(config(house))
        _end_on_signals(server)
        await house.start()
        try:
            serving = asyncio.ensure_future(server.serve([listening]))
            while not server.started and not serving.done():
                await asyncio.sleep(0.005)
            await on_ready(house)
            _settle_memory()
            await serving
        finally:
            await house.stop()


def _settle_memory() -> None:
    gc.freeze()  # what was loaded stays: the collector need not walk through it during a chat
    gc.set_threshold(10_000, 20, 20)  # a turn makes many small things that are gone with it
    gc.enable()


def _check_demo(settings: Settings) -> None:
    """In a demo a link makes anybody the owner."""
    if settings.demo and settings.host not in LOCAL:
        raise SettingsError("HUIXIANG_DEMO=1 时只能监听本机：请把 HUIXIANG_HOST 设为 127.0.0.1，或关掉演示。")


def config(house: Huixiang) -> uvicorn.Config:
    """No access log: addresses carry codes."""
    return uvicorn.Config(
        house.app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=CONNECTIONS_SECONDS,
    )


def _end_on_signals(server: Server) -> None:
    def end() -> None:
        """The second signal does not wait for open connections."""
        server.force_exit = server.should_exit
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
