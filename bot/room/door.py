"""The room's front door: SimCord's page at a stable address, dressed as Warmstart's.

SimCord serves its page at an address with a new random part at each start, brands it as a
test tool, keeps time from January 2026, and shows what the bot did unasked only when told to.
The door stands in front of it on a port of the room's own and mends these four over HTTP,
so that nothing inside SimCord is touched. Where SimCord's page changes, the dress falls off
and the page still works.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

import aiohttp
import simcord
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from multidict import CIMultiDict, CIMultiDictProxy

PAGE = Path(__file__).parent / "page"
OWN = {
    "/warmstart/room.css": "text/css",
    "/warmstart/room.js": "text/javascript",
    "/warmstart/room.svg": "image/svg+xml",
}
DRESS = (
    (
        "<title>SimCord Preview</title>",
        "<title>Warmstart: the local room</title>"
        '<link rel="icon" type="image/svg+xml" href="/warmstart/room.svg">',
    ),
    ("</head>", '<link rel="stylesheet" href="/warmstart/room.css"></head>'),
    ('<script type="module"', '<script src="/warmstart/room.js"></script><script type="module"'),
    ('aria-label="SimCord preview"', 'aria-label="Warmstart"'),
    (
        "<strong>SimCord</strong><small>Preview</small>",
        "<strong>Warmstart</strong><small>local room</small>",
    ),
    ("Viewing as", "You are"),
)
CONTEXT = "X-Simcord-Context"  # the header in which a page says which one it is
UPLOAD_BYTES = 32 * 1024 * 1024  # SimCord takes 26 MB at most and says so itself
FONT_CACHE = "public, max-age=604800"  # 30 MB of fonts whose names carry their version
# What belongs to one connection and not to the message it carries (RFC 9110, 7.6.1), and what
# the door says for itself towards each side.
PER_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
PER_HOP |= {"content-encoding", "content-length", "host", "origin"}

log = logging.getLogger(__name__)


@dataclass
class Stage:
    """The simulated Discord behind the page: one thing at a time, on today's clock."""

    env: simcord.Env
    preview: simcord.Preview
    _shown: dict[str, int] = field(default_factory=dict)  # open page → the bot's requests it shows
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def acting(self, page: str) -> AsyncIterator[None]:
        """Hold the stage for an action on a page; others wait instead of being refused."""
        async with self._turn:
            up_to_date = self._shown.get(page) == len(self.env.http_requests)
            await _settled(self.catch_up)
            yield
            if up_to_date:  # SimCord shows an action to the page that it was made on
                self._shown[page] = len(self.env.http_requests)

    @asynccontextmanager
    async def looking(self, page: str) -> AsyncIterator[None]:
        """Hold the stage for a page's look at it, with all that the bot has done up to now.

        SimCord refuses an action that was made on an older revision than the newest. So news
        come out only as a page looks, and it sees the newest whatever happens meanwhile.
        """
        async with self._turn:
            requests = len(self.env.http_requests)
            if (
                requests != self._shown.get(page)
                and await _settled(self.catch_up)
                and await _settled(self.preview.refresh)
            ):
                self._shown = dict.fromkeys((*self._shown, page), requests)
            yield

    async def catch_up(self) -> None:
        """Bring SimCord's clock up to the real one."""
        behind = (datetime.now(UTC) - self.env.now()).total_seconds()
        if behind > 0:
            await self.env.advance_time(behind)


async def _settled(step: Callable[[], Awaitable[None]]) -> bool:
    """Take a step; False when the bot was busy longer than SimCord waits for it."""
    try:
        await step()
    except (TimeoutError, simcord.SetupError):
        log.debug("The room's page could not be brought up to date.", exc_info=True)
        return False
    return True


@asynccontextmanager
async def open_door(listening: socket, stage: Stage) -> AsyncIterator[None]:
    """Serve the page on a listening socket while the block runs."""
    host, port = listening.getsockname()[:2]
    addresses = {f"{name}:{port}".removesuffix(":80") for name in (host, "localhost")}
    app = web.Application(middlewares=[_guard(addresses)], client_max_size=UPLOAD_BYTES)
    async with aiohttp.ClientSession(auto_decompress=True) as session:
        _Door(stage, session).add_routes(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            yield
        finally:
            await runner.cleanup()


def _guard(addresses: set[str]) -> Middleware:
    """Return a middleware that refuses other sites, and names that only lead here (rebinding)."""
    origins = {f"http://{address}" for address in addresses}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host not in addresses or (origin is not None and origin not in origins):
            raise web.HTTPForbidden(text="This page belongs to Warmstart's local room.")
        return await handler(request)

    return guard


@dataclass(frozen=True)
class _Door:
    stage: Stage
    session: aiohttp.ClientSession

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/", self.enter)
        app.router.add_get("/room", self.page)
        for path in OWN:
            app.router.add_get(path, self.own)
        app.router.add_get("/api/state", self.news)
        app.router.add_post("/api/action", self.action)
        app.router.add_route("*", "/{path:.*}", self.forward)

    async def enter(self, _request: web.Request) -> web.StreamResponse:
        """Lead the stable address to the page, whose random part changes at each start."""
        secret = urlsplit(self.stage.preview.url).fragment
        headers = {"Location": f"/room#{secret}", "Cache-Control": "no-store"}
        return web.Response(status=302, headers=headers)

    async def page(self, request: web.Request) -> web.StreamResponse:
        response = await self.forward(request, path="/")
        text = (response.text or "").replace("\r\n", "\n")
        for old, new in DRESS:
            text = text.replace(old, new)
        response.text = text
        return response

    async def own(self, request: web.Request) -> web.StreamResponse:
        text = (PAGE / request.path.rpartition("/")[2]).read_text("utf-8")
        headers = {"Cache-Control": "no-cache"}
        return web.Response(text=text, content_type=OWN[request.path], headers=headers)

    async def news(self, request: web.Request) -> web.StreamResponse:
        async with self.stage.looking(request.headers.get(CONTEXT, "")):
            return await self.forward(request)

    async def action(self, request: web.Request) -> web.StreamResponse:
        await request.read()  # a slow sender must not hold the stage
        async with self.stage.acting(request.headers.get(CONTEXT, "")):
            return await self.forward(request)

    async def forward(self, request: web.Request, path: str | None = None) -> web.Response:
        """Pass a request on to SimCord's page and its answer back."""
        inside = urlsplit(self.stage.preview.url)
        async with self.session.request(
            request.method,
            f"http://{inside.netloc}{path or request.path_qs}",
            headers=_passed_on(request.headers),
            data=await request.read(),
            allow_redirects=False,
        ) as answer:
            headers = _passed_on(answer.headers)
            if request.path.startswith("/fonts/") and answer.ok:
                headers.popall("Pragma", None)
                headers["Cache-Control"] = FONT_CACHE
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)


def _passed_on(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """Return the headers of a message without those of the connection that brought it."""
    return CIMultiDict(
        (name, value) for name, value in headers.items() if name.lower() not in PER_HOP
    )
