"""Voters are keyed hashes, and the key is one file that its owner alone reads."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.store import Store, VoterKey, asker, check_key, load_key, voter
from bot.store.voters import fingerprint
from tests.store.conftest import Opener

KEY = VoterKey(Path("warmstart.db.key"), bytes(range(32)))
USER = 123_456_789_012_345_678


@pytest.fixture
def key_file(database: Path) -> Path:
    return database.with_name("warmstart.db.key")


def test_a_voter_stays_the_same_for_ever() -> None:
    """A change here would let everybody vote twice."""
    assert voter(KEY, USER).hex() == "c7dd7da4d00c2ba10e150c1ea54231ce"
    assert fingerprint(KEY) == "117fc51bc4f82bc81e6457d046c2153b"


@settings(deadline=None)  # the machine may be busy
@given(st.sets(st.integers(0, 2**64 - 1), min_size=2, max_size=20))
def test_people_are_told_apart_and_none_is_readable(users: set[int]) -> None:
    hashes = {voter(KEY, user) for user in users}
    assert len(hashes) == len(users)
    assert {len(hash) for hash in hashes} == {16}
    assert not hashes & {user.to_bytes(16) for user in users}


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_what_marks_an_asker_is_no_part_of_the_voter(user: int) -> None:
    """A card's buttons are public: whoever has the database too must not find the asker in it."""
    mark = asker(KEY, user)
    assert mark == asker(KEY, user)
    assert len(mark) == 8
    assert mark not in voter(KEY, user).hex()


def test_another_key_makes_another_voter() -> None:
    other = VoterKey(KEY.path, bytes(32))
    assert voter(other, USER) != voter(KEY, USER)
    assert fingerprint(other) != fingerprint(KEY)
    assert fingerprint(KEY) != voter(KEY, 0).hex()


def test_the_first_start_makes_a_key_and_later_ones_keep_it(database: Path, key_file: Path) -> None:
    key = load_key(database)
    assert len(key.secret) == 32
    assert key_file.read_text() == key.secret.hex() + "\n"
    assert load_key(database) == key
    assert list(database.parent.iterdir()) == [key_file]  # no draft is left


def test_every_database_gets_a_key_of_its_own(database: Path) -> None:
    assert load_key(database).secret != load_key(database.with_name("other.db")).secret


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_reads_a_new_key(database: Path, key_file: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        load_key(database)
    finally:
        os.umask(before)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_a_key_open_to_others_is_made_private_and_said(
    database: Path, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_key(database)
    key_file.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        load_key(database)
        load_key(database)  # said once: it is private now
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert caplog.messages == [f"Others on this machine could read {key_file} (mode 644): now 600."]


def test_the_secret_is_shown_nowhere(database: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        key = load_key(database)
    shown = f"{key} {key!r} {[key]} {caplog.text} {fingerprint(key)}"
    assert key.secret.hex() not in shown
    assert repr(key.secret)[2:-1] not in shown


@pytest.mark.parametrize(
    "text",
    [b"", b"abc\n", b"g" * 64, b"a" * 63, b"a" * 65, b"a" * 32 + b" " + b"a" * 32, b"\xff" * 64],
)
def test_a_key_file_without_a_key_is_refused(database: Path, key_file: Path, text: bytes) -> None:
    key_file.write_bytes(text)
    with pytest.raises(StoreError) as caught:
        load_key(database)
    assert str(caught.value) == (
        f"{key_file} holds no voter key (64 hexadecimal digits);"
        " put it back from a backup, or, if it is lost, take a new one: warmstart database new-key."
    )
    assert key_file.read_bytes() == text


def test_a_folder_in_the_keys_place_is_refused(database: Path, key_file: Path) -> None:
    key_file.mkdir()
    with pytest.raises(StoreError, match=r"cannot be read or made \(Is a directory\)"):
        load_key(database)


def test_a_link_to_nowhere_is_refused(database: Path, key_file: Path) -> None:
    key_file.symlink_to("nowhere")
    with pytest.raises(StoreError, match=r"cannot be read or made \(No such file"):
        load_key(database)


@pytest.mark.usefixtures("permissions_count")
def test_an_unreadable_key_is_refused(database: Path, key_file: Path) -> None:
    load_key(database)
    key_file.chmod(0)
    with pytest.raises(StoreError, match=r"cannot be read or made \(Permission denied\)"):
        load_key(database)


@pytest.mark.usefixtures("permissions_count")
def test_a_key_that_cannot_be_made_is_said(database: Path) -> None:
    database.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match=r"cannot be read or made \(Permission denied\)"):
            load_key(database)
    finally:
        database.parent.chmod(0o700)


async def test_of_processes_that_start_together_with_different_keys_one_is_first(
    opener: Opener,
) -> None:
    keys = [VoterKey(Path(f"{number}.key"), bytes([number]) * 32) for number in range(8)]
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(opener()) for _ in keys]
        outcomes = await asyncio.gather(*map(check_key, stores, keys), return_exceptions=True)
        assert [outcome for outcome in outcomes if outcome is None] == [None]
        (first,) = (key for key, outcome in zip(keys, outcomes, strict=True) if outcome is None)
        assert await stores[0].value("voter_key") == fingerprint(first)


async def test_a_store_takes_the_first_key_and_no_other(store: Store) -> None:
    for _ in range(2):
        await check_key(store, KEY)
    other = VoterKey(Path("/data/warmstart.db.key"), bytes(32))
    with pytest.raises(StoreError) as caught:
        await check_key(store, other)
    assert str(caught.value).startswith("/data/warmstart.db.key is not the key with which")
    assert "put the former key file back" in str(caught.value)
    assert other.secret.hex() not in str(caught.value)
    await check_key(store, KEY)  # the refused key changed nothing
