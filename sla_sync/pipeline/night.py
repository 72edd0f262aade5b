"""Many targets audited at once, each in a conversation of its own; what one of them cannot be asked hides no other."""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from zoneinfo import ZoneInfo

from sla_sync.agreement.load import load_targets
from sla_sync.agreement.source import read_source
from sla_sync.audits.kept import LONGEST, KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.diagnostics import errors_in, spell
from sla_sync.errors import DocumentError, LockedError, SlaSyncError, TargetError, of_the_disk
from sla_sync.pipeline.look import Say, say_nothing
from sla_sync.places import AGREEMENT_FILE, TARGETS_FILE, Place, find_place
from sla_sync.reconcile.drift import Drift, Finding
from sla_sync.render.drift import fix_before
from sla_sync.render.drift_lines import finding_as_lines
from sla_sync.render.words import spell_value, visible

JOBS = 8
PATIENCE = timedelta(minutes=5)
"""How long an audit waits for an apply that is under way."""
_LONGEST_TEXT = 2_000
"""Characters of a finding as people read it that are kept."""
_ASK_AGAIN = timedelta(seconds=15)
_GRACE = timedelta(seconds=0.5)
"""How long those that are under way have to end by themselves when the command is stopped; nobody waits for their answers."""


@dataclass(frozen=True)
class Asked:
    """One target that is to be audited. Those of one `org` share its limits, and are audited one after another."""

    place: Place
    subject: Subject
    org: str = ""


@dataclass(frozen=True)
class Pace:
    """The clock, how one waits, and for how long for an apply that is under way.

    `stopping` is set when the command is stopped: nobody waits any longer then. Where `sleep` is its `wait`, at once.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], object]
    patience: timedelta = PATIENCE
    jobs: int = JOBS
    stopping: threading.Event = field(default_factory=threading.Event)

    def heard(self, say: Say) -> Say:
        """Return what tells a person what is going on until the command is stopped, and nothing from then on."""
        return lambda text: None if self.stopping.is_set() else say(text)


@dataclass(frozen=True)
class Audited:
    """One target as it was audited: what is kept of it, what is told of it, and why it was not audited where it was not.

    The reading itself is gone by then, so that the memory of a night does not grow with what its targets hold.
    """

    kept: KeptAudit
    told: str = ""
    error: SlaSyncError | None = None

    @property
    def codes(self) -> frozenset[int]:
        """The exit codes that it asks for."""
        if self.error is not None:
            return frozenset({self.error.exit_code})
        drifted = {3} if self.kept.verdict is Verdict.DRIFTED else set()
        return frozenset(drifted | ({1} if self.kept.unread else set()))


def places_of(configs: Sequence[Path], *, here: Path) -> tuple[Place, ...]:
    """Return the places that these name: folders, agreement files, or a targets file, which stands for all its agreements.

    Raises SlaSyncError where nothing is found.
    """
    found: dict[Path, Place] = {}
    for config in configs or (None,):
        for each in _agreements(config, here):
            place = find_place(each, here=here)
            found.setdefault(place.agreement.resolve(), place)
    return tuple(found.values())


def _agreements(config: Path | None, here: Path) -> Iterator[Path | None]:
    """Yield the agreements that one CONFIG stands for, as `find_place` takes them."""
    if config is None:
        yield None
        return
    path = here / config
    if path.is_dir() and not (path / AGREEMENT_FILE).is_file() and (path / TARGETS_FILE).is_file():
        path /= TARGETS_FILE
    if path.name != TARGETS_FILE or not path.is_file():
        yield config
        return
    loaded = load_targets(path, root=path.parent)
    if loaded.value is None:
        raise DocumentError(f"{config} cannot be used.", loaded.diagnostics)
    named = (path.parent / each for target in loaded.value.targets.values() for each in target.agreements)
    yield from dict.fromkeys(named)


def asked_for(places: Iterable[Place], names: Collection[str]) -> tuple[Asked, ...]:
    """Return the targets of these places, all of them where none is named, in the order of the targets files.

    Raises TargetError where there is none, where one that is named is in none of the files, or where two of them
    would be kept under one name.
    """
    places = tuple(places)
    found = [each for place in places for each in _targets_of(place) if not names or each.subject.target in names]
    missing = [name for name in names if name not in {each.subject.target for each in found}]
    if (missing or not found) and len(places) == 1:
        place = places[0]
        if not missing:
            raise TargetError(
                f"No target is about {place.agreement}.", hint="Add one to targets.yaml, or name another agreement."
            )
        # Asking for it says best what is wrong with it: there is no such target, or it is about something else.
        found += [Asked(place, Subject(_name_of(place), name)) for name in missing]
    elif missing or not found:
        what = f"the target {' or '.join(missing)}" if missing else "any target"
        raise TargetError(
            f"None of the {len(places)} agreements has {what}.", hint="Correct --target, or the targets file."
        )
    twice = [subject for subject in {each.subject for each in found} if sum(e.subject == subject for e in found) > 1]
    if twice:
        raise TargetError(
            f"Two targets are called '{twice[0].target}' and are about agreements called '{twice[0].agreement}'.",
            hint="Give one of the agreements another name, or audit them in two commands.",
        )
    return tuple(found)


def _targets_of(place: Place) -> Iterator[Asked]:
    if place.targets is None:
        raise TargetError(
            f"No targets.yaml was found for {place.agreement}.",
            hint="Write configs/targets.yaml; `sla-sync schema --kind Targets` describes it.",
        )
    said = place.trusted or place.targets
    loaded = load_targets(said, root=said.parent)
    if loaded.value is None or errors_in(loaded.diagnostics):
        raise DocumentError(f"{place.targets} cannot be used.", loaded.diagnostics)
    name = _name_of(place)
    for target, each in loaded.value.targets.items():
        if place.agreement.resolve() in {(place.targets.parent / path).resolve() for path in each.agreements}:
            alone = {"simulator": f"{place.state}/{target}"} if each.simulator else each.reading_options
            org = json.dumps([each.connector, alone], sort_keys=True, default=str)
            yield Asked(place, Subject(name, target), org)


def _name_of(place: Place) -> str:
    """Return the name of an agreement, of its folder where it cannot be read."""
    metadata = (read_source(place.agreement, root=place.folder).data or {}).get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return name if isinstance(name, str) else place.folder.name


def night(
    asked: Sequence[Asked],
    audit: Callable[[Asked], Drift],
    *,
    tell: Callable[[Drift], str],
    pace: Pace,
    keep: Callable[[KeptAudit], None],
    say: Say = say_nothing,
) -> tuple[Audited, ...]:
    """Audit these targets and return what came of each, in the order in which they were asked for.

    `tell` says what was found of one target while it is at hand; `keep` is called as soon as a target is done.
    """
    turns: Mapping[str, threading.Lock] = defaultdict(threading.Lock, {each.org: threading.Lock() for each in asked})
    if len(asked) == 1:  # Here and not in a thread, where no signal would cut it short.
        alone = _audited(asked[0], audit, tell, pace, turns[asked[0].org], say)
        keep(alone.kept)
        return (alone,)
    found: dict[int, Audited] = {}
    quiet = pace.heard(say)

    def work(one: Asked) -> Audited:
        return _audited(one, audit, tell, pace, turns[one.org], quiet)

    with closing(_at_once(asked, work, pace)) as every:
        for number, each in every:
            found[number] = each
            keep(each.kept)
    return tuple(found[number] for number in range(len(asked)))


def _at_once(
    asked: Sequence[Asked], audit: Callable[[Asked], Audited], pace: Pace
) -> Generator[tuple[int, Audited], None, None]:
    """Yield what came of each target as soon as it is done; whoever is stopped waits for no platform that is still asked.

    The threads are daemons, for the end of a program waits for all others.
    """
    waiting: SimpleQueue[tuple[int, Asked]] = SimpleQueue()
    done: SimpleQueue[tuple[int, Audited | BaseException]] = SimpleQueue()
    for turn in enumerate(asked):
        waiting.put(turn)

    def work() -> None:
        while not pace.stopping.is_set():
            try:
                number, each = waiting.get_nowait()
            except Empty:
                return
            try:
                done.put((number, audit(each)))
            except BaseException as error:  # noqa: BLE001 - it is raised where the others are awaited
                done.put((number, error))

    threads = [
        threading.Thread(target=work, name=f"audit-{number}", daemon=True)
        for number in range(max(1, min(pace.jobs, len(asked))))
    ]
    try:
        for each in threads:
            each.start()
        for _ in asked:
            number, came = _next(done)
            if isinstance(came, BaseException):
                raise came
            yield number, came
    finally:
        pace.stopping.set()
        until = time.monotonic() + _GRACE.total_seconds()
        for each in filter(threading.Thread.is_alive, threads):
            each.join(max(0.0, until - time.monotonic()))


def _next(done: SimpleQueue[tuple[int, Audited | BaseException]]) -> tuple[int, Audited | BaseException]:
    """Return what is done next; looked for again and again, since a wait without an end hears no Ctrl-C on Windows."""
    while True:
        with suppress(Empty):
            return done.get(timeout=_GRACE.total_seconds())


def _audited(
    asked: Asked,
    audit: Callable[[Asked], Drift],
    tell: Callable[[Drift], str],
    pace: Pace,
    turn: threading.Lock,
    say: Say,
) -> Audited:
    try:
        drift = _patiently(asked, audit, pace, turn, say)
        return Audited(kept_of(asked.subject, drift, pace.now()), tell(drift))
    except SlaSyncError as error:
        return _not_audited(asked, error, pace.now())
    except Exception as error:  # noqa: BLE001 - a fault in the audit of one target must not hide the others
        if isinstance(error, OSError) and error.filename:  # those of libraries about connections name no file
            return _not_audited(asked, of_the_disk(error), pace.now())
        # Not its text, which nobody has looked through for what must not be shown.
        say("".join(traceback.format_tb(error.__traceback__)))
        fault = SlaSyncError(
            f"The audit of {asked.subject} stopped with {type(error).__name__}, which is a fault of sla-sync.",
            hint="Report it with the lines above.",
        )
        return _not_audited(asked, fault, pace.now())


def _patiently(asked: Asked, audit: Callable[[Asked], Drift], pace: Pace, turn: threading.Lock, say: Say) -> Drift:
    """Return the audit of a target, once nobody applies to it any more. Raises LockedError where that takes too long."""
    until = pace.now() + pace.patience
    while True:
        try:
            with turn:
                if pace.stopping.is_set():
                    raise LockedError("The command was stopped.")
                return audit(asked)
        except LockedError as error:
            left = until - pace.now()
            if left <= timedelta() or pace.stopping.is_set():
                raise LockedError(f"{asked.subject} was not audited: {error.message}", hint=error.hint) from None
            say(f"{asked.subject}: {error.message} Waiting …")
            pace.sleep(min(left, _ASK_AGAIN).total_seconds())


def _not_audited(asked: Asked, error: SlaSyncError, at: datetime) -> Audited:
    return Audited(KeptAudit(asked.subject, at, Verdict.NOT_AUDITED, because=_short(error.message)), error=error)


def kept_of(subject: Subject, drift: Drift, at: datetime) -> KeptAudit:
    """Return what is kept of an audit."""
    zone = ZoneInfo(drift.zone)
    quiet = Verdict.IN_SYNC if drift.in_sync else Verdict.NO_DRIFT
    verdict = Verdict.DRIFTED if drift.drifted else quiet
    return KeptAudit(
        subject,
        at,
        verdict,
        (
            *(_kept(each, zone) for each in drift.drifted),
            *(replace(_kept(each.finding, zone), accepted=True) for each in drift.accepted),
        ),
        drift.matched,
        len(drift.pending),
        len(drift.unverifiable),
        unread=drift.unreadable,
        title=_short(drift.title),
        zone=drift.zone,
        hurry=fix_before(drift.first_due, drift.at, zone) if drift.first_due and drift.at_risk else "",
    )


def _kept(finding: Finding, zone: ZoneInfo) -> KeptFinding:
    place = finding.what or f"{finding.address} {spell(finding.path)}".rstrip()
    values = f"{spell_value(finding.agreed)} → {spell_value(finding.live)}" if finding.path else ""
    sentence = finding.sentence or ": ".join(filter(None, (f"{finding.title} {finding.drift}", values)))
    return KeptFinding(
        finding.id,
        str(finding.consequence),
        str(finding.drift),
        _short(place),
        _short(sentence),
        "\n".join(finding_as_lines(finding, zone))[:_LONGEST_TEXT],
        tuple(_short(each.sentence) for each in finding.stakes if each.counted),
    )


def _short(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
