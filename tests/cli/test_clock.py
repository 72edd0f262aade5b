"""`sla-sync clock`: a lead on HubSpot is dated, warned, breached, given on and told about, and a dead scheduler is found."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.simulation import Running, serve
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator import simulator
from tests.cli.conftest import Answer, Run

pytestmark = pytest.mark.slow

STARTUP = "configs/examples/startup"
TARGET = "startup-simulator"
MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
"""Ten in London."""


@dataclass(frozen=True)
class Portal:
    """The portal of the startup between two commands."""

    data: Path
    run: Run

    @contextmanager
    def opened(self) -> Iterator[tuple[Running, HubSpotClient]]:
        """Serve it until the context ends."""
        with serve(simulator, self.data, clock=MONDAY) as running:
            options = HubSpotOptions.model_validate({"url": running.url, "token": running.token})
            yield running, HubSpotClient(options, target=TARGET, writes=True, wait=lambda _: None)

    def until(self, at: datetime) -> None:
        """Let its clock run."""
        with self.opened() as (running, _):
            running.run_until(at)

    def call(self, method: str, api: Api, path: str, body: Any = None) -> Any:
        """Send one request."""
        with self.opened() as (_, client):
            return client.call(method, api, path, body=body)

    def lead(self) -> str:
        """Let somebody ask for a demo, and return the id of the contact."""
        said = {"email": "nora@buyer.example", "firstname": "Nora", "company": "Buyer Ltd", "hs_lead_status": "NEW"}
        body = {"properties": said | {"sla_source": "Demo"}}
        return str(self.call("POST", Api.OBJECTS, "/contacts", body)["id"])

    def says(self, record: str, name: str) -> str:
        """Return what a contact keeps."""
        body = {"inputs": [{"id": record}], "properties": [name]}
        return str(self.call("POST", Api.OBJECTS, "/contacts/batch/read", body)["results"][0]["properties"][name] or "")

    def clock(self, *more: str) -> Answer:
        """Run `sla-sync clock`."""
        return self.run("clock", STARTUP, "--target", TARGET, *more)


@pytest.fixture
def portal(here: Path, run: Run) -> Portal:
    """Return a portal to which the agreement of the startup was applied, on a Monday morning."""
    applied = run("apply", STARTUP, "--target", TARGET, "--yes")
    assert applied.code == 0, applied.err
    found = Portal(here / "configs" / "examples" / ".sla-sync" / TARGET / "simulator", run)
    found.until(MONDAY)
    return found


def test_a_lead_is_dated_warned_breached_given_on_and_touched_and_why_tells_it(portal: Portal, run: Run) -> None:
    record = portal.lead()
    portal.until(MONDAY + timedelta(minutes=5))
    dated = portal.clock()
    assert (dated.code, dated.out) == (0, f"{TARGET}: 1 record given dates; the oldest had waited 5 minutes.\n")
    # Two business hours end at noon; four more, and the other rep gets it.
    portal.until(MONDAY + timedelta(hours=2, minutes=1))
    assert portal.says(record, "sla_answer_state") == "overdue"
    first = portal.says(record, "hubspot_owner_id")
    portal.until(MONDAY + timedelta(hours=6, minutes=5))
    second = portal.says(record, "hubspot_owner_id")
    assert second not in {"", first}
    assert portal.clock().out.startswith(f"{TARGET}: 1 record given dates")
    touched = MONDAY + timedelta(hours=6, minutes=30)
    portal.until(touched)
    with portal.opened() as (running, client):
        call = {"hs_timestamp": touched.isoformat(), "hubspot_owner_id": second, "hs_call_direction": "OUTBOUND"}
        link = {"to": {"id": record}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]}
        client.call("POST", Api.OBJECTS, "/calls", body={"properties": call, "associations": [link]})
        running.run_until(touched + timedelta(minutes=2))
    assert portal.says(record, "sla_answer_state") == "on_time"
    told = run("why", record, "--config", STARTUP, "--target", TARGET)
    assert told.code == 0, told.err
    assert told.out.startswith(f"Nora (Buyer Ltd) ({record}): 2 assignments; under startup-inbound@2026-10-01.")
    assert "Mon 5 Oct 12:00  answer fell due, and nothing had stopped it." in told.out
    assert re.search(
        r"Cycle 1, assignment 1: \w+, asked, from Demo, stage mql; ended Mon 5 Oct 16:00 \(reassigned\)", told.out
    )
    assert "  answer: overdue. Started Mon 5 Oct 10:00, due Mon 5 Oct 12:00." in told.out
    assert "  answer: on time. Started Mon 5 Oct 16:00, due Tue 6 Oct 09:00, stopped Mon 5 Oct 16:3" in told.out
    assert "within 2 business hours for asked (configs/examples/startup/agreement.yaml:" in told.out


def test_nobody_waits_where_everybody_has_dates(portal: Portal) -> None:
    portal.lead()
    portal.until(MONDAY + timedelta(minutes=1))  # the search sees the lead then
    assert "1 record given dates" in portal.clock().out
    assert portal.clock().out == f"{TARGET}: nobody waits for dates.\n"
    plain = json.loads(portal.clock("--format", "json").out)
    assert (plain["answered"], plain["refused"], plain["oldest_seconds"]) == (0, [], None)
    assert portal.clock("--format", "markdown").out.startswith("### startup")


def test_a_dead_scheduler_is_a_finding_and_a_run_ends_it(portal: Portal, run: Run) -> None:
    def stalled() -> list[dict[str, object]]:
        found = json.loads(run("drift", STARTUP, "--target", TARGET, "--format", "json").out)
        return [each for each in found["findings"] if each["class"] == "stalled"]

    assert stalled()[0]["live"] is None
    answer = run("drift", STARTUP, "--target", TARGET)
    assert answer.code == 3
    assert "HIGH stalled: Scheduler/sla-sync clock  [" in answer.out
    assert "\n  It has never run, and is expected every 15 minutes" in answer.out
    portal.clock()
    assert stalled() == []
    assert "✓ clock" in run("doctor", STARTUP, "--target", TARGET).out
    portal.until(MONDAY + timedelta(minutes=35))
    assert stalled()[0]["agreed"] == "every 15 minutes"
    doctor = run("doctor", STARTUP, "--target", TARGET)
    assert (doctor.code, "✗ clock" in doctor.out) == (1, True)


def test_a_scheduler_has_time_to_run_first_after_an_apply(here: Path, run: Run) -> None:
    del here
    assert run("apply", STARTUP, "--target", TARGET, "--yes").code == 0
    assert "stalled" not in run("drift", STARTUP, "--target", TARGET).out
    assert "? clock" in run("doctor", STARTUP, "--target", TARGET).out


def test_a_binding_may_expect_another_pace(portal: Portal, run: Run, here: Path) -> None:
    binding = here / STARTUP / "bindings" / "hubspot.yaml"
    text = binding.read_text()
    portal.clock()
    portal.until(MONDAY + timedelta(minutes=35))
    for every, found in (("1 hour", False), ("5 minutes", True)):
        binding.write_text(text.replace("sync_latency: 1 minute", f"sync_latency: 1 minute, clock_every: {every}"))
        assert ("stalled" in run("drift", STARTUP, "--target", TARGET).out) is found
    binding.write_text(text.replace("sync_latency: 1 minute", "sync_latency: 1 minute, clock_every: often"))
    refused = run("drift", STARTUP, "--target", TARGET)
    assert (refused.code, "clock_every" in refused.err) == (1, True)


def test_a_target_whose_workflows_find_the_dates_themselves_is_refused(run: Run, here: Path) -> None:
    binding = here / STARTUP / "bindings" / "hubspot.yaml"
    binding.write_text(binding.read_text().replace("objects: [contacts]", "objects: [contacts]\ndeadlines: delay"))
    answer = run("clock", STARTUP, "--target", TARGET)
    assert (answer.code, "workflows find the dates themselves" in answer.err) == (1, True), answer.err


def test_a_target_whose_clocks_run_on_another_platform_is_refused(run: Run) -> None:
    answer = run("clock", "--target", "hubspot-simulator")
    assert (answer.code, "run on salesforce (timers)" in answer.err) == (1, True), answer.err


def test_a_platform_that_keeps_its_own_time_is_refused(run: Run) -> None:
    answer = run("clock", "--target", "salesforce-simulator")
    assert (answer.code, "keeps its own time" in answer.err) == (1, True)


@pytest.mark.parametrize("every", ["often", "10 business minutes", "2 months"])
def test_a_pause_that_no_scheduler_can_wait_is_a_question_of_usage(run: Run, every: str) -> None:
    assert run("clock", STARTUP, "--target", TARGET, "--every", every).code == 2


def test_it_goes_on_until_it_is_stopped(portal: Portal, here: Path) -> None:
    command = [sys.executable, "-m", "sla_sync", "clock", STARTUP, "--target", TARGET, "--every", "1 second"]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        for _ in range(2):
            assert process.stdout.readline() == f"{TARGET}: nobody waits for dates.\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
