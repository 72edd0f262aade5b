"""Code that a workflow runs: the one program that is known, what it writes, and that every other one is refused."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync_hubspot.simulator.refusals import RefusalError
from sla_sync_hubspot.simulator.running.code import PROGRAM, run
from sla_sync_hubspot.simulator.stock_properties import Stock, spell_stock
from sla_sync_hubspot.translate.custom_code import program, source_code
from tests.connectors.hubspot.simulator.portal import FLOWS, Portal, flow
from tests.connectors.hubspot.simulator.workshop import CONTACT, Workshop, open_workshop

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MONDAY = int(datetime(2026, 11, 30, tzinfo=UTC).timestamp()) // 60
OFFICE = [
    [MONDAY + 1440 * day, opens, closes]
    for day in range(60)
    if day % 7 < 5
    for opens, closes in ((540, 720), (780, 1020))
]
OFFICE_ROWS = [[row[0] - before[0], *row[1:]] for before, row in zip([[0, 0, 0], *OFFICE], OFFICE, strict=False)]
"""The same as the code has it: each day counts from the one before."""
ANSWER: dict[str, Any] = {
    "name": "first-answer", "restarts": True, "calendar": "office", "hours": 0, "warn": 0.75,
    "limits": [
        {"priority": "hot", "inside": None, "within": ["open", HOUR]},
        {"priority": None, "inside": True, "within": ["open", 4 * HOUR]},
        {"priority": None, "inside": False, "within": ["days", 1]},
    ],
    "steps": [
        {"what": "step0", "after": ["open", HOUR], "at": None, "most": 2},
        {"what": "step1", "after": None, "at": ["wall", 30 * MINUTE], "most": None},
        {"what": "step2", "after": None, "at": None, "most": None},
    ],
}  # fmt: skip
VERDICT: dict[str, Any] = {
    "name": "verdict", "restarts": False, "calendar": "wall clock", "hours": None, "warn": ["wall", HOUR],
    "limits": [{"priority": "hot", "inside": None, "within": ["wall", 2 * DAY]}],
    "steps": [{"what": "step0", "after": ["wall", HOUR], "at": None, "most": None}],
}  # fmt: skip
PARTS = ("state", "started_at", "stopped_at", "due_at", "warn_happened_at", "due_happened_at", "step0_happened_at",
         "step1_happened_at", "step0_times")  # fmt: skip
READ = ["sla_dates", "sla_dates_for", "sla_cycle", "sla_cycle_state", "sla_assigned_at", "sla_first_touch_at", "sla_priority",
        *(f"sla_{clock}_{part}" for clock in ("first_answer", "verdict") for part in PARTS), "hubspot_owner_id"]  # fmt: skip


def data() -> dict[str, Any]:
    return {
        "prefix": "sla_", "secret": "token", "slots": 4, "deadline": "first-answer", "read": READ, "hours": [OFFICE_ROWS],
        "clocks": [ANSWER, VERDICT],
    }  # fmt: skip


def source() -> str:
    return source_code(data())


ASKED = {
    "sla_dates": "asked", "sla_cycle": "2", "sla_cycle_state": "open", "hubspot_owner_id": "41",
    "sla_assigned_at": "2026-11-30T14:00:00Z", "sla_first_touch_at": "2026-11-25T14:00:00Z",
    "sla_first_answer_state": "awaits", "sla_first_answer_started_at": "2026-11-30T14:00:00Z",
}  # fmt: skip


def test_the_known_program_is_the_one_that_is_pushed() -> None:
    """Where this fails, `dates.js` changed: see that `running/dates.py` still computes the same, then set PROGRAM."""
    assert hashlib.sha256(program().encode()).hexdigest() == PROGRAM


def test_dates_of_a_clock_that_starts_in_hours() -> None:
    assert run(source(), ASKED) == {
        "sla_dates": "written", "sla_dates_for": "2 first-answer 2026-11-30T14:00:00Z due 2026-12-01T10:00:00Z in office: "
        "warn 2026-11-30T17:00:00Z, due 2026-12-01T10:00:00Z, step0 2026-12-01T11:00:00Z, step1 2026-11-30T14:30:00Z",
        "sla_first_answer_state": "running", "sla_first_answer_due_at": "2026-12-01T10:00:00Z",
        "sla_due_at": "2026-12-01T10:00:00Z", "sla_first_touch_at": "",
        "sla_next_1": "first-answer.step1", "sla_next_1_at": "2026-11-30T14:30:00.001Z",
        "sla_next_2": "first-answer.warn", "sla_next_2_at": "2026-11-30T17:00:00Z",
        "sla_next_3": "first-answer.due", "sla_next_3_at": "2026-12-01T10:00:00.001Z",
        "sla_next_4": "first-answer.step0", "sla_next_4_at": "2026-12-01T11:00:00.001Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"sla_dates": "written"}, None),
        ({"sla_priority": "hot"}, {"sla_first_answer_due_at": "2026-11-30T15:00:00Z"}),
        ({"sla_first_answer_started_at": "2026-11-28T14:00:00Z"}, {"sla_first_answer_due_at": "2026-11-30T17:00:00Z"}),
        (
            {"sla_first_answer_stopped_at": "2026-11-30T14:10:00Z"},
            {"sla_first_answer_state": "on_time", "sla_next_1": ""},
        ),
        ({"sla_first_answer_stopped_at": "2026-12-03T14:10:00Z"}, {"sla_first_answer_state": "late"}),
        ({"sla_cycle_state": "closed"}, {"sla_first_answer_state": "void", "sla_dates": "quiet"}),
        (
            {"sla_verdict_state": "awaits", "sla_verdict_started_at": "2026-11-30T14:00:00Z"},
            {"sla_verdict_state": "idle", "sla_verdict_due_at": ""},
        ),
    ],
)
def test_what_is_written_depends_on_the_contact(changes: dict[str, str], written: dict[str, str] | None) -> None:
    found = run(source(), ASKED | changes)
    if written is None:
        assert found is None
    else:
        assert found is not None
        assert {name: found[name] for name in written} == written


def test_hours_that_end_too_soon_are_told() -> None:
    with pytest.raises(ValueError, match="run sla-sync apply"):
        run(source(), ASKED | {"sla_first_answer_started_at": "2027-01-28T14:00:00Z"})


def history(dice: random.Random) -> dict[str, str]:
    """Return a contact in any state, also in those that no life leads to."""
    start = datetime(2026, 11, 30, tzinfo=UTC)

    def instant() -> str:
        moment = start + timedelta(minutes=dice.randrange(9 * 1440), milliseconds=dice.choice([0, 0, 1, 500]))
        return moment.isoformat(timespec="milliseconds").replace(".000", "").replace("+00:00", "Z")

    found = {"sla_dates": "asked", "sla_cycle": "3", "sla_cycle_state": dice.choice(["open", "open", "closed"])}
    found["sla_priority"] = dice.choice(["", "hot", "cold"])
    found["hubspot_owner_id"] = dice.choice(["", "41"])
    for name in ("sla_assigned_at", "sla_first_touch_at"):
        found[name] = dice.choice(["", instant()])
    for clock in ("first_answer", "verdict"):
        states = ["", "idle", "awaits", "running", "warned", "overdue", "stopped", "on_time", "late", "void"]
        found[f"sla_{clock}_state"] = dice.choice(states)
        found[f"sla_{clock}_step0_times"] = dice.choice(["", "0", "1", "2"])
        for part in PARTS:
            if part.endswith("_at"):
                found[f"sla_{clock}_{part}"] = dice.choice(["", instant(), instant()])
    return {name: text for name, text in found.items() if text}


def rounds(dice: random.Random) -> list[dict[str, str]]:
    """Return a contact as it stands at several questions, each with the answer to the one before."""
    found = [history(dice)]
    for _ in range(3):
        answer = run(source(), found[-1])
        later = history(dice)
        found.append(later | {"sla_dates_for": (answer or {}).get("sla_dates_for", "")})
    return found


@pytest.mark.slow
def test_the_program_itself_answers_the_same(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    dice = random.Random(5)
    contacts = [each for _ in range(150) for each in rounds(dice)]
    (tmp_path / "code.js").write_text(source() + "\nexports.DATA = DATA;\n", encoding="utf-8")
    (tmp_path / "contacts.json").write_text(json.dumps(contacts), encoding="utf-8")
    script = (
        "const code = require('./code.js'); const all = require('./contacts.json');"
        "console.log(JSON.stringify(all.map((each) => code.answer(code.DATA, each))));"
    )
    done = subprocess.run([node, "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    answers = json.loads(done.stdout)
    assert len(answers) == len(contacts)
    for contact, answer in zip(contacts, answers, strict=True):
        assert run(source(), contact) == answer
    assert len({json.dumps(each) for each in answers}) > 100


def shop_with_code() -> Workshop:
    shop = open_workshop()
    properties = shop.portal.state["properties"][CONTACT]
    kinds = {"_at": ("datetime", "date"), "_times": ("number", "number")}
    names = {*READ[:-1], "sla_due_at", *(f"sla_next_{number}{end}" for number in range(1, 5) for end in ("", "_at"))}
    for name in names:
        kind, field_type = next((each for end, each in kinds.items() if name.endswith(end)), ("string", "text"))
        properties[name] = spell_stock(Stock(name, name, kind, field_type, "sla"), 0, "2026-11-30T15:00:00.000Z")
    return shop


def code(text: str) -> dict[str, Any]:
    return {"type": "CUSTOM_CODE", "actionId": "1", "runtime": "NODE20X", "sourceCode": text, "secretNames": ["token"]}


def test_a_workflow_writes_what_its_code_computes_in_the_name_of_an_app() -> None:
    shop = shop_with_code()
    identifier = shop.put(code(source()))
    lead = shop.contact(email="ada@example.com", sla_fit="60", **(ASKED | {"hubspot_owner_id": "41000005"}))
    assert shop.value(lead, "sla_first_answer_due_at") == "2026-12-01T10:00:00Z"
    assert shop.told(lead, "sla_dates")[0].source.kind == "INTEGRATION"
    assert ("DONE", "1") in shop.lines(identifier)


def test_code_that_cannot_compute_fails_and_the_record_goes_on() -> None:
    shop = shop_with_code()
    identifier = shop.put(code(source()))
    late = {"sla_first_answer_started_at": "2027-01-28T14:00:00Z", "hubspot_owner_id": "41000005"}
    shop.contact(email="ada@example.com", sla_fit="60", **(ASKED | late))
    assert [each.event for each in shop.log(identifier)] == ["ENROLLED", "FAILED", "FINISHED"]


@pytest.mark.parametrize(
    "text",
    [
        "exports.main = () => {};",
        source().replace("return start;", "return start + 1;", 1),
        source().replace("// sla-sync dates ", "// ", 1),
        source() + "\n",
    ],
)
def test_other_code_is_refused_by_name(text: str) -> None:
    with pytest.raises(RefusalError, match="custom code other than the program"):
        open_workshop().put(code(text))


def test_code_that_bears_another_digest_than_its_own_is_refused() -> None:
    with pytest.raises(RefusalError, match="does not bear the digest"):
        open_workshop().put(code(source().replace(PROGRAM, "0" * 64, 1)))


@pytest.mark.parametrize(("switches", "status"), [({}, 201), ({"custom_code": False}, 400), ({"tier": "starter"}, 403)])
def test_only_an_account_with_custom_code_takes_it(
    furnished: tuple[Portal, str], switches: dict[str, Any], status: int
) -> None:
    portal, list_id = furnished
    (portal.data / "switches.json").write_text(json.dumps(switches), encoding="utf-8")
    assert portal.ask("POST", FLOWS, flow(list_id, actions=[code(source())])).status_code == status
