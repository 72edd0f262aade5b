"""The save of records, in the platform's order of execution, in one transaction.

Documented ("Triggers and Order of Execution"): the values are checked, flows before the save run, what is required and the
validation rules are checked, the record is written, assignment rules and then flows after the save run. All of it is taken
back where anything fails. Asynchronous paths begin after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from sla_sync_salesforce.simulator import addresses
from sla_sync_salesforce.simulator.assigning import assign
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.formulas.functions import FormulaError
from sla_sync_salesforce.simulator.formulas.values import evaluate, holds, outward
from sla_sync_salesforce.simulator.integrity import check_required, check_unique, check_values
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.outbox import put
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.batch import run
from sla_sync_salesforce.simulator.running.entry import entering, plan_paths
from sla_sync_salesforce.simulator.running.interview import Interview
from sla_sync_salesforce.simulator.running.paths import RecordNames
from sla_sync_salesforce.simulator.running.transaction import Transaction, Writes
from sla_sync_salesforce.simulator.save_options import PLAIN, SaveOptions
from sla_sync_salesforce.simulator.standard_values import defaults, follow
from sla_sync_salesforce.simulator.store import STAMPS, Fields, Row, Value

BATCH = 200
"""As many records go through flows together."""


_Act: TypeAlias = Callable[[Transaction], list[str]]


class RowRefusedError(Exception):
    """One record of several is refused; `place` says which, counting from 0."""

    def __init__(self, place: int, error: RefusedError) -> None:
        super().__init__(error.message)
        self.place = place
        self.error = error


@dataclass
class _Draft:
    """One record on its way: as it was, and as it is about to be."""

    place: int
    identity: str | None
    before: Row | None
    after: Row

    @property
    def is_new(self) -> bool:
        return self.before is None


def save(
    desk: Desk, who: User, object_name: str, identity: str | None, values: Fields, *, options: SaveOptions = PLAIN
) -> str:
    """Save one record with everything that follows from it, and return its id. Raises RefusedError."""
    (result,) = save_many(desk, who, object_name, [(identity, values)], options=options)
    if isinstance(result, RefusedError):
        raise result
    return result


def save_many(
    desk: Desk, who: User, object_name: str, rows: Writes, *, options: SaveOptions = PLAIN
) -> list[str | RefusedError]:
    """Save records of one object in transactions of up to 200, and return the id of each or why it was refused.

    Documented: where some records are refused, the others are tried again without them. Inferred: where a flow fails for
    records saved together, each is tried alone.
    """
    results: list[str | RefusedError] = []
    start = desk.organization.store.copy()
    for first in range(0, len(rows), BATCH):
        results += _save_batch(desk, who, object_name, rows[first : first + BATCH], options)
    if options.all_or_none and any(isinstance(each, RefusedError) for each in results):
        desk.organization.store.restore(start)
    return results


def _save_batch(
    desk: Desk, who: User, object_name: str, rows: Writes, options: SaveOptions
) -> list[str | RefusedError]:
    results: dict[int, str | RefusedError] = {}
    waiting = list(range(len(rows)))
    while waiting:
        try:
            saved = within(desk, who.id, partial(_save_in, object_name, tuple(rows[each] for each in waiting), options))
        except RowRefusedError as refused:
            results[waiting.pop(refused.place)] = refused.error
        except RefusedError as error:
            if len(waiting) == 1:
                results[waiting[0]] = error
            else:
                for each in waiting:
                    results[each] = _save_batch(desk, who, object_name, [rows[each]], options)[0]
            waiting = []
        else:
            results |= dict(zip(waiting, saved, strict=True))
            waiting = []
    return [results[each] for each in range(len(rows))]


def within(desk: Desk, user: str, act: _Act) -> list[str]:
    """Do something as one transaction of a user: all of it, or nothing where it raises."""
    savepoint = desk.organization.store.copy()
    tx = Transaction(desk, user, _nested)
    try:
        done = act(tx)
    except BaseException:
        desk.organization.store.restore(savepoint)
        raise
    for each in tx.after_commit:
        each()
    return done


def _save_in(object_name: str, writes: Writes, options: SaveOptions, tx: Transaction) -> list[str]:
    return _save(tx, object_name, writes, options)


def _nested(tx: Transaction, object_name: str, writes: Writes) -> list[str]:
    """Save what a flow writes. Assignment rules do not run for it."""
    saved: list[str] = []
    for first in range(0, len(writes), BATCH):
        try:
            saved += _save(tx, object_name, writes[first : first + BATCH], _BY_FLOW)
        except RowRefusedError as refused:
            raise refused.error from refused
    return saved


_GIVEN_BY_STORE = ("Id", *STAMPS)
_BY_FLOW = SaveOptions(auto_assign=False)


def _save(tx: Transaction, object_name: str, writes: Writes, options: SaveOptions) -> list[str]:
    """Save records together. Raises RowRefusedError for one of them, RefusedError where a flow fails."""
    drafts = []
    for place, (identity, values) in enumerate(writes):
        with _refusing(place):
            drafts.append(_draft(tx, object_name, place, identity, values))
    _run_before(tx, object_name, drafts)
    for each in drafts:
        with _refusing(each.place):
            _settle(tx, object_name, each)
    saved = [_write(tx, object_name, each) for each in drafts]
    for each, identity in zip(drafts, saved, strict=True):
        assign(tx, object_name, identity, asked=options.auto_assign, is_new=each.is_new)
    _run_after(tx, object_name, drafts, saved)
    return saved


@contextmanager
def _refusing(place: int) -> Iterator[None]:
    """Say of a refusal which record it is about."""
    try:
        yield
    except RefusedError as error:
        raise RowRefusedError(place, error) from error


def _draft(tx: Transaction, object_name: str, place: int, identity: str | None, values: Mapping[str, Value]) -> _Draft:
    """Return a record as it is about to be, with the system's checks of what is given."""
    organization = tx.world.organization
    given = check_values(organization, object_name, values)
    if identity is None:
        base: Row = {**defaults(organization, object_name, tx.user), **_computed_defaults(tx, object_name, given)}
        before = None
    else:
        before = tx.store.get(object_name, identity)
        if before is None:
            raise RefusedError("ENTITY_IS_DELETED", "entity is deleted", status=404)
        # Inferred: Apex triggers are refused this way; flows are taken to be refused alike.
        if before["Id"] in tx.leaving:
            text = f"Object (id = {before['Id']}) is currently being deleted, therefore it cannot update itself"
            raise RefusedError("SELF_REFERENCE_FROM_TRIGGER", text)
        base = before
    after = {**base, **{name: _kept(value) for name, value in given.items()}}
    after |= follow(organization, object_name, after, before, tx.now)
    return _Draft(place, identity, before, after)


def _computed_defaults(tx: Transaction, object_name: str, given: Row) -> Row:
    """Return the values of fields whose default is a formula, where none is given."""
    found: Row = {}
    for name, values in tx.world.custom(object_name).items():
        formula = values.get("defaultValue")
        if not formula or name in given or values.get("type") == "Checkbox":
            continue
        names = RecordNames(tx.view, object_name, given, is_new=True)
        found[name] = outward(evaluate(formula, names))
    return found


def _kept(value: Value) -> Value:
    # Documented: a date/time field keeps no fractions of a second.
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def _run_before(tx: Transaction, object_name: str, drafts: Sequence[_Draft]) -> None:
    for program in tx.world.triggered(object_name, "RecordBeforeSave"):
        interviews = [Interview(program, tx.view, each.after, each.before, each.is_new) for each in drafts]
        entered = [each for each in interviews if entering(each)]
        if entered:
            run(tx, entered, program.first)


def run_before_delete(tx: Transaction, object_name: str, identities: Sequence[str]) -> None:
    """Run the flows that begin before records are deleted, by the person or by a merge. Raises RefusedError."""
    tx.leaving.update(identities)
    for program in tx.world.triggered(object_name, "RecordBeforeDelete"):
        rows = [dict(tx.store.get(object_name, each) or {}) for each in identities]
        interviews = [Interview(program, tx.view, row, None, is_new=False) for row in rows]
        entered = [each for each in interviews if entering(each)]
        if entered:
            run(tx, entered, program.first)
    tx.leaving.difference_update(identities)


def _settle(tx: Transaction, object_name: str, draft: _Draft) -> None:
    """Check a record as the flows before the save have left it, and its validation rules."""
    organization = tx.world.organization
    base = draft.before or {}
    changed = {name: value for name, value in draft.after.items() if base.get(name) != value}
    shapes = tx.world.fields(object_name)
    checked = check_values(organization, object_name, {k: v for k, v in changed.items() if k in shapes})
    draft.after |= {name: _kept(value) for name, value in checked.items()}
    if organization.address_picklists and object_name == addresses.OBJECT:
        # Logs of a trigger show that what runs before the save sees the side that was written, and the other as it was.
        # Inferred: the two are in step when validation rules are asked.
        draft.after |= addresses.synced(draft.after, draft.before)
    draft.after |= follow(organization, object_name, draft.after, draft.before, tx.now)
    check_required(organization, object_name, draft.after)
    check_unique(organization, object_name, draft.identity, checked)
    _validate(tx, object_name, draft)


def _validate(tx: Transaction, object_name: str, draft: _Draft) -> None:
    names = RecordNames(tx.view, object_name, draft.after, draft.before, draft.is_new)
    for rule in tx.world.rules(object_name):
        try:
            broken = holds(rule.formula, names)
        except FormulaError as error:
            text = f"The formula in the “{rule.name}” validation rule is invalid: {error}"
            raise RefusedError("FIELD_CUSTOM_VALIDATION_EXCEPTION", text) from error
        if broken:
            shown = (rule.shown_at,) if rule.shown_at else ()
            raise RefusedError("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, fields=shown)


def _write(tx: Transaction, object_name: str, draft: _Draft) -> str:
    if draft.identity is None:
        given = {name: value for name, value in draft.after.items() if value is not None or name not in _GIVEN_BY_STORE}
        return tx.store.insert(object_name, given, by=tx.user, at=tx.now)
    base = draft.before or {}
    changed = {name: value for name, value in draft.after.items() if base.get(name) != value}
    tx.store.put(object_name, draft.identity, changed, by=tx.user, at=tx.now)
    return draft.identity


def _run_after(tx: Transaction, object_name: str, drafts: Sequence[_Draft], saved: Sequence[str]) -> None:
    # Inferred: every flow after the save begins with the record as this save wrote it, whatever other flows have written to
    # it since; a switch lets each begin with the record as it stands by then.
    fresh = tx.desk.switches.after_save_record == "fresh"
    written = [dict(tx.store.of(object_name)[each]) for each in saved]
    for program in tx.world.triggered(object_name, "RecordAfterSave"):
        rows = (
            [dict(tx.store.get(object_name, each) or {}) for each in saved]
            if fresh
            else [dict(each) for each in written]
        )
        interviews = [
            Interview(program, tx.view, row, each.before, each.is_new) for row, each in zip(rows, drafts, strict=True)
        ]
        entered = [each for each in interviews if entering(each)]
        if program.paths:
            plan_paths(tx, program, interviews, entered, _begin(tx))
        if entered and program.first is not None:
            run(tx, entered, program.first)


def _begin(tx: Transaction) -> Callable[[str, str, str], None]:
    """Return what runs an asynchronous path after the commit; what fails there takes nothing back."""

    def begin(flow: str, path: str, record: str) -> None:
        try:
            run_path(tx.desk, tx.user, flow, path, [record])
        except RefusedError as error:
            note_failure(tx.desk, flow, record, error)

    return begin


def note_failure(desk: Desk, flow: str, record: str, error: RefusedError) -> None:
    """Keep what an administrator would be told by mail: a path has failed, and is lost."""
    put(
        desk.organization.store,
        kind="failure",
        at=desk.organization.now,
        to=(),
        title=f"Error Occurred During Flow “{flow}”",
        body=error.message,
        target=record,
        flow=flow,
    )


def run_path(desk: Desk, user: str, flow: str, path: str, records: Sequence[str]) -> None:
    """Run a scheduled path for records as they stand now, in a transaction of its own. Raises RefusedError.

    Documented: it runs in system context in the name of the user who saved the record. Inferred: one whose flow has been
    switched off, or has lost the path, does nothing.
    """

    def act(tx: Transaction) -> list[str]:
        program = tx.world.programs.get(flow)
        found = next((each for each in program.paths if each.name == path), None) if program else None
        if program is None or found is None:
            return []
        rows = [tx.store.get(program.object_name, each) for each in records]
        interviews = [Interview(program, tx.view, dict(row), None, is_new=False) for row in rows if row is not None]
        if interviews:
            run(tx, interviews, found.first)
        return []

    within(desk, user, act)
