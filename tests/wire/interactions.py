"""The life of an interaction on the loopback Discord: first response, edits, followups."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.wire.rest import Rest
from tests.wire.shown import Json
from tests.wire.world import EPHEMERAL, LOADING, ApiError, Channel, User

MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
FOLLOWUPS_OF_USER_INSTALLS = 5
COMMAND_REPLY = 20  # message type


@dataclass
class Interaction:
    """What somebody did, and all that the bot answered."""

    payload: Json
    user: User
    channel: Channel
    started: float
    callback: Json | None = None  # the first response, as sent
    message: Json | None = None  # the original response: created, or the one clicked on
    followups: list[Json] = field(default_factory=list)
    edits: int = 0
    acknowledged_after: float | None = None  # seconds

    @property
    def token(self) -> str:
        return str(self.payload["token"])

    @property
    def kind(self) -> int | None:
        """The type of the first response; None before there is one."""
        return None if self.callback is None else int(self.callback["type"])

    @property
    def settled(self) -> bool:
        """Answered, and after a deferral also followed by something."""
        deferred = self.kind in (DEFERRED_MESSAGE, DEFERRED_UPDATE)
        return self.callback is not None and (not deferred or bool(self.edits or self.followups))

    @property
    def choices(self) -> list[Json]:
        """What autocomplete offers."""
        assert self.callback is not None
        assert self.kind == CHOICES, self.callback
        return list(self.callback["data"]["choices"])

    @property
    def modal(self) -> Json:
        """The modal that the bot opened."""
        assert self.callback is not None
        assert self.kind == MODAL, self.callback
        return dict(self.callback["data"])

    @property
    def private(self) -> list[Json]:
        """What only this person was told: ephemeral messages, the first response included."""
        own = (
            [] if self.message is None or self.kind in (UPDATE, DEFERRED_UPDATE) else [self.message]
        )
        return [message for message in [*own, *self.followups] if message["flags"] & EPHEMERAL]


class Interactions:
    """Handlers of callbacks and of the webhook that every interaction brings along."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.known: dict[str, Interaction] = {}  # by token
        self.deadline = 3.0  # seconds for the first response
        self.lifetime = 15 * 60.0  # seconds that a token is valid

    def routes(self) -> list[tuple[str, str, Any]]:
        hook = "/webhooks/{app}/{token}"
        message = hook + "/messages/{message}"
        return [
            ("POST", "/interactions/{id}/{token}/callback", self.respond),
            ("POST", hook, self.follow_up),
            ("GET", message, self.read),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
        ]

    def add(self, interaction: Interaction) -> None:
        """Remember an interaction, and forget the oldest of very many."""
        self.known[interaction.token] = interaction
        if len(self.known) > self.rest.world.max_messages:
            del self.known[next(iter(self.known))]

    async def respond(self, request: web.Request, body: Json) -> Json | None:
        interaction = self._interaction(request)
        now = asyncio.get_running_loop().time()
        if interaction.callback is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if now - interaction.started > self.deadline:
            raise ApiError(404, 10062, "Unknown interaction")
        data = body.get("data") or {}
        match body["type"]:
            case 4:
                interaction.message = self._reply(interaction, data)
            case 5:
                data = {"flags": (data.get("flags") or 0) & EPHEMERAL | LOADING}
                interaction.message = self._reply(interaction, data)
            case 6 | 7 if interaction.message is None:
                raise ApiError(400, 50035, "Invalid Form Body: type: no message to update")
            case 7:
                assert interaction.message is not None
                self.rest.changed(interaction.message, data)
        interaction.callback = body
        interaction.acknowledged_after = now - interaction.started
        if request.query.get("with_response") not in ("1", "true"):
            return None
        return self._callback_response(interaction)

    def _callback_response(self, interaction: Interaction) -> Json:
        message = interaction.message
        about = {"id": interaction.payload["id"], "type": interaction.payload["type"]}
        if message is None:
            return {"interaction": about}
        about |= {
            "response_message_id": message["id"],
            "response_message_loading": bool(message["flags"] & LOADING),
            "response_message_ephemeral": bool(message["flags"] & EPHEMERAL),
        }
        if interaction.kind not in (MESSAGE, UPDATE):
            return {"interaction": about}
        shown = self.rest.seen(message)
        return {"interaction": about, "resource": {"type": interaction.kind, "message": shown}}

    async def follow_up(self, request: web.Request, body: Json) -> Json | None:
        interaction = self._interaction(request)
        if interaction.callback is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        original = interaction.message
        if original is not None and original["flags"] & LOADING:  # fulfils the deferral
            message = self._fulfil(interaction, original, body)
        else:
            by_user = "0" not in interaction.payload["authorizing_integration_owners"]
            if by_user and len(interaction.followups) >= FOLLOWUPS_OF_USER_INSTALLS:
                raise ApiError(400, 40094, "Too many follow-up messages")
            message = self._reply(interaction, body)
            interaction.followups.append(message)
        return self.rest.seen(message) if request.query.get("wait") in ("1", "true") else None

    async def read(self, request: web.Request, body: Any) -> Json:
        return self.rest.seen(self._response(request))

    async def edit(self, request: web.Request, body: Json) -> Json:
        interaction, message = self._interaction(request), self._response(request)
        return self.rest.seen(self._fulfil(interaction, message, body))

    async def delete(self, request: web.Request, body: Any) -> None:
        self._interaction(request).edits += 1
        self.rest.remove(self._response(request))

    def _fulfil(self, interaction: Interaction, message: Json, body: Json) -> Json:
        message["flags"] &= ~LOADING
        self.rest.changed(message, body)
        interaction.edits += 1
        return message

    def _reply(self, interaction: Interaction, body: Json) -> Json:
        metadata = {
            "id": interaction.payload["id"],
            "type": interaction.payload["type"],
            "user": interaction.user.payload(),
            "authorizing_integration_owners": interaction.payload["authorizing_integration_owners"],
        }
        kind = {"type": COMMAND_REPLY} if interaction.payload["type"] == 2 else {}
        extra = {"interaction_metadata": metadata, "webhook_id": str(self.rest.world.bot.id)} | kind
        message = self.rest.world.post(interaction.channel, self.rest.world.bot, body, **extra)
        self.rest.announce("MESSAGE_CREATE", message)
        return message

    def _interaction(self, request: web.Request) -> Interaction:
        interaction = self.known.get(request.match_info["token"])
        now = asyncio.get_running_loop().time()
        if interaction is None or now - interaction.started > self.lifetime:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return interaction

    def _response(self, request: web.Request) -> Json:
        interaction, id = self._interaction(request), request.match_info["message"]
        if id == "@original":
            if interaction.message is None or interaction.callback is None:
                raise ApiError(404, 10008, "Unknown Message")
            return self.rest.world.message(interaction.message["id"])
        known = [interaction.message, *interaction.followups]
        if not any(message and message["id"] == id for message in known):
            raise ApiError(404, 10008, "Unknown Message")
        return self.rest.world.message(id)
