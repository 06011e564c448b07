"""Runs the local room on a SimCord as strict as Discord, and says what Discord would refuse."""

from __future__ import annotations

import sys

from bot.cli import main
from tests.strict import strict

REFUSED = "Discord would refuse: "


def say(problem: str) -> None:
    sys.stderr.write(f"{REFUSED}{problem}\n")


if __name__ == "__main__":
    with strict(say):
        sys.exit(main(sys.argv[1:]))
