"""One schedule carried out, and everything that must hold after it; what does not is told in sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sla_sync.connector.simulation import Happened
from tests.chaos.jobs import JOBS, Job
from tests.chaos.others import Inventory, inventory
from tests.chaos.schedule import Schedule
from tests.chaos.stage import Said, Stage, made, stage

_FAILED = frozenset({1, 4})
_BULK = re.compile(r"bulk:\d+")
_PATIENCE = 2
"""How often the command is repeated when the faults are over: a plan may rightly be refused once, since somebody moved."""


@dataclass(frozen=True)
class Voyage:
    """What became of one schedule."""

    schedule: Schedule
    code: int
    happened: tuple[Happened, ...]
    faults: tuple[str, ...]
    """What does not hold and should, in sentences."""


@dataclass(frozen=True)
class Calm:
    """The same job where nothing goes wrong."""

    requests: int
    code: int
    after: Inventory


def sail(schedule: Schedule) -> Voyage:
    """Carry out a schedule on a platform of its own, and judge it."""
    job, calm = JOBS[schedule.job], calm_of(schedule.platform, schedule.job)
    with stage(schedule.platform, job.world) as here:
        before = _inventory(schedule, here)
        if job.changed:
            here.agree()
        acks = acknowledgements(here, job)
        here.running.requests = 0
        said = here.run(*job.command, *acks, trouble=schedule.trouble(calm.requests))
        happened = tuple(here.running.happened)
        here.running.happened.clear()
        between = _inventory(schedule, here)
        faults = [
            *_of_exit(said, job, happened),
            *_of_others(before, between),
            *_of_what_was_reported(said, job, here),
            *_of_a_journal(here, between, job),
        ]
        if not job.writes and before.unlike(between):
            faults.append(f"A command that only looks changed {before.unlike(between)[0]}.")
        faults += _of_the_repeat(here, job, calm, acks)
        after = _inventory(schedule, here)
        faults += _of_others(before, after)
        faults += _of_ours(after, calm.after, _said_to_stay(here, job))
        faults += _of_secrets(here)
    return Voyage(schedule, said.code, happened, tuple(faults))


@cache
def calm_of(platform: str, name: str) -> Calm:
    """Return how a job ends where nothing goes wrong; done once in a process."""
    job = JOBS[name]
    with stage(platform, job.world) as here:
        if job.changed:
            here.agree()
        acks = acknowledgements(here, job)
        here.running.requests = 0
        said = here.run(*job.command, *acks)
        requests = here.running.requests
        assert said.code in job.fine, said.err
        again = here.run(*job.again, *acknowledgements(here, job))
        assert again.code in job.fine, again.err
        return Calm(requests, said.code, inventory(platform, here.running, here.here / "platform"))


def acknowledgements(here: Stage, job: Job) -> tuple[str, ...]:
    """Return what a guard asks for before it lets this job go on, as options."""
    if not job.writes:
        return ()
    looked = here.run(*job.look)
    found = sorted({*_BULK.findall(looked.out)})
    if not found:  # the guard names it only where it refuses
        found = sorted({*_BULK.findall(here.run(*(each for each in job.command if each != "--yes")).err)})
    return tuple(each for ack in found for each in ("--ack", ack))


def _inventory(schedule: Schedule, here: Stage) -> Inventory:
    return inventory(schedule.platform, here.running, here.here / "platform")


def _of_exit(said: Said, job: Job, happened: Sequence[Happened]) -> Iterator[str]:
    if "Traceback" in said.err or "Traceback" in said.out:
        yield f"It ended in a traceback: {said.err[-800:]}"
    if said.code not in job.fine | _FAILED:
        yield f"It left with exit code {said.code}."
    told = f"{said.out} {said.err}".lower()  # what a plan finds stands in its answer
    if said.code in _FAILED and "error" not in told and "failed" not in told:
        yield f"It left with exit code {said.code} and said nothing of an error: {said.err[-300:]}"
    if said.code in _FAILED and not happened:
        yield f"It failed although nothing went wrong: {said.err[-500:]}"


def _of_others(before: Inventory, after: Inventory) -> Iterator[str]:
    for each in before.moved(after)[:3]:
        yield f"{each} is others' and changed: {str(before.theirs.get(each))[:300]} → {str(after.theirs.get(each))[:300]}"
    for each in after.twice:
        yield f"{each} is there twice."


def _of_what_was_reported(said: Said, job: Job, here: Stage) -> Iterator[str]:
    """Yield what a command said was done and is not."""
    if not job.writes or said.code != 0:
        return
    looked = here.run(*job.look)
    if looked.code != 0:
        yield f"It said that all was done, and a look at it fails: {looked.err[-500:]}"
    elif left := _changes(looked):
        yield f"It said that all was done, and {left[0]['address']} waits to be changed."


def _of_a_journal(here: Stage, now: Inventory, job: Job) -> Iterator[str]:
    """Yield what the journal says was made and is not there."""
    path = here.state / "journal.jsonl"
    if not job.writes or not path.exists():
        return
    there = {each.rpartition("/")[2].rpartition(".")[2] for each in now.ours}
    text = " ".join(now.ours)
    for line in path.read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        if found["event"] != "outcome" or found["status"] != "done" or found["action"] != "create":
            continue
        kind, _, key = found["address"].partition("/")
        if kind not in _MADE_WHOLE or job.name == "remove":
            continue
        name = key.rpartition("/")[2].rpartition(".")[2]
        if name not in there and key not in text:
            yield f"The journal says that {found['address']} was made, and it is not there."


_MADE_WHOLE = frozenset({"Property", "Workflow", "Segment", "CustomField", "Flow", "ValidationRule", "PermissionSet"})
"""Kinds of settings that are things of their own on their platform."""


def _of_the_repeat(here: Stage, job: Job, calm: Calm, acks: tuple[str, ...]) -> Iterator[str]:
    """Yield what does not come to its end although the faults are over."""
    said: Said | None = None
    for _ in range(_PATIENCE):
        said = here.run(*job.again, *(acknowledgements(here, job) or acks))
        if said.code in job.fine:
            break
    assert said is not None
    if said.code not in job.fine:
        yield f"Repeated without faults it leaves with exit code {said.code}: {(said.out + said.err)[-700:]}"
    if not job.look:
        return
    looked = here.run(*job.look)
    if looked.code != 0 or (left := _changes(looked)):
        why = looked.err[-500:] if looked.code else f"{left[0]['action']} {left[0]['address']}"
        yield f"After a repeated run without faults the plan is not empty: {why}"


def _said_to_stay(here: Stage, job: Job) -> frozenset[str]:
    """Return the settings that `remove` says it leaves where they are."""
    if job.name != "remove":
        return frozenset()
    found = here.run(*job.look).found
    return frozenset({*found["unproven"], *(each["address"] for each in found["kept"])})


def _of_ours(after: Inventory, calm: Inventory, said: frozenset[str]) -> Iterator[str]:
    for each in [name for name in after.unlike(calm) if name not in said][:3]:
        yield (
            f"{each} is not as it is where nothing goes wrong: "
            f"{str(calm.ours.get(each))[:1500]} → {str(after.ours.get(each))[:1500]}"
        )
    for name, count in after.versions.items():
        if count > calm.versions.get(name, count):
            yield f"The flow {name} has {count} versions, where {calm.versions[name]} are enough."


def _of_secrets(here: Stage) -> Iterator[str]:
    token = here.running.token
    for each in here.said:
        if token in each.out or token in each.err:
            yield f"`{' '.join(each.command)}` showed the token."
    for path in _files(here.here):
        if token.encode() in path.read_bytes():
            yield f"{path.name} holds the token."


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and "platform" not in path.relative_to(folder).parts[:1]:
            yield path


def _changes(said: Said) -> list[Any]:
    found: list[Any] = said.found["changes"]
    return found


def worlds(platforms: Sequence[str]) -> None:
    """Make every world of these platforms, so that what comes later only copies them."""
    for platform in platforms:
        made(platform, "applied")
