"""Voters: people as keyed hashes, so that the database alone tells nobody who voted.

The key lies beside the database (`warmstart.db.key`), never in it: whoever gets a copy of
one without the other can neither name the voters nor cast votes as them.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from bot.errors import StoreError, UsageError
from bot.store.model import Store, Voter

log = logging.getLogger(__name__)

KEY_BYTES = 32
KEY_TEXT = re.compile(rb"[0-9a-f]{%d}\s*" % (2 * KEY_BYTES))
VOTER_BYTES = 16
ASKER_DIGITS = 8
FINGERPRINT = "voter_key"  # the name under which the database remembers it
ONLY_OWNER = 0o600


@dataclass(frozen=True, slots=True)
class VoterKey:
    """The secret that turns user ids into voters; shown nowhere, not even in a repr."""

    path: Path
    secret: bytes = field(repr=False)


def voter(key: VoterKey, user_id: int) -> Voter:
    """Return the voter that stands for a user id (0 to 2⁶⁴ - 1) under this key."""
    return Voter(_hash(key, user_id.to_bytes(8), purpose=b"voter"))


def asker(key: VoterKey, user_id: int) -> str:
    """Return the mark of a user id (0 to 2⁶⁴ - 1) for buttons that anybody can read: 8 hex digits.

    It has nothing in common with the voter: who has the database and a card, but not the key,
    cannot tell which votes are the asker's.
    """
    return _hash(key, user_id.to_bytes(8), purpose=b"asker").hex()[:ASKER_DIGITS]


def fingerprint(key: VoterKey) -> str:
    """Return what tells this key from another without giving it away."""
    return _hash(key, b"", purpose=b"fingerprint").hex()


def key_path(database: Path) -> Path:
    """Return where the key of a database file lies."""
    return database.with_name(database.name + ".key")


def load_key(database: Path) -> VoterKey:
    """Return the voter key of a database file, made at its first start.

    A key that others on the machine could read is made private, with a warning. Raises
    StoreError when the key can be neither read nor made, or is no key.
    """
    path = key_path(database.absolute())
    try:
        text = _read_or_create(path)
        _make_private(path)
    except OSError as error:
        raise StoreError(
            f"The voter key {path} cannot be read or made ({error.strerror}); let this user read"
            " it and write to its folder."
        ) from error
    if not KEY_TEXT.fullmatch(text):
        raise StoreError(
            f"{path} holds no voter key ({2 * KEY_BYTES} hexadecimal digits); put it back from a"
            " backup, or, if it is lost, take a new one: warmstart database new-key."
        )
    return VoterKey(path, bytes.fromhex(text.decode("ascii")))


def given_key(text: str) -> VoterKey:
    """Return the key that an operator gave; UsageError when it is none."""
    if not KEY_TEXT.fullmatch(text.encode()):
        raise UsageError(
            f"WARMSTART_VOTER_KEY is no voter key: give {2 * KEY_BYTES} hexadecimal digits, as in a"
            " .key file, or make one with: openssl rand -hex 32"
        )
    return VoterKey(Path("WARMSTART_VOTER_KEY"), bytes.fromhex(text))


async def check_key(store: Store, key: VoterKey) -> None:
    """Raise StoreError unless the votes in `store` were made with `key`; a new store adopts it."""
    own = fingerprint(key)
    if await store.remember_once(FINGERPRINT, own) != own:
        raise StoreError(
            f"{key.path} is not the key with which the votes in this database were cast, so nobody"
            " could change their vote and everybody could vote twice; put the former key file back"
            " from a backup, or, if it is lost, take a new one: warmstart database new-key."
        )


async def replace_key(store: Store, database: Path) -> int:
    """Give a database a new key, in place of the present one or of one that is lost.

    Votes go on counting, but nobody can change or delete theirs any more; plans, opt-outs and
    cooldowns go. Return how many votes there are. Raises StoreError when the store or the key's
    file cannot be written. Ended half-way, the bot refuses to start until this is run again.
    """
    path = key_path(database)
    try:
        draft = _draft(path)
        try:
            text = draft.read_text("ascii").strip()
            new = fingerprint(VoterKey(path, bytes.fromhex(text)))
            votes = await store.change_key(FINGERPRINT, new)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"The voter key {path} cannot be written ({error.strerror}); let this user write to"
            " its folder, and run this again."
        ) from error
    return votes


async def adopt_key(store: Store, key: VoterKey) -> int:
    """Let a store take a key that was given, in place of its former one.

    What becomes of votes and people is said at `replace_key`. Return how many votes there are.
    Raises UsageError when it is the store's key already.
    """
    if await store.value(FINGERPRINT) == fingerprint(key):
        raise UsageError(
            f"{key.path} is the key of this database already; give a new one first, made with:"
            " openssl rand -hex 32"
        )
    return await store.change_key(FINGERPRINT, fingerprint(key))


def _hash(key: VoterKey, data: bytes, purpose: bytes) -> bytes:
    return blake2b(data, digest_size=VOTER_BYTES, key=key.secret, person=purpose).digest()


def _read_or_create(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _create(path)
        return path.read_bytes()


def _create(path: Path) -> None:
    """Put a new key at `path`, whole at once, unless another process is first."""
    draft = _draft(path)
    try:
        try:
            os.link(draft, path)  # fails where the other process's key already is
        except FileExistsError:
            return
    finally:
        draft.unlink()
    _sync_folder(path.parent)


def _draft(path: Path) -> Path:
    """Write a new key beside `path`, on the disk when this returns; return where it is."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
    with os.fdopen(file, "wb") as opened:
        opened.write(secrets.token_hex(KEY_BYTES).encode("ascii") + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk: votes are worthless when their key is lost."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _make_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name != "posix" or not mode & 0o077:
        return
    try:
        path.chmod(ONLY_OWNER)
    except OSError:
        log.warning("Others on this machine can read %s (mode %03o): chmod it to 600.", path, mode)
    else:
        log.warning("Others on this machine could read %s (mode %03o): now 600.", path, mode)
