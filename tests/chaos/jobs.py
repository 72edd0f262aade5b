"""What is done under faults, and in which world; each job is judged by what it leaves behind once the faults are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.chaos.stage import TODAY

_DAY = ("--today", TODAY)


@dataclass(frozen=True)
class Job:
    """One command of a campaign. `again` is what must reach its end when the faults are over."""

    name: str
    world: str
    command: tuple[str, ...]
    again: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    """What then finds nothing left to do, as JSON with an empty list of `changes`."""
    changed: bool = False
    """Whether the agreement is that of later."""
    writes: bool = False
    """Whether it may write settings."""
    fine: frozenset[int] = frozenset({0})
    """The exit codes that it has where nothing goes wrong."""
    only: str = ""
    """The platform that has it; both where left out."""
    back: str = ""
    """The world whose settings stand as they stood once `leave` is done, whatever was taken over meanwhile."""
    leave: tuple[str, ...] = ()
    """What is done after everything else where no fault happens any more."""
    deletes: bool = False
    """Whether the target says that what is too much is taken away."""
    silenced: bool = False
    """Whether an administrator silenced the agreement, so that an audit must name it until an apply may end it."""


_PLAN = ("plan", "--format", "json", *_DAY)
_APPLY = ("apply", "--yes", *_DAY)
_REMOVE = ("remove", "--yes", *_DAY)
LEFT = ("remove", "--plan", "--format", "json", *_DAY)
_DRIFT = ("drift", *_DAY)
JOBS: Mapping[str, Job] = {
    each.name: each
    for each in (
        Job("first apply", "others", _APPLY, _APPLY, _PLAN, writes=True),
        Job("apply of a change", "applied", _APPLY, _APPLY, _PLAN, changed=True, writes=True),
        Job("remove", "applied", _REMOVE, _REMOVE, LEFT, writes=True),
        Job("adoption", "occupied", _APPLY, _APPLY, _PLAN, writes=True, back="occupied", leave=_REMOVE),
        Job("remove of an adoption", "adopted", _REMOVE, _REMOVE, LEFT, writes=True, back="occupied"),
        Job("end of a silence", "silenced", _APPLY, _APPLY, _PLAN, writes=True, deletes=True),
        Job(
            "apply in a silence",
            "silenced",
            _APPLY,
            _APPLY,
            _PLAN,
            changed=True,
            writes=True,
            silenced=True,
            only="salesforce",
        ),
        Job("drift in a silence", "silenced", _DRIFT, _DRIFT, fine=frozenset({3}), silenced=True),
        Job("plan", "applied", _PLAN, _PLAN, changed=True),
        Job("rehearsal", "applied", ("plan", "--rehearse", *_DAY), ("plan", *_DAY), changed=True),
        Job("drift", "applied", _DRIFT, _DRIFT, fine=frozenset({0, 3})),
        Job("export", "applied", ("export",), ("export",)),
        Job("clock", "applied", ("clock",), ("clock",), only="hubspot"),
    )
}

OF: Mapping[str, Sequence[str]] = {
    platform: tuple(
        name
        for name, job in JOBS.items()
        for _ in range(3 if job.writes and job.world != "silenced" else 1)  # what writes can do harm
        if job.only in ("", platform)
    )
    for platform in ("hubspot", "salesforce")
}
