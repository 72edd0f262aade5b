"""What is wrong after two `sla-sync clock` ran at once; nothing, if nobody can tell that there was a second one."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.test import Client

from sla_sync.connector.simulation import serve
from sla_sync_hubspot.simulator import simulator
from tests.interruptions.applies import PATIENCE
from tests.interruptions.nursery import PROJECT, Ended, Nursery, Running
from tests.interruptions.stage import Stage, Strike

CONFIG, TARGET = "configs/examples/startup", "startup-simulator"
MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
LEADS = 3
_LATER = timedelta(days=2)


@dataclass(frozen=True)
class Dated:
    """What stands in the portal two days after the clock ran: our properties of each contact, and who was told what."""

    contacts: Mapping[str, Mapping[str, str]]
    told: Mapping[tuple[Any, ...], int]
    requests: int


@contextmanager
def portal(folder: Path, ward: Nursery) -> Iterator[Stage]:
    """Serve the portal of the startup on a Monday morning, where some people have just asked for a demo."""
    with serve(simulator, folder / "data", clock=MONDAY - timedelta(days=4)) as served:
        environ = {"TOKEN": served.token, "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        stage = Stage(folder / "here", folder / "said", "hubspot", served, ward, environ)
        _copy(folder / "here", served.url)
        applied = stage.run("apply", CONFIG, "--target", TARGET, "--yes")
        assert applied.code == 0, applied.err
        served.run_until(MONDAY)
        for number in range(LEADS):
            said = {
                "email": f"{number}@buyer.example",
                "company": "Buyer",
                "hs_lead_status": "NEW",
                "sla_source": "Demo",
            }
            _ask(stage, "POST", "/crm/v3/objects/contacts", {"properties": said})
        served.run_until(served.now + timedelta(minutes=2))
        yield stage


def _copy(here: Path, url: str) -> Path:
    shutil.copytree(PROJECT / "configs", here / "configs")
    targets = here / "configs" / "examples" / "startup" / "targets.yaml"
    text = targets.read_text(encoding="utf-8")
    own = text.index(f"  {TARGET}:")
    at = json.dumps({"url": url, "token": "TOKEN"})
    said = text[own:].replace("simulator: true", f"simulator: {at}", 1)
    targets.write_text(text[:own] + said, encoding="utf-8")
    return here


def _ask(stage: Stage, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {stage.served.token}"}
    with stage.served.turn:
        answer = Client(stage.served.application).open(path, method=method, headers=headers, json=body)
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer.get_json()


def _clock(stage: Stage, here: Path | None = None) -> Running:
    return stage.start("clock", CONFIG, "--target", TARGET, here=here)


def _dated(stage: Stage, requests: int) -> Dated:
    stage.served.run_until(MONDAY + _LATER)
    names = [each["name"] for each in _ask(stage, "GET", "/crm/v3/properties/contacts")["results"]]
    ours = ",".join(each for each in names if each.startswith("sla_"))
    found = _ask(stage, "GET", f"/crm/v3/objects/contacts?limit=100&properties={ours}")["results"]
    contacts = {
        each["id"]: {name: value for name, value in each["properties"].items() if name in ours.split(",")}
        for each in found
    }
    assert simulator.heard is not None
    told = Counter((each.to, each.lead, each.title) for each in simulator.heard(stage.served))
    return Dated(contacts, told, requests)


def alone(folder: Path, ward: Nursery) -> Dated:
    """Let one clock run, and return what stands there two days later."""
    with portal(folder, ward) as stage:
        before = stage.served.requests
        ended = _clock(stage).wait()
        assert ended.code == 0, ended.err
        return _dated(stage, stage.served.requests - before)


def wrong_with_two_clocks(folder: Path, *, ward: Nursery, at: int, calm: Dated) -> list[str]:
    """Hold a clock at a request, let another run in another working copy, go on, and return what is wrong."""
    with portal(folder, ward) as stage:
        strike, other = Strike(at, signal.SIGSTOP), _copy(folder / "other", stage.served.url)
        with stage.striking(strike):
            first = _clock(stage)
            strike.pid = first.pid
            if not strike.happened.wait(PATIENCE):
                return ["nothing struck"]
            second = _clock(stage, other).wait()
            os.kill(first.pid, signal.SIGCONT)
            ended = first.wait()
        return [*_failed(ended, second), *_told_apart(calm, _dated(stage, 0))]


def wrong_in_one_copy(folder: Path, *, ward: Nursery, at: int, calm: Dated) -> list[str]:
    """Hold a clock at a request, start another in the same working copy, go on, and return what is wrong."""
    with portal(folder, ward) as stage:
        strike = Strike(at, signal.SIGSTOP)
        with stage.striking(strike):
            first = _clock(stage)
            strike.pid = first.pid
            if not strike.happened.wait(PATIENCE):
                return ["nothing struck"]
            second = _clock(stage).wait()
            os.kill(first.pid, signal.SIGCONT)
            ended = first.wait()
        wrong = list(_told_apart(calm, _dated(stage, 0)))
        if ended.code:
            wrong.append(f"the first left with {ended.code}: {ended.err[-300:]}")
        if second.code != 1 or "runs in this working copy" not in second.err:
            wrong.append(f"the second was not told of the first: {second.code} {second.err[-300:]}")
        return wrong


def wrong_after_strike(folder: Path, *, ward: Nursery, at: int, number: int, calm: Dated) -> list[str]:
    """Strike a clock at a request, let it run again, and return what is wrong."""
    with portal(folder, ward) as stage:
        _, happened = stage.struck(Strike(at, number), "clock", CONFIG, "--target", TARGET)
        if not happened:
            return ["nothing struck"]
        again = _clock(stage).wait()
        return [*_failed(again), *_told_apart(calm, _dated(stage, 0))]


def _failed(*ended: Ended) -> Iterator[str]:
    for each in ended:
        if each.code:
            yield f"a clock left with {each.code}: {each.err[-300:]}"


def _told_apart(calm: Dated, found: Dated) -> Iterator[str]:
    for record, said in calm.contacts.items():
        for name, value in said.items():
            there = found.contacts.get(record, {}).get(name)
            if there != value:
                yield f"contact {record} says {name} = {there}, and with one clock {value}"
    if found.told != calm.told:
        yield f"people were told {dict(found.told)}, and with one clock {dict(calm.told)}"
