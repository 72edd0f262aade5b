"""The platform side in plain values: what is asked for, what is there, and what sort of thing each setting is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from sla_sync.diagnostics import KeyPath


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Which setting: printed `CustomField/Lead.SLA_Due_At__c`."""

    type: str
    key: str

    def __str__(self) -> str:
        return f"{self.type}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Return the address that `str` printed."""
        type_name, _, key = text.partition("/")
        return cls(type_name, key)


@dataclass(frozen=True, slots=True)
class Ref:
    """A value that only the platform knows until it is written: an attribute of another setting, its handle by default."""

    address: Address
    attribute: str = "handle"


Value: TypeAlias = None | bool | int | float | str | Ref | Sequence["Value"] | Mapping[str, "Value"]
"""A plain value: what JSON can say, and references."""

Values: TypeAlias = Mapping[str, Value]


class Mark(StrEnum):
    """Where a setting shows that it is ours."""

    DESCRIPTION = "description"
    NAME = "name"
    MANIFEST = "manifest"


class Removal(StrEnum):
    """What becomes of a setting of ours that the agreement no longer asks for."""

    RELEASE = "release"
    """It stays, and is ours no longer: the platform cannot delete it, or others may have built on it."""
    DELETE = "delete"
    """It holds no data and can be deleted where the target says `removal: delete`."""
    DELETE_DATA = "delete-data"
    """It holds data: deleted only where the target says so and an acknowledgement names it."""


@dataclass(frozen=True)
class Leaving:
    """What `remove` does with the settings of a type that we made, once nothing of ours needs them any longer.

    In the sentences `{}` stands for the names of the settings that they are about.
    """

    removal: Removal
    idle: Mapping[str, Value] = field(default_factory=dict)
    """Member → what makes one that stays count no more."""
    part_of: tuple[str, str] | None = None
    """The type of the whole that takes its parts along, and the last sign before which its key stands in theirs."""
    does_without: frozenset[str] = frozenset()
    """Types of what it needs to do its work and not to stay."""
    by_hand: str = ""
    """What a person does with those that stay, starting with a verb."""
    put_back: str = ""
    """What a person does where one was there before us that no call of ours can put back, starting with a verb."""
    remains: str = ""
    """What the platform cannot forget of those that are deleted, in a sentence."""


class Consequence(StrEnum):
    """What a difference does to the agreement, gravest first."""

    BREACH = "breach"
    """It changes something promised: a stage, a limit, a clock, a gate."""
    WEAKENING = "weakening"
    """It hides a breach from those who should see it: access, a report, a warning."""
    COSMETIC = "cosmetic"
    """It changes words that decide nothing."""


class Coercion(StrEnum):
    """How two spellings of one value are made equal."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    MULTILINE = "multiline"
    """Line endings, trailing blanks and HTML escapes do not count."""
    LOWER = "lower"
    MARKUP = "markup"
    """Tags do not count, nor how a text is broken into lines; its words do."""


class Aspect(StrEnum):
    """What a setting does for the line of the agreement that it comes from."""

    DOCUMENTED = "documented"
    """Its words can be read on the platform."""
    RECORDED = "recorded"
    """What happens is written down there."""
    ENFORCED = "enforced"
    """The platform does it, or refuses what goes against it."""
    MEASURED = "measured"
    """The platform shows whether it is kept."""
    ALERTED = "alerted"
    """People are told in time."""


@dataclass(frozen=True, eq=False)
class SettingType:
    """What the engine must know of one platform type; patterns are dotted paths in which `*` stands for any one step.

    `keyed` lists are compared by a member of their entries and become mappings in canonical form; the empty
    member name says that the entries are scalars whose order means nothing. `defaults` are what the platform
    fills in by itself. `container` names the type of the whole in which such a setting is written.
    """

    name: str
    noun: str
    mark: Mark
    consequence: Consequence = Consequence.BREACH
    cosmetic: frozenset[str] = frozenset()
    container: str | None = None
    keyed: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Value] = field(default_factory=dict)
    coerce: Mapping[str, Coercion] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    immutable: frozenset[str] = frozenset()
    closed: Mapping[str, str] = field(default_factory=dict)
    """Places at which nothing may stand in a setting that we made unless it is asked for → the member by which what stands
    there says with `false` that it does not count (`!member`: with `true`), or an empty name."""
    withheld: frozenset[str] = frozenset()
    """Places that the platform may leave out of its answers although something stands there: absent means unknown."""
    sole: str = ""
    """The member that one setting of the type can have as true: switching one on switches off the one that was on."""
    on_removal: Removal = Removal.RELEASE
    at_rest: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    """Member → its value while the setting acts by itself, and the one that stops it: what we made and the agreement lets
    go of is stopped before it is left."""
    switched_off: Mapping[str, Value] = field(default_factory=dict)
    """Member → what it says of one that people switched off, where `at_rest` and `sole` do not tell."""
    leaving: Leaving | None = None
    """What `remove` can do beyond `on_removal`, where it can do more or a person must."""
    aspects: frozenset[Aspect] = frozenset()
    """What every setting of this type does for the lines that it comes from; a `Desired` may say it more exactly."""


@dataclass(frozen=True)
class Desired:
    """A setting asked for. `origins` maps places inside `values` to places in the agreement; the longest prefix counts."""

    address: Address
    values: Values
    requires: tuple[Address, ...] = ()
    origins: Mapping[KeyPath, KeyPath] = field(default_factory=dict)
    aspects: Mapping[KeyPath, frozenset[Aspect]] = field(default_factory=dict)
    """Place in the agreement → what this setting does for it, where its type alone does not tell."""

    def origin(self, path: KeyPath = ()) -> KeyPath:
        """Return the place in the agreement that explains the value at `path`."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return ()


@dataclass(frozen=True)
class Live:
    """A setting found. `managed`: it bears our mark; `None` where such a setting cannot bear one."""

    address: Address
    values: Values
    handle: str | None = None
    revision: str | None = None
    managed: bool | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    inside: Address | None = None
    """The setting to which it adds something by being there. Where we made that one, what nobody agreed is too much."""


@dataclass(frozen=True)
class Unreadable:
    """Neither same nor different nor missing: the platform would not show it, so its creation is never planned."""

    address: Address
    because: str


@dataclass(frozen=True)
class Snapshot:
    """One reading of a platform. A container is a whole that is replaced as a whole and carries what others put there."""

    settings: Mapping[Address, Live]
    containers: Mapping[Address, Live] = field(default_factory=dict)
    unreadable: Mapping[Address, Unreadable] = field(default_factory=dict)

    def handle(self, address: Address) -> str | None:
        """Return the platform's own id of a setting, where it was found."""
        live = self.settings.get(address)
        return live.handle if live else None


@dataclass(frozen=True)
class Probe:
    """What a reader can look at to learn whether a manual step was done: `path` of `address` equals `value`."""

    address: Address
    path: KeyPath
    value: Value


@dataclass(frozen=True)
class Gap:
    """What the platform cannot be given by API: a step for a person, numbered in the plan. `advice` starts with a verb."""

    id: str
    name: str
    advice: str
    origin: KeyPath = ()
    probe: Probe | None = None


@dataclass(frozen=True)
class Translation:
    """An agreement in one platform's words. `agreement` is its name, by which the manifest is filed."""

    desired: tuple[Desired, ...]
    gaps: tuple[Gap, ...] = ()
    agreement: str = ""
    opening: tuple[str, ...] = ()
    """Sentences with which a plan opens: what the agreement takes of the platform's limits."""


@dataclass(frozen=True)
class SettingChange:
    """A line of the platform's own audit trail."""

    at: datetime
    who: str
    what: str
    address: Address | None = None


class Action(StrEnum):
    """What a change does."""

    CREATE = "create"
    UPDATE = "update"
    ADOPT = "adopt"
    DELETE = "delete"
    RELEASE = "release"


class Reason(StrEnum):
    """Why a change is planned."""

    ABSENT = "absent"
    DIFFERENT = "different"
    UNMARKED = "not ours yet"
    NO_LONGER_AGREED = "no longer agreed"
    NEVER_AGREED = "not agreed"
    LEAVING = "the tool leaves"
    BEFORE_US = "as it was before us"
    KEPT = "kept without our mark"


@dataclass(frozen=True)
class FieldChange:
    """One value inside a setting: what it is, what it will be, and the place in the agreement that says so."""

    path: KeyPath
    before: Value
    after: Value
    origin: KeyPath = ()


def adoption(address: Address) -> str:
    """Return the acknowledgement by which a setting that is not ours may be taken over."""
    return f"adopt:{address}"


def deletion(address: Address) -> str:
    """Return the acknowledgement by which a setting that holds data may be deleted."""
    return f"delete:{address}"


def switch_off(address: Address) -> str:
    """Return the acknowledgement by which a setting of others may be switched off."""
    return f"switch-off:{address}"


@dataclass(frozen=True)
class Change:
    """One step of a plan. `ack` is the acknowledgement without which a guard refuses it."""

    action: Action
    address: Address
    fields: tuple[FieldChange, ...]
    reason: Reason
    consequence: Consequence
    desired: Desired | None = None
    live: Live | None = None
    ack: str | None = None
    switches_off: tuple[Address, ...] = ()
    """Settings that the platform switches off by it and that nobody agreed to switch off."""

    @property
    def acknowledgements(self) -> tuple[str, ...]:
        """Every acknowledgement that it needs: its own, and one for each setting that it switches off."""
        own = (self.ack,) if self.ack else ()
        return (*own, *map(switch_off, self.switches_off))


class Status(StrEnum):
    """What became of a change."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What became of one change. `handle` is the platform's id where it gave one."""

    change: Change
    status: Status
    detail: str = ""
    handle: str | None = None


@dataclass(frozen=True)
class Manifest:
    """What the last apply left on the platform.

    `applied` holds the canonical values of every setting asked for, `created` those that we made, `displaced` the
    values that stood there before us, `handles` the platform's ids, `released` what we let go. `begun` are those that
    an apply set out to make which was cut off: we made the ones among them that bear our mark.
    """

    agreement_digest: str
    applied: Mapping[Address, Values]
    created: frozenset[Address] = frozenset()
    displaced: Mapping[Address, Values] = field(default_factory=dict)
    released: frozenset[Address] = frozenset()
    handles: Mapping[Address, str] = field(default_factory=dict)
    version: int = 1
    canonicalisation: int = 1
    commit: str | None = None
    begun: frozenset[Address] = frozenset()

    @property
    def says_nothing(self) -> bool:
        """Whether nothing of ours is left, so that a writer keeps no such manifest and takes the old one away."""
        said = (self.agreement_digest, self.applied, self.created, self.begun, self.displaced, self.released)
        return not any(said)
