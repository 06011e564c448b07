"""Discord's limits on what a bot sends, and its OpenAPI description where one is at hand.

The numbers are those of https://docs.discord.com/developers: resources/message,
components/reference, interactions. They are written down here a second time on purpose:
the loopback must not believe the bot's own `bot.limits`.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from tests.wire.shown import Json, walk
from tests.wire.world import COMPONENTS_V2

ROW, BUTTON, SELECT, TEXT_INPUT, SECTION, TEXT, LABEL = 1, 2, 3, 4, 9, 10, 18
V2_TYPES = {9, 10, 11, 12, 13, 14, 17}
LINK, PREMIUM = 5, 6  # button styles without a custom_id
SERIALISED_BYTES = 9_000  # above some 10 kB of components Discord has answered 500


def problems(method: str, path: str, body: Any) -> list[str]:
    """Return what Discord would refuse or misunderstand in a request, as sentences."""
    found = list(_by_hand(method, path, body))
    if (file := os.environ.get("WARMSTART_OPENAPI")) and body is not None:
        found += described(Path(file)).problems(method, path, body)
    return [f"{method} {path}: {problem}" for problem in found]


def _by_hand(method: str, path: str, body: Any) -> Iterator[str]:
    new = method == "POST"
    if path.endswith("/callback"):
        data = body.get("data") or {}
        match body["type"]:
            case 4 | 7:
                yield from message_problems(data, new=body["type"] == 4)
            case 8:
                yield from _choice_problems(data["choices"])
            case 9:
                yield from _modal_problems(data)
    elif path.endswith("/commands"):
        yield from _command_problems(body)
    elif method in ("POST", "PATCH") and re.search(r"/messages(/|$)|^/webhooks/", path):
        yield from message_problems(body, new=new)


def message_problems(body: Json, *, new: bool) -> Iterator[str]:
    """Yield what is wrong with the body of a new or changed message."""
    components = body.get("components") or []
    types = {part["type"] for part in walk(components)}
    v2 = bool((body.get("flags") or 0) & COMPONENTS_V2)
    if len(body.get("content") or "") > 2000:
        yield "content is longer than 2000 characters"
    if types & V2_TYPES and not v2:
        yield "components V2 without the flag 32768"
    if v2 and (body.get("content") or body.get("embeds") or body.get("poll")):
        yield "content, embeds or a poll beside components V2"
    if new and not any(body.get(key) for key in ("content", "embeds", "components", "attachments")):
        yield "an empty message"
    if (new or components) and "allowed_mentions" not in body:
        yield "allowed_mentions is missing, so everything pings"
    if components:
        yield from _component_problems(components, v2=v2)


def _component_problems(components: list[Json], *, v2: bool) -> Iterator[str]:
    parts = list(walk(components))
    if len(parts) > 40:
        yield f"{len(parts)} components, more than 40"
    if not v2 and len(components) > 5:
        yield "more than 5 rows"
    if (length := sum(len(p["content"]) for p in parts if p["type"] == TEXT)) > 4000:
        yield f"{length} characters of text, more than 4000"
    if (size := len(json.dumps(components, separators=(",", ":")))) > SERIALISED_BYTES:
        yield f"{size} bytes of components, more than {SERIALISED_BYTES}"
    ids = Counter(part["custom_id"] for part in parts if part.get("custom_id"))
    yield from (f"custom_id {id!r} is used {n} times" for id, n in ids.items() if n > 1)
    for part in parts:
        yield from _part_problems(part)


def _part_problems(part: Json) -> Iterator[str]:
    kind, children = part["type"], part.get("components", [])
    if not 1 <= len(part.get("custom_id") or "x") <= 100:
        yield f"custom_id {part['custom_id']!r} is longer than 100 characters"
    if kind == TEXT and not part["content"].strip():
        yield "an empty text display"
    if kind == SECTION:
        if not part.get("accessory") or part["accessory"]["type"] not in (BUTTON, 11):
            yield "a section without its button or thumbnail"
        if not 1 <= len(children) <= 3 or any(child["type"] != TEXT for child in children):
            yield "a section needs one to three texts"
    if kind == ROW:
        width = [5 if child["type"] != BUTTON else 1 for child in children]
        if not 1 <= sum(width) <= 5:
            yield "a row takes one to five buttons or one select"
    if kind == BUTTON:
        yield from _button_problems(part)
    if "options" in part:
        yield from _select_problems(part)


def _button_problems(button: Json) -> Iterator[str]:
    name = button.get("label") or button.get("emoji")
    if len(button.get("label") or "") > 80:
        yield f"label {button['label']!r} is longer than 80 characters"
    if button["style"] == LINK:
        if not button.get("url") or len(button["url"]) > 512 or button.get("custom_id"):
            yield "a link button needs a url of at most 512 characters and no custom_id"
    elif button["style"] != PREMIUM and (not button.get("custom_id") or button.get("url")):
        yield f"button {name!r} needs a custom_id and no url"
    if not name and button["style"] != PREMIUM:
        yield "a button without label and emoji"


def _select_problems(select: Json) -> Iterator[str]:
    options = select["options"]
    if not 1 <= len(options) <= 25:
        yield f"a select with {len(options)} options"
    if len(select.get("placeholder") or "") > 150:
        yield "a placeholder longer than 150 characters"
    if len({option["value"] for option in options}) != len(options):
        yield "a select with the same value twice"
    for option in options:
        if any(len(option.get(key) or "") > 100 for key in ("label", "value", "description")):
            yield f"option {option['label']!r} is longer than 100 characters"


def _choice_problems(choices: list[Json]) -> Iterator[str]:
    if len(choices) > 25:
        yield f"{len(choices)} autocomplete choices, more than 25"
    for choice in choices:
        name, value = choice["name"], choice["value"]
        if not 1 <= len(name) <= 100 or (isinstance(value, str) and not 1 <= len(value) <= 100):
            yield f"choice {name!r} is empty or longer than 100 characters"


def _modal_problems(modal: Json) -> Iterator[str]:
    if not 1 <= len(modal["title"]) <= 45:
        yield f"modal title {modal['title']!r} is longer than 45 characters"
    if not 1 <= len(modal["components"]) <= 5:
        yield "a modal takes one to five components"
    if not 1 <= len(modal["custom_id"]) <= 100:
        yield "modal custom_id is longer than 100 characters"
    for part in walk(modal["components"]):
        if part["type"] in (LABEL, TEXT_INPUT) and len(part.get("label") or "") > 45:
            yield f"label {part['label']!r} is longer than 45 characters"
        if part["type"] == LABEL and len(part.get("description") or "") > 100:
            yield "a label's description longer than 100 characters"
        if len(part.get("placeholder") or "") > (100 if part["type"] == TEXT_INPUT else 150):
            yield "a placeholder that is too long"
        if part["type"] not in (ROW, LABEL):
            yield from _part_problems(part)


def _command_problems(commands: list[Json]) -> Iterator[str]:
    names = Counter((command.get("type", 1), command["name"]) for command in commands)
    yield from (f"command {name!r} is there twice" for (_, name), n in names.items() if n > 1)
    for kind, most in ((1, 100), (2, 5), (3, 5)):
        if sum(command.get("type", 1) == kind for command in commands) > most:
            yield f"more than {most} commands of type {kind}"
    for command in commands:
        described = command.get("type", 1) == 1
        yield from _named_problems(command, described=described)


def _named_problems(item: Json, *, described: bool = True) -> Iterator[str]:
    name, options = item["name"], item.get("options") or []
    if described and (not re.fullmatch(r"[-\w']{1,32}", name) or name != name.lower()):
        yield f"name {name!r} is not one to 32 lower-case letters"
    if not 1 <= len(name) <= 32:
        yield f"name {name!r} is longer than 32 characters"
    if described and not 1 <= len(item.get("description") or "") <= 100:
        yield f"the description of {name!r} is empty or longer than 100 characters"
    if len(options) > 25:
        yield f"{name!r} has more than 25 options"
    required = [option.get("required", False) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{name!r}: required options come first"
    yield from _choice_problems(item.get("choices") or [])
    for option in options:
        yield from _named_problems(option)


@cache
def described(path: Path) -> Description:
    """Return the OpenAPI description in a file, loaded once."""
    return Description(json.loads(path.read_text()))


class Description:
    """Validators of the request bodies that an OpenAPI document describes, compiled once."""

    def __init__(self, document: Json) -> None:
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        # Discord takes snowflakes as numbers too, and discord.py sends them so.
        document["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
        self._schemas: Json = document["components"]["schemas"]
        self._document = document = self._told_apart(document)
        self._registry: Any = Registry().with_resource(
            "urn:discord", DRAFT202012.create_resource(document)
        )
        # Literal paths before those with parameters: …/@original before …/{message_id}.
        self._paths = {
            path: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
            for path in sorted(document["paths"], key=lambda path: path.count("{"))
        }
        self._validators: dict[tuple[str, str], Any] = {}

    def problems(self, method: str, path: str, body: Any) -> list[str]:
        """Return at most one problem of a body: the one that explains most."""
        from jsonschema.exceptions import best_match

        template = next((t for t, known in self._paths.items() if known.fullmatch(path)), None)
        if template is None:
            return ["not in Discord's description"]
        key = (method.lower(), template)
        if key not in self._validators:
            self._validators[key] = self._compile(*key)
        error = best_match(self._validators[key].iter_errors(body))
        return [] if error is None else [f"{error.json_path}: {error.message[:300]}"]

    def response_problems(self, name: str, body: Any) -> list[str]:
        """Return what a schema of Discord's responses says against a body."""
        from jsonschema import Draft202012Validator

        schema = {"$ref": f"urn:discord#/components/schemas/{name}"}
        validator = Draft202012Validator(schema, registry=self._registry)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]

    def _compile(self, method: str, template: str) -> Any:
        from jsonschema import Draft202012Validator

        operation = self._document["paths"][template][method]
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        found = self._absolute(schema.get("schema", False))  # False refuses any body
        return Draft202012Validator(found, registry=self._registry)

    def _told_apart(self, schema: Any) -> Any:
        """Return a schema in which of several objects that differ in `type` only the one is tried.

        That is ten times as fast, and complains of the part that is wrong. Of other alternatives
        at least one has to hold, instead of exactly one.
        """
        if isinstance(schema, list):
            return [self._told_apart(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        read = {key: self._told_apart(value) for key, value in schema.items()}
        among = read.pop("oneOf", None) or read.pop("anyOf", None)
        if among is None:
            return read
        if all("const" in one for one in among):
            return read | {"enum": [one["const"] for one in among]}
        kinds = [self._kinds(one.get("$ref", "")) for one in among]
        known = list(chain(*kinds))
        if not all(kinds) or len(set(known)) < len(known) or "properties" in read:
            return read | {"anyOf": among}
        chosen = [
            {"if": {"properties": {"type": {"enum": own}}}, "then": one}
            for own, one in zip(kinds, among, strict=True)
        ]
        return read | {
            "required": ["type"],
            "properties": {"type": {"enum": known}},
            "allOf": chosen,
        }

    def _kinds(self, reference: str) -> list[int]:
        """Return the values of `type` that a schema allows; none where it has no such choice."""
        schema = self._schemas.get(reference.rpartition("/")[2], {})
        kinds: list[int] = schema.get("properties", {}).get("type", {}).get("enum", [])
        return kinds

    def _absolute(self, schema: Any) -> Any:
        if isinstance(schema, dict):
            return {
                key: f"urn:discord{value}" if key == "$ref" else self._absolute(value)
                for key, value in schema.items()
            }
        return [self._absolute(item) for item in schema] if isinstance(schema, list) else schema
