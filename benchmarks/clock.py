"""Print what `sla-sync clock` costs where 10,000 contacts ask for dates: calls, seconds, and that nobody is written twice."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sla_sync.connector import LockTicket, SlaSyncError
from sla_sync.connector.simulation import Running
from sla_sync.connector.simulation.schedules import Cut
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.look import Conversation, converse
from sla_sync.pipeline.timekeeping import almanac_of, answer_all
from sla_sync.places import find_place
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import portal_options
from sla_sync_hubspot.paths import Api

PROJECT = Path(__file__).resolve().parents[1]
TARGET, TODAY = "startup-simulator", date(2026, 10, 5)
MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
CONTACTS, TOGETHER = 10_000, 100
CUT_AT = 200
"""The request at which the line is cut in the second half."""


def main() -> None:
    """Print the numbers of one run, and of one that was cut and taken up again."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        found = find_place(PROJECT / "configs" / "examples" / "startup", here=Path())
        place = replace(found, state=Path(folder))
        apply(place, TARGET, environ={}, today=TODAY)
        with converse(place, TARGET, environ={}, today=TODAY) as opened:
            running = opened.target.simulator
            if running is None:
                raise SystemExit(f"Target {TARGET} has no simulator to count with.")
            running.run_until(MONDAY)
            _measure(opened, running, count)


def _measure(opened: Conversation, running: Running, count: int) -> None:
    records = _ask(opened, running, count)
    print(f"`sla-sync clock`, {count:,} contacts ask for the dates of two clocks each")
    calls, seconds, answered = _run(opened, running)
    _tell("one run", calls, seconds, answered, count)
    _ask_again(opened, running, records)
    cut = min(CUT_AT, sum(calls.values()) // 2)
    running.requests, running.trouble = 0, Cut(cut, before=False)
    first, spent, _ = _run(opened, running)
    running.trouble = None
    second, more, answered = _run(opened, running)
    _tell(f"cut at request {cut}, run again", first + second, spent + more, answered, count)
    written = Counter(_writes(opened, running, records))
    print(f"  writes of dates per contact in both halves together: {dict(written)}  goal: {{2: {count}}}")


def _tell(what: str, calls: Counter[str], seconds: float, answered: int, count: int) -> None:
    writes, goal = calls["batch/update"], -(-count // TOGETHER)
    print(f"  {what:<32} {seconds:>6.1f} s  {answered:>6,} answered")
    print(f"      {writes:>4} write calls  goal: {goal}  ratio: {writes / goal:.2f}")
    print(f"      {calls['batch/read']:>4} batch reads, {calls['search']} searches")


def _run(opened: Conversation, running: Running) -> tuple[Counter[str], float, int]:
    running.calls.clear()
    prepared, connection = opened.prepared, opened.target.connection
    if prepared.connector.open_timekeeping is None:
        raise SystemExit(f"Target {TARGET} keeps its own time.")
    answered, start = 0, time.perf_counter()
    with prepared.connector.open_timekeeping(connection, prepared.resources, prepared.binding) as timekeeping:
        try:
            answered = answer_all(TARGET, timekeeping, almanac_of(opened), connection.now).answered
        except SlaSyncError:
            print("      (the line was cut)")
    seconds = time.perf_counter() - start
    return Counter(_named(path) for _, path in running.calls), seconds, answered


def _named(path: str) -> str:
    return path.removeprefix("/crm/v3/").removeprefix("objects/contacts/")


def _client(opened: Conversation, running: Running) -> HubSpotClient:
    ticket = LockTicket("the benchmark", "benchmark", running.now + timedelta(days=1))
    connection = replace(opened.target.connection, lock=ticket)
    return HubSpotClient(portal_options(connection), target=TARGET, writes=True, wait=lambda _: None)


def _ask(opened: Conversation, running: Running, count: int) -> list[str]:
    """Create contacts whose turn began a minute ago, as workflows leave them."""
    client = _client(opened, running)
    said = _asking(running) | {"sla_cycle": "1", "sla_cycle_state": "open", "sla_priority": "asked"}
    found: list[str] = []
    for start in range(0, count, TOGETHER):
        inputs = [
            {"properties": said | {"email": f"lead{start + place}@buyer.example"}}
            for place in range(min(TOGETHER, count - start))
        ]
        answer = client.call("POST", Api.OBJECTS, "/contacts/batch/create", body={"inputs": inputs})
        found += [str(each["id"]) for each in answer["results"]]
    running.run_until(running.now + timedelta(seconds=5))
    return found


def _asking(running: Running) -> dict[str, str]:
    since = (running.now - timedelta(minutes=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    own = {"assigned_at": since, "dates": "asked", "touched": "no", "judged": "no", "leg": "1"}
    for clock in ("answer", "nobody_forgotten"):
        own |= {f"{clock}_state": "awaits", f"{clock}_started_at": since}
    return {f"sla_{name}": text for name, text in own.items()}


def _ask_again(opened: Conversation, running: Running, records: list[str]) -> None:
    client = _client(opened, running)
    for start in range(0, len(records), TOGETHER):
        own = _asking(running)
        inputs = [{"id": each, "properties": own} for each in records[start : start + TOGETHER]]
        client.call("POST", Api.OBJECTS, "/contacts/batch/update", body={"inputs": inputs})
    running.run_until(running.now + timedelta(seconds=5))


def _writes(opened: Conversation, running: Running, records: list[str]) -> list[int]:
    client, half, found = _client(opened, running), 50, []
    for start in range(0, len(records), half):
        inputs = [{"id": each} for each in records[start : start + half]]
        body = {"inputs": inputs, "properties": [], "propertiesWithHistory": ["sla_dates_for"]}
        answer = client.call("POST", Api.OBJECTS, "/contacts/batch/read", body=body)
        found += [len(each["propertiesWithHistory"]["sla_dates_for"]) for each in answer["results"]]
    return found


if __name__ == "__main__":
    main()
