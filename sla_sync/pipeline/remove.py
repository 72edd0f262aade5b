"""All that was made on a target undone, and what it displaced put back: how a team leaves the tool."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sla_sync.connector import Foresees, Reader, TellsHoldings
from sla_sync.diagnostics import Diagnostic, errors_in
from sla_sync.errors import DocumentError, RefusedError, SlaSyncError
from sla_sync.pipeline.apply import give_back_what_a_dead_run_left, perform, refuse_stale
from sla_sync.pipeline.build import Prepared
from sla_sync.pipeline.look import Conversation, Say, Sight, converse, open_writer, say_nothing
from sla_sync.places import Place
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.guard import guard
from sla_sync.reconcile.leaving import Ground, addresses_of_manifest, deletion_of_all
from sla_sync.reconcile.plan import Fingerprint
from sla_sync.reconcile.references import addresses_of
from sla_sync.reconcile.remove import Departure, departure, fingerprint_of, remaining_manifest
from sla_sync.reconcile.settings import Address, Manifest, Removal


@dataclass(frozen=True)
class Removed:
    """What remove was asked to do and what became of it; `result` is None where there was nothing to do."""

    departure: Departure
    result: Result | None
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What the person who leaves says: what may be deleted although it holds data, and what stays."""

    acknowledged: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()


NOTHING_ASKED = Asked()


def plan_removal(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    asked: Asked = NOTHING_ASKED,
    today: date | None = None,
    rehearse: bool = False,
    say: Say = say_nothing,
) -> Departure:
    """Return what remove would do to a target; `rehearse` asks the platform itself, which takes the apply lock."""
    with _leaving(place, name, environ=environ, asked=asked, today=today, say=say) as (sight, ground, found):
        if not rehearse or sight.plan.refused:
            return found
        say(f"Rehearsing on {name} …")
        with open_writer(sight) as writer:
            refused = tuple(writer.rehearse(sight.plan.changes, remaining_manifest(ground)))
        return replace(found, plan=replace(found.plan, diagnostics=(*found.plan.diagnostics, *refused)))


def remove(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    asked: Asked = NOTHING_ASKED,
    today: date | None = None,
    agreed_plan: Mapping[str, object] | None = None,
    confirm: Callable[[Departure], bool] = lambda _: True,
    say: Say = say_nothing,
) -> Removed:
    """Undo all that was made on a target.

    `agreed_plan` is a saved plan as JSON: where the target is no longer as it was, StalePlanError says what moved. Raises
    RefusedError where a guard says no or `confirm` does.
    """
    with _leaving(place, name, environ=environ, asked=asked, today=today, say=say) as (sight, ground, found):
        plan = sight.plan
        if agreed_plan is not None:
            refuse_stale(agreed_plan, plan)
        if errors_in(plan.diagnostics):
            raise DocumentError(f"Nothing can be removed from {name}.", plan.diagnostics)
        refused = guard(plan, acknowledged=ground.acknowledged)
        if errors_in(refused):
            raise RefusedError(f"Nothing was removed from {name}.", refused)
        coming = remaining_manifest(ground)
        if not plan.changes and _nothing_is_left(sight.manifest, coming):
            give_back_what_a_dead_run_left(sight)
            return Removed(found, None, refused)
        if not confirm(found):
            raise RefusedError(f"Nothing was removed from {name}: the plan was not confirmed.")
        again = partial(_look_again, sight, ground)
        result = perform(sight, coming, again=again, doing="Removing from", say=say)
    return Removed(found, result, refused)


def _nothing_is_left(before: Manifest | None, coming: Manifest) -> bool:
    return before is None or replace(before, agreement_digest="", commit=None) == coming


@contextmanager
def _leaving(
    place: Place, name: str, *, environ: Mapping[str, str], asked: Asked, today: date | None, say: Say
) -> Iterator[tuple[Sight, Ground, Departure]]:
    """Read a target for leaving it; the reader stays open until the context ends, and cannot write."""
    with converse(place, name, environ=environ, today=today, say=say) as opened:
        findings = tuple(opened.reader.check())
        ground = _ground(opened, asked)
        decide = partial(departure, target=name, production=opened.said.production, diagnostics=findings)
        found = decide(ground)
        ground = replace(ground, acknowledged=frozenset(_each_by_name(found, asked.acknowledged)))
        if ground.acknowledged != asked.acknowledged:
            found = decide(ground)
        reader = opened.reader
        if isinstance(reader, Foresees):
            more = tuple(reader.foresee(found.plan.changes))
            found = replace(found, plan=replace(found.plan, diagnostics=(*found.plan.diagnostics, *more)))
        sight = Sight(
            opened.target, opened.prepared, reader, ground.snapshot, ground.manifest, found.plan, opened.documents
        )
        yield sight, ground, found


def _each_by_name(found: Departure, acknowledged: Collection[str]) -> Iterator[str]:
    """Yield the acknowledgements, with the one that names all as those of each."""
    everything = deletion_of_all(found.kept)
    for each in acknowledged:
        if each == everything:
            yield from (kept.ack for kept in found.kept if kept.ack)
        else:
            yield each


def _ground(opened: Conversation, asked: Asked) -> Ground:
    prepared, reader = opened.prepared, opened.reader
    manifest = reader.manifest()
    ground = Ground(
        prepared.agreement.metadata.name,
        prepared.translation.desired,
        reader.read(_concerned(prepared, manifest)),
        prepared.connector.types,
        manifest,
        acknowledged=asked.acknowledged,
        keep=frozenset(map(Address.parse, asked.keep)),
    )
    _refuse_unknown(ground, opened.target.name)
    return replace(ground, holdings=_holdings(reader, ground))


def _concerned(prepared: Prepared, manifest: Manifest | None) -> frozenset[Address]:
    """Return what is read: two readings of the same show the same containers, also of what is gone by now."""
    translation = prepared.translation
    return frozenset(addresses_of(translation.desired, translation.gaps)) | addresses_of_manifest(manifest)


def _refuse_unknown(ground: Ground, name: str) -> None:
    """Raise SlaSyncError where something is to be kept that is not ours to delete."""
    for address in sorted(ground.keep - ground.claimed.keys()):
        raise SlaSyncError(
            f"There is no '{address}' on {name} that remove would delete.",
            hint="Write the address as `remove --plan` prints it.",
        )


def _holdings(reader: Reader, ground: Ground) -> Mapping[Address, int]:
    """Return how many records hold something in what may hold data, where the platform tells."""
    asked = [each for each in ground.made if ground.leaving(each).removal is Removal.DELETE_DATA]
    return reader.holdings(asked) if asked and isinstance(reader, TellsHoldings) else {}


def _look_again(sight: Sight, ground: Ground) -> Fingerprint:
    """Read once more what the plan looked at, and return how it stands now; what holds data by now counts as moved."""
    snapshot = sight.reader.read(_concerned(sight.prepared, ground.manifest))
    now = replace(ground, snapshot=snapshot)
    return fingerprint_of(replace(now, holdings=_holdings(sight.reader, now)), sight.plan.changes)
