"""Whatever a platform answers, a conversation ends in a value or in one sentence, soon, and without a change of the platform.

An example is applied to a simulator, and every verb of a conversation is held with it while one answer says something else.
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, cast

from sla_sync.connector import Asked, Setup, Surveys, TellsFacts, TellsLock, TellsPulse, Watched, Watches
from sla_sync.connector.history import HistoryAsked, TellsHistory
from sla_sync.connector.simulation import Application, Deed, Simulator
from sla_sync.demo.week import CASES
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.look import Conversation, Sight, binding_of, choose_target, converse, see
from sla_sync.pipeline.validate import Documents, judge, read
from sla_sync.places import Place
from sla_sync.render.plan import plan_as_json, plan_as_markdown, plan_as_text
from sla_sync.targets import OpenTarget, open_target
from tests.fuzz.relay import Relay, Spoil

CONFIGS = Path(__file__).parents[2] / "configs"
LEADS = 4
LONGEST = 120
"""Seconds that a verb may take; it takes a fraction of one."""
START = datetime(2026, 10, 1, tzinfo=UTC)
EXAMPLES: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "hubspot": {
        "acme": ("acme", "targets.yaml", "hubspot-simulator"),
        "startup": ("examples/startup", "examples/startup/targets.yaml", "startup-simulator"),
    },
    "salesforce": {
        "acme": ("acme", "targets.yaml", "salesforce-simulator"),
        "enterprise": ("examples/enterprise", "examples/enterprise/targets.yaml", "enterprise-simulator"),
    },
}
"""Platform → example → its folder, its targets file and its target."""


_BY_THEMSELVES = {Deed.ARRIVES, Deed.CHANGES, Deed.ASKS}


class HungError(BaseException):
    """A verb did not come to its end; no handler of the program may take it for anything else."""


@dataclass
class Stage:
    """A target that an example was applied to, behind a relay."""

    relay: Relay
    target: OpenTarget
    prepared: Prepared
    documents: Documents
    said: Any
    seen: Sight | None = None


@dataclass(frozen=True)
class Failure:
    """What ended otherwise: the verb, what was spoiled, and how it ended."""

    verb: str
    spoil: Spoil
    call: str
    said: str

    def __str__(self) -> str:
        """Say it in a line or two, with what repeats it."""
        return f"{self.verb} after {self.call} ({self.spoil}): {self.said}"


@contextmanager
def stage(folder: Path, platform: str, example: str, *, leads: int = LEADS) -> Iterator[Stage]:
    """Apply an example to a simulator, and serve it behind a relay until the context ends."""
    agreement, targets, name = EXAMPLES[platform][example]
    place = Place(CONFIGS / agreement / "agreement.yaml", CONFIGS / targets, folder / "state")
    (folder / "state" / name / "simulator").mkdir(parents=True)
    if platform == "hubspot":  # only there is an audit log to be read
        (folder / "state" / name / "simulator" / "switches.json").write_text('{"tier": "enterprise"}', encoding="utf-8")
    apply(place, name, environ={}, today=START.date())
    if example == "acme" and leads:
        _let_leads_live(place, name, leads)
    documents = read(place)
    target = choose_target(documents, name)
    start = documents.usable.metadata.effective.start
    documents = judge(documents, today=start)
    prepared = prepare(documents, binding_of(documents, target), target.people)
    made = prepared.connector.simulator
    assert made is not None
    relays: list[Relay] = []

    def relayed(data: Path, begins: datetime) -> Application:
        relays.append(Relay(made().create(data, begins)))
        return cast("Application", relays[-1])  # which it stands before

    def simulator() -> Simulator:
        return replace(made(), create=relayed, administer=lambda _: ())

    with open_target(
        name,
        target,
        replace(prepared.connector, simulator=simulator),
        Setup(agreement=documents.usable.metadata.name, people=target.people),
        state=place.state,
        environ={},
        clock_start=datetime.combine(start, clock_time(), tzinfo=UTC),
    ) as opened:
        found = Stage(relays[0], opened, prepared, documents, target)
        found.seen = VERBS["plan"](found)
        yield found


def _let_leads_live(place: Place, name: str, leads: int) -> None:
    """Play the first of the leads of the working week, so that there are records with a past to be read."""
    with converse(place, name, environ={}) as opened:
        made = opened.prepared.connector.simulator
        assert made is not None
        running, play = opened.target.simulator, made().play
        assert running is not None
        assert play is not None
        words = opened.prepared.binding.model_dump(mode="json", by_alias=True, exclude_none=True)
        moves = [move for case in CASES[:leads] for move in case.moves]
        # On HubSpot the example gives leads to nobody, so that only what they do themselves can be played.
        theirs = opened.prepared.binding.timers != "here"
        play(running, [each for each in moves if not theirs or each.deed in _BY_THEMSELVES], words)


def _plan(on: Stage) -> Sight:
    with on.prepared.connector.open_reader(on.target.connection) as reader:
        sight = see(Conversation(on.documents, on.prepared, on.target, reader, on.said), foresee=True)
        for show in (plan_as_json, plan_as_markdown, plan_as_text):
            show(sight.plan)
        return sight


def _reading(ask: Callable[[Any, Sight], Any]) -> Callable[[Stage], Any]:
    """Return a verb that asks a fresh reader about what was seen when all was well."""

    def asked(on: Stage) -> Any:
        assert on.seen is not None
        with on.prepared.connector.open_reader(on.target.connection) as reader:
            return ask(reader, on.seen)

    return asked


def _audit(reader: Any, sight: Sight) -> Any:
    list(reader.audit_trail(None))
    asked = Watched(
        sight.prepared.resources,
        sight.prepared.binding,
        sight.prepared.translation,
        sight.snapshot,
        sight.target.connection.now(),
    )
    if isinstance(reader, TellsLock):
        reader.lock()
    if isinstance(reader, TellsPulse):
        reader.pulse()
    if isinstance(reader, Watches):
        reader.first_due(asked)
        reader.harm(asked, ("routing",), START)
        return list(reader.watch(asked))
    return None


def _past(reader: Any, sight: Sight) -> Any:
    assert isinstance(reader, TellsHistory)
    now = sight.target.connection.now()
    return list(
        reader.history(HistoryAsked(now - timedelta(days=9), now, sight.prepared.resources, sight.prepared.binding))
    )


def _facts(reader: Any, sight: Sight) -> Any:
    assert isinstance(reader, TellsFacts)
    return reader.facts(
        Asked(sight.prepared.resources, sight.prepared.binding, sight.prepared.translation, sight.snapshot, frozenset())
    )


def _survey(reader: Any, _: Sight) -> Any:
    assert isinstance(reader, Surveys)
    return reader.survey()


VERBS: Mapping[str, Callable[[Stage], Any]] = {
    "plan": _plan,
    "audit": _reading(_audit),
    "doctor": _reading(lambda reader, _: list(reader.examine())),
    "facts": _reading(_facts),
    "survey": _reading(_survey),
    "past": _reading(_past),
}
"""What is done with a target → how, from opening a conversation to its end."""


def requests_of(on: Stage, verb: str) -> int:
    """Return how many requests a verb makes while all is well."""
    on.relay.expect(None)
    VERBS[verb](on)
    return on.relay.asked


def tried(on: Stage, verb: str, spoil: Spoil) -> Failure | None:
    """Do a verb while one answer is wrong, and return how it ended otherwise than it may; None where it ended well."""
    before = on.relay.state_changes
    on.relay.expect(spoil)
    said = ended(lambda: VERBS[verb](on))
    if not said and on.relay.state_changes != before:
        said = "the platform was changed"
    return Failure(verb, spoil, on.relay.spoiled, said) if said else None


def ended(work: Callable[[], object]) -> str:
    """Return what is wrong with how something ended; empty where it gave a value or a sentence."""

    def late(_: int, __: FrameType | None) -> None:
        raise HungError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST)
    try:
        work()
    except SlaSyncError as error:
        return "" if error.message.strip() else "it said nothing"
    except HungError:
        return "it hung\n" + traceback.format_exc()
    except Exception:  # noqa: BLE001 - everything else is what is looked for
        return traceback.format_exc()
    finally:
        signal.alarm(0)
    return ""


def cases(on: Stage, verbs: Sequence[str], seed: int) -> Iterator[tuple[str, Spoil]]:
    """Yield without end what is tried on a stage, the same for the same seed."""
    chance = Random(seed)
    many = {verb: requests_of(on, verb) for verb in verbs}
    while True:
        for verb in verbs:
            at = chance.randint(1, many[verb])
            yield verb, Spoil(at, chance.randrange(1 << 32), again=chance.random() < 0.2)
