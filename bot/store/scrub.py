"""Scrubbing: what might say who asked is replaced before a question is kept.

Bare names of sites stay ("is fast.ai free?"); what has a scheme, `www.` or a path goes. In
doubt it goes: maintainers need the gist of a question, nothing else.

Each pattern begins only where no word is running, and its long repetitions are bounded or
possessive (`++`), so the time is linear in the length of the text.
"""

from __future__ import annotations

import re

LINK = r"""
    (?<! [a-z0-9+.-] ) [a-z][a-z0-9+.-]{1,20}+ :// \S++
  | \b www \. \S++
  | (?<! [\w.@-] ) (?: [\w-]++ \. )++ [a-z]{2,24}+ (?: : \d{1,5}+ )? [/?\#] \S++
"""
EMAIL = r"""
    (?: \b mailto: )? (?<! [\w.+%~-] ) [\w.+%~-]++
    @ (?! [\d.]++ (?! [\w-] ) )  # the measure mAP@0.5 stays
    [\w-]++ (?: \. [\w-]++ )++
"""
EMOJI = r" < a? : (\w{1,40}+) : \d{1,25}+ > "  # a server's own; its number would tell which
MENTION = r"""
    < (?: @[!&]? | \# | /[^<>:\n]{1,100}+: ) \d{1,25}+ >  # Discord's: user, role, channel, command
  | (?<! [\w.+%~-] ) (?: @ [\w.-]++ )++  # "@here@here" at once, not one a round
  | \b \w [\w.]{1,31}+ \# \d{4} \b  # Discord's former names: Wumpus#0001
"""
CREDENTIAL = r"""
    (?<! [\w-] ) (?: sk | pk | rk | hf | gh[a-z] | github_pat | glpat | xox[a-z] ) [_-] [\w-]{16,}+
  | (?<! [\w-] ) (?: AKIA | ASIA | AIza ) [\w-]{16,}+
  | (?<! [\w-] ) [\w-]{20,}+ \. [\w-]{5,}+ \. [\w-]{20,}+  # a bot's token, a JSON web token
  | (?<! [\w+/-] ) (?= [a-z+/]*+ \d ) (?= [\d+/]*+ [a-z] ) [a-z\d+/]{32,}+ =*+
"""
GAP = r"[ .()/\u00a0-]{0,3}+"  # between the digits of a number
NUMBER = rf"""
    (?<! [\w.] ) (?: \+ | 00 | \( ) {GAP} \d (?: {GAP} \d ){{6,}}+
  | (?<! [\w.] ) \d (?: {GAP} \d ){{8,}}+  # fewer are years, dates, counts of samples
  | (?<! [\w.] ) \d\d (?: [ .-] \d\d ){{3}} \b
"""
REPLACEMENTS = tuple(
    (re.compile(pattern, re.VERBOSE | re.IGNORECASE), replacement)
    for pattern, replacement in (
        (LINK, "[link]"),
        (EMAIL, "[email]"),
        (EMOJI, r":\1:"),
        (MENTION, "[mention]"),
        (CREDENTIAL, "[secret]"),
        (NUMBER, "[number]"),
    )
)
INVISIBLE = re.compile(  # controls, what splits a word unseen, halves of surrogate pairs
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    r"|[\ud800-\udfff]"
)


def scrub(text: str) -> str:
    """Return `text` without mentions, links, e-mail addresses, phone numbers and tokens.

    Each is replaced by what it was, in square brackets. Control characters, invisible ones and
    halves of surrogate pairs go too, so that every database can hold the result. Scrubbing
    twice changes nothing more.
    """
    text = INVISIBLE.sub("", text).strip()
    while (scrubbed := _replace(text)) != text:
        text = scrubbed  # once more: "0171123456www.example.org" is a link only now
    return text


def _replace(text: str) -> str:
    for pattern, replacement in REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text
