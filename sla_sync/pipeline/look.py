"""A target as it was read, and the plan that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

from sla_sync.agreement.targets import Target
from sla_sync.connector import Foresees, ForeseesFor, Manifest, Reader, Setup, Snapshot, Writer
from sla_sync.errors import TargetError
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.handed_over import whole_conversation, whole_snapshot
from sla_sync.pipeline.named_settings import named_settings
from sla_sync.pipeline.validate import Documents, judge, read
from sla_sync.places import Place
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync.reconcile.scope import partial_manifest
from sla_sync.targets import OpenTarget, lock_ticket, open_target

Say = Callable[[str], None]
"""Tells a person what is going on; goes to stderr."""


def say_nothing(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Sight:
    """A target as it was read, and the plan that follows from it."""

    target: OpenTarget
    prepared: Prepared
    reader: Reader
    snapshot: Snapshot
    manifest: Manifest | None
    plan: Plan
    documents: Documents


def choose_target(documents: Documents, name: str) -> Target:
    """Return a target by name. Raises TargetError where there is none, or it is not about this agreement."""
    if documents.targets is None:
        raise TargetError(
            f"No targets.yaml was found for {documents.place.agreement}.",
            hint="Write configs/targets.yaml; `sla-sync schema --kind Targets` describes it.",
        )
    targets = documents.targets.targets
    if name not in targets:
        raise TargetError(
            f"{documents.place.targets} has no target '{name}'; it has: {', '.join(targets)}.",
            hint="Correct --target, or add the target to the file.",
        )
    target = targets[name]
    folder = documents.place.targets.parent if documents.place.targets else Path()
    named = [(folder / each).resolve() for each in target.agreements]
    if len(named) > 1:
        raise TargetError(
            f"Target '{name}' names {len(named)} agreements; this release applies one agreement to a target.",
            hint="Leave one agreement in the target, or give the other one a target of its own.",
        )
    if documents.place.agreement.resolve() not in named:
        raise TargetError(
            f"Target '{name}' is not about {documents.place.agreement}; it names {', '.join(target.agreements)}.",
            hint="Name the folder of its agreement, or correct the target.",
        )
    return target


def binding_of(documents: Documents, target: Target) -> Path:
    """Return the path of a target's binding as the documents name it; what was not read is named all the same."""
    folder = documents.place.targets.parent if documents.place.targets else Path()
    asked = folder / target.binding
    return next((path for path in documents.bindings if path.resolve() == asked.resolve()), asked)


@dataclass(frozen=True)
class Conversation:
    """An open target with a reader that cannot write, and the documents that it is about."""

    documents: Documents
    prepared: Prepared
    target: OpenTarget
    reader: Reader
    said: Target


@contextmanager
def converse(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    reading: bool = False,
    say: Say = say_nothing,
) -> Iterator[Conversation]:
    """Open one target for reading until the context ends; `reading` signs in as the target's `audit_as` says."""
    documents = read(place)
    target = choose_target(documents, name)
    start = documents.usable.metadata.effective.start
    documents = judge(documents, today=today or (start if target.simulator else datetime.now(UTC).date()))
    agreement = documents.usable
    binding = binding_of(documents, target)
    prepared = prepare(documents, binding, target.people)
    if prepared.connector.name != target.connector:
        raise TargetError(
            f"Target '{name}' is on '{target.connector}', and its binding {binding} is for '{prepared.connector.name}'.",
            hint="Let both name the same connector.",
        )
    setup = Setup(agreement=agreement.metadata.name, people=target.people)
    with open_target(
        name,
        target,
        prepared.connector,
        setup,
        state=place.state,
        environ=environ,
        clock_start=datetime.combine(start, time(), tzinfo=UTC),
        reading=reading,
    ) as opened:
        say(f"Reading {name} …")
        with prepared.connector.open_reader(opened.connection) as reader:
            whole = whole_conversation(reader, Reader, prepared.connector)
            yield Conversation(documents, prepared, opened, whole, target)


@contextmanager
def look(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    foresee: bool = False,
    reading: bool = False,
    before: Callable[[Reader, datetime], None] | None = None,
    only: Collection[str] = (),
    say: Say = say_nothing,
) -> Iterator[Sight]:
    """Read one target and plan for it; the reader stays open until the context ends, and cannot write.

    `foresee` also looks whether the plan fits, which an audit need not know; `reading` as in `converse`. `before` is
    given the reader and the time before anything is read, and may raise what keeps it from being read. `only` makes it a
    plan for some settings, named by their addresses or by the findings about them.
    """
    with converse(place, name, environ=environ, today=today, reading=reading, say=say) as opened:
        if before is not None:
            before(opened.reader, opened.target.connection.now())
        yield see(opened, foresee=foresee, only=only)


def see(opened: Conversation, *, foresee: bool = False, only: Collection[str] = ()) -> Sight:
    """Read an open target once and plan for it; `foresee` and `only` as in `look`."""
    prepared, reader = opened.prepared, opened.reader
    findings = tuple(reader.check())
    read = reader.read(addresses_of(prepared.translation.desired, prepared.translation.gaps))
    snapshot = whole_snapshot(read, prepared.connector)
    manifest = reader.manifest()
    make = partial(
        make_plan,
        prepared.translation,
        snapshot,
        prepared.connector.types,
        target=opened.target.name,
        agreement=prepared.agreement.metadata.name,
        agreement_digest=prepared.digest,
        manifest=manifest,
        delete_removed=opened.said.removal == "delete",
        production=opened.said.production,
        diagnostics=findings,
    )
    plan = make()
    if only:
        plan = make(only=named_settings(only, plan, prepared, snapshot, manifest))
    if foresee and isinstance(reader, Foresees):
        plan = replace(plan, diagnostics=(*plan.diagnostics, *reader.foresee(plan.changes)))
    if foresee and not only and isinstance(reader, ForeseesFor):
        found = tuple(reader.foresee_for(prepared.resources, prepared.binding))
        plan = replace(plan, diagnostics=(*plan.diagnostics, *found))
    return Sight(opened.target, prepared, reader, snapshot, manifest, plan, opened.documents)


def coming_manifest(sight: Sight, *, commit: str | None) -> Manifest:
    """Return the manifest that holds once every change of the plan is done."""
    whole = next_manifest(
        sight.manifest,
        sight.prepared.translation.desired,
        sight.plan.changes,
        sight.snapshot,
        sight.prepared.connector.types,
        agreement_digest=sight.prepared.digest,
        commit=commit,
    )
    scope = sight.plan.scope
    return whole if scope is None else partial_manifest(sight.manifest, whole, scope)


@contextmanager
def open_writer(sight: Sight) -> Iterator[Writer]:
    """Open a conversation with the target that may write, under the platform's apply lock."""
    ticket = lock_ticket(sight.target.folder, sight.target.connection.now)
    connection = replace(sight.target.connection, lock=ticket)
    with sight.prepared.connector.open_writer(connection, sight.snapshot) as writer:
        yield whole_conversation(writer, Writer, sight.prepared.connector)


def targets_about(documents: Documents) -> Mapping[str, Target]:
    """Return the targets that are about this agreement, by name."""
    place = documents.place
    if documents.targets is None or place.targets is None:
        return {}
    folder, agreement = place.targets.parent, place.agreement.resolve()
    return {
        name: target
        for name, target in documents.targets.targets.items()
        if agreement in {(folder / each).resolve() for each in target.agreements}
    }
