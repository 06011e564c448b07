"""The REST routes of the loopback Discord: who and where, commands, messages, files."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.wire.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from tests.wire.shown import Json
from tests.wire.world import EPHEMERAL, FORUM, ApiError, Channel, World


class Rest:
    """Handlers by route; each takes the request and its parsed body, and returns JSON or None."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.shards = 1
        self.nonces: dict[str | None, int] = {}  # enforced ones → message; Discord forgets them

    def routes(self) -> list[tuple[str, str, Any]]:
        one = "/channels/{channel}/messages/{message}"
        return [
            ("GET", "/users/@me", self.me),
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/gateway", self.gateway_address),
            ("GET", "/gateway/bot", self.gateway_address),
            ("GET", "/applications/{app}/commands", self.commands),
            ("PUT", "/applications/{app}/commands", self.set_commands),
            ("GET", "/channels/{channel}", self.channel),
            ("POST", "/channels/{channel}/typing", self.typing),
            ("POST", "/channels/{channel}/messages", self.post),
            ("GET", one, self.read),
            ("PATCH", one, self.edit),
            ("DELETE", one, self.delete),
            ("PUT", one + "/reactions/{emoji}/@me", self.react),
        ]

    # Who and where

    async def me(self, request: web.Request, body: Any) -> Json:
        return self.world.bot.payload() | {"verified": True, "mfa_enabled": True}

    async def open_dm(self, request: web.Request, body: Any) -> Json:
        user = self.world.users.get(int(body["recipient_id"]))
        if user is None or user.bot:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return self.world.dm(user).payload()

    async def application(self, request: web.Request, body: Any) -> Json:
        bot = self.world.bot
        return {
            "id": str(bot.id),
            "name": bot.name,
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self.world.owner.payload(),
            "team": None,
            "verify_key": "0" * 64,
            "flags": self.world.application_flags,
            "type": None,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
        }

    async def gateway_address(self, request: web.Request, body: Any) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 16}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}

    async def commands(self, request: web.Request, body: Any) -> list[Json]:
        return self.world.commands

    async def set_commands(self, request: web.Request, body: list[Json]) -> list[Json]:
        known = {(c["type"], c["name"]): c["id"] for c in self.world.commands}
        self.world.commands = [
            {"type": 1, "options": [], "default_member_permissions": None, "description": ""}
            | command
            | {
                "id": known.get((command.get("type", 1), command["name"]))
                or str(self.world.new_id()),
                "application_id": str(self.world.bot.id),
                "version": str(self.world.new_id()),
            }
            for command in body
        ]
        return self.world.commands

    async def channel(self, request: web.Request, body: Any) -> Json:
        return self._channel(request).payload()

    async def typing(self, request: web.Request, body: Any) -> None:
        self._channel(request)

    # Messages

    async def post(self, request: web.Request, body: Json) -> Json:
        """Create a message; with an enforced nonce return the one that already has it."""
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        known = self.world.messages.get(self.nonces.get(nonce, 0))
        if known is not None:
            return self.seen(known)
        message = self.create(self._channel(request), body)
        if nonce is not None:
            self.nonces[nonce] = int(message["id"])
        return message | {"nonce": nonce}

    async def read(self, request: web.Request, body: Any) -> Json:
        return self.seen(self._message(request))

    async def edit(self, request: web.Request, body: Json) -> Json:
        message = self._message(request)
        if message["author"]["id"] != str(self.world.bot.id):
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return self.changed(message, body)

    async def delete(self, request: web.Request, body: Any) -> None:
        message = self._message(request)
        if message["author"]["id"] != str(self.world.bot.id):
            raise ApiError(403, 50013, "Missing Permissions")
        self.remove(message)

    async def react(self, request: web.Request, body: Any) -> None:
        emoji = {"id": None, "name": request.match_info["emoji"]}
        self._message(request)["reactions"].append({"emoji": emoji, "count": 1, "me": True})

    def announce(self, event: str, message: Json) -> None:
        """Tell the bot of a message, unless it is private or in a guild without the bot."""
        guild = self.world.guild_of(message)
        if not message["flags"] & EPHEMERAL and (guild is None or guild.has_bot):
            self.gateway.message(event, message, guild)

    def remove(self, message: Json) -> None:
        """Delete a message and tell the bot."""
        guild = self.world.guild_of(message)
        del self.world.messages[int(message["id"])]
        gone = {key: message[key] for key in ("id", "channel_id", "guild_id") if key in message}
        if not message["flags"] & EPHEMERAL and (guild is None or guild.has_bot):
            intent = DIRECT_MESSAGES if guild is None else GUILD_MESSAGES
            self.gateway.dispatch("MESSAGE_DELETE", gone, guild, intent=intent)

    # What a path names

    def _channel(self, request: web.Request) -> Channel:
        channel = self.world.channel(request.match_info["channel"])
        if channel.guild is not None and not channel.guild.has_bot:
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def _message(self, request: web.Request) -> Json:
        return self.world.message(request.match_info["message"], self._channel(request))

    def create(self, channel: Channel, body: Json) -> Json:
        in_post = channel.parent is not None and channel.parent.type == FORUM
        if in_post and channel.id not in self.world.messages:
            first = "until after the post author has sent an initial message"
            raise ApiError(400, 40058, f"Cannot message this thread {first}")
        message = self.world.post(channel, self.world.bot, body)
        self.announce("MESSAGE_CREATE", message)
        return self.seen(message)

    def changed(self, message: Json, body: Json) -> Json:
        self.world.edit(message, body)
        self.announce("MESSAGE_UPDATE", message)
        return self.seen(message)

    def seen(self, message: Json) -> Json:
        return self.world.as_seen(message, content_intent=bool(self.world.application_flags))


async def read_body(request: web.Request, world: World) -> tuple[Any, bytes]:
    """Return a request's JSON, from a form's `payload_json` too, and keep the form's files."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (json.loads(raw) if raw else None), raw
    form = await request.post()
    raw = str(form["payload_json"]).encode()
    body = json.loads(raw)
    sent = body if "type" not in body else body["data"]
    described = {str(item["id"]): item for item in sent.get("attachments") or ()}
    for name, part in form.items():
        if isinstance(part, web.FileField):
            content = part.file.read()
            part.file.close()
            described[name.removeprefix("files[").rstrip("]")] |= {
                "id": str(id := world.new_id()),
                "filename": part.filename,
                "size": len(content),
                "content_type": "image/png" if content[:4] == b"\x89PNG" else "text/plain",
                "url": f"https://cdn.invalid/attachments/{id}/{part.filename}",
                "proxy_url": f"https://cdn.invalid/attachments/{id}/{part.filename}",
            }
            world.files[str(id)] = content
    return body, raw
