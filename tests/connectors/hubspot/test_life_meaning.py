"""What becomes of random contacts on the portal is what the agreement means: each clock, as `sla_sync.semantics` has it."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from sla_sync.semantics.clocks import runs
from sla_sync.semantics.history import Assigned, Changed, Channel, Entered, Event, History, Queued, Raised, Touched
from sla_sync.semantics.story import story_of
from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.living import Life, live
from tests.connectors.hubspot.simulator.workshop import CONTACT

COUNT = int(os.environ.get("SLA_SYNC_LIVES", "6"))
STAGES: Mapping[str, str] = {
    "NEW": "lead", "OPEN": "mql", "IN_PROGRESS": "sal", "CONNECTED": "sal", "BAD_TIMING": "later",
    "UNQUALIFIED": "no_fit",
}  # fmt: skip
SOURCES: Mapping[str, str] = {"Demo": "demo_request", "Referral": "referral", "Newsletter": "newsletter"}
REASONS: Mapping[str, str] = {"BAD_TIMING": "no_budget", "UNQUALIFIED": "not_real"}
Told = list[tuple[datetime, int, Event]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(COUNT))
def test_a_random_contact_experiences_what_the_agreement_means(seed: int) -> None:
    life = live()
    story = story_of(life.agreement, _played(life, random.Random(seed)))
    for name in ("answer", "nobody-forgotten"):
        found = runs(story, name, life.now)
        started = life.at(kept.of_clock(name, "started_at"))
        assert found, name
        said = (life.state(name), started, life.at(kept.of_clock(name, "due_at")))
        assert said == (str(found[-1].state), found[-1].started_at, found[-1].deadline), (seed, name)
    assert [each for each in life.failed() if "nobody to notify" not in each] == []


@pytest.mark.slow
def test_the_last_history_would_be_seen_to_differ() -> None:
    life = live()
    told = _played(life, random.Random(1))
    untouched = History(tuple(each for each in told.events if not isinstance(each, Touched)))
    assert untouched != told
    assert any(
        runs(story_of(life.agreement, told), name, life.now)
        != runs(story_of(life.agreement, untouched), name, life.now)
        for name in ("answer", "nobody-forgotten")
    )


def _played(life: Life, choose: random.Random) -> History:
    """Let a contact live, and return what happened to it. It is worked only while its cycle is open, as in a portal."""
    life.arrives(source=choose.choice(["Demo", "Referral"]))
    told: Told = [(life.now, 1, Raised(life.now, SOURCES[life.shows("source") or ""]))]
    for name, value in (("email", "x"), ("company", "y")):
        told.append((life.now, 0, Changed(life.now, name, value)))
    for _ in range(choose.randint(3, 9)):
        waits = timedelta(minutes=choose.choice([3, 25, 61, 200, 700, 3000, 20000]))
        life.until(life.now + waits, timedelta(hours=1))
        told += _acts(life, choose)
        life.clock()
    life.until(life.now + timedelta(days=2), timedelta(hours=1))
    return History(tuple(each for _, _, each in sorted([*told, *_recorded(life)], key=lambda one: one[:2])))


def _acts(life: Life, choose: random.Random) -> Told:
    is_open = life.shows("cycle_state") == kept.OPEN
    match choose.choice(["touch", "touch", "own", "back", "move", "move", "ask"]) if is_open else "ask":
        case "touch":
            by = choose.choice(["morgan", "ana", life.owner() or "kim"])
            life.touches(by)
            return [(life.now, 4, Touched(life.now, by, Channel.CALL))]
        case "own":
            life.owned_by(choose.choice(["morgan", "ana", "ben"]))
        case "back":
            life.owned_by("")
        case "move":
            status = choose.choice(list(STAGES))
            life.moves(status, **({"reason": REASONS[status]} if status in REASONS else {}))
        case _:
            # Off the path only what leads back: the portal times nobody who does not qualify, and says so in the plan.
            back = {"UNQUALIFIED": ("Demo",), "BAD_TIMING": ("Demo", "Referral")}
            asked = SOURCES if is_open else back.get(life.status() or "", ())
            others = [each for each in asked if each != life.shows("source")]
            if not others:
                return []
            source = choose.choice(others)
            life.change(source=source)
            return [(life.now, 1, Raised(life.now, SOURCES[source]))]
    return []


def _recorded(life: Life) -> Told:
    """Return what people and workflows did, as the portal's own history has it."""
    record = life.shop.portal.records.get(CONTACT, life.contact)
    assert record is not None
    told: Told = [
        (each.at, 2, Entered(each.at, STAGES[each.text])) for each in reversed(record.history["hs_lead_status"])
    ]
    told += [(each.at, 3, Queued(each.at, "parking")) for each in record.history["hubspot_owner_id"] if not each.text]
    # A rotation may give a contact of the next cycle to whoever has it already: that is an assignment all the same.
    turns = record.history[life.name(kept.TURN_OWNER)]
    for each in record.history[life.name(kept.ASSIGNED_AT)]:
        whose = next(turn.text for turn in turns if turn.at <= each.at)
        told.append((each.at, 3, Assigned(each.at, life.name_of(whose), "reps")))
    return told
