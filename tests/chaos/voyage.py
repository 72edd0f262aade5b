"""One schedule carried out, and everything that must hold after it; what does not is told in sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sla_sync.connector.simulation import Happened
from tests.chaos.jobs import JOBS, LEFT, Job
from tests.chaos.occupied import SILENCED
from tests.chaos.others import Inventory, inventory
from tests.chaos.schedule import Schedule
from tests.chaos.stage import Said, Stage, made, stage

_FAILED = frozenset({1, 4})
_BULK = re.compile(r"bulk:\d+")
_HELD = re.compile(r"^  o (.+?): (?:.* holds? something in it|.* stays and needs it)$", re.MULTILINE)
"""What `remove` says it leaves where it is, since records hold something in it."""
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
        _set_up(here, job)
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
            *_of_a_silence(said, schedule.platform, job, before, between),
        ]
        if not job.writes and before.unlike(between):
            faults.append(f"A command that only looks changed {before.unlike(between)[0]}.")
        faults += _of_the_repeat(here, job, calm, acks)
        after = _inventory(schedule, here)
        faults += _of_others(before, after)
        faults += _of_ours(after, calm.after, _said_to_stay(here, job))
        faults += _of_what_stood_before(here, job, schedule.platform)
        faults += _of_secrets(here)
    return Voyage(schedule, said.code, happened, tuple(faults))


@cache
def calm_of(platform: str, name: str) -> Calm:
    """Return how a job ends where nothing goes wrong; done once in a process."""
    job = JOBS[name]
    with stage(platform, job.world) as here:
        _set_up(here, job)
        before = inventory(platform, here.running, here.here / "platform")
        assert bool(before.silences) == (job.world == "silenced")
        acks = acknowledgements(here, job)
        here.running.requests = 0
        said = here.run(*job.command, *acks)
        requests = here.running.requests
        assert said.code in job.fine, said.err
        again = here.run(*job.again, *acknowledgements(here, job))
        assert again.code in job.fine, again.err
        after = inventory(platform, here.running, here.here / "platform")
        wrong = [
            *_of_a_silence(said, platform, job, before, after),
            *_of_what_stood_before(here, job, platform),
        ]
        assert not wrong, wrong
        return Calm(requests, said.code, after)


def _set_up(here: Stage, job: Job) -> None:
    if job.changed:
        here.agree()
    if job.deletes:
        here.delete_removed()


@cache
def _standing(platform: str, world: str) -> Inventory:
    """Return what stands in a world."""
    with stage(platform, world) as here:
        return inventory(platform, here.running, here.here / "platform")


def acknowledgements(here: Stage, job: Job) -> tuple[str, ...]:
    """Return what a guard asks for before it lets this job go on, as options."""
    if not job.writes:
        return ()
    looked = here.run(*job.look)
    asked = {ack for each in _changes(looked) for ack in each["acknowledgements"]} if looked.code == 0 else set()
    found = {*_BULK.findall(looked.out)}
    if not found:  # the guard names it only where it refuses
        asking = (*(each for each in job.command if each != "--yes"), *_options(asked))
        found = {*_BULK.findall(here.run(*asking).err)}
    return _options(asked | found)


def _options(acks: Collection[str]) -> tuple[str, ...]:
    return tuple(each for ack in sorted(acks) for each in ("--ack", ack))


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
        if kind not in _MADE_WHOLE or job.name in _REMOVALS:
            continue
        name = key.rpartition("/")[2].rpartition(".")[2]
        if name not in there and key not in text:
            yield f"The journal says that {found['address']} was made, and it is not there."


_REMOVALS = frozenset({"remove", "remove of an adoption"})
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
    if job.name not in _REMOVALS:
        return frozenset()
    found = here.run(*job.look).found
    # Somebody may have come meanwhile of whom our own automation noted something: that is data, and stays.
    held = {each for said in here.said for each in _HELD.findall(said.out)}
    return frozenset({*found["unproven"], *(each["address"] for each in found["kept"]), *held})


def _of_ours(after: Inventory, calm: Inventory, said: frozenset[str]) -> Iterator[str]:
    staying = {each.rpartition("/")[2] for each in said}
    for each in [name for name in after.unlike(calm) if name.rpartition("/")[2] not in staying][:3]:
        yield (
            f"{each} is not as it is where nothing goes wrong: "
            f"{str(calm.ours.get(each))[:1500]} → {str(after.ours.get(each))[:1500]}"
        )
    for name, count in after.versions.items():
        if count > calm.versions.get(name, count):
            yield f"The flow {name} has {count} versions, where {calm.versions[name]} are enough."


def _of_a_silence(said: Said, platform: str, job: Job, before: Inventory, after: Inventory) -> Iterator[str]:
    """Yield where an audit knows nothing of what silences the agreement, or a command ended it that may not."""
    if not job.silenced:
        return
    if before.silences != after.silences:
        yield f"{before.silences} silenced the agreement, and now {after.silences or 'nothing'} does."
    if said.command[0] == "drift" and said.code != 1 and SILENCED[platform] not in said.out:
        yield f"The audit left with exit code {said.code} and does not say that {SILENCED[platform]} is silent."


def _of_what_stood_before(here: Stage, job: Job, platform: str) -> Iterator[str]:
    """Leave, and yield what had stood there before us and does not stand as it stood."""
    if not job.back:
        return
    if job.leave:
        left = here.run(*job.leave, *acknowledgements(here, replace(job, command=job.leave, look=LEFT)))
        if left.code != 0:
            yield f"Nobody can leave afterwards: {(left.out + left.err)[-700:]}"
            return
    now, stood = inventory(platform, here.running, here.here / "platform"), _standing(platform, job.back)
    if not stood.ours:
        yield f"Nothing of a name of ours stood in the world «{job.back}»."
    for each in now.not_as(stood):
        yield f"{each} stood there before and was not put back: {stood.ours[each][:900]} → {str(now.ours.get(each))[:900]}"


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
