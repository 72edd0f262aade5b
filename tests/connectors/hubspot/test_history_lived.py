"""The past of contacts that lived the example equals what `why` tells of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sla_sync.connector import Address, Assignment, Manifest, RecordStory
from sla_sync.connector.history import ACTIVITIES, OWNERS, RAISES, STAGES
from sla_sync.connector.simulation import serve
from sla_sync_hubspot.asked import columns
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.records_file import keep_everything
from sla_sync_hubspot.simulator.state import keep_state
from sla_sync_hubspot.stories import tell
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.types import PROPERTY
from tests.connectors.hubspot.living import Life, live
from tests.connectors.hubspot.remembering import Remembering, Told
from tests.connectors.hubspot.stories import Portal

pytestmark = pytest.mark.slow

_STATUS = re.compile(r"Its lead status became «(\w+)».")


def answered(life: Life) -> None:
    """Let a contact ask, be called in time, be talked to, and say not now."""
    life.arrives(source="Demo", hs_lead_status="NEW")
    life.until(life.now + timedelta(minutes=40))
    life.touches("ana")
    life.touches(life.owner() or "")
    life.moves("IN_PROGRESS")
    life.passes(hours=1)
    life.moves("CONNECTED")
    life.passes(hours=1)
    life.moves("BAD_TIMING", reason="no_budget")


def given_on(life: Life) -> None:
    """Let nobody call a contact until it is given on; the next one writes, after a mail of a machine."""
    life.arrives(source="Demo")
    life.until(life.now + timedelta(hours=26))
    life.touches(life.owner() or "", "email", hs_sequence_id="700100")
    life.passes(minutes=5)
    life.touches(life.owner() or "", "email")


def back_again(life: Life) -> None:
    """Let a contact that did not fit ask again, so that a second cycle begins."""
    life.arrives(source="Newsletter")
    life.change(source="Demo")
    life.until(life.now + timedelta(minutes=30))
    life.moves("UNQUALIFIED", reason="not_real")
    life.until(life.now + timedelta(hours=1))
    life.change(source="Referral")
    life.passes(minutes=1)
    life.change(source="Demo")
    life.until(life.now + timedelta(hours=1))
    life.touches(life.owner() or "", "meeting")


def let_go(life: Life) -> None:
    """Let a contact be given back to nobody, and taken by somebody else."""
    life.arrives(source="Demo")
    life.until(life.now + timedelta(minutes=20))
    life.owned_by("")
    life.passes(minutes=10)
    life.owned_by("ana")
    life.touches("ana")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Told, dict[str, RecordStory]]]:
    """Return what is told of a portal in which contacts lived the startup, and the story of each."""
    data = tmp_path_factory.mktemp("lived")
    life = live()
    contacts = []
    for act in (answered, given_on, back_again, let_go):
        act(life)
        contacts.append(life.contact)
        life.until(life.now + timedelta(minutes=30))
    keep_everything(life.shop.portal.records, data, life.now)
    keep_state(data, life.shop.portal.state)
    resources = life.vocabulary.resources
    clocks = columns(resources, life.vocabulary.binding).clocks
    names = [each.name for each in (*kept.kept_fields(resources, clocks), *resources.fields)]
    applied = Manifest("digest", {Address(PROPERTY, f"contacts/sla_{each}"): {} for each in names})
    with serve(simulator, data, clock=life.now) as running:
        past = Remembering(Portal(running, data))
        with past.reader(life.vocabulary) as reader:
            asked = past.asked(life.vocabulary, until=life.now + timedelta(hours=1))
            told = Told().take(reader.history(asked))
        client = past.portal.client(writes=False)
        people = client.call("GET", Api.OWNERS)["results"]
        owners = [{"id": each["id"], "firstName": each["id"]} for each in people]
        yield told, {each: tell(client, each, applied, lambda: owners) for each in contacts}


def test_the_path_of_each_is_that_which_why_tells(lived: tuple[Told, dict[str, RecordStory]]) -> None:
    told, stories = lived
    by_value = {"NEW": "lead", "OPEN": "mql", "BAD_TIMING": "later", "UNQUALIFIED": "no_fit", "IN_PROGRESS": "sal"}
    for contact, story in stories.items():
        said = [(each.at, _STATUS.fullmatch(each.sentence)) for each in story.happenings]
        moved = [(at, by_value[found[1]]) for at, found in said if found and found[1] != "CONNECTED"]
        rows = [(row["at"], row["stage"]) for row in told.rows(STAGES) if row["lead"] == contact]
        stays = [each for each in rows if each[0].microsecond % 1000 == 0]
        assert stays == [
            each for place, each in enumerate(moved) if place + 1 == len(moved) or moved[place + 1][0] > each[0]
        ]
        assert next(stage for _, stage in rows) == "lead"
    assert ("later", "no_budget") in told.shown(STAGES, "stage", "reason")
    assert ("no_fit", "not_real") in told.shown(STAGES, "stage", "reason")


def test_the_owner_of_each_turn_and_the_hand_that_opened_it_are_those_which_why_tells(
    lived: tuple[Told, dict[str, RecordStory]],
) -> None:
    told, stories = lived
    turns = [(contact, each) for contact, story in stories.items() for each in story.assignments if each.number]
    assert len(turns) >= 6
    for contact, turn in turns:
        had = [row for row in told.rows(OWNERS) if row["lead"] == contact and row["at"] <= turn.assigned_at]
        assert had[-1]["owner"] == turn.owner
        raised = [row["at"] for row in told.rows(RAISES) if row["lead"] == contact and row["at"] <= turn.qualified_at]
        assert raised[-1] == turn.raised_at
    assert len({turn.cycle for _, turn in turns}) == 2
    assert {turn.ended_because for _, turn in turns} >= {"Reassigned", "Returned", "Closed"}


def test_the_first_touch_of_each_turn_is_that_which_why_tells(lived: tuple[Told, dict[str, RecordStory]]) -> None:
    told, stories = lived
    found = 0
    for contact, story in stories.items():
        for turn in story.assignments:
            if turn.number:
                assert first_touch(told, contact, turn) == turn.touched_at
                found += turn.touched_at is not None
    assert found == 4


def first_touch(told: Told, contact: str, turn: Assignment) -> object:
    """Return when the owner of a turn first did what counts, after it began and before it ended."""
    return min(
        (
            row["at"]
            for row in told.rows(ACTIVITIES)
            if row["lead"] == contact and row["counts"] and row["by"] == turn.owner
            if turn.assigned_at is not None and turn.assigned_at <= row["at"]
            if turn.ended_at is None or row["at"] < turn.ended_at
        ),
        default=None,
    )
