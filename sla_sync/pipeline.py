"""One function for each command; the only place where the stages meet.

load → validate → compile → translate → read → diff → plan → apply → record, and drift beside them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.load import load_agreement, load_binding, load_targets
from sla_sync.diagnostics import Diagnostic, Severity, errors_in
from sla_sync.errors import (
    ConnectorError,
    DocumentError,
    LockedError,
    RefusedError,
    SlaSyncError,
    StalePlanError,
    TargetError,
)
from sla_sync.lint import lint
from sla_sync.places import Place
from sla_sync.registry import connector_names, load_connector

if TYPE_CHECKING:
    from sla_sync.agreement.document import Agreement
    from sla_sync.agreement.source import Source
    from sla_sync.agreement.targets import Target, Targets
    from sla_sync.connector import Connector, Manifest, Reader, Snapshot, Translation, Writer
    from sla_sync.reconcile.apply import Result
    from sla_sync.reconcile.drift import Drift
    from sla_sync.reconcile.plan import Plan
    from sla_sync.targets import OpenTarget

Say = Callable[[str], None]
"""Tells a person what is going on; goes to stderr."""


def say_nothing(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Documents:
    """The documents of one place as they were read. What could not be read is None or absent."""

    place: Place
    agreement: Agreement | None
    bindings: Mapping[Path, BindingDocument]
    targets: Targets | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[Path, Source]

    @property
    def usable(self) -> Agreement:
        """The agreement. Raises DocumentError where a finding stands in the way."""
        if errors_in(self.diagnostics) or self.agreement is None:
            raise DocumentError(f"{self.place.agreement} cannot be used.", self.diagnostics)
        return self.agreement


def read(place: Place) -> Documents:
    """Read the agreement, its bindings and the targets that govern it, with every finding about each by itself."""
    loaded = load_agreement(place.agreement, root=place.folder)
    diagnostics = [*loaded.diagnostics]
    sources = {place.agreement: loaded.source}
    bindings: dict[Path, BindingDocument] = {}
    for path in place.bindings:
        bound, source, found = _read_binding(path, place.folder)
        diagnostics += found
        sources[path] = source
        if bound is not None:
            bindings[path] = bound
    targets = None
    if place.targets is not None:
        named = load_targets(place.targets, root=place.targets.parent)
        diagnostics += named.diagnostics
        sources[place.targets] = named.source
        targets = named.value
    return Documents(place, loaded.value, bindings, targets, tuple(diagnostics), sources)


def _read_binding(path: Path, folder: Path) -> tuple[BindingDocument | None, Source, tuple[Diagnostic, ...]]:
    """Return a binding read by the model of the connector that it names."""
    plain = load_binding(path, BindingDocument, root=folder)
    metadata = plain.source.data.get("metadata") if plain.source.data else None
    name = metadata.get("connector") if isinstance(metadata, Mapping) else None
    if not isinstance(name, str):
        return None, plain.source, plain.diagnostics
    try:
        model = load_connector(name).binding
    except ConnectorError as error:
        where = ("metadata", "connector")
        found = Diagnostic("SLA102", Severity.ERROR, error.message, where, plain.source.locate(where), error.hint)
        return None, plain.source, (found,)
    bound = load_binding(path, model, root=folder)
    return bound.value, bound.source, bound.diagnostics


def validate(place: Place, *, today: date | None = None) -> Documents:
    """Return the documents of a place with all findings at once, in the order in which one reads; today if no day."""
    return judge(read(place), today=today or datetime.now(UTC).date())


def judge(documents: Documents, *, today: date) -> Documents:
    """Return documents with the findings of every rule that looks across them."""
    if documents.agreement is None:
        return _in_reading_order(documents, documents.diagnostics)
    bindings = {str(path): each for path, each in documents.bindings.items()}
    source = documents.sources[documents.place.agreement]
    found = (each.located(source, documents.sources) for each in lint(documents.agreement, bindings, today))
    return _in_reading_order(documents, (*documents.diagnostics, *found))


def _in_reading_order(documents: Documents, diagnostics: Iterable[Diagnostic]) -> Documents:
    files = {source.file: number for number, source in enumerate(documents.sources.values())}

    def place(found: Diagnostic) -> tuple[int, int, int]:
        at = found.location
        return (files.get(at.file, len(files)), at.line, at.column) if at else (len(files) + 1, 0, 0)

    return replace(documents, diagnostics=tuple(sorted(diagnostics, key=place)))


@dataclass(frozen=True)
class Prepared:
    """One agreement in one platform's words, before any connection."""

    agreement: Agreement
    binding: BindingDocument
    connector: Connector
    people: Mapping[str, tuple[str, ...]]
    translation: Translation
    digest: str


def prepare(documents: Documents, path: Path, people: Mapping[str, tuple[str, ...]]) -> Prepared:
    """Return the agreement in the words of the platform that the binding at `path` is for."""
    from sla_sync.compiler import compile_agreement
    from sla_sync.connector import Setup

    agreement = documents.usable
    binding = documents.bindings.get(path)
    if binding is None:
        raise DocumentError(
            f"There is no binding {path} for agreement '{agreement.metadata.name}'.",
            documents.diagnostics,
            hint="Write one in the folder bindings beside the agreement, or correct the path in targets.yaml.",
        )
    connector = load_connector(binding.metadata.connector)
    resources = compile_agreement(agreement, binding.modes)
    setup = Setup(agreement=agreement.metadata.name, people=people)
    return Prepared(
        agreement=agreement,
        binding=binding,
        connector=connector,
        people=people,
        translation=connector.translate(resources, binding, setup),
        digest=meaning_digest(agreement, tuple(documents.bindings.values())),
    )


def build(
    place: Place, *, platform: str, form: str, today: date | None = None, commit: str | None = None
) -> Mapping[str, bytes]:
    """Return the files that a team can release by its own pipeline: relative path → content. Works offline."""
    from sla_sync.reconcile.manifest import next_manifest
    from sla_sync.reconcile.settings import Action, Change, Consequence, Reason, Snapshot

    documents = validate(place, today=today)
    _ = documents.usable
    path = next((path for path, each in documents.bindings.items() if each.metadata.connector == platform), None)
    if path is None:
        raise SlaSyncError(
            f"{place.folder} has no binding for '{platform}'; connectors are: {', '.join(connector_names())}.",
            hint=f"Write bindings/{platform}.yaml beside the agreement, or choose another platform.",
        )
    people = next(
        (
            each.people
            for each in (documents.targets.targets.values() if documents.targets else ())
            if each.connector == platform
        ),
        {},
    )
    prepared = prepare(documents, path, people)
    if form not in prepared.connector.build:
        raise SlaSyncError(
            f"'{platform}' cannot be built as '{form}'.",
            hint=f"Choose --format {' or '.join(sorted(prepared.connector.build))}.",
        )
    made = [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.COSMETIC, desired=each)
        for each in prepared.translation.desired
    ]
    manifest = next_manifest(
        None,
        prepared.translation.desired,
        made,
        Snapshot({}),
        prepared.connector.types,
        agreement_digest=prepared.digest,
        commit=commit,
    )
    return prepared.connector.build[form](prepared.translation, manifest)


@dataclass(frozen=True)
class Sight:
    """A target as it was read, and the plan that follows from it."""

    target: OpenTarget
    prepared: Prepared
    reader: Reader
    snapshot: Snapshot
    manifest: Manifest | None
    plan: Plan


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


@contextmanager
def look(
    place: Place, name: str, *, environ: Mapping[str, str], today: date | None = None, say: Say = say_nothing
) -> Iterator[Sight]:
    """Read one target and plan for it; the reader stays open until the context ends, and cannot write."""
    from sla_sync.connector import Setup
    from sla_sync.reconcile.plan import make_plan
    from sla_sync.targets import open_target

    documents = read(place)
    target = choose_target(documents, name)
    start = documents.usable.metadata.effective.start
    documents = judge(documents, today=today or (start if target.simulator else datetime.now(UTC).date()))
    agreement = documents.usable
    folder = place.targets.parent if place.targets else Path()
    binding = next(
        (path for path in documents.bindings if path.resolve() == (folder / target.binding).resolve()),
        folder / target.binding,
    )
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
    ) as opened:
        say(f"Reading {name} …")
        with prepared.connector.open_reader(opened.connection) as reader:
            findings = tuple(reader.check())
            snapshot = reader.read({each.address for each in prepared.translation.desired})
            manifest = reader.manifest()
            plan = make_plan(
                prepared.translation,
                snapshot,
                prepared.connector.types,
                target=name,
                agreement=agreement.metadata.name,
                agreement_digest=prepared.digest,
                manifest=manifest,
                delete_removed=target.removal == "delete",
                production=target.production,
                diagnostics=findings,
            )
            yield Sight(opened, prepared, reader, snapshot, manifest, plan)


def plan(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    rehearse: bool = False,
    say: Say = say_nothing,
) -> Plan:
    """Return what apply would do to a target. `rehearse` asks the platform itself, which takes the apply lock."""
    with look(place, name, environ=environ, today=today, say=say) as sight:
        if not rehearse or sight.plan.refused:
            return sight.plan
        say(f"Rehearsing on {name} …")
        with _writer(sight) as writer:
            found = tuple(writer.rehearse(sight.plan.changes, _coming(sight, commit=None)))
        return replace(sight.plan, diagnostics=(*sight.plan.diagnostics, *found))


def _coming(sight: Sight, *, commit: str | None) -> Manifest:
    from sla_sync.reconcile.manifest import next_manifest

    return next_manifest(
        sight.manifest,
        sight.prepared.translation.desired,
        sight.plan.changes,
        sight.snapshot,
        sight.prepared.connector.types,
        agreement_digest=sight.prepared.digest,
        commit=commit,
    )


@contextmanager
def _writer(sight: Sight) -> Iterator[Writer]:
    from sla_sync.targets import lock_ticket

    ticket = lock_ticket(sight.target.folder, sight.target.connection.now)
    connection = replace(sight.target.connection, lock=ticket)
    with sight.prepared.connector.open_writer(connection, sight.snapshot) as writer:
        yield writer


@dataclass(frozen=True)
class Applied:
    """What apply was asked to do and what became of it; `result` is None where there was nothing to do."""

    plan: Plan
    result: Result | None
    warnings: tuple[Diagnostic, ...] = ()


def apply(
    place: Place,
    name: str,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    acknowledged: Collection[str] = (),
    agreed_plan: Mapping[str, object] | None = None,
    confirm: Callable[[Plan], bool] = lambda _: True,
    commit: str | None = None,
    say: Say = say_nothing,
) -> Applied:
    """Make a target what the agreement says.

    `agreed_plan` is a saved plan as JSON: where the agreement or the live settings are no longer those it was made
    for, StalePlanError says what moved. Raises RefusedError where a guard says no or `confirm` does.
    """
    from sla_sync.reconcile.apply import apply as carry_out
    from sla_sync.reconcile.guard import guard
    from sla_sync.reconcile.journal import open_journal

    with look(place, name, environ=environ, today=today, say=say) as sight:
        if agreed_plan is not None:
            refuse_stale(agreed_plan, sight.plan)
        if errors_in(sight.plan.diagnostics):
            raise DocumentError(f"The plan for {name} cannot be applied.", sight.plan.diagnostics)
        metadata = sight.prepared.agreement.metadata
        last_day = metadata.effective.until
        found = guard(
            sight.plan,
            acknowledged=acknowledged,
            draft=metadata.status == "draft",
            expired=last_day if last_day and last_day < (today or sight.target.connection.now().date()) else None,
        )
        if errors_in(found):
            raise RefusedError(f"Nothing was applied to {name}.", found)
        coming = _coming(sight, commit=commit)
        if not sight.plan.changes and sight.manifest is not None and _same(sight.manifest, coming):
            return Applied(sight.plan, None, found)
        if sight.plan.changes and not confirm(sight.plan):
            raise RefusedError(f"Nothing was applied to {name}: the plan was not confirmed.")
        folder = sight.target.folder
        now = sight.target.connection.now
        with _one_at_a_time(folder, name), open_journal(folder / "journal.jsonl", now) as journal:
            say(f"Applying to {name} …")
            with _writer(sight) as writer:
                _refuse_moved(sight)
                result = carry_out(sight.plan, writer, coming, journal, previous=sight.manifest)
    return Applied(sight.plan, result, found)


def _same(before: Manifest, coming: Manifest) -> bool:
    """Return whether a manifest says what the coming one says; from which commit it was written does not count."""
    return replace(before, commit=None, handles={}) == replace(coming, commit=None, handles={})


@contextmanager
def _one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    """Hold this working copy's own lock on a target: the platform's lock cannot tell two applies of one copy apart."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "apply.lock", timeout=0):
            yield
    except Timeout:
        raise LockedError(
            f"Another apply to {name} runs in this working copy.", hint="Wait until it ends, then plan again."
        ) from None


def _refuse_moved(sight: Sight) -> None:
    """Read once more under the lock, and raise StalePlanError where the platform is not as it was when we planned."""
    from sla_sync.reconcile.plan import fingerprint

    translation = sight.prepared.translation
    snapshot = sight.reader.read({each.address for each in translation.desired})
    now = fingerprint(translation, snapshot, sight.prepared.connector.types, sight.manifest)
    moved = sight.plan.fingerprint.moved(now)
    if moved:
        raise StalePlanError(
            f"{sight.plan.target} changed between the plan and its apply: {', '.join(moved)}.",
            hint="Plan again and read what it says now.",
        )


def refuse_stale(saved: Mapping[str, object], now: Plan) -> None:
    """Raise StalePlanError where a saved plan is not what would be planned now; the message says what moved."""
    from sla_sync.reconcile.plan import Fingerprint

    if saved["agreement_digest"] != now.agreement_digest:
        raise StalePlanError(
            f"The agreement or its binding changed since the plan for {now.target} was made.",
            hint="Plan again and read what it says now.",
        )
    then = saved["fingerprint"]
    if isinstance(then, Mapping) and then.get("overall") != now.fingerprint.overall:
        moved = Fingerprint(then["settings"], then["containers"]).moved(now.fingerprint)
        raise StalePlanError(
            f"{now.target} changed since the plan was made: {', '.join(moved)}.",
            hint="Plan again and read what it says now.",
        )
    planned = saved["changes"]
    steps = [(each["action"], each["address"]) for each in planned] if isinstance(planned, Sequence) else None
    if steps != [(str(each.action), str(each.address)) for each in now.changes]:
        raise StalePlanError(
            f"The saved plan for {now.target} is not the plan that this release makes of the same world.",
            hint="Plan again with this release.",
        )


def drift(
    place: Place, name: str, *, environ: Mapping[str, str], today: date | None = None, say: Say = say_nothing
) -> Drift:
    """Return every difference between the agreement and a target, explained by what the last apply left."""
    from sla_sync.reconcile.drift import audit

    with look(place, name, environ=environ, today=today, say=say) as sight:
        errors = errors_in(sight.plan.diagnostics)
        if errors:
            raise DocumentError(f"{name} cannot be audited.", sight.plan.diagnostics)
        return audit(
            sight.plan,
            sight.prepared.translation.desired,
            sight.snapshot,
            sight.prepared.connector.types,
            manifest=sight.manifest,
            trail=tuple(sight.reader.audit_trail(None)),
        )


def targets_of(place: Place) -> tuple[str, ...]:
    """Return the names of all targets that are about this agreement. Raises TargetError where there is none."""
    targets = read(place).targets
    folder = place.targets.parent if place.targets else Path()
    named = {
        name: [(folder / path).resolve() for path in each.agreements]
        for name, each in (targets.targets if targets else {}).items()
    }
    found = tuple(name for name, paths in named.items() if place.agreement.resolve() in paths)
    if not found:
        raise TargetError(
            f"No target is about {place.agreement}.", hint="Add one to targets.yaml, or name another agreement."
        )
    return found


def effective_day(place: Place) -> date | None:
    """Return the first day on which the agreement is in force, where it can be read."""
    agreement = read(place).agreement
    return agreement.metadata.effective.start if agreement else None


def commit_of(folder: Path) -> str | None:
    """Return the git commit that the agreement's folder is at, or None outside a repository."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - git is where the user's PATH says
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None
