"""What people found helpful, and what they asked in vain: kept in one place, behind `Store`."""

from bot.store.model import (
    COOLDOWN,
    NO_GUILD,
    RESOURCE_TOPIC,
    Duty,
    Gap,
    GuildSettings,
    OptOut,
    OwnVote,
    PersonalData,
    ShadowCount,
    Store,
    Tally,
    Voter,
)
from bot.store.scrub import scrub
from bot.store.sqlite import SqliteStore, open_sqlite
from bot.store.voters import VoterKey, check_key, load_key, voter

__all__ = [
    "COOLDOWN",
    "NO_GUILD",
    "RESOURCE_TOPIC",
    "Duty",
    "Gap",
    "GuildSettings",
    "OptOut",
    "OwnVote",
    "PersonalData",
    "ShadowCount",
    "SqliteStore",
    "Store",
    "Tally",
    "Voter",
    "VoterKey",
    "check_key",
    "load_key",
    "open_sqlite",
    "scrub",
    "voter",
]
