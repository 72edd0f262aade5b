"""Apply: the changes of a plan carried out by a writer, each outcome in the journal before the next change begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sla_sync.errors import JournalError, SlaSyncError
from sla_sync.reconcile.journal import Journal
from sla_sync.reconcile.manifest import opening_manifest
from sla_sync.reconcile.plan import Plan
from sla_sync.reconcile.settings import Change, Manifest, Outcome, Status


class Applies(Protocol):
    """The part of a connector's writer that apply needs."""

    def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
        """Carry out the changes in order."""
        ...


@dataclass(frozen=True)
class Result:
    """What apply did. `error` is what cut it off, where something did."""

    outcomes: tuple[Outcome, ...]
    error: SlaSyncError | None = None

    @property
    def complete(self) -> bool:
        """Whether every change was done."""
        return self.error is None and all(each.status is Status.DONE for each in self.outcomes)


def apply(
    plan: Plan,
    writer: Applies,
    manifest: Manifest,
    journal: Journal,
    *,
    previous: Manifest | None = None,
    atomic: bool = False,
    tell: Callable[[int], None] = lambda _: None,
) -> Result:
    """Carry out a plan and return what was done, also when it was cut off.

    What adoption displaces is kept on the platform before anything is adopted, and the names of what will be made before
    it is made, unless the writer is `atomic`: after a crash our mark alone would not tell what stood there before us,
    nor a name who gave it. `tell` hears after each change how many are through.

    The first line of the journal is written before the platform is touched, so that a full disk stops apply before it
    begins; when the disk fills up later, what the platform has done by then is still reported.
    """
    journal.write(
        "begin", target=plan.target, agreement_digest=plan.agreement_digest, fingerprint=plan.fingerprint.overall
    )
    outcomes: list[Outcome] = []
    unwritten: JournalError | None = None
    try:
        opening = opening_manifest(previous, manifest, atomic=atomic)
        if opening is not None:
            for _ in writer.apply((), opening):
                pass
        for outcome in writer.apply(plan.changes, manifest):
            outcomes.append(outcome)
            tell(len(outcomes))
            if unwritten is None:
                try:
                    journal.outcome(outcome)
                except JournalError as error:
                    unwritten = error
        if unwritten is None:
            failed = sum(each.status is not Status.DONE for each in outcomes)
            journal.write("end", changes=len(outcomes), failed=failed)
    except JournalError as error:
        return Result(tuple(outcomes), error)
    except SlaSyncError as error:
        return Result((*outcomes, *_unknown(plan, outcomes, error)), error)
    except KeyboardInterrupt as stop:
        stop.add_note(f"{len(outcomes)} of {len(plan.changes)} changes were reported as done until then.")
        with suppress(JournalError):
            journal.write("stopped", changes=len(outcomes))
        raise
    return Result(tuple(outcomes), unwritten)


def _unknown(plan: Plan, outcomes: Sequence[Outcome], error: SlaSyncError) -> Iterator[Outcome]:
    """Yield an outcome for every change whose fate nobody reported."""
    reported = {each.change.address for each in outcomes}
    for change in plan.changes:
        if change.address not in reported:
            yield Outcome(change, Status.UNKNOWN, str(error))
