"""Print what a plan and a first apply of configs/acme cost in a full portal: 1,000 properties, 1,000 lists, 500 workflows."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sla_sync.connector import Connection, LockTicket, Setup
from sla_sync.connector.simulation import Running, serve
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.look import choose_target
from sla_sync.pipeline.validate import judge, read
from sla_sync.places import find_place
from sla_sync.reconcile.diff import diff
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.references import addresses_of
from sla_sync.reconcile.settings import Change, Manifest, Snapshot

PROJECT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 10, 5)
CLOCK = datetime(2026, 10, 1, tzinfo=UTC)
PROPERTIES, LISTS, WORKFLOWS = 1_000, 1_000, 500
ROOM = 200
"""How many properties of the thousand are left for the agreement."""
BURST, WINDOW = 190, 10.0
"""Requests in so many seconds (HubSpot, "Usage guidelines", Professional and Enterprise)."""
PAGED = ("/crm/v3/lists/search", "/automation/v4/flows", "/crm/v3/owners")
GOAL = 18


@dataclass
class Waits:
    """The seconds that the connector would have waited."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        """Keep the seconds, and wait for none of them."""
        self.seconds.append(seconds)


def fill(
    running: Running, properties: int = PROPERTIES - ROOM, lists: int = LISTS - ROOM, workflows: int = WORKFLOWS
) -> float:
    """Fill a portal by its own API; return the seconds that it took."""
    began = time.perf_counter()
    send = Sender(running)
    for start in range(0, properties, 100):
        names = range(start, min(start + 100, properties))
        send("POST", "/crm/v3/properties/contacts/batch/create", {"inputs": [_property(each) for each in names]})
    for number in range(lists):
        send("POST", "/crm/v3/lists", _list(number))
    for number in range(workflows):
        send("POST", "/automation/v4/flows", _flow(number))
    return time.perf_counter() - began


class Sender:
    """Asks the application of a simulator in this process, without a socket."""

    def __init__(self, running: Running) -> None:
        from werkzeug.test import Client

        application: Any = running.application
        self._client = Client(application)
        self._token = running.token

    def __call__(self, method: str, path: str, body: Any) -> None:
        """Send a request; raises SystemExit where it is refused."""
        headers = {"Authorization": f"Bearer {self._token}"}
        for _ in range(3):
            answer = self._client.open(path, method=method, headers=headers, json=body)
            if answer.status_code != 429:
                break
        if answer.status_code >= 300:
            raise SystemExit(f"{method} {path}: {answer.get_data(as_text=True)}")


def _property(number: int) -> dict[str, Any]:
    return {
        "name": f"other_{number}", "label": f"Other {number}", "groupName": "contactinformation", "type": "string",
        "fieldType": "text",
    }  # fmt: skip


def _branch(number: int) -> dict[str, Any]:
    operation = {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": [f"v{number}"]}
    test = {"filterType": "PROPERTY", "property": f"other_{number % 100}", "operation": operation}
    return {
        "filterBranchType": "OR", "filters": [],
        "filterBranches": [{"filterBranchType": "AND", "filterBranches": [], "filters": [test]}],
    }  # fmt: skip


def _list(number: int) -> dict[str, Any]:
    branch = _branch(number)
    return {"name": f"Other {number}", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": branch}


def _flow(number: int) -> dict[str, Any]:
    return {
        "name": f"Other {number}", "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "isEnabled": False,
        "objectTypeId": "0-1", "actions": [],
    }  # fmt: skip


def connection_to(running: Running, prepared: Prepared, people: Any, waits: Waits) -> Connection:
    """Return a connection that waits for nothing and keeps what it would have waited."""
    options = prepared.connector.options.model_validate({"url": running.url, "token": running.token})
    ticket = LockTicket("benchmark", "benchmark", CLOCK.replace(year=2027))
    setup = Setup(prepared.agreement.metadata.name, people)
    return Connection("portal", options, setup, lambda: running.application.now, ticket, waits)


def planned(
    prepared: Prepared, connection: Connection, running: Running
) -> tuple[tuple[Change, ...], Snapshot, Manifest | None, Counter[str], float]:
    """Return the changes of a plan, with the requests that it took and its seconds."""
    before, began = len(running.calls), time.perf_counter()
    with prepared.connector.open_reader(connection) as reader:
        list(reader.check())
        snapshot, manifest = reader.read(addresses_of(prepared.translation.desired)), reader.manifest()
        changes = diff(prepared.translation.desired, snapshot, prepared.connector.types, manifest=manifest)
        refused = [each.message for each in getattr(reader, "foresee", lambda _: ())(changes)]
    took = time.perf_counter() - began
    if refused:
        raise SystemExit("; ".join(refused))
    return changes, snapshot, manifest, Counter(f"{method} {path}" for method, path in running.calls[before:]), took


@contextlib.contextmanager
def portal(prepared: Prepared) -> Iterator[Running]:
    """Serve a portal of the enterprise tier in a folder of its own."""
    make = prepared.connector.simulator
    if make is None:
        raise SystemExit("The connector ships no simulator.")
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        (Path(folder) / "switches.json").write_text(json.dumps({"tier": "enterprise", "burst_limit": 10**6}))
        with serve(make(), Path(folder), clock=CLOCK) as running:
            yield running


def tell(when: str, counted: Counter[str], seconds: float) -> None:
    """Print the number of requests beside the goal, paging aside, and what it is made of."""
    paging = sum(times - 1 for call, times in counted.items() if call.partition(" ")[2] in PAGED)
    total = counted.total() - paging
    print(f"  plan, {when:<14} {total:>3} requests and {paging:>2} of paging  goal: {GOAL}  ratio: {total / GOAL:.2f}"
          f"  {seconds:.2f} s")  # fmt: skip
    for call, times in counted.most_common():
        print(f"      {times:>3} × {call}")


def main() -> None:
    """Print the cost of a plan before and after a first apply, and of that apply."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        shutil.copytree(PROJECT / "configs", Path(folder) / "configs")
        with contextlib.chdir(folder):
            documents = judge(read(find_place(None, here=Path())), today=TODAY)
            target = choose_target(documents, "hubspot-simulator")
            prepared = prepare(documents, Path("configs") / target.binding, target.people)
    with portal(prepared) as running:
        filled = fill(running)
        print(f"a portal with {PROPERTIES - ROOM} properties, {LISTS - ROOM} lists and {WORKFLOWS} workflows, "
              f"filled in {filled:.1f} s")  # fmt: skip
        waits = Waits()
        connection = connection_to(running, prepared, target.people, waits)
        changes, snapshot, manifest, counted, took = planned(prepared, connection, running)
        tell("before", counted, took)
        coming = next_manifest(
            manifest, prepared.translation.desired, changes, snapshot, prepared.connector.types, agreement_digest="d"
        )
        waits.seconds.clear()
        before, began = len(running.calls), time.perf_counter()
        with prepared.connector.open_writer(connection, snapshot) as writer:
            done = list(writer.apply(changes, coming))
        requests, took = len(running.calls) - before, time.perf_counter() - began
        forced = (requests - 1) // BURST * WINDOW
        print(f"  first apply           {len(done)} changes in {requests} requests: the limit forces {forced:g} s; "
              f"we wait {sum(waits.seconds):g} s besides, and the simulator takes {took:.1f} s")  # fmt: skip
        tell("after", *planned(prepared, connection, running)[3:])


if __name__ == "__main__":
    main()
