"""What happens on the platform between the commands of docs/one-pull-request-one-night.md: leads come, people tamper."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from sla_sync.agreement.source import read_source
from sla_sync.connector.simulation import Deed, Move, Running, serve
from sla_sync.registry import load_connector
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.telephone import Telephone, calling
from sla_sync_salesforce.simulator.actors.trespasses import trespass

OFFICE = ZoneInfo("America/New_York")
KNOWN: Mapping[str, str | int] = {"country": "US", "score": 100, "engagement": 100}
CLOCKS, WARM = "SLA_Leg_Clocks", "SLA_Threshold.First_Response_warm"
CALLED = {"Type": "Call", "Status": "Completed", "Subject": "Spoke with them"}


def at(day: int, clock: str) -> datetime:
    """Return an instant in November 2026 by the clocks of the office."""
    return datetime.fromisoformat(f"2026-11-{day:02} {clock}").replace(tzinfo=OFFICE).astimezone(UTC)


def asks(running: Running, *cases: tuple[str, int, str]) -> None:
    """Let people ask for a demo: who, on which day, at what time."""
    binding = read_source(Path("configs/acme/bindings/salesforce.yaml"), root=Path("configs/acme")).data
    words = load_connector("salesforce").binding.model_validate(binding)
    plain: Mapping[str, Any] = words.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert simulator.play is not None
    moves = [
        Move(
            at(day, clock),
            lead,
            Deed.ARRIVES,
            source="demo_request",
            facts={**KNOWN, "email": f"{lead.split()[0].lower()}@buyer.example"},
        )
        for lead, day, clock in cases
    ]
    simulator.play(running, moves, plain)


def calls(running: Running, *leads: str) -> None:
    """Let the owners of leads call them."""
    for lead in leads:
        with calling(running, "integration") as line:
            (found,) = line.query(f"SELECT Id, OwnerId, Owner.Username FROM Lead WHERE Name = '{lead}'")
            values = {"WhoId": found["Id"], "OwnerId": found["OwnerId"], "ActivityDate": f"{running.now:%Y-%m-%d}"}
            line.create("Task", {**values, **CALLED})


def nora(running: Running) -> None:
    """Let somebody ask ten minutes before a weekend."""
    asks(running, ("Nora Field", 13, "16:50"))


def monday(running: Running) -> None:
    """Let the first lead of before be called, and another ask under the new text."""
    running.run_until(at(16, "09:04"))
    calls(running, "Nora Field")
    asks(running, ("Omar Reyes", 16, "10:00"))
    running.run_until(at(16, "10:12"))
    calls(running, "Omar Reyes")
    running.run_until(at(16, "10:15"))


def evening(running: Running) -> None:
    """Let administrators work until the office closes, and people ask through the night."""
    running.run_until(at(17, "17:10"))
    with calling(running) as line:
        _switch_off(line, CLOCKS)
        line.edit("CustomMetadata", WARM, lambda text: re.sub(r'(?<="xsd:double">)120(\.0)?(?=<)', "180.0", text))
    running.run_until(at(17, "18:42"))
    trespass(running, "other flow routes")
    _set_active(running, "ben", active=False)
    asks(running, ("Pia Lund", 17, "19:05"), ("Quinn Abe", 17, "21:40"), ("Rosa Vidal", 18, "00:12"))
    running.run_until(at(18, "03:10"))


def second_night(running: Running) -> None:
    """Let a day pass on which nobody does anything."""
    running.run_until(at(19, "03:10"))


def morning(running: Running) -> None:
    """Let the rep in again who was locked out."""
    running.run_until(at(19, "08:30"))
    _set_active(running, "ben", active=True)


def called(running: Running) -> None:
    """Let those be called who had no due time, and night come."""
    calls(running, "Pia Lund", "Quinn Abe", "Rosa Vidal")
    running.run_until(at(20, "03:10"))


def last_night(running: Running) -> None:
    """Let one more day pass."""
    running.run_until(at(21, "03:10"))


def _switch_off(line: Telephone, flow: str) -> None:
    path = f"flowDefinitions/{flow}.flowDefinition"
    files = line.retrieve("FlowDefinition", flow)
    changed = re.sub(r"<activeVersionNumber>\d+<", "<activeVersionNumber>0<", files[path])
    assert changed != files[path]
    line.deploy({**files, path: changed})


def _set_active(running: Running, name: str, *, active: bool) -> None:
    with calling(running) as line:
        (user,) = line.query(f"SELECT Id FROM User WHERE Username LIKE '{name}@%'")
        line.write("User", cast("str", user["Id"]), {"IsActive": active})


MEANWHILE: Mapping[str, Callable[[Running], None]] = {
    each.__name__: each for each in (nora, monday, evening, second_night, morning, called, last_night)
}
"""What the page says in prose, by the name in its remark `<!-- meanwhile: … -->`."""


def happens(name: str) -> None:
    """Let something happen on the target of the page."""
    with serve(simulator, Path(".sla-sync/production/simulator"), clock=at(1, "00:00")) as running:
        MEANWHILE[name](running)
