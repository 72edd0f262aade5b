"""A platform in memory, polite or rude, with one setting type of every sort: what the laws of the engine run against.

It is no double of any real platform. A rude one reorders lists, adds members of its own, echoes defaults, drops nulls,
spells numbers as text, and answers every nth call with "too many requests"; a test may cut the line at any call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TypeVar

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Checkup,
    Coercion,
    Diagnostic,
    KeyPath,
    Leaving,
    Live,
    LockedError,
    LockTicket,
    Manifest,
    Mark,
    Outcome,
    PlatformError,
    RecordStory,
    RejectedError,
    Removal,
    SettingChange,
    SettingType,
    SlaSyncError,
    Snapshot,
    Standing,
    Status,
    UnreachableError,
    Unreadable,
    Value,
    Values,
    bears_mark,
    manifest_from_json,
    manifest_to_json,
    merge,
    resolve,
)

Answer = TypeVar("Answer")

TYPES: Mapping[str, SettingType] = {
    each.name: each
    for each in (
        SettingType(
            "Field",
            "field",
            Mark.DESCRIPTION,
            cosmetic=frozenset({"label", "description"}),
            keyed={"options": "value", "tags": ""},
            defaults={"required": False, "options.*.hidden": False},
            coerce={"length": Coercion.NUMBER, "description": Coercion.MULTILINE},
            immutable=frozenset({"type"}),
            on_removal=Removal.DELETE_DATA,
        ),
        SettingType("Segment", "segment", Mark.NAME, on_removal=Removal.DELETE),
        SettingType(
            "Workflow",
            "workflow",
            Mark.NAME,
            ignored=frozenset({"noise"}),
            on_removal=Removal.DELETE,
            at_rest={"enabled": (True, False)},
        ),
        SettingType("Entry", "entry", Mark.MANIFEST, container="Table", leaving=Leaving(Removal.DELETE)),
    )
}
"""A field with options and defaults, a segment, a workflow that needs a segment's id, an entry of somebody's table."""

NAME_PREFIX = "SLA | "
_TOO_MANY = 429


@dataclass
class MemoryPlatform:
    """The state of the platform: what stands there, whoever made it."""

    agreement: str
    settings: dict[Address, Values] = field(default_factory=dict)
    handles: dict[Address, str] = field(default_factory=dict)
    manifest: str | None = None
    lock: LockTicket | None = None
    """Whose the apply lock is. Here it is looked at in the same moment as a setting is written."""
    unreadable: set[str] = field(default_factory=set)
    """Types that the platform will not show."""
    calls: int = 0
    cut_at: int | None = None
    cut_before: bool = True
    written: list[Address] = field(default_factory=list)
    """Every address that was created, changed or deleted, in order."""

    def call(self, work: Callable[[], Answer]) -> Answer:
        """Do one piece of work as one call; the line may be cut before it or after it."""
        self.calls += 1
        cut = self.cut_at is not None and self.calls >= self.cut_at
        if cut and (self.cut_before or self.calls > (self.cut_at or 0)):
            raise UnreachableError("The line was cut.", call="memory")
        answer = work()
        if cut:
            raise UnreachableError("The line was cut after the work was done.", call="memory")
        return answer

    def put(self, address: Address, values: Values) -> str:
        """Write one setting and return its id."""
        self.written.append(address)
        self.settings[address] = values
        return self.handles.setdefault(address, f"id-{len(self.handles) + 1}")

    def drop(self, address: Address) -> None:
        """Delete one setting."""
        self.written.append(address)
        del self.settings[address]

    def shown(self, values: Values, setting_type: SettingType) -> Values:
        """Return a setting as the platform would answer it."""
        del setting_type
        return values


@dataclass
class RudePlatform(MemoryPlatform):
    """A platform that answers in every permitted way but the expected one, by seed."""

    seed: int = 0
    refuse_every: int = 3
    """Every nth call is answered with "too many requests" first."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a test's dice, not a secret

    def shown(self, values: Values, setting_type: SettingType) -> Values:
        """Return a setting reordered, with members added, and defaults echoed, nulled or left out."""
        answer: dict[str, Value] = {"serverNoise": self.random.randrange(1000)}
        for key, value in self.random.sample(list(values.items()), len(values)):
            pattern = setting_type.coerce.get(key)
            if value is None or value == setting_type.defaults.get(key, self):
                answer |= self.random.choice([{}, {key: None}, {key: value}])
            elif pattern is Coercion.NUMBER and not isinstance(value, bool):
                answer[key] = self.random.choice([str(value), value])
            elif pattern is Coercion.MULTILINE:
                ending = self.random.choice(["\r\n", "\r", " \n"])
                answer[key] = str(value).replace("&", "&amp;").replace("\n", ending)
            elif key in setting_type.keyed and isinstance(value, Sequence) and not isinstance(value, str):
                answer[key] = self.random.sample(list(value), len(value))
            else:
                answer[key] = value
        return answer

    def call(self, work: Callable[[], Answer]) -> Answer:
        """Do one piece of work, or answer "too many requests"."""
        if self.calls % self.refuse_every == 0:
            self.calls += 1
            raise RejectedError("Too many requests.", status=_TOO_MANY)
        return super().call(work)


def _ask(platform: MemoryPlatform, work: Callable[[], Answer]) -> Answer:
    """Have one piece of work done, and ask again where the platform says that it has too many requests."""
    try:
        return platform.call(work)
    except RejectedError as error:
        if error.status != _TOO_MANY:
            raise
        return platform.call(work)


def _shown(platform: MemoryPlatform, address: Address) -> Values | None:
    values = platform.settings.get(address)
    return None if values is None else platform.shown(values, TYPES[address.type])


class MemoryReader:
    """A conversation that cannot write."""

    def __init__(self, platform: MemoryPlatform) -> None:
        self._platform = platform

    def check(self) -> Iterable[Diagnostic]:
        """Yield nothing: there is no credential to be wrong."""
        return ()

    def read(self, addresses: Collection[Address]) -> Snapshot:
        """Return these settings, all that bear our mark, and the table that the entries live in; one call a setting."""
        platform = self._platform
        settings: dict[Address, Live] = {}
        unreadable = {
            address: Unreadable(address, "the platform does not show it")
            for address in addresses
            if address.type in platform.unreadable
        }
        for address, values in sorted(platform.settings.items(), key=lambda each: each[0]):
            ours = self._bears_mark(address, values)
            if address in unreadable or (address not in addresses and not ours and not self._in_manifest(address)):
                continue
            # Somebody may change or delete it between one call and the next.
            shown = _ask(platform, lambda address=address: _shown(platform, address))  # type: ignore[misc]
            if shown is not None:
                settings[address] = Live(address, shown, handle=platform.handles.get(address), managed=ours)
        table = {address.key: values for address, values in platform.settings.items() if address.type == "Entry"}
        container = Address("Table", "entries")
        return Snapshot(settings, {container: Live(container, table)}, unreadable)

    def manifest(self) -> Manifest | None:
        """Return what the last apply left."""
        text = _ask(self._platform, lambda: self._platform.manifest)
        return manifest_from_json(text) if text else None

    def audit_trail(self, since: datetime | None) -> Iterable[SettingChange]:
        """Yield nothing: this platform does not tell who changed what."""
        del since
        return ()

    def examine(self) -> Iterable[Checkup]:
        """Yield the one thing that a platform in memory relies on."""
        yield Checkup("memory", Standing.GOOD, f"The platform holds {len(self._platform.settings)} settings.")

    def story(self, record: str) -> RecordStory:
        """Raise SlaSyncError: no lead lives here."""
        raise SlaSyncError(f"This platform keeps no record '{record}'.", hint="Ask a platform that has leads.")

    def _in_manifest(self, address: Address) -> bool:
        text = self._platform.manifest
        return bool(text) and address in manifest_from_json(text or "").applied

    def _bears_mark(self, address: Address, values: Values) -> bool | None:
        match TYPES[address.type].mark:
            case Mark.DESCRIPTION:
                return bears_mark(str(values.get("description")), self._platform.agreement)
            case Mark.NAME:
                return address.key.startswith(NAME_PREFIX)
            case Mark.MANIFEST:
                return None


@contextmanager
def writing(platform: MemoryPlatform, ticket: LockTicket, now: Callable[[], datetime]) -> Iterator[MemoryWriter]:
    """Open a conversation that may write, under the apply lock. Raises LockedError where somebody else holds it."""
    _ask(platform, lambda: _take(platform, ticket, now()))
    try:
        yield MemoryWriter(platform, ticket)
    except BaseException:
        with suppress(PlatformError):  # what went wrong first is the news; the lock ends by itself
            _ask(platform, lambda: _give_back(platform, ticket))
        raise
    _ask(platform, lambda: _give_back(platform, ticket))


def _take(platform: MemoryPlatform, ticket: LockTicket, now: datetime) -> None:
    held = platform.lock
    if held is not None and held.token != ticket.token and held.expires > now:
        raise LockedError(f"The platform in memory is being applied to by {held.who}, until {held.expires}.")
    platform.lock = ticket


def _give_back(platform: MemoryPlatform, ticket: LockTicket) -> None:
    if platform.lock is not None and platform.lock.token == ticket.token:
        platform.lock = None


class MemoryWriter:
    """A conversation that writes one setting a call, and the manifest last; with a ticket, only while the lock is its own."""

    def __init__(self, platform: MemoryPlatform, ticket: LockTicket | None = None) -> None:
        self._platform = platform
        self._ticket = ticket

    def rehearse(self, changes: Sequence[Change], manifest: Manifest) -> Iterable[Diagnostic]:
        """Yield nothing: this platform has no dry run."""
        del changes, manifest
        return ()

    def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
        """Carry out the changes one by one."""
        platform = self._platform
        for change in changes:
            _ask(platform, lambda change=change: self._carry_out(change))  # type: ignore[misc]
            yield Outcome(change, Status.DONE, handle=platform.handles.get(change.address))
        _ask(platform, lambda: self._keep(manifest))

    def _refuse_lost_lock(self) -> None:
        if self._ticket is None:
            return
        held = self._platform.lock
        if held is None or held.token != self._ticket.token:
            whose = f"{held.who} has it" if held else "nobody has it"
            raise LockedError(f"The apply lock of the platform in memory was lost: {whose}.")

    def _carry_out(self, change: Change) -> None:
        platform = self._platform
        self._refuse_lost_lock()
        if change.action is Action.CREATE and change.address in platform.settings:
            raise RejectedError(f"{change.address} exists already.", status=409)
        if change.action is Action.DELETE:
            platform.drop(change.address)
        elif change.action is Action.RELEASE and change.fields:
            stopped = {str(each.path[0]): each.after for each in change.fields}
            platform.put(change.address, {**platform.settings[change.address], **stopped})
        elif change.desired is not None:
            missing = [each for each in change.desired.requires if each not in platform.settings]
            if missing:
                raise RejectedError(f"{change.address} requires {missing[0]}, which does not exist.", status=400)
            wish = resolve(change.desired.values, platform.handles.get)
            assert isinstance(wish, Mapping)  # noqa: S101 - resolving a mapping gives a mapping
            after = merge(platform.settings.get(change.address, {}), wish, TYPES[change.address.type])
            for each in change.fields:
                if each.after is None and change.action is Action.UPDATE:
                    after = _without(after, each.path)
            platform.put(change.address, after)

    def _keep(self, manifest: Manifest) -> None:
        self._refuse_lost_lock()
        self._platform.manifest = None if manifest.says_nothing else manifest_to_json(manifest)


def _without(values: Values, path: KeyPath) -> Values:
    """Return values without what stands at a place, be it a member or an entry of a keyed list of the only one there is."""
    name, *rest = map(str, path)
    inside = values.get(name)
    if not rest or not isinstance(inside, list | tuple):
        return {key: value for key, value in values.items() if key != name}
    left: list[Value] = [each for each in inside if not (isinstance(each, Mapping) and each.get("value") == rest[0])]
    return {**values, name: left}
