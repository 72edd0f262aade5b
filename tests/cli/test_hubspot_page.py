"""What docs/hubspot.md shows is what the commands print, in its order, while one contact lives through it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sla_sync.connector.simulation import Running, serve
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator import simulator
from tests.cli.conftest import Run
from tests.cli.test_readme import PROJECT, prints

PAGE = (PROJECT / "docs" / "hubspot.md").read_text(encoding="utf-8")
STARTUP, TARGET = "configs/examples/startup", "startup-simulator"
MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
LEAD = {
    "email": "nora@buyer.example", "firstname": "Nora", "lastname": "Field", "company": "Buyer Ltd",
    "hs_lead_status": "NEW", "sla_source": "Demo",
}  # fmt: skip
TO_CONTACT = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}


def client(running: Running) -> HubSpotClient:
    options = HubSpotOptions.model_validate({"url": running.url, "token": running.token})
    return HubSpotClient(options, target=TARGET, writes=True, wait=lambda _: None)


def asks(running: Running) -> None:
    """Let somebody ask for a demo on a Monday at ten, in London."""
    running.run_until(MONDAY)
    client(running).call("POST", Api.OBJECTS, "/contacts", body={"properties": LEAD})
    running.run_until(MONDAY + timedelta(minutes=5))


def is_passed_on(running: Running) -> None:
    """Let nobody call until the second step of the ladder."""
    running.run_until(MONDAY + timedelta(hours=6, minutes=2))


def is_called(running: Running) -> None:
    """Let the new owner call."""
    running.run_until(MONDAY + timedelta(hours=6, minutes=20))
    found = client(running).call("GET", Api.OBJECTS, "/contacts/101", query=[("properties", "hubspot_owner_id")])
    values = {
        "hs_timestamp": running.now.isoformat(), "hs_call_title": "Spoke", "hs_call_status": "COMPLETED",
        "hs_call_direction": "OUTBOUND", "hubspot_owner_id": found["properties"]["hubspot_owner_id"],
    }  # fmt: skip
    body = {"properties": values, "associations": [{"to": {"id": "101"}, "types": [TO_CONTACT]}]}
    client(running).call("POST", Api.OBJECTS, "/calls", body=body)


def shown() -> Mapping[str, tuple[str, str]]:
    """Return by the name of the command what the page shows of it: the whole command line and what it prints."""
    blocks = re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)
    return {line.partition(" ")[0]: (line, printed) for line, printed in blocks}


@pytest.mark.slow
def test_every_command_of_the_page_prints_what_the_page_shows(run: Run, here: Path) -> None:
    data = here / "configs" / "examples" / ".sla-sync" / TARGET / "simulator"
    page = shown()

    def holds(command: str) -> None:
        line, printed = page[command]
        prints(run(*line.split()).out, printed.rstrip("\n"))

    def then(act: Callable[[Running], object]) -> None:
        with serve(simulator, data, clock=MONDAY) as running:
            act(running)

    assert set(page) == {"plan", "apply", "clock", "why", "doctor", "drift"}
    holds("plan")
    holds("apply")
    then(asks)
    holds("clock")
    then(is_passed_on)
    assert run("clock", STARTUP, "--target", TARGET).code == 0
    holds("doctor")
    then(is_called)
    holds("why")
    then(simulator.administer)
    holds("drift")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["ticks", "delay", "custom_code"])
def test_the_bounds_of_the_page_are_those_of_the_plan(run: Run, here: Path, how: str) -> None:
    binding = here / STARTUP / "bindings" / "hubspot.yaml"
    binding.write_text(f"{binding.read_text(encoding='utf-8')}deadlines: {how}\n", encoding="utf-8")
    (row,) = re.findall(rf"^\| `{how}` \| ([^|]*\.) \|$", PAGE, re.MULTILINE)
    assert row in run("plan", STARTUP, "--target", TARGET).out.splitlines()
