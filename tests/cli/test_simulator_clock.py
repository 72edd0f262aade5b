"""`simulator clock`: what time it is on a simulator, embedded or served, and letting it pass."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sla_sync.connector.simulation.control import CLOCK_PATH
from tests.cli.conftest import Answer, Run, served

pytestmark = pytest.mark.slow

START = datetime(2026, 10, 1, tzinfo=UTC)


def now_in(answer: Answer) -> datetime:
    assert answer.code == 0, answer.err
    return datetime.fromisoformat(json.loads(answer.out)["now"])


def test_the_clock_of_a_target_starts_with_the_agreement_and_runs_by_business_time(run: Run, target: str) -> None:
    shown = run("simulator", "clock", "--target", target)
    assert shown.code == 0
    assert shown.out.startswith("Wed 2026-09-30 20:00:0")
    assert "America/New_York" in shown.out
    later = run("simulator", "clock", "--target", target, "--advance", "10 business hours", "--format", "json")
    assert now_in(later) == datetime(2026, 10, 2, 15, tzinfo=UTC)
    assert now_in(run("simulator", "clock", "--target", target, "--format", "json")) == now_in(later)


@pytest.mark.parametrize(
    ("said", "instant"),
    [
        ("2026-10-05T09:05", datetime(2026, 10, 5, 13, 5, tzinfo=UTC)),
        ("2026-10-05T09:05:30+02:00", datetime(2026, 10, 5, 7, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_one_of_the_agreement(run: Run, said: str, instant: datetime) -> None:
    answer = run("simulator", "clock", "--target", "hubspot-simulator", "--set", said, "--format", "json")
    assert now_in(answer) == instant


def test_a_clock_never_runs_back(run: Run) -> None:
    assert run("simulator", "clock", "hubspot", "--advance", "2 days").code == 0
    answer = run("simulator", "clock", "hubspot", "--set", "2026-10-01")
    assert answer.code == 1
    assert "does not run back" in answer.err


def test_a_served_simulator_is_steered_through_its_target_or_its_url(
    run: Run, here: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(here, target) as running:
        first = run("simulator", "clock", "--target", target, "--advance", "1 hour", "--format", "json")
        assert now_in(first) == running.now
        monkeypatch.setenv("SIMULATOR_TOKEN", running.token)
        where = ("--url", running.url, *(("--ca", str(running.ca)) if running.ca else ()))
        platform = target.removesuffix("-simulator")
        second = run("simulator", "clock", platform, *where, "--advance", "1 hour", "--format", "json")
        assert (now_in(second) - now_in(first)).total_seconds() == 3600
        assert running.calls == []
        back = run("simulator", "clock", platform, *where, "--set", "2026-09-01")
        assert (back.code, "run back" in back.err) == (1, True)


def test_a_wrong_token_moves_no_clock(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(here, "hubspot-simulator") as running:
        before = running.now
        monkeypatch.setenv("SIMULATOR_TOKEN", "nobody")
        where = ("--url", running.url, *(("--ca", str(running.ca)) if running.ca else ()))
        answer = run("simulator", "clock", "hubspot", *where, "--advance", "1 hour")
        assert (answer.code, "token" in answer.err) == (1, True)
        assert "nobody" not in answer.err
        assert running.now == before


def test_the_clock_of_another_machine_is_never_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_TOKEN", "secret")
    answer = run("simulator", "clock", "hubspot", "--url", "https://example.org", "--advance", "1 hour")
    assert (answer.code, "not on this machine" in answer.err) == (1, True)


@pytest.mark.parametrize(
    ("method", "body", "status"), [("PUT", "{}", 405), ("POST", "{}", 400), ("POST", '{"until": "2026-10-09"}', 400)]
)
def test_what_is_no_request_for_the_clock_is_refused(here: Path, method: str, body: str, status: int) -> None:
    with served(here, "hubspot-simulator") as running:
        if running.ca is not None:
            pytest.fail("this test speaks plain HTTP")
        line = HTTPConnection(urlsplit(running.url).netloc)
        line.request(method, CLOCK_PATH, body, {"Authorization": f"Bearer {running.token}"})
        assert line.getresponse().status == status
        line.close()
        assert running.now.date() == START.date()


@pytest.mark.parametrize(
    "arguments", [(), ("hubspot", "--target", "x"), ("hubspot", "--set", "x", "--advance", "1 day")]
)
def test_what_is_ambiguous_is_a_question_of_usage(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("simulator", "clock", *arguments).code == 2


def test_a_target_that_is_no_simulator_has_no_clock(run: Run, here: Path) -> None:
    targets = here / "configs" / "targets.yaml"
    targets.write_text(targets.read_text().replace("simulator: true  ", "url: https://acme.my.salesforce.com  "))
    answer = run("simulator", "clock", "--target", "salesforce-simulator")
    assert (answer.code, "no simulator" in answer.err) == (1, True)
