"""The apply protocol as a machine of states: two working copies, an administrator, and weather, in any order.

What it calls is what `sla-sync apply` calls, from the first reading to the manifest; only the platform is one in memory.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import rmtree

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sla_sync.connector import Action, Address, Connection, Desired, Setup, Status, Translation, Values
from sla_sync.diagnostics import errors_in
from sla_sync.errors import LockedError, PlatformError, RefusedError, SlaSyncError
from sla_sync.pipeline.apply import perform, refuse_stale
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.look import Conversation, Sight, coming_manifest, open_writer, see
from sla_sync.pipeline.validate import Documents, validate
from sla_sync.places import find_place
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.canonical import canonical_desired
from sla_sync.reconcile.guard import bulk_acknowledgement, guard
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.plan import Plan, digest
from sla_sync.render.plan import plan_as_plain
from sla_sync.targets import OpenTarget
from sla_sync.testing.memory import TYPES, MemoryReader, MemoryWriter, writing
from tests.laws.test_engine import AGREEMENT, IN_MEMORY, wishes, words
from tests.laws.weather import LOCK_LASTS, BrokenError, Cut, Killed, Meanwhile, Run, Watched, Weather

START = datetime(2026, 10, 1, 9, tzinfo=UTC)
STARTUP = Path(__file__).parents[2] / "configs" / "examples" / "startup"
_OTHER = "the other copy applies"
COPIES = ("ana", "ben")
"""Whose working copies there are."""


@dataclass
class Tally:
    """How much was tried since the process began."""

    steps: int = 0
    runs: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    """How runs ended → how many."""

    def end(self, how: str) -> None:
        """Count one run by how it ended."""
        self.runs += 1
        self.ended[how] = self.ended.get(how, 0) + 1


TALLY = Tally()


@dataclass
class Copy:
    """A working copy: what its agreement asks for, and the plan that was saved in it."""

    name: str
    folder: Path
    desired: tuple[Desired, ...] = ()
    removes: bool = False
    saved: Mapping[str, object] | None = None


@cache
def _example() -> tuple[Documents, Prepared]:
    """Return documents and an agreement in a platform's words, of which the laws replace what is asked for."""
    documents = validate(find_place(STARTUP, here=Path.cwd()), today=date(2026, 10, 1))
    assert documents.targets is not None
    return documents, prepare(documents, next(iter(documents.bindings)), {})


class Protocol(RuleBasedStateMachine):
    """What anybody may do to a target, and what must hold after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY))
        self.platform = Watched(AGREEMENT)
        self.now = START
        self.copies = {name: Copy(name, self.folder / name) for name in COPIES}
        self.number = 0

    def teardown(self) -> None:
        """Let the weather clear, and see that either copy reaches what it asks for."""
        try:
            self.now += LOCK_LASTS
            self.platform.unreadable.clear()
            for copy in self.copies.values():
                self._run(copy, {})
                if self._plan(copy).changes:
                    raise BrokenError(f"After the last apply of {copy.name} the plan is not empty.")
        finally:
            rmtree(self.folder)

    @initialize(seed=st.integers(0, 2**16), first=wishes(), second=wishes())
    def begin(self, seed: int, first: tuple[Desired, ...], second: tuple[Desired, ...]) -> None:
        """Two copies that may disagree, on a platform where others live."""
        self.platform.random.seed(seed)
        for copy, desired in zip(self.copies.values(), (first, second), strict=True):
            copy.desired = desired
        for each in ("hers", "his"):
            for kind in TYPES:
                self._others(Address(kind, each), {"label": each, "description": "not yours"})

    @rule(who=st.sampled_from(COPIES), desired=wishes(), removes=st.booleans())
    def agree(self, who: str, desired: tuple[Desired, ...], removes: bool) -> None:
        """Change what one copy asks for."""
        self.copies[who].desired, self.copies[who].removes = desired, removes

    @rule()
    def pull(self) -> None:
        """Let both copies ask for the same."""
        one, other = self.copies.values()
        other.desired, other.removes = one.desired, one.removes

    @rule(who=st.sampled_from(COPIES), data=st.data(), acknowledged=st.booleans())
    def apply(self, who: str, data: st.DataObject, acknowledged: bool) -> None:
        """Apply, in any weather."""
        self._run(self.copies[who], data.draw(self._weather(who)), acknowledged=acknowledged)

    @rule(who=st.sampled_from(COPIES), data=st.data(), index=st.integers(0, 20))
    def apply_only(self, who: str, data: st.DataObject, index: int) -> None:
        """Apply one of the settings that a plan would change."""
        copy = self.copies[who]
        changes = self._plan(copy).changes
        if changes:
            named = changes[index % len(changes)].address
            self._run(copy, data.draw(self._weather(who)), only=(str(named),))

    @rule(who=st.sampled_from(COPIES))
    def save(self, who: str) -> None:
        """Save a plan for later."""
        copy = self.copies[who]
        copy.saved = json.loads(json.dumps(plan_as_plain(self._plan(copy))))

    @precondition(lambda self: any(copy.saved for copy in self.copies.values()))
    @rule(data=st.data())
    def apply_saved(self, data: st.DataObject) -> None:
        """Apply a saved plan to whatever the world is by now."""
        copy = data.draw(st.sampled_from([each for each in self.copies.values() if each.saved]))
        self._run(copy, data.draw(self._weather(copy.name)), saved=copy.saved)

    @rule(who=st.sampled_from(COPIES), data=st.data())
    def rehearse(self, who: str, data: st.DataObject) -> None:
        """Plan with a rehearsal, which takes the lock and writes nothing."""
        run = self._next(who, data.draw(self._weather(who)))
        with self.platform.running(run), suppress(SlaSyncError, Killed):
            sight = self._look(self.copies[who])
            with open_writer(sight) as writer:
                tuple(writer.rehearse(sight.plan.changes, coming_manifest(sight, commit=None)))
        if run.written or run.dropped:
            raise BrokenError("A rehearsal wrote.")

    @rule(minutes=st.sampled_from([1, 29, 31]))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    @rule(index=st.integers(0, 30), label=words)
    def administrator_edits(self, index: int, label: str) -> None:
        """Change a value of ours, and put something beside it."""
        self._edit(index, label)

    @rule(index=st.integers(0, 30))
    def administrator_deletes(self, index: int) -> None:
        """Delete something of ours."""
        self._delete(index)

    @rule(kind=st.sampled_from(sorted(TYPES)), name=words)
    def others_make(self, kind: str, name: str) -> None:
        """Make something under a name that the agreement may ask for later."""
        self._make(kind, name)

    @rule(kinds=st.sets(st.sampled_from(sorted(TYPES)), max_size=1))
    def hide(self, kinds: set[str]) -> None:
        """Let the platform no longer show one type, or show all again."""
        self.platform.unreadable = set(kinds)

    @invariant()
    def what_others_made_is_as_they_left_it(self) -> None:
        """Nothing of others changed."""
        TALLY.steps += 1
        for address, values in self.platform.theirs.items():
            if self.platform.settings.get(address) != values:
                raise BrokenError(f"{address} is others' and was changed.")

    @invariant()
    def what_others_put_into_ours_is_still_there(self) -> None:
        """Members that nobody agreed on survive every apply."""
        for address in self.platform.kept_inside:
            if self.platform.settings[address].get("theirs") != "kept":
                raise BrokenError(f"What others put into {address} is gone.")

    @invariant()
    def a_lock_never_blocks_for_ever(self) -> None:
        """Whoever holds the lock, it ends."""
        held = self.platform.lock
        if held is not None and held.expires > self.now + LOCK_LASTS:
            raise BrokenError(f"The lock of {held.who} lasts until {held.expires}.")

    def _weather(self, who: str) -> st.SearchStrategy[dict[int, Weather]]:
        other = next(each for each in COPIES if each != who)
        meanwhile: Mapping[str, Callable[[], None]] = {
            "half an hour passes": self._half_an_hour,
            _OTHER: lambda: self._run(self.copies[other], {}),
"the other copy applies half an hour later": lambda: self._later(self.copies[other]),
            "somebody edits": lambda: self._edit(self.number, "hot"),
            "somebody deletes": lambda: self._delete(self.number),
            "somebody makes a field": lambda: self._make("Field", "warm"),
            "somebody makes an entry": lambda: self._make("Entry", "due"),
        }  # fmt: skip
        happens = st.one_of(
            st.builds(Cut, st.booleans(), st.booleans()),
            st.sampled_from([Meanwhile(name, happen) for name, happen in meanwhile.items()]),
        )
        anything = st.dictionaries(st.one_of(st.just(0), st.integers(1, 40)), happens, max_size=3)
        # What somebody else does between the plan and the lock decides most; without a nudge it is seldom drawn.
        return st.one_of(anything, anything, st.just({0: Meanwhile(_OTHER, meanwhile[_OTHER])}))

    def _next(self, who: str, weather: Mapping[int, Weather]) -> Run:
        self.number += 1
        return Run(self.number, who, dict(weather))

    def _run(
        self,
        copy: Copy,
        weather: Mapping[int, Weather],
        *,
        acknowledged: bool = True,
        only: Collection[str] = (),
        saved: Mapping[str, object] | None = None,
    ) -> None:
        """Apply as the pipeline does, and judge what was reported."""
        if any(each.who == copy.name for each in self.platform.runs):
            return
        run, calm = self._next(copy.name, weather), not weather and not self.platform.runs
        journal = copy.folder / "journal.jsonl"
        began = len(journal.read_text(encoding="utf-8").splitlines()) if journal.exists() else 0
        with self.platform.running(run):
            try:
                sight = self._look(copy, only)
                TALLY.end(self._carried_out(sight, run, acknowledged=acknowledged, saved=saved))
            except Killed:
                TALLY.end("killed")
            except LockedError as error:
                TALLY.end("locked")
                if calm and self.platform.lock is not None and self.platform.lock.expires <= self.now:
                    raise BrokenError("A lock whose time is up still blocks.") from error
            except RefusedError:
                TALLY.end("refused")
                if run.written or run.dropped:
                    raise BrokenError("An apply that was refused had written.") from None
            except PlatformError:
                TALLY.end("cut off")
            except SlaSyncError:
                TALLY.end("no longer there")
                if not only:
                    raise
        lines = journal.read_text(encoding="utf-8").splitlines()[began:] if journal.exists() else []
        self._judge_journal([json.loads(each) for each in lines], run)

    def _carried_out(self, sight: Sight, run: Run, *, acknowledged: bool, saved: Mapping[str, object] | None) -> str:
        """Do what `sla-sync apply` does with what was seen, and return how it ended."""
        plan = sight.plan
        if saved is not None:
            refuse_stale(saved, plan)
        if errors_in(plan.diagnostics):
            return "impossible"
        given = {each for change in plan.changes for each in change.acknowledgements} if acknowledged else set()
        bulk = bulk_acknowledgement(plan)
        if errors_in(guard(plan, acknowledged=given | ({bulk} if bulk else set()))):
            return "not acknowledged"
        run.allowed = {change.address for change in plan.changes if change.action is Action.ADOPT}
        result = perform(sight, coming_manifest(sight, commit=None))
        self._judge_result(result, plan, run)
        return "done" if result.complete else "cut off"

    def _judge_result(self, result: Result, plan: Plan, run: Run) -> None:
        if sorted(each.change.address for each in result.outcomes) != sorted(each.address for each in plan.changes):
            raise BrokenError("Not every change has one outcome.")
        if result.complete and run.gone is not None and run.calls < 1:
            raise BrokenError("A run that was cut off says that it is complete.")
        for each in result.outcomes:
            if each.status is not Status.DONE or each.change.address in run.disturbed:
                continue
            self._judge_done(each.change.action, each.change.address, each.change.desired)

    def _judge_done(self, action: Action, address: Address, desired: Desired | None) -> None:
        if action is Action.DELETE:
            if address in self.platform.settings:
                raise BrokenError(f"{address} is said to be deleted and stands there.")
        elif desired is not None:
            wish: Values = canonical_desired(desired.values, TYPES[address.type])
            if not self.platform.agrees(address, wish):
                raise BrokenError(f"{address} is said to be done and is not as agreed.")

    def _judge_journal(self, lines: list[dict[str, str]], run: Run) -> None:
        """Every line that says done is about something that this run wrote."""
        for each in lines:
            if each["event"] != "outcome" or each["status"] != "done" or each["action"] == "release":
                continue
            where = run.dropped if each["action"] == "delete" else run.written
            if Address.parse(each["address"]) not in where:
                raise BrokenError(f"The journal says that run {run.number} did {each['address']}, and it did not.")

    def _plan(self, copy: Copy) -> Plan:
        """Return the plan of a copy in calm weather, beside all runs."""
        runs, self.platform.runs = self.platform.runs, []
        try:
            return self._look(copy).plan
        finally:
            self.platform.runs = runs

    def _look(self, copy: Copy, only: Collection[str] = ()) -> Sight:
        documents, example = _example()
        assert documents.targets is not None
        target = next(iter(documents.targets.targets.values())).model_copy(
            update={"removal": "delete" if copy.removes else "release"}
        )
        prepared = replace(
            example,
            translation=Translation(copy.desired),
            digest=digest([[str(each.address), plain(each.values)] for each in copy.desired]),
            connector=replace(
                example.connector,
                name="memory",
                types=TYPES,
                open_reader=lambda _: nullcontext(MemoryReader(self.platform)),
                open_writer=lambda connection, _: _opened(self.platform, connection),
            ),
        )
        connection = Connection("memory", target, Setup(AGREEMENT), lambda: self.now)
        opened = OpenTarget("memory", connection, copy.folder)
        return see(Conversation(documents, prepared, opened, MemoryReader(self.platform), target), only=only)

    def _later(self, copy: Copy) -> None:
        self._half_an_hour()
        self._run(copy, {})

    def _half_an_hour(self) -> None:
        self.now += LOCK_LASTS

    def _edit(self, index: int, label: str) -> None:
        """Change a value of ours, and put something beside it."""
        found = sorted(self.platform.ours & self.platform.settings.keys())
        if found:
            address = found[index % len(found)]
            values = self.platform.settings[address]
            named = {"Field": "label", "Segment": "filter", "Workflow": "steps", "Entry": "sort"}[address.type]
            self.platform.settings[address] = {**values, named: label, "theirs": "kept"}
            self.platform.kept_inside.add(address)
            self.platform.disturb(address)

    def _delete(self, index: int) -> None:
        found = sorted(self.platform.ours & self.platform.settings.keys())
        if found:
            address = found[index % len(found)]
            del self.platform.settings[address]
            self.platform.created.discard(address)
            self.platform.kept_inside.discard(address)
            self.platform.disturb(address)

    def _make(self, kind: str, name: str) -> None:
        address = Address(kind, f"{name} of ours" if kind in {"Segment", "Workflow"} else name)
        if address not in self.platform.settings and address not in self.platform.ours:
            self._others(address, {"type": "enum", "label": name, "description": "not yours"})
            self.platform.disturb(address)

    def _others(self, address: Address, values: Values) -> None:
        self.platform.settings[address] = self.platform.theirs[address] = values
        self.platform.handles[address] = f"other-{address.type}-{address.key}"


@contextmanager
def _opened(platform: Watched, connection: Connection) -> Iterator[MemoryWriter]:
    assert connection.lock is not None
    # Between the plan and the lock is where a world moves that nobody holds.
    meanwhile = platform.runs[-1].weather.pop(0, None) if platform.runs else None
    if isinstance(meanwhile, Meanwhile):
        meanwhile.happen()
    with writing(platform, connection.lock, connection.now) as writer:
        yield writer
