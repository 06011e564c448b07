"""The link check against a loopback site that fails in every way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest

from bot.links import Link, Manners, Outcome, Result, Severity, check
from bot.links.guard import Address
from tests.links.site import BODY, Names, Site, closed_port, serving, speaking

ANYWHERE = Manners(timeout=5, allow=lambda _: True)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as running:
        yield running


class Waits:
    """Stands for sleeping, and remembers for how long."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


async def checked(url: str, manners: Manners = ANYWHERE, **more: object) -> Result:
    (result,) = await check([Link(url, ("topics/x.yaml:3",))], manners, **more)  # type: ignore[arg-type]
    return result


ANSWERS = [
    ("/ok", Outcome.ANSWERED, 200, "answers"),
    ("/no-head-405", Outcome.ANSWERED, 200, "answers"),
    ("/no-head-501", Outcome.ANSWERED, 200, "answers"),
    ("/no-head-403", Outcome.ANSWERED, 200, "answers"),
    ("/no-head-404", Outcome.ANSWERED, 200, "answers"),
    ("/hangs-up-on-head", Outcome.ANSWERED, 200, "answers"),
    ("/gone", Outcome.NOT_FOUND, 404, "is gone (404)"),
    ("/gone-410", Outcome.NOT_FOUND, 410, "is gone (410)"),
    ("/teapot", Outcome.REFUSED, 418, "refuses the request (418)"),
    ("/members", Outcome.GUARDED, 403, "turns programs away (403)"),
    ("/login", Outcome.GUARDED, 401, "turns programs away (401)"),
    ("/linkedin", Outcome.GUARDED, 999, "turns programs away (999)"),
    ("/broken", Outcome.SERVER_ERROR, 500, "trouble on its side (500)"),
    ("/bad-gateway", Outcome.SERVER_ERROR, 502, "trouble on its side (502)"),
    ("/down", Outcome.SERVER_ERROR, 503, "trouble on its side (503)"),
    ("/later-odd", Outcome.BUSY, 429, "too many requests"),
]


@pytest.mark.parametrize(("path", "outcome", "status", "words"), ANSWERS)
async def test_answers_are_told_apart(
    site: Site, path: str, outcome: Outcome, status: int, words: str
) -> None:
    result = await checked(site.url(path))
    assert (result.outcome, result.status) == (outcome, status)
    assert words in result.message
    assert result.address is None
    fine = outcome is Outcome.ANSWERED
    assert (result.severity is Severity.FINE) == fine


async def test_head_suffices_where_the_server_takes_it(site: Site) -> None:
    await checked(site.url("/ok"))
    assert site.asked == [("HEAD", "/ok")]


REDIRECTED = [
    ("/moved", Outcome.MOVED, "/ok"),
    ("/moved-308", Outcome.MOVED, "/ok"),
    ("/moved-twice", Outcome.MOVED, "/ok"),
    ("/for-now", Outcome.REDIRECTED, "/ok"),
    ("/for-now-307", Outcome.REDIRECTED, "/ok"),
    ("/moved-then-for-now", Outcome.MOVED, "/for-now"),
    ("/for-now-then-moved", Outcome.REDIRECTED, "/ok"),
    ("/moved#part", Outcome.MOVED, "/ok#part"),
    ("/moved-with-part#part", Outcome.MOVED, "/ok#new"),
    ("/moved-away", Outcome.NOT_FOUND, "/gone"),
]


@pytest.mark.parametrize(("path", "outcome", "target"), REDIRECTED)
async def test_redirects_are_followed_and_the_new_address_is_told(
    site: Site, path: str, outcome: Outcome, target: str
) -> None:
    result = await checked(site.url(path))
    assert (result.outcome, result.address) == (outcome, site.url(target))
    assert site.url(target) in result.message
    if outcome is Outcome.MOVED:
        assert result.severity is Severity.WARNING
        assert "replace it with" in result.message


@pytest.mark.parametrize("path", ["/circle", "/nowhere", "/to-mail", "/to-odd"])
async def test_redirects_that_end_nowhere_are_dead(site: Site, path: str) -> None:
    result = await checked(site.url(path))
    assert (result.outcome, result.severity) == (Outcome.BAD_REDIRECT, Severity.DEAD)
    assert len(site.asked) < 15


async def test_a_server_that_asks_for_patience_is_asked_again_once(site: Site) -> None:
    waits = Waits()
    result = await checked(site.url("/once-later"), sleep=waits)
    assert (result.outcome, waits.asked, len(site.asked)) == (Outcome.ANSWERED, [2.0], 2)
    result = await checked(site.url("/date-later"), sleep=waits)
    assert (result.outcome, waits.asked[1:]) == (Outcome.ANSWERED, [0.0]), "the date has passed"


async def test_a_server_that_is_never_ready_is_busy(site: Site) -> None:
    waits = Waits()
    result = await checked(site.url("/later"), sleep=waits)
    assert (result.outcome, result.severity) == (Outcome.BUSY, Severity.WARNING)
    assert waits.asked == [7.0]


async def test_nobody_waits_an_hour(site: Site) -> None:
    waits = Waits()
    result = await checked(site.url("/much-later"), sleep=waits)
    assert (result.outcome, waits.asked, len(site.asked)) == (Outcome.BUSY, [], 1)
    assert "3600 s" in result.message


async def test_a_server_that_does_not_answer_in_time(site: Site) -> None:
    result = await checked(site.url("/slow"), Manners(timeout=0.1, allow=lambda _: True))
    assert (result.outcome, result.severity) == (Outcome.TIMEOUT, Severity.DEAD)
    assert "--timeout" in result.message


async def test_a_port_on_which_nobody_listens() -> None:
    result = await checked(f"http://127.0.0.1:{closed_port()}/")
    assert (result.outcome, result.severity) == (Outcome.NO_CONNECTION, Severity.DEAD)


async def test_a_name_that_leads_nowhere() -> None:
    result = await checked("http://gone.example/", resolver=Names())
    assert (result.outcome, result.severity) == (Outcome.DNS, Severity.DEAD)


async def test_a_certificate_that_nobody_trusts() -> None:
    async with speaking(b"", tls=True) as port:
        result = await checked(f"https://127.0.0.1:{port}/")
    assert (result.outcome, result.severity) == (Outcome.TLS, Severity.DEAD)
    assert "self-signed" in result.message


async def test_https_where_only_http_is_spoken(site: Site) -> None:
    result = await checked(site.url("/ok").replace("http:", "https:"))
    assert result.outcome is Outcome.TLS
    assert "TLS" in result.message


async def test_a_server_that_speaks_something_else() -> None:
    async with speaking(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        result = await checked(f"http://127.0.0.1:{port}/")
    assert (result.outcome, result.severity) == (Outcome.NOT_HTTP, Severity.DEAD)


async def test_a_server_that_hangs_up() -> None:
    async with speaking(b"") as port:
        result = await checked(f"http://127.0.0.1:{port}/")
    assert (result.outcome, result.severity) == (Outcome.UNREACHABLE, Severity.DEAD)
    assert "cut" in result.message


@pytest.mark.parametrize("url", ["http://[1.2/", f"http://{'x' * 80}.example.org/", "http://a..b/"])
async def test_what_is_no_address_at_all(url: str) -> None:
    result = await checked(url)
    assert result.severity is Severity.DEAD
    assert result.outcome in {Outcome.NOT_AN_ADDRESS, Outcome.DNS}


async def test_bodies_are_not_downloaded(site: Site) -> None:
    result = await checked(site.url("/endless"))
    assert result.outcome is Outcome.ANSWERED
    assert site.sent < BODY / 4, "the rest is what the two kernels' buffers hold"


async def test_servers_learn_who_asks(site: Site) -> None:
    await checked(site.url("/ok"))
    (agent,) = site.agents
    assert agent.startswith("Warmstart")


@pytest.mark.parametrize(("per_host", "at_once", "most"), [(2, 16, 2), (8, 3, 3), (1, 1, 1)])
async def test_no_more_requests_at_a_time_than_agreed(
    site: Site, per_host: int, at_once: int, most: int
) -> None:
    links = [Link(site.url(f"/busy?{number}"), ()) for number in range(10)]
    manners = Manners(per_host=per_host, at_once=at_once, allow=lambda _: True)
    results = await check(links, manners)
    assert [result.link for result in results] == links
    assert site.most_at_once == most


async def test_a_slow_host_does_not_hold_up_the_others(site: Site) -> None:
    first: list[str] = []
    links = [Link(site.url("/busy", host="slow.test"), ()) for _ in range(4)]
    links.append(Link(site.url("/ok", host="quick.test"), ()))
    names = Names(slow_test=[["127.0.0.1"]], quick_test=[["127.0.0.1"]])
    manners = Manners(per_host=1, at_once=2, allow=lambda _: True)
    await check(links, manners, resolver=names, done=lambda one: first.append(one.link.url))
    assert first.index(links[-1].url) < 2


# Addresses that must not be connected to


def only_first(address: Address) -> bool:
    """Allow the site's address, as if 127.0.0.1 alone were public."""
    return address == ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "localhost", "2130706433", "127.1", "0x7f.1"]
)
async def test_this_machine_is_not_connected_to(site: Site, host: str) -> None:
    result = await checked(site.url("/ok", host=host), Manners(timeout=5))
    assert (result.outcome, result.severity) == (Outcome.PRIVATE, Severity.DEAD)
    assert "--allow-private" in result.message
    assert site.asked == []


async def test_a_name_for_this_machine_is_not_connected_to(site: Site) -> None:
    names = Names(innocent_example=[["127.0.0.1"]])
    url = site.url("/ok", host="innocent.example")
    result = await checked(url, Manners(timeout=5), resolver=names)
    assert result.outcome is Outcome.PRIVATE
    assert site.asked == []


async def test_a_redirect_into_a_private_network_is_not_followed(site: Site) -> None:
    result = await checked(site.url("/to-private"), Manners(allow=only_first))
    assert result.outcome is Outcome.PRIVATE
    assert "127.0.0.2" in result.message
    assert site.asked == [("HEAD", "/to-private")]


async def test_of_several_addresses_the_private_ones_are_left_out(site: Site) -> None:
    names = Names(mixed_example=[["10.0.0.1", "127.0.0.1", "::1"]])
    url = site.url("/ok", host="mixed.example")
    result = await checked(url, Manners(timeout=5, allow=only_first), resolver=names)
    assert result.outcome is Outcome.ANSWERED


async def test_a_name_that_changes_its_meaning_gets_nowhere(site: Site) -> None:
    """DNS rebinding: the first answer is harmless, those after it are private."""
    names = Names(rebinding_example=[["127.0.0.1"], ["127.0.0.2"]])
    url = site.url("/ok", host="rebinding.example")
    manners = Manners(timeout=5, allow=only_first)
    assert (await checked(url, manners, resolver=names)).outcome is Outcome.ANSWERED
    assert (await checked(url, manners, resolver=names)).outcome is Outcome.PRIVATE
