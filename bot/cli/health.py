"""`health`: how the bot that runs on this machine is."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import click

from bot.cli.common import Number, examples, settings
from bot.errors import UsageError, WarmstartError

SECONDS = 5.0  # longer than an examination takes at most


@click.command(
    short_help="Ask the running bot how it is.",
    epilog=examples("warmstart health", "warmstart health --health-port 8421"),
)
@click.option(
    "--health-port",
    type=Number(1, 65535),
    metavar="PORT",
    help="The port that `warmstart run` was given.",
)
def health(health_port: int | None) -> int:
    """Ask the running bot how it is: exit 0 when it is well, 1 when it is not.

    For a container's health check. The bot answers where it was started with --health-port.
    """
    port = settings(health_port=health_port).health_port
    if not port:
        raise UsageError(
            "There is no health port: start the bot with --health-port 8421, and give the same "
            "here, or set WARMSTART_HEALTH_PORT for both."
        )
    facts = ask(port)
    click.echo(sentence(facts))
    return 0 if facts["status"] == "well" else 1


def ask(port: int) -> dict[str, Any]:
    """Return what `/healthz` says; WarmstartError where nobody answers."""
    url = f"http://127.0.0.1:{port}/healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        try:
            with opener.open(url, timeout=SECONDS) as response:
                body = response.read()
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            body = error.read()
        facts: dict[str, Any] = json.loads(body)
        facts["gateway"], facts["database"]  # another program's answer has none
    except TimeoutError as error:
        raise WarmstartError(
            f"The bot did not answer on {url} within {SECONDS:.0f} s: it hangs; see its log, and "
            "restart it."
        ) from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        cause = getattr(error, "reason", error)
        reason = getattr(cause, "strerror", None) or cause
        raise WarmstartError(
            f"No bot answers on {url} ({reason}): start it with --health-port {port}, or give the "
            "port that it was started with."
        ) from error
    else:
        return facts


def sentence(facts: dict[str, Any]) -> str:
    """Say how the bot is, on one line."""
    age = facts["heartbeat_age"]
    heard = "" if age is None else f", last heartbeat {age:.0f} s ago"
    return (
        f"{facts['status']}: Discord {facts['gateway']}{heard}; database {facts['database']}; "
        f"knowledge {facts['knowledge']}"
    )
