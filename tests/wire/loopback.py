"""A Discord on loopback: REST and gateway for the unmodified discord.py client.

    async with LoopbackDiscord() as server:
        # the client: Route.BASE = server.rest_url, DEFAULT_GATEWAY = server.gateway_url
        card = await server.ask(server.general, server.alice, "is it free?", mention_bot=True)
        click = await server.click(card, buttons(card)[0]["custom_id"], server.bob)

Every request is counted and recorded, and its body held against Discord's limits;
`violations` lists what Discord would not have taken. Faults are injected with `fail_next`
and on `server.gateway`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.wire.limits import problems
from tests.wire.people import People
from tests.wire.rest import read_body
from tests.wire.world import ApiError

API = "/api/v10"
REMEMBERED_REQUESTS = 10_000


@dataclass(frozen=True)
class Recorded:
    """A request of the bot."""

    method: str
    path: str
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None


@dataclass
class Fault:
    """What happens to the next matching requests instead of, or after, doing what they ask."""

    method: str
    path: re.Pattern[str]
    times: int
    status: int | None
    headers: Mapping[str, str]
    body: Any
    cut: bool
    after: bool
    delay: float

    async def strike(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.delay)
        if self.cut and request.transport is not None:
            request.transport.abort()
        return answer(self.status or 500, self.body, self.headers)


class LoopbackDiscord(People):
    """The server: world and people from `People`, and here the sockets, counts and faults.

    `validate=False` saves the checks of bodies, for load tests.
    """

    def __init__(
        self, *, privileged: int = 0, validate: bool = True, max_messages: int = 20_000
    ) -> None:
        super().__init__(privileged=privileged, max_messages=max_messages)
        self.validate = validate
        self.violations: list[str] = []
        self.requests: deque[Recorded] = deque(maxlen=REMEMBERED_REQUESTS)
        self.statuses: Counter[int] = Counter()
        self._faults: list[Fault] = []
        self.rest_url = ""

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.handle)
        for method, path, handler in self.rest.routes() + self.interactions.routes():
            app.router.add_route(method, API + path, self._route(handler))
        app.router.add_route("*", "/{path:.*}", self._route(self._unknown))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.rest_url = f"http://127.0.0.1:{port}{API}"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gateway.abort()
        await self._runner.cleanup()

    # The edge: every request passes here

    def _route(
        self, handler: Callable[[web.Request, Any], Awaitable[Any]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            response = await self._handle(request, handler)
            self.statuses[response.status] += 1
            self.notify()
            return response

        return handle

    async def _handle(
        self, request: web.Request, handler: Callable[[web.Request, Any], Awaitable[Any]]
    ) -> web.Response:
        method, path = request.method, request.path.removeprefix(API)
        body, raw = await read_body(request, self)
        self.requests.append(Recorded(method, path, raw))
        try:
            self._admit(request, method, path, body)
            fault = self._fault(method, path)
            if fault is not None and not fault.after:
                return await fault.strike(request)
            result = await handler(request, body)
        except ApiError as error:
            return answer(error.status, error.body)
        except Exception as error:
            self.violations.append(f"{method} {path}: the loopback failed with {error!r}")
            raise
        if fault is not None:
            self.notify()
            return await fault.strike(request)
        return answer(200, result) if result is not None else web.Response(status=204)

    def _admit(self, request: web.Request, method: str, path: str, body: Any) -> None:
        """Refuse a wrong token, and a body that Discord would not take."""
        by_token = path.startswith(("/interactions/", "/webhooks/"))
        if not by_token and request.headers.get("Authorization") != f"Bot {self.token}":
            raise ApiError(401, 0, "401: Unauthorized")
        if self.validate and body is not None and (wrong := problems(method, path, body)):
            self.violations += wrong
            raise ApiError(400, 50035, f"Invalid Form Body: {wrong[0]}")

    def validate_all(self) -> None:
        """Check the remembered bodies now, and those to come as they come."""
        self.validate = True
        for sent in self.requests:
            if sent.raw:
                self.violations += problems(sent.method, sent.path, sent.body)

    async def _unknown(self, request: web.Request, body: Any) -> None:
        self.violations.append(f"{request.method} {request.path}: no such route in the loopback")
        raise ApiError(404, 0, "404: Not Found")

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self._faults:
            if fault.times and fault.method == method and fault.path.search(path):
                fault.times -= 1
                return fault
        return None

    def fail_next(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        cut: bool = False,
        times: int = 1,
        after: bool = False,
        delay: float = 0.0,
    ) -> Fault:
        """Answer the next requests whose path matches with a fault.

        `cut` aborts the connection; `after` lets the request take effect first, so that only
        its answer is lost; `delay` (seconds) holds the answer back.
        """
        shown = {"code": 0, "message": f"injected {status}"} if body is None else body
        fault = Fault(
            method, re.compile(path), times, status, headers or {}, shown, cut, after, delay
        )
        self._faults.append(fault)
        return fault

    def limit_next(
        self, method: str, path: str, *, retry_after: float = 0.05, via: bool = True, times: int = 1
    ) -> Fault:
        """Answer the next matching requests 429; without `via` like Cloudflare's ban."""
        body = {"message": "You are being rate limited.", "retry_after": retry_after}
        headers = {"Via": "1.1 google"} if via else {}
        return self.fail_next(
            method, path, status=429, headers=headers, body=body | {"global": False}, times=times
        )

    def count(self, method: str, path: str) -> int:
        """Return how many remembered requests match, refused ones included."""
        pattern = re.compile(path)
        return sum(r.method == method and bool(pattern.search(r.path)) for r in self.requests)


def answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return a JSON answer whose content type is bare, as discord.py wants it."""
    return web.Response(
        status=status,
        headers=headers,
        body=json.dumps(body).encode(),
        content_type="application/json",
    )
