"""Messages as people, pranksters and broken programs write them: a number → a text.

The same number gives the same text for ever, so that a failure can be told in one line.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import yaml

QUESTIONS = Path(__file__).parent.parent / "questions.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # seven times as fast in C
LONGEST = 6000  # more than Discord lets anybody write

# What must never come back as it is: each would ping, link or format.
SPIKES = (
    "**zqx**", "__zqx__", "~~zqx~~", "||zqx||", "`zqx`", "_zqx_", "*zqx*", "```zqx```",
    "[zqx](https://zqx.example)", "[zqx](<https://zqx.example>)", "https://zqx.example/a?b=c",
    "<https://zqx.example>", "HTTP://zqx.example", "discord://zqx", "steam://zqx",
    "<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>",
    "<#123456789012345678>", "</ask:123456789012345678>", "<t:0:R>", "<:zqx:123456789012345678>",
    "<a:zqx:123456789012345678>", "<id:customize>", "@everyone", "@here", "@\u200beveryone",
    "\n# zqx", "\n> zqx", "\n- zqx", "\n-# zqx", "\\*\\*zqx\\*\\*", "\\", "\\`zqx`",
)  # fmt: skip
SCRIPTS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0x97F),
    (0xE00, 0xE7F), (0x2000, 0x206F), (0x2190, 0x23FF), (0x3040, 0x30FF), (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xE000, 0xE0FF), (0xFE00, 0xFEFF), (0xFF00, 0xFFEF),
    (0x1D400, 0x1D7FF), (0x1F300, 0x1FAFF), (0xE0000, 0xE007F), (0x0, 0x1F), (0x0, 0x10FFFF),
)  # fmt: skip
PIECES = (
    "{count}", "{wanted}", "{0}", "{", "}", "%s", "%(x)s", "$(id)", "'; DROP TABLE votes;--",
    "\x00",
    "ws:v:cost:fast-ai", "<script>", "&lt;", "../../etc/passwd", "null", "NaN", "-1", "1e999", "٣",
    "\u202e", "\u2066", "\u200d", "👩‍👩‍👧‍👦", "🇩🇪", "e\u0301" * 9, "ﷺ", "ß", "İ", "ı", "ﬁ",
    "½", "①", "Ⅷ",
    "C++", "C#", "fast.ai", "deeplearning.ai", "what's", "mAP@0.5", "a@b.de", "+49 171 1234567",
    "sk-abcdefghijklmnop1234", "=" * 40, "a" * 200, "ab-" * 60, "?" * 50, "``", "```py\nx=1\n```",
)  # fmt: skip
COMMANDS = (
    "ask",
    "resources",
    "help",
    "privacy",
    "start",
    "compare",
    "stats",
    "zqx",
    "x" * 40,
    "a-",
)


@cache
def phrasings() -> tuple[str, ...]:
    """Return real questions: the project's own measuring set, in scope and off-topic."""
    data = yaml.load(QUESTIONS.read_text("utf-8"), LOADER)
    return tuple(
        entry["text"]
        for entries in data.values()
        if isinstance(entries, list)
        for entry in entries
        if isinstance(entry, dict) and "text" in entry
    )


def message(number: int) -> str:
    """Return the message of a number: at most LONGEST characters, any characters at all."""
    random = Random(number)
    make = random.choices(
        (_asked, _misspelt, _mixed, _garbage, _repeated, _command, _spiked),
        (15, 20, 25, 15, 5, 10, 20),
    )[0]
    return make(random)[:LONGEST]


def _asked(random: Random) -> str:
    return random.choice(phrasings())


def _misspelt(random: Random) -> str:
    letters = list(_asked(random))
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(letters)) if letters else 0
        match random.randrange(5):
            case 0:
                del letters[at : at + 1]
            case 1:
                letters[at:at] = letters[at : at + 1]
            case 2:
                letters[at : at + 2] = letters[at : at + 2][::-1]
            case 3:
                letters[at : at + 1] = [letter.swapcase() for letter in letters[at : at + 1]]
            case _:
                letters[at:at] = [_character(random)]
    return "".join(letters)


def _mixed(random: Random) -> str:
    parts = [_asked(random), *(_bit(random) for _ in range(random.randint(1, 4)))]
    random.shuffle(parts)
    return random.choice((" ", "", "\n", ". ", "\n\n")).join(parts)


def _spiked(random: Random) -> str:
    parts = [random.choice(SPIKES) for _ in range(random.randint(1, 4))]
    if random.random() < 0.6:
        parts.insert(random.randint(0, len(parts)), _asked(random))
    text = random.choice((" ", "", "\n")).join(parts)
    return f"/{random.choice(('resources', 'ask'))} {text}" if random.random() < 0.3 else text


def _garbage(random: Random) -> str:
    low, high = random.choice(SCRIPTS)
    length = _length(random)
    return "".join(chr(random.randint(low, high)) for _ in range(length))


def _repeated(random: Random) -> str:
    unit = "".join(_bit(random)[:12] for _ in range(random.randint(1, 3))) or " "
    return (unit * _length(random))[: _length(random) * 4]


def _command(random: Random) -> str:
    return f"/{random.choice(COMMANDS)}{random.choice((' ', '  ', chr(10), ''))}{_mixed(random)}"


def _bit(random: Random) -> str:
    match random.randrange(4):
        case 0:
            return random.choice(PIECES)
        case 1:
            return random.choice(SPIKES)
        case 2:
            return _character(random) * random.randint(1, 5)
        case _:
            return _garbage(random)[:20]


def _character(random: Random) -> str:
    return chr(random.randint(*random.choice(SCRIPTS)))


def _length(random: Random) -> int:
    """Return a length: mostly short, one in fifty as long as Discord allows, sometimes nothing."""
    if random.random() < 0.02:
        return random.randint(2000, 4000)
    return int(2 ** random.uniform(0, 8)) - 1
