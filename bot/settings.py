"""Settings: environment and `.env` → one frozen `Settings`, every problem reported at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from dotenv import dotenv_values

from bot.errors import UsageError

PACKAGE = Path(__file__).parent
DISCORD_DATABASE = Path("warmstart.db")
ROOM_DATABASE = Path("warmstart-room.db")  # play never reaches a real ranking
ROOM_PORT = 8420
AUTO = "auto"  # shards: as many as Discord recommends
KEPT_DAYS = 90  # how long kept questions, counts and cooldowns stay
LONGEST_DAYS = 3650  # ten years; who asks for more has mistyped
SCHEMES = ("postgresql://", "postgres://")
ID_DIGITS = 20  # a Discord id is a 64-bit number


@dataclass(frozen=True)
class Shards:
    """The shards that one process takes, of `count` in all; `last` is among them.

    Without numbers it takes all, as many as Discord recommends.
    """

    first: int = 0
    last: int | None = None
    count: int | None = None

    @property
    def ids(self) -> list[int] | None:
        """The shards' numbers; None while only Discord knows them."""
        return None if self.last is None else list(range(self.first, self.last + 1))

    @property
    def lead(self) -> bool:
        """Whether shard 0 is here: its process does what one of many has to."""
        return self.first == 0


@dataclass(frozen=True)
class Settings:
    """What a run of Warmstart needs to know. The token never shows in a repr."""

    knowledge: Path
    database: Path | str | None = field(default=None, repr=False)  # a str: postgresql://…
    voter_key: str | None = field(default=None, repr=False)
    shards: Shards | None = None  # None: one connection for all servers
    token: str | None = field(default=None, repr=False)
    cache: Path | None = None
    port: int = ROOM_PORT
    kept_days: int = KEPT_DAYS
    health_port: int | None = None  # where `/healthz` is served on loopback; None: nowhere
    message_content: bool = False  # ask Discord for what people write in channels
    maintainers: frozenset[int] = frozenset()  # Discord ids, beside the application's owners

    @property
    def leads(self) -> bool:
        """Whether this process does what one of many has to: it is alone, or its shards lead."""
        return self.shards is None or self.shards.lead

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may stand in no log."""
        known = [self.token, self.voter_key]
        if isinstance(self.database, str):
            known += _passwords(self.database)
        return tuple(secret for secret in known if secret)

    def database_or(self, default: Path) -> Path | str:
        """Return the chosen database, or the front end's default."""
        return self.database if self.database is not None else default


def shipped(name: str) -> Path:
    """Return a file or folder of the checkout, or its copy inside the installed package."""
    checkout = PACKAGE.parent
    here = checkout if (checkout / "knowledge/about.yaml").is_file() else PACKAGE / "shipped"
    return here / name


def shipped_knowledge() -> Path:
    """Return the knowledge folder of the checkout, or the copy inside the installed package."""
    return shipped("knowledge")


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Return where prepared bases are kept: WARMSTART_CACHE, else the user's cache folder.

    An empty WARMSTART_CACHE switches it off. See the XDG Base Directory Specification.
    """
    chosen = environ.get("WARMSTART_CACHE")
    if chosen is not None:
        return expanded(chosen) if chosen.strip() else None
    try:
        general = environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return None
    return Path(general) / "warmstart"


def environment(process: Mapping[str, str], directory: Path) -> dict[str, str]:
    """Return `.env` of the directory overlaid by the process environment, which wins.

    Raises UsageError when the file is there and cannot be read.
    """
    path = directory / ".env"
    try:
        content = dotenv_values(path, interpolate=False) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: cannot be read ({error}); make it readable text, or remove it."
        ) from error
    return {name: value for name, value in content.items() if value is not None} | dict(process)


def load_settings(
    environ: Mapping[str, str],
    *,
    knowledge: Path | None = None,
    database: Path | str | None = None,
    shards: str | None = None,
    port: int | None = None,
    health_port: int | None = None,
    message_content: bool = False,
    with_token: bool = False,
) -> Settings:
    """Return settings from variables, overridden by options given as keywords.

    The token is read only `with_token`: other commands must not fail for it. Raises UsageError
    naming every variable that does not fit.
    """
    problems: list[str] = []
    token = _token(environ, problems) if with_token else None
    if port is None:
        port = _port(environ, "WARMSTART_PORT", problems)
    if health_port is None:
        health_port = _port(environ, "WARMSTART_HEALTH_PORT", problems)
    voter_key = _secret(environ, "WARMSTART_VOTER_KEY", problems)
    chosen_shards = _shards(shards or environ.get("WARMSTART_SHARDS", ""), problems)
    maintainers = _ids(environ, "WARMSTART_MAINTAINERS", problems)
    kept_days = _number(environ, "WARMSTART_RETENTION_DAYS", KEPT_DAYS, LONGEST_DAYS, problems)
    if problems:
        raise UsageError(" ".join(problems))
    return Settings(
        knowledge=knowledge or _path(environ, "WARMSTART_KNOWLEDGE") or shipped_knowledge(),
        database=_place(database or environ.get("WARMSTART_DATABASE", "")),
        voter_key=voter_key,
        shards=chosen_shards,
        token=token,
        port=ROOM_PORT if port is None else port,
        health_port=health_port,
        kept_days=kept_days,
        message_content=message_content,
        maintainers=maintainers,
        cache=cache_folder(environ),
    )


def _place(value: Path | str) -> Path | str | None:
    """Return a database file's path, or the address of a PostgreSQL as it is."""
    if isinstance(value, Path):
        return value
    value = value.strip()
    if value.startswith(SCHEMES):
        return value
    return expanded(value) if value else None


def names_secret(place: str) -> bool:
    """Return whether a database's place is an address with a password in it."""
    return place.strip().startswith(SCHEMES) and bool(_passwords(place))


def _passwords(address: str) -> list[str]:
    """Return the passwords in an address of PostgreSQL, as they stand there and decoded."""
    rest = address.strip().partition("://")[2]
    written = rest.rpartition("@")[0].partition(":")[2:]
    written += tuple(re.findall(r"[?&]password=([^&]*)", rest))
    return [one for secret in written if secret for one in dict.fromkeys((secret, unquote(secret)))]


def _secret(environ: Mapping[str, str], name: str, problems: list[str]) -> str | None:
    """Read a secret from its variable, or from the file that <name>_FILE names."""
    if direct := environ.get(name, "").strip():
        return direct
    file = environ.get(f"{name}_FILE", "").strip()
    if not file:
        return None
    try:
        return expanded(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problems.append(f"{name}_FILE: {file} cannot be read; name a readable file.")
        return None


def _shards(value: str, problems: list[str]) -> Shards | None:
    value = value.strip()
    if not value:
        return None
    if value == AUTO:
        return Shards()
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", value, re.ASCII)
    if found:
        first, count = int(found[1]), int(found[3])
        last = int(found[2] or first)
        if first <= last < count:
            return Shards(first, last, count)
    problems.append(
        f"WARMSTART_SHARDS is {value!r}: give the first and the last shard of this process and how "
        "many there are, counted from 0, such as 0-3/16; or auto, for as many as Discord "
        "recommends, all in this process."
    )
    return None


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name, "").strip()
    return expanded(value) if value else None


def expanded(value: str) -> Path:
    """Return a path with `~` written out; UsageError when there is no such user."""
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{value}: there is no such home; write the path out.") from error


def _port(environ: Mapping[str, str], name: str, problems: list[str]) -> int | None:
    value = environ.get(name, "").strip()
    if not value:
        return None
    if value.isdecimal() and 0 <= int(value) <= 65535:
        return int(value)
    problems.append(f"{name} is {value!r}: give a number from 0 to 65535 (0: any free one).")
    return None


def _number(
    environ: Mapping[str, str], name: str, default: int, most: int, problems: list[str]
) -> int:
    value = environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= most:
        return int(value)
    problems.append(f"{name} is {value!r}: give a whole number from 1 to {most}.")
    return default


def _ids(environ: Mapping[str, str], name: str, problems: list[str]) -> frozenset[int]:
    parts = [part.strip() for part in environ.get(name, "").split(",")]
    wrong = [part for part in parts if part and not (part.isdecimal() and len(part) <= ID_DIGITS)]
    if wrong:
        problems.append(
            f"{name}: {wrong[0]!r} is not a Discord id; give numbers with commas between, as "
            "Copy User ID gives them in Discord's developer mode."
        )
    return frozenset(int(part) for part in parts if part and part not in wrong)


def _token(environ: Mapping[str, str], problems: list[str]) -> str | None:
    """Read the token from DISCORD_TOKEN or the file that DISCORD_TOKEN_FILE names."""
    direct, file = environ.get("DISCORD_TOKEN"), environ.get("DISCORD_TOKEN_FILE")
    if direct is None and file is None:
        return None
    if direct is not None and direct.strip():
        token = direct.strip()
    elif file:
        try:
            token = expanded(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not text"
            problems.append(
                f"DISCORD_TOKEN_FILE: {file} cannot be read ({reason}); name a readable file."
            )
            return None
    else:
        token = ""
    if not token:
        problems.append(
            "DISCORD_TOKEN is set but empty, in the environment or in .env: paste your bot's token"
            " there, or take the line away; without Discord it goes with: warmstart run --on room."
        )
    elif any(c.isspace() for c in token):
        problems.append("The Discord token contains spaces or line breaks: copy it again.")
    return token or None
