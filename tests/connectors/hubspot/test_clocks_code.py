"""Dates that a workflow's own code computes: the same as `sla-sync clock` finds, for whatever a contact holds."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.pipeline.dates import Almanac
from sla_sync.semantics.calendars import calendars_of
from sla_sync_hubspot.asked import asked_of, columns, is_asking, written
from sla_sync_hubspot.binding import Deadlines
from sla_sync_hubspot.dated import spell_instant
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.clock_flow import clock_workflows
from sla_sync_hubspot.translate.custom_code import MARK, program
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from tests.connectors.hubspot.clock_stage import Bend, bent_agreement, example, open_stage

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="the code of workflows is JavaScript, and no Node.js is here")
FIRST = datetime(2026, 10, 5, tzinfo=UTC)
"""The hours in the code begin with the agreement, and nothing starts before it."""
DRIVER = """
const fs = require("fs");
const { source, contacts } = JSON.parse(fs.readFileSync(0, "utf8"));
const found = { exports: {} };
const data = new Function("exports", "require", source + "\\nreturn DATA;")(found.exports, require);
process.stdout.write(JSON.stringify(contacts.map((each) => found.exports.answer(data, each))));
"""


MAIN = """
const fs = require("fs");
const { source, properties } = JSON.parse(fs.readFileSync(0, "utf8"));
const calls = [];
const axios = {
  get: async (url, { headers, params }) => {
    calls.push(["get", url, params.properties, headers.Authorization]);
    return { data: { properties } };
  },
  patch: async (url, body, { headers }) => calls.push(["patch", url, body.properties, headers.Authorization]),
};
process.env.SLA_SYNC_TOKEN = "a-secret";
const found = { exports: {} };
new Function("exports", "require", source)(found.exports, () => axios);
found.exports.main({ object: { objectId: 101 } }, () => process.stdout.write(JSON.stringify(calls)));
"""


def days_and_steps(document: dict[str, Any]) -> None:
    """Bend the example: open days, two windows a day, steps since the start, limits inside and outside hours."""
    document["calendars"]["office"]["open"] = {"mon-thu": "08:00-12:30 and 13:15-17:45", "fri": "09:00-14:00"}
    answer = document["commitments"]["answer"]
    answer["within"] = {"asked": "2 business days", "referred": "90 business minutes"}
    answer["warn"] = "at 75%"
    answer["on_breach"] = [
        {"notify": "owner"},
        {"after": "1 business day", "reassign": "reps", "at_most": "twice"},
        {"at": "4 business days", "return_to_queue": "parking"},
        {"after": "3 hours", "notify": "founder"},
    ]
    other = document["commitments"]["nobody-forgotten"]
    other["clock"] = {"starts": "assigned", "stops": "leaves mql", "runs_in": "office"}
    other["within"] = {"inside hours": "37 business minutes", "outside hours": "2 business hours"}
    other["warn"] = "at 20 business minutes"


def words(bend: Bend | None) -> Vocabulary:
    return example(deadlines=Deadlines.CUSTOM_CODE, bend=bend)


def code_of(vocabulary: Vocabulary) -> str:
    flows, _ = clock_workflows(vocabulary)
    flow: Any = next(each.values for each in flows if each.address.key.endswith("Clocks: compute dates"))
    (action,) = flow["actions"]
    return str(action["sourceCode"])


def drawn(vocabulary: Vocabulary, chance: random.Random) -> dict[str, str]:
    """Return what a contact might hold, likely or not."""
    now = FIRST + timedelta(minutes=chance.randrange(60 * 24 * 60), milliseconds=chance.randrange(5000))

    def before() -> datetime:
        return now - timedelta(minutes=chance.choice((0, 7, 61, 600, 4000)), seconds=chance.randrange(90))

    values = {
        kept.DATES: chance.choice((kept.ASKED,) * 9 + (kept.WRITTEN,)),
        kept.CYCLE: str(chance.choice((1, 2))),
        kept.CYCLE_STATE: chance.choice((kept.OPEN,) * 5 + (kept.CLOSED,)),
        "priority": chance.choice(("asked", "referred", "")),
        kept.ASSIGNED_AT: spell_instant(before()),
        kept.FIRST_TOUCH_AT: spell_instant(before()) if chance.random() < 0.3 else "",
    }
    names = columns(vocabulary.resources, vocabulary.binding)
    for clock in names.clocks:
        started = before()
        values |= {
            kept.of_clock(clock, "state"): chance.choice((*kept.STATES, kept.AWAITS, kept.AWAITS, kept.OVERDUE)),
            kept.of_clock(clock, "started_at"): spell_instant(started) if chance.random() < 0.9 else "",
            kept.of_clock(clock, "stopped_at"): spell_instant(before()) if chance.random() < 0.2 else "",
        }
        values |= {
            kept.happened_at(key): spell_instant(before()) if chance.random() < 0.4 else ""
            for key in kept.timed_keys(clock)
        }
        values |= {kept.times(key): chance.choice(("", "0", "1", "2")) for key in kept.counted_keys(clock)}
    own = {names.named(name): text for name, text in values.items()}
    return {**own, "hubspot_owner_id": chance.choice(("", "41000005"))}


def later(vocabulary: Vocabulary, contact: dict[str, str], chance: random.Random) -> dict[str, str]:
    """Return a contact that asks again: another turn began, for many after a breach that is not over."""
    names = columns(vocabulary.resources, vocabulary.binding)
    changes = {kept.DATES: kept.ASKED}
    for clock in names.clocks:
        due = contact.get(names.named(kept.of_clock(clock, "due_at")))
        if not due or chance.random() < 0.3:
            continue
        breach = datetime.fromisoformat(due)
        changes |= {
            kept.happened_at(f"{clock.name}.due"): spell_instant(breach + timedelta(milliseconds=1)),
            kept.of_clock(clock, "stopped_at"): "",
            kept.of_clock(clock, "started_at"): spell_instant(breach + timedelta(minutes=chance.randrange(300))),
            kept.of_clock(clock, "state"): chance.choice((kept.AWAITS, kept.VOID, kept.IDLE)),
        }
        changes |= {kept.happened_at(key): "" for key in kept.timed_keys(clock) if ".step" in key}
    return {**contact, **{names.named(name): text for name, text in changes.items()}}


def found_by_us(vocabulary: Vocabulary, almanac: Almanac, properties: Mapping[str, str]) -> dict[str, str] | None:
    names = columns(vocabulary.resources, vocabulary.binding)
    contact = {"id": "101", "properties": properties}
    if not is_asking(contact, names):
        return None
    return written(almanac.given(asked_of(contact, names, lambda _: None), kept.SLOTS), contact, names)


def found_by_code(vocabulary: Vocabulary, contacts: list[dict[str, str]], folder: Path) -> list[dict[str, str] | None]:
    driver = folder / "driver.js"
    driver.write_text(DRIVER, encoding="utf-8")
    asked = json.dumps({"source": code_of(vocabulary), "contacts": contacts})
    done = subprocess.run([str(NODE), str(driver)], input=asked, capture_output=True, text=True, check=True)
    answers: list[dict[str, str] | None] = json.loads(done.stdout)
    return answers


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("bend", [None, days_and_steps])
def test_the_code_of_a_workflow_writes_what_the_clock_writes(bend: Bend | None, tmp_path: Path) -> None:
    vocabulary, agreement = words(bend), bent_agreement(bend=bend)
    almanac = Almanac(agreement, calendars_of(agreement))
    chance = random.Random(7)
    contacts = [drawn(vocabulary, chance) for _ in range(400)]
    ours = [found_by_us(vocabulary, almanac, each) for each in contacts]
    names = columns(vocabulary.resources, vocabulary.binding)
    again = [
        later(vocabulary, {**contact, **answer}, chance)
        for contact, answer in zip(contacts, ours, strict=True)
        if answer
    ]
    ours += [found_by_us(vocabulary, almanac, each) for each in again]
    theirs = found_by_code(vocabulary, contacts + again, tmp_path)
    for contact, one, other in zip(contacts + again, ours, theirs, strict=True):
        assert one == other, contact
    told = [str(each[names.named(kept.DATES_FOR)]) for each in ours if each]
    assert any(text.count("answer 20") > 1 for text in told), "no run of an earlier turn was ever kept"


def test_the_code_names_its_program_and_is_the_same_each_time() -> None:
    source = code_of(words(None))
    assert source == code_of(words(None))
    first, _, rest = source.partition("\n")
    assert first == MARK + hashlib.sha256(program().encode()).hexdigest()
    assert rest.partition("\n")[2] == program()


def test_code_needs_a_secret_that_a_person_adds_and_no_token_stands_in_it() -> None:
    flows, gaps = clock_workflows(words(None))
    flow: Any = next(each.values for each in flows if each.address.key.endswith("Clocks: compute dates"))
    assert flow["actions"][0]["secretNames"] == ["SLA_SYNC_TOKEN"]
    assert any("SLA_SYNC_TOKEN" in gap.advice for gap in gaps)


def test_what_the_code_cannot_count_is_a_gap() -> None:
    def bend(document: dict[str, Any]) -> None:
        document["commitments"]["answer"]["within"] = "1 month"

    flows, gaps = clock_workflows(words(bend))
    assert any("1 month" in gap.advice for gap in gaps)
    assert '"name":"answer"' not in code_of(words(bend))
    assert flows


def test_code_answers_as_soon_as_dates_are_asked_for() -> None:
    start = datetime(2026, 10, 9, 14, 30, tzinfo=UTC)
    stage = open_stage(words(None), start)
    stage.start("answer", start, priority="asked")
    stage.set(dates=kept.ASKED)
    assert (stage.value("dates"), stage.state("answer")) == (kept.WRITTEN, kept.RUNNING)
    stage.shop.run_to(start + timedelta(days=4))
    # Half an hour of Friday afternoon is open, so one and a half of Monday morning follow.
    (due,) = stage.happened("answer.due")
    assert due == datetime(2026, 10, 12, 9, 30, tzinfo=UTC) + timedelta(milliseconds=1)


@needs_node
def test_the_code_reads_a_contact_and_writes_its_dates_with_the_secret(tmp_path: Path) -> None:
    driver = tmp_path / "main.js"
    driver.write_text(MAIN, encoding="utf-8")
    own = {"sla_dates": "asked", "sla_cycle": "1", "sla_cycle_state": "open", "sla_priority": "asked",
           "sla_answer_state": "awaits", "sla_answer_started_at": "2026-10-05T09:00:00Z"}  # fmt: skip
    asked = json.dumps({"source": code_of(words(None)), "properties": own})
    done = subprocess.run([str(NODE), str(driver)], input=asked, capture_output=True, text=True, check=True)
    read, wrote = json.loads(done.stdout)
    assert read[:2] == ["get", "https://api.hubapi.com/crm/v3/objects/contacts/101"]
    assert "sla_answer_started_at" in read[2]
    assert wrote[2]["sla_answer_due_at"] == "2026-10-05T11:00:00Z"
    assert read[3] == wrote[3] == "Bearer a-secret"
