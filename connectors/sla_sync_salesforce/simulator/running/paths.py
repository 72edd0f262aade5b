"""Where references lead: from a row to its fields and those of its parents, and to the global variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.fields import kind_of
from sla_sync_salesforce.simulator.formulas.functions import FormulaError
from sla_sync_salesforce.simulator.formulas.functions import Value as FormulaValue
from sla_sync_salesforce.simulator.formulas.values import evaluate, inward, outward
from sla_sync_salesforce.simulator.running.world import World
from sla_sync_salesforce.simulator.store import Row, Value

# What a path calls an owner that is not a person.
_NARROWED = {"Queue": "Group"}
_UNSCALED = 18


@dataclass(frozen=True)
class Viewpoint:
    """From where references are followed: an org, a moment, and who runs."""

    world: World
    now: datetime
    user: str


class Brought(dict[str, Value]):
    """The fields that a look-up named, with the results that its formula fields had at that moment."""


def field_at(view: Viewpoint, object_name: str, row: Mapping[str, Value], path: str) -> Value:
    """Return what a path such as `Status`, `Owner:User.Email` or `Lead__r.Status` leads to from a row, blank if nowhere."""
    head, dot, rest = path.partition(".")
    if not dot:
        formula = view.world.custom(object_name).get(path, {}).get("formula")
        if formula is not None and not isinstance(row, Brought):
            return computed(view, object_name, row, path)
        value = row.get(path)
        # Documented: a checkbox is never blank.
        shape = view.world.fields(object_name).get(path) if value is None else None
        return False if shape is not None and shape.type == "Checkbox" else value
    relationship, _, narrowed = head.partition(":")
    shape = view.world.relationships(object_name).get(relationship)
    identity = row.get(shape.name) if shape is not None else None
    if shape is None or not isinstance(identity, str):
        return None
    parent = view.world.store.object_of(identity) or ""
    if narrowed and parent != _NARROWED.get(narrowed, narrowed):
        return None
    found = view.world.store.get(parent, identity)
    return None if found is None else field_at(view, parent, found, rest)


def computed(view: Viewpoint, object_name: str, row: Mapping[str, Value], name: str) -> Value:
    """Return the value of a formula field. Inferred: one that has no result (`#Error!` on a page) reads as blank."""
    values = view.world.custom(object_name)[name]
    zero = values.get("formulaTreatBlanksAs", "BlankAsZero") == "BlankAsZero"
    try:
        result = evaluate(values["formula"], RecordNames(view, object_name, row, zero_blanks=zero))
    except FormulaError:
        return None
    if values.get("type") == "Checkbox":
        return result is True
    return outward(result, int(values.get("scale", _UNSCALED)))


def global_at(view: Viewpoint, reference: str) -> Value:
    """Return what `$User.Email`, `$Setup.…`, `$CustomMetadata.…` or `$Permission.…` leads to."""
    head, _, path = reference.partition(".")
    match head:
        case "$User":
            row = view.world.store.get("User", view.user)
            return field_at(view, "User", row, path) if row is not None else None
        case "$CustomMetadata":
            row_name, _, name = path.rpartition(".")
            row = view.world.thresholds.get(row_name)
            return None if row is None else row.get(name)
        case "$Setup":
            return _setting(view, *path.split(".", 1))
        case "$Permission":
            return view.world.permitted(view.user, path)
        case "$Organization":
            return {"Id": view.world.organization.id, "Name": stock.ORGANIZATION_NAME}.get(path)
        case "$Profile":
            profile = view.world.organization.user(view.user).profile
            return {"Id": stock.profile_id(profile), "Name": profile}.get(path)
    return None


def _setting(view: Viewpoint, object_name: str, name: str) -> Value:
    """Return a value of a hierarchy: the user's own row before the one of his profile before the org's."""
    user = view.world.organization.user(view.user)
    rows = {row.get("SetupOwnerId"): row for row in view.world.store.of(object_name).values()}
    for owner in (user.id, stock.profile_id(user.profile), view.world.organization.id):
        value = rows.get(owner, {}).get(name)
        if value is not None:
            return value
    shape = view.world.fields(object_name).get(name)
    return False if shape is not None and shape.type == "Checkbox" else None


@dataclass(frozen=True)
class RecordNames:
    """The names of a formula about one record: its fields, those of its parents, and the global variables."""

    view: Viewpoint
    object_name: str
    row: Mapping[str, Value]
    before: Row | None = None
    is_new: bool = False
    zero_blanks: bool = False

    @property
    def now(self) -> datetime:
        """The moment of the evaluation."""
        return self.view.now

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the running user."""
        return self.view.world.zone

    def value(self, name: str) -> FormulaValue:
        """Return what a reference leads to; `$Record.` may stand before a field."""
        return self._read(name, self.row)

    def prior(self, name: str) -> FormulaValue:
        """Return what a reference led to before the change."""
        return self._read(name, self.before if self.before is not None else {})

    def _read(self, name: str, row: Mapping[str, Value]) -> FormulaValue:
        path = name.removeprefix("$Record.")
        if path.startswith("$Record__Prior."):
            path, row = path.removeprefix("$Record__Prior."), self.before or {}
        if path.startswith("$"):
            return inward(global_at(self.view, path))
        value = field_at(self.view, self.object_name, row, path)
        if value is None and self.zero_blanks and self._is_number(path):
            return inward(0)
        return inward(value)

    def _is_number(self, path: str) -> bool:
        shape = self.view.world.fields(self.object_name).get(path)
        return shape is not None and kind_of(shape) == "number"
