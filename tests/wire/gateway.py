"""The gateway of the loopback Discord: websocket sessions, compression, RESUME, and faults."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.shown import Json
from tests.wire.world import MESSAGE_CONTENT_INTENT, PRIVILEGED_INTENTS, Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, ACK = 9, 10, 11
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
RESUMABLE_EVENTS = 5_000  # how many a session remembers


class Connection:
    """One websocket: sends in order through one compressor, as transport compression wants."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.ended_here = False
        self._transport = request.transport
        self._queue: asyncio.Queue[Json] = asyncio.Queue()
        self._compressor = zlib.compressobj() if "compress" in request.query else None

    def send(self, **payload: Any) -> None:
        self._queue.put_nowait({"d": None, "s": None, "t": None} | payload)

    async def write(self) -> None:
        """Write what was sent until the socket is gone."""
        while not self.socket.closed:
            text = json.dumps(await self._queue.get())
            try:
                if self._compressor is None:
                    await self.socket.send_str(text)
                else:
                    data = self._compressor.compress(text.encode())
                    await self.socket.send_bytes(data + self._compressor.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return

    def abort(self) -> None:
        """Cut the TCP connection without a word."""
        self.ended_here = True
        if self._transport is not None:
            self._transport.abort()


@dataclass
class Session:
    """What survives a cut connection: intents, and the events to replay."""

    id: str
    intents: int
    shard: tuple[int, int]
    connection: Connection | None
    sequence: int = 0
    log: deque[Json] = field(default_factory=lambda: deque(maxlen=RESUMABLE_EVENTS))

    def dispatch(self, event: str, data: Any) -> None:
        self.sequence += 1
        entry = {"op": DISPATCH, "d": data, "s": self.sequence, "t": event}
        self.log.append(entry)
        if self.connection is not None:
            self.connection.send(**entry)

    def hears(self, guild: Guild | None) -> bool:
        index, count = self.shard
        return (guild.id >> 22) % count == index if guild is not None else index == 0


class Gateway:
    """Every gateway session of the bot.

    Faults: `down` refuses and cuts connections, `acknowledges` switches heartbeat
    acknowledgements, and the methods `close`, `abort`, `reconnect`, `invalidate`, `raw`.
    """

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self.world = world
        self.url = ""
        self.heartbeat_interval = 41.25  # seconds
        self.acknowledges = True
        self.heartbeats = 0
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.refused = 0
        self.sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._changed = changed
        self._down = False

    @property
    def live(self) -> list[Session]:
        """The sessions that are connected now."""
        return [session for session in self.sessions.values() if session.connection is not None]

    def dispatch(self, event: str, data: Any, guild: Guild | None, *, intent: int = 0) -> None:
        """Send an event to the sessions that asked for it, or keep it for their RESUME."""
        for session in self.sessions.values():
            if session.hears(guild) and session.intents & intent == intent:
                session.dispatch(event, data)

    def message(self, event: str, message: Json, guild: Guild | None) -> None:
        """Send a message event, its content blanked where Discord blanks it."""
        intent = DIRECT_MESSAGES if guild is None else GUILD_MESSAGES
        for session in self.sessions.values():
            if session.hears(guild) and session.intents & intent:
                open = bool(session.intents & MESSAGE_CONTENT_INTENT)
                session.dispatch(event, self.world.as_seen(message, content_intent=open))

    # Faults

    @property
    def down(self) -> bool:
        return self._down

    @down.setter
    def down(self, value: bool) -> None:
        self._down = value
        if value:
            self.abort()

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in list(self._connections):
            connection.ended_here = True
            await connection.socket.close(code=code)

    def abort(self) -> None:
        """Cut every connection."""
        for connection in list(self._connections):
            connection.abort()

    def reconnect(self) -> None:
        """Ask the client to come back (op 7)."""
        self.raw(op=RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the client that its session is not valid (op 9)."""
        if not resumable:
            for session in self.live:
                del self.sessions[session.id]
        for connection in self._connections:
            connection.send(op=INVALID_SESSION, d=resumable)

    def raw(self, **payload: Any) -> None:
        """Send any payload (op, d, s, t), however malformed, past session and sequence."""
        for connection in self._connections:
            connection.send(**payload)

    # The protocol

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._down:
            self.refused += 1
            self._changed()
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        if request.query.get("compress", "zlib-stream") != "zlib-stream":
            raise web.HTTPBadRequest(text="only zlib-stream: run the client without zstandard")
        socket = web.WebSocketResponse(max_msg_size=0, autoping=True)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.send(op=HELLO, d={"heartbeat_interval": int(self.heartbeat_interval * 1000)})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(frame.data))
                    self._changed()
        finally:
            writer.cancel()
            self._connections.discard(connection)
            self._disconnected(connection)
            self._changed()
        return socket

    async def _receive(self, connection: Connection, payload: Json) -> None:
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                if self.acknowledges:
                    connection.send(op=ACK)
            case 2:
                await self._identify(connection, payload["d"])
            case 6:
                self._resume(connection, payload["d"])

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append(data)
        if data["token"] != self.world.token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return
        if data["intents"] & PRIVILEGED_INTENTS & ~self.world.privileged:
            await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        index, count = data.get("shard", (0, 1))
        for old in [s for s in self.sessions.values() if s.connection is None]:
            if old.shard == (index, count):
                del self.sessions[old.id]
        session = Session(str(self.world.new_id()), data["intents"], (index, count), connection)
        self.sessions[session.id] = session
        self._greet(session)

    def _greet(self, session: Session) -> None:
        guilds = [g for g in self.world.guilds.values() if g.has_bot and session.hears(g)]
        bot = self.world.bot
        ready = {
            "v": 10,
            "user": bot.payload() | {"verified": True, "mfa_enabled": True},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": str(bot.id), "flags": self.world.application_flags},
        }
        session.dispatch("READY", ready)
        if session.intents & GUILDS:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", guild.payload(bot))

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append(data)
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self.world.token:
            connection.send(op=INVALID_SESSION, d=False)
            return
        for entry in session.log:
            if entry["s"] > data["seq"]:
                connection.send(**entry)
        session.connection = connection
        session.dispatch("RESUMED", {"_trace": []})

    def _disconnected(self, connection: Connection) -> None:
        """Keep the session for a RESUME, unless the client said goodbye (1000, 1001)."""
        goodbye = connection.socket.close_code in (1000, 1001) and not connection.ended_here
        for session in self.live:
            if session.connection is connection:
                session.connection = None
                if goodbye:
                    del self.sessions[session.id]
