"""A target made what the agreement says, and every refusal to do so."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from sla_sync.connector import Backfills, Manifest, TellsLock
from sla_sync.diagnostics import Diagnostic, errors_in
from sla_sync.errors import DocumentError, LockedError, PlatformError, RefusedError, StalePlanError
from sla_sync.pipeline.consent import objections
from sla_sync.pipeline.look import Say, Sight, coming_manifest, look, open_writer, say_nothing
from sla_sync.pipeline.working_copy import one_at_a_time
from sla_sync.places import Place
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.apply import apply as carry_out
from sla_sync.reconcile.guard import guard
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.plan import Fingerprint, Plan, fingerprint
from sla_sync.reconcile.references import addresses_of
from sla_sync.targets import lock_ticket


@dataclass(frozen=True)
class Applied:
    """What apply was asked to do and what became of it; `result` is None where there was nothing to do."""

    plan: Plan
    result: Result | None
    warnings: tuple[Diagnostic, ...] = ()
    backfilled: tuple[str, ...] = ()
    """What became of the records that were there before, where that was asked for: sentences."""


def apply(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    acknowledged: Collection[str] = (),
    agreed_plan: Mapping[str, object] | None = None,
    confirm: Callable[[Plan], bool] = lambda _: True,
    backfill: bool = False,
    only: Collection[str] = (),
    commit: str | None = None,
    say: Say = say_nothing,
) -> Applied:
    """Make a target what the agreement says; with `backfill`, the records that were there before too.

    `only` names settings, by address or by the finding about them: these and what they require are applied, all else stays.

    `agreed_plan` is a saved plan as JSON: where the agreement or the live settings are no longer those it was made
    for, StalePlanError says what moved. Raises RefusedError where a guard says no or `confirm` does.
    """
    with look(place, name, environ=environ, today=today, foresee=True, only=only, say=say) as sight:
        if agreed_plan is not None:
            refuse_stale(agreed_plan, sight.plan)
        if errors_in(sight.plan.diagnostics):
            raise DocumentError(f"The plan for {name} cannot be applied.", sight.plan.diagnostics)
        metadata = sight.prepared.agreement.metadata
        last_day = metadata.effective.until
        found = guard(
            sight.plan,
            acknowledged=acknowledged,
            expired=last_day if last_day and last_day < (today or sight.target.connection.now().date()) else None,
        )
        found += objections(place, sight, environ=environ, today=today, say=say)
        if errors_in(found):
            raise RefusedError(f"Nothing was applied to {name}.", found)
        coming = coming_manifest(sight, commit=commit)
        if not sight.plan.changes and sight.manifest is not None and _same(sight.manifest, coming):
            give_back_what_a_dead_run_left(sight)
            return Applied(sight.plan, None, found, _backfill(sight, say) if backfill else ())
        if sight.plan.changes and not confirm(sight.plan):
            raise RefusedError(f"Nothing was applied to {name}: the plan was not confirmed.")
        result = perform(sight, coming, say=say)
        done = _backfill(sight, say) if backfill and result.complete else ()
    return Applied(sight.plan, result, found, done)


def perform(
    sight: Sight,
    coming: Manifest,
    *,
    again: Callable[[], Fingerprint] | None = None,
    doing: str = "Applying to",
    say: Say = say_nothing,
) -> Result:
    """Carry out what was seen and agreed to, under the locks, once it was looked whether the world is still as it was.

    `again` looks once more, where the plan is not one towards the agreement.

    Raises LockedError where somebody else applies, StalePlanError where the platform moved since it was read.
    """
    folder, now = sight.target.folder, sight.target.connection.now
    with _one_at_a_time(folder, sight.plan.target), open_journal(folder / "journal.jsonl", now) as journal:
        say(f"{doing} {sight.plan.target} …")
        # The lock is the first thing that is written to the platform: nothing is, where no journal can be kept of it.
        journal.write("locking", target=sight.plan.target)
        result: Result | None = None
        try:
            with open_writer(sight) as writer:
                refuse_moved(sight, (again or partial(_look_again, sight))(), sight.reader.manifest())
                tell = _progress(sight, say)
                result = carry_out(
                    sight.plan,
                    writer,
                    coming,
                    journal,
                    previous=sight.manifest,
                    atomic=sight.prepared.connector.atomic,
                    tell=tell,
                )
        except (PlatformError, LockedError):
            if result is None or result.error is None:
                raise
            # What cut it off is the news, with what was done by then; a lock that stays behind ends by itself.
        return result


def give_back_what_a_dead_run_left(sight: Sight) -> None:
    """Give back the apply lock where a run of this working copy was killed and nothing is left to do."""
    held = sight.reader.lock() if isinstance(sight.reader, TellsLock) else None
    target = sight.target
    if held is not None and held.token == lock_ticket(target.folder, target.connection.now).token:
        with _one_at_a_time(target.folder, target.name), open_writer(sight):
            pass


def _backfill(sight: Sight, say: Say) -> tuple[str, ...]:
    """Bring the records under the agreement that were there before it, and return what was done in sentences."""
    with _one_at_a_time(sight.target.folder, sight.plan.target), open_writer(sight) as writer:
        if not isinstance(writer, Backfills):
            return (f"{sight.plan.target} has nothing to fill in: its connector keeps no records of its own.",)
        say(f"Filling in what was there before on {sight.plan.target} …")
        return tuple(writer.backfill(sight.prepared.resources, sight.prepared.binding))


def _progress(sight: Sight, say: Say) -> Callable[[int], None]:
    """Return what says at most once a second how far the apply has come."""
    total, said = len(sight.plan.changes), time.monotonic()

    def tell(done: int) -> None:
        nonlocal said
        if time.monotonic() - said > 1:
            said = time.monotonic()
            say(f"  {done} of {total} changes …")

    return tell


def _same(before: Manifest, coming: Manifest) -> bool:
    """Return whether a manifest says what the coming one says; from which commit it was written does not count."""
    return replace(before, commit=None, handles={}) == replace(coming, commit=None, handles={})


def _one_at_a_time(folder: Path, name: str) -> AbstractContextManager[None]:
    return one_at_a_time(folder, f"apply to {name}", file="apply.lock", hint="Wait until it ends, then plan again.")


def _look_again(sight: Sight) -> Fingerprint:
    """Read once more what the plan looked at, and return how it stands now."""
    translation = sight.prepared.translation
    snapshot = sight.reader.read(addresses_of(translation.desired, translation.gaps))
    return fingerprint(translation, snapshot, sight.prepared.connector.types, sight.manifest, scope=sight.plan.scope)


def refuse_moved(sight: Sight, now: Fingerprint, manifest: Manifest | None) -> None:
    """Raise StalePlanError where the platform, read under the lock, is not as it was when we planned.

    A manifest that another apply wrote meanwhile counts too: what it says was displaced must not be written over.
    """
    moved = sight.plan.fingerprint.moved(now)
    if not moved and manifest != sight.manifest:
        moved = ("what the last apply recorded",)
    if moved:
        raise StalePlanError(
            f"{sight.plan.target} changed between the plan and its apply: {', '.join(moved)}.",
            hint="Plan again and read what it says now.",
        )


def refuse_stale(saved: Mapping[str, object], now: Plan) -> None:
    """Raise StalePlanError where a saved plan is not what would be planned now; the message says what moved."""
    if saved["agreement_digest"] != now.agreement_digest:
        raise StalePlanError(
            f"The agreement or its binding changed since the plan for {now.target} was made.",
            hint="Plan again and read what it says now.",
        )
    then = saved["fingerprint"]
    settings, containers = (
        then.get(each) if isinstance(then, Mapping) else None for each in ("settings", "containers")
    )
    if not isinstance(settings, Mapping) or not isinstance(containers, Mapping):
        raise _of_another_release(now)
    moved = Fingerprint(settings, containers).moved(now.fingerprint)
    if moved:
        raise StalePlanError(
            f"{now.target} changed since the plan was made: {', '.join(map(str, moved))}.",
            hint="Plan again and read what it says now.",
        )
    planned = saved["changes"]
    listed = planned if isinstance(planned, Sequence) and not isinstance(planned, str) else ()
    steps = [(each.get("action"), each.get("address")) if isinstance(each, Mapping) else None for each in listed]
    if steps != [(str(each.action), str(each.address)) for each in now.changes]:
        raise _of_another_release(now)


def _of_another_release(now: Plan) -> StalePlanError:
    return StalePlanError(
        f"The saved plan for {now.target} is not the plan that this release makes of the same world.",
        hint="Plan again with this release.",
    )
