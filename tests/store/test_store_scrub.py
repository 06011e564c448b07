"""Scrubbing takes out what says who asked, and leaves what was asked."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store import scrub

BOT_TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"  # Discord's example

REPLACED = [
    # mentions
    ("<@123456789012345678> is it free?", "[mention] is it free?"),
    ("<@!1> <@&22> <#333> </ask:4> </ask it now:5>", "[mention] " * 4 + "[mention]"),
    ("@everyone and @here", "[mention] and [mention]"),
    ("thanks @ann.smith, helpful", "thanks [mention], helpful"),
    ("@\u200beveryone", "[mention]"),
    ("ask Wumpus#0001 about C#", "ask [mention] about C#"),
    ("nice <:party:123456789012345678> <a:wave_1:12>", "nice :party: :wave_1:"),
    # links
    ("see https://example.org/a?b=c#d please", "see [link] please"),
    ("HTTP://EXAMPLE.ORG", "[link]"),
    ("<https://user:pass@example.org>", "<[link]"),
    ("[text](https://example.org/x)", "[text]([link]"),
    ("www.example.org", "[link]"),
    ("join discord.gg/abc or t.me/ann", "join [link] or [link]"),
    ("discord://-/channels/1/2", "[link]"),
    ("example.org:8080/path", "[link]"),
    ("ann.photography/me", "[link]"),
    ("bücher.example.de/ann", "[link]"),
    # addresses
    ("mail ann.smith+dl@ex-ample.co.uk.", "mail [email]."),
    ("mailto:ann@example.org", "[email]"),
    ("(ANN@EXAMPLE.ORG)", "([email])"),
    ("ann@exa\u200bmple.org", "[email]"),
    ("jürgen@müller.de", "[email]"),
    # telephone numbers
    ("call +49 171 1234567", "call [number]"),
    ("0171/1234567, 0049 (0)171 12 34 56", "[number], [number]"),
    ("(555) 123-4567 or 555.123.4567", "[number] or [number]"),
    ("06 12 34 56 78 or 12 34 56 78", "[number] or [number]"),
    ("my id is 123456789012345678", "my id is [number]"),
    # tokens
    (f"my token {BOT_TOKEN} fails", "my token [secret] fails"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "[secret]"),
    ("key=sk-proj-abcdefghijkl_mnopqrst", "key=[secret]"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[secret]"),
    ("hf_QWErtyuiOPasdfghJKLzxcvbnm", "[secret]"),
    ("AKIAIOSFODNN7EXAMPLE", "[secret]"),
    ("api_key: 0123456789abcdef0123456789abcdef", "api_key: [secret]"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY==", "[secret]"),
    # what no database holds, or what splits a word unseen
    ("a\x00b\x1b[31m\ud800c\u202ed", "ab[31mcd"),
    # laid bare by the replacement before it
    ("0171123456www.example.org", "[number][link]"),
]

KEPT = [
    "how do I start with deep learning?",
    "is fast.ai free? and deeplearning.ai, course.fast.ai?",
    "hi im new, want to do DL for my rainfall data but my math is rusty, where start??",
    "CS231n or 6.S191 in 2025? 2018-2019 was long ago, 2026-11-23 is today",
    "I have 1000000 samples, 10,000 features, a 3.14159 budget of $1,000.00 and 16 GB",
    "what is mAP@0.5 and precision@k",
    "TensorFlow/PyTorch/Keras? node.js? e.g./i.e. and/or",
    "ImageNet-pretrained state-of-the-art machine-learning-for-weather-2019",
    "C# or F#? a <- b, 1 < 2 > 0, x@y, 5 @ 3",
    "version 2.7.1, python3.11, v1.2.3/v1.2.4",
    "как начать? 深度学习 🙂 ñandú",
    "line one\nline two\tend",
    "[link] [mention] [email] [number] [secret]",
    "",
]


@pytest.mark.parametrize(("text", "scrubbed"), REPLACED)
def test_what_says_who_asked_is_replaced(text: str, scrubbed: str) -> None:
    assert scrub(text) == scrubbed


@pytest.mark.parametrize("text", KEPT)
def test_what_was_asked_stays(text: str) -> None:
    assert scrub(text) == text


BOUNDS = [  # the shortest that goes, and the longest that stays
    ("+1234567", "+123456", "[number]"),
    ("(12) 34567", "(12) 3456", "[number]"),
    ("00 1234567", "00 123456", "[number]"),
    ("123456789", "20261123", "[number]"),
    ("12 34 56 78", "12 34 56", "[number]"),
    ("sk_abcdefghijklmnop", "sk_abcdefghijklmno", "[secret]"),
    ("ASIAabcdefghijklmnop", "ASIAabcdefghijklmno", "[secret]"),
    ("AIzaabcdefghijklmnop", "AIzaabcdefghijklmno", "[secret]"),
    ("a1" * 16, "a1" * 15 + "a", "[secret]"),
    (
        "a" * 20 + "." + "b" * 5 + "." + "c" * 20,
        "a" * 20 + "." + "b" * 4 + "." + "c" * 20,
        "[secret]",
    ),
    ("ab#1234", "a#1234", "[mention]"),
]


@pytest.mark.parametrize(("goes", "stays", "left"), BOUNDS)
def test_the_bounds_are_where_they_are_said_to_be(goes: str, stays: str, left: str) -> None:
    assert scrub(f"it is {goes} here") == f"it is {left} here"
    assert scrub(f"it is {stays} here") == f"it is {stays} here"


PIECES = [
    "<@", "<#", "</a b:", "<a:p:", ">", "@", ":", "#1234", "www.", "http://", "a.b", "/x", "mail",
    "123", "4567 ", "+", "00", "(", "555-", ".", "-", "_", "=", "[", "]", "sk-", "AKIA", "x" * 18,
    "abc123" * 6, "é", " ", "\n", "\u200b", "\ud800",
]  # fmt: skip
MESSAGES = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map("".join)


@settings(deadline=None)  # the machine may be busy
@given(MESSAGES)
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once
    once.encode("utf-8")  # no half character is left


@settings(deadline=None)  # the machine may be busy
@given(
    st.sampled_from(["https://example.org/ann", "ann@example.org", "<@12345>", "+49 171 1234567"]),
    MESSAGES,
    MESSAGES,
)
def test_nothing_around_it_saves_a_secret(secret: str, before: str, after: str) -> None:
    assert secret not in scrub(f"{before} {secret} {after}")


@pytest.mark.parametrize("piece", [*PIECES, "a@", "1 ", "a=", "a-", "+(", "<@1", "a.b@"])
def test_the_longest_message_takes_milliseconds(piece: str) -> None:
    """Linear, so four times the text takes about four times as long, not sixteen times."""
    text = (piece * 16_000)[:16_000]
    begun = time.thread_time()
    scrub(text[:4_000])
    short = time.thread_time() - begun
    scrub(text)
    long = time.thread_time() - begun - short
    assert long < max(0.1, 10 * short)
