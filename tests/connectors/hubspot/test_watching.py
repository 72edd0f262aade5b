"""What an audit sees in a portal beside settings: workflows of others, people who left, segments, contacts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import TRAIL, Concern, LockTicket, Observation, Snapshot, Unseen, Watched, Watches
from sla_sync.connector.simulation import Deed, Move, Running
from sla_sync.pipeline.look import look
from sla_sync.pipeline.timekeeping import keep_time
from sla_sync.render.drift import drift_as_text
from sla_sync_hubspot.lock import locked
from sla_sync_hubspot.names import manifest_property
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.actors.edits import NOT_SENT_BACK, Hand
from sla_sync_hubspot.simulator.actors.trespasses import TRESPASSES, trespass
from sla_sync_hubspot.types import WORKFLOW
from sla_sync_hubspot.watching.behaviour import behaviour
from sla_sync_hubspot.watching.doings import is_opaque
from sla_sync_hubspot.watching.ground import Ground
from sla_sync_hubspot.watching.shadowing import shadowing
from tests.connectors.hubspot.clock_stage import example
from tests.connectors.hubspot.documented import undocumented
from tests.connectors.hubspot.living import in_words
from tests.connectors.hubspot.stories import acme, acme_binding, acme_resources
from tests.connectors.scene import CONFIGS, START, Example, Expected, Scene, asked, scene, seen, sees_nothing

PAGE = CONFIGS.parent / "docs" / "hubspot.md"
CLEAN_AUDITS = int(os.environ.get("SLA_SYNC_AUDITS", "2"))
"""How many looks at an untouched portal are made; the nightly run asks for a hundred."""
MONDAY = datetime(2026, 10, 5, 8, 30, tzinfo=UTC)
"""Half past nine in London, where the office opened half an hour ago."""
ADMINISTRATOR = "user 9000001"
FEW_CALLS = 20
"""An audit's looks beside settings take no more calls than this, whatever the portal holds."""
ACME = Example(simulator, "hubspot-simulator")
STARTUP = Example(simulator, "startup-simulator", "examples/startup", "examples/startup/targets.yaml")


def _switch(project: Scene, **switches: object) -> None:
    """Set the portal's switches."""
    project.data.mkdir(parents=True, exist_ok=True)
    (project.data / "switches.json").write_text(json.dumps(switches), "utf-8")


def _applied(folder: Path, example: Example, **switches: object) -> Scene:
    project = scene(folder, example)
    _switch(project, **switches)
    project.apply()
    return project


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a portal directly after an apply, which keeps an audit log."""
    return _applied(tmp_path_factory.mktemp("fresh"), ACME, tier="enterprise")


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a portal that runs its clocks itself."""
    return _applied(tmp_path_factory.mktemp("timed"), STARTUP)


SHADOWED, PEOPLE = Concern.SHADOWED, Concern.PEOPLE
EXPECTED: Mapping[str, Expected | None] = {
    "other workflow routes": Expected(SHADOWED, ("routing",), "Workflow 'Old lead router'"),
    "other workflow moves": Expected(SHADOWED, ("stages",), "Workflow 'Nurse'"),
    "other workflow writes": Expected(
        SHADOWED, ("commitments", "first-response", "within"), "Workflow 'Due right now'"
    ),
    "other workflow is harmless": None,
    # HubSpot tells nobody who removed a user.
    "user left": Expected(PEOPLE, ("roles", "president"), "Role 'president'", told=False),
    "team left": Expected(PEOPLE, ("teams", "sdr"), "Team 'sdr'", told=False),
}


def test_everything_that_others_may_do_has_something_expected_of_it() -> None:
    assert EXPECTED.keys() == TRESPASSES.keys()


@pytest.mark.slow
def test_directly_after_an_apply_nothing_is_seen_and_nobody_holds_the_lock(fresh: Scene) -> None:
    sees_nothing(fresh, times=CLEAN_AUDITS)
    with fresh.sight() as sight:
        assert isinstance(sight.reader, Watches)
        assert sight.reader.harm(asked(sight), ("roles", "president"), START) is None


@pytest.mark.slow
def test_whatever_others_do_is_seen_and_blamed_and_harmless_things_are_not(fresh: Scene, tmp_path: Path) -> None:
    project = fresh.copy(tmp_path)
    with project.served() as running:
        for name in EXPECTED:
            trespass(running, name)
    told = seen(project)
    found = {each.what: each for each in told if isinstance(each, Observation)}
    wanted = {each.what: each for each in EXPECTED.values() if each is not None}
    assert wanted.keys() <= found.keys()
    # Morgan and Ana, who were in the team, stand behind other words too.
    assert found.keys() - wanted.keys() == {"Role 'vp_marketing'"}
    for what, each in wanted.items():
        observed = found[what]
        assert (observed.concern, observed.origin) == (each.concern, each.origin)
        if each.concern is SHADOWED:
            assert (observed.who, observed.when is not None) == (ADMINISTRATOR, True)
    assert len(found) == len(told)


@pytest.mark.slow
def test_a_workflow_that_is_there_twice_is_told_by_the_plan_and_the_audit_and_ours_stays_the_known_one(
    fresh: Scene, tmp_path: Path
) -> None:
    project = fresh.copy(tmp_path)
    with project.sight() as sight:
        address = min(each for each in sight.snapshot.settings if each.type == WORKFLOW)
        ours = sight.snapshot.settings[address].handle
        assert [each for each in sight.plan.diagnostics if "twice" in each.message] == []
    with project.served() as running:
        hand = Hand(running)
        again = {**hand.ask("GET", f"/automation/v4/flows/{ours}"), "isEnabled": False}
        for each in ("id", "revisionId", *NOT_SENT_BACK):
            again.pop(each, None)
        made = str(hand.ask("POST", "/automation/v4/flows", again)["id"])
        hand.replace(hand.ask("GET", f"/automation/v4/flows/{made}"), isEnabled=True)
    with look(project.place, project.target, environ={}, foresee=True) as sight:
        assert sight.plan.changes == ()
        assert sight.snapshot.settings[address].handle == ours
        (warning,) = (each for each in sight.plan.diagnostics if "twice" in each.message)
    said = f"The workflow «{address.key}» is there twice, and both act: {ours} counts as ours, {made} does not."
    assert (warning.message, warning.hint.partition(" in ")[0]) == (said, f"Delete workflow {made}")
    (observed,) = seen(project)
    assert isinstance(observed, Observation)
    assert (observed.concern, observed.address) == (SHADOWED, address)
    assert observed.finding.startswith(said)


class Answering:
    """A portal that shows these workflows, and lists some that it does not show."""

    def __init__(self, *flows: Mapping[str, Any], hidden: int = 0) -> None:
        self.flows = {str(number): {"id": str(number), **each} for number, each in enumerate(flows)}
        self.headings = [{"id": str(number), "isEnabled": True} for number in range(len(flows) + hidden)]

    def call(self, _method: str, _api: object, _path: str = "", **more: Any) -> Mapping[str, Any]:
        """Answer the reading of several workflows."""
        wanted = [each["flowId"] for each in more["body"]["inputs"]]
        return {"results": [self.flows[each] for each in wanted if each in self.flows]}


def test_workflows_that_do_not_show_what_they_do_are_said_to_be_unseen_once_for_each_kind() -> None:
    coded = [{"name": f"Coded {number}", "actions": [{"type": "CUSTOM_CODE"}]} for number in range(5)]
    portal: Any = Answering(*coded, {"name": "Plain", "actions": []}, hidden=30)
    question = Watched(acme_resources(), acme_binding(), acme(), Snapshot({}), START)
    ground = Ground(portal, question, acme_binding(), {}, dict, list, lambda: portal.headings)
    assert list(shadowing(ground)) == [
        Unseen("30 workflows of others", "HubSpot does not show what they do."),
        Unseen(
            "5 workflows of others with steps of their own",
            "They run code, call services outside or take steps that are not documented: "
            "Coded 0, Coded 1, Coded 2 and 2 more.",
        ),
    ]


@pytest.mark.slow
def test_below_enterprise_nobody_is_blamed_and_the_trail_is_said_to_be_unseen(fresh: Scene, tmp_path: Path) -> None:
    project = fresh.copy(tmp_path)
    _switch(project, tier="professional", filling_hours=9_000)
    with project.served() as running:
        trespass(running, "other workflow routes")
        running.run_until(running.now + timedelta(hours=7))
    with project.sight() as sight:
        assert isinstance(sight.reader, Watches)
        assert list(sight.reader.audit_trail(None)) == []
        found = list(sight.reader.watch(asked(sight)))
    assert [each.what for each in found if isinstance(each, Unseen)] == [TRAIL]
    (other,) = [each for each in found if isinstance(each, Observation) and each.concern is SHADOWED]
    assert other.who is None
    stuck = [each for each in found if isinstance(each, Observation) and each.concern is Concern.STALE]
    segments = [each for each in asked(sight).translation.desired if each.address.type == "Segment"]
    assert len(stuck) == len(segments)
    assert "is not filled (PROCESSING), 7 hours after its last change" in stuck[0].finding


@pytest.mark.slow
def test_a_team_of_the_portal_without_an_active_user_is_seen(timed: Scene, tmp_path: Path) -> None:
    project = timed.copy(tmp_path)
    with project.served() as running:
        trespass(running, "team left")
    found = [each for each in seen(project) if isinstance(each, Observation)]
    assert "Team 'reps' of the portal" in {each.what for each in found}
    assert {each.concern for each in found} == {PEOPLE}


def _lead(running: Running, words: Mapping[str, Any], lead: str, **facts: str) -> str:
    given = {"email": f"{lead.lower()}@buyer.example", "company": "Buyer", **facts}
    assert simulator.play is not None
    move = Move(max(MONDAY, running.now), f"{lead} Lane", Deed.ARRIVES, source="demo_request", facts=given)
    return dict(simulator.play(running, [move], words))[f"{lead} Lane"]


@pytest.mark.slow
def test_contacts_whose_clock_runs_without_a_due_time_are_counted_until_the_clock_is_kept_again(
    timed: Scene, tmp_path: Path
) -> None:
    project = timed.copy(tmp_path)
    with project.sight() as sight:
        words = sight.prepared.binding.model_dump(mode="json", by_alias=True, exclude_none=True)
    with project.served() as running:
        contact = _lead(running, words, "Ida")
        running.run_until(MONDAY + timedelta(minutes=5))
    assert [each for each in seen(project) if isinstance(each, Observation)] == []
    with project.served() as running:
        running.run_until(MONDAY + timedelta(minutes=40))
    with project.sight() as sight:
        assert isinstance(sight.reader, Watches)
        question = asked(sight)
        found = {each.what: each for each in sight.reader.watch(question) if isinstance(each, Observation)}
        assert found.keys() == {"Due times of 'answer'", "Due times of 'nobody-forgotten'"}
        due = found["Due times of 'answer'"]
        assert due.concern is Concern.BEHAVIOUR
        assert due.origin == ("commitments", "answer", "within")
        assert due.finding == "1 contact of 1 whose clock runs has no due time."
        assert ([each.record for each in due.witnesses], due.wrong, due.of) == ([contact], 1, 1)
        done = sight.reader.harm(question, ("commitments", "answer", "within"), START)
        assert done is not None
        assert (done.passed, done.lacking, done.records) == (1, 1, (contact,))
        assert sight.reader.first_due(question) is None
    printed = drift_as_text(project.drift())
    (shown,) = re.findall(r"after Ida asked for a demo:\n\n```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert shown.strip() in printed
    keep_time(project.place, project.target, environ={}, today=START.date())
    with project.sight() as sight:
        assert isinstance(sight.reader, Watches)
        assert [each for each in sight.reader.watch(asked(sight)) if isinstance(each, Observation)] == []
        due_at = sight.reader.first_due(asked(sight))
        assert due_at is not None
        assert due_at > asked(sight).now


@pytest.mark.slow
def test_contacts_without_a_reason_or_a_value_that_was_needed_are_counted(timed: Scene, tmp_path: Path) -> None:
    project = timed.copy(tmp_path)
    with project.sight() as sight:
        words = sight.prepared.binding.model_dump(mode="json", by_alias=True, exclude_none=True)
    with project.served() as running:
        good, bare = _lead(running, words, "Ida"), _lead(running, words, "Jon")
        running.run_until(running.now + timedelta(minutes=5))
        hand = Hand(running)
        later = {"hs_lead_status": "BAD_TIMING", "sla_reason": "none"}
        hand.ask("PATCH", f"/crm/v3/objects/contacts/{good}", {"properties": later})
        hand.ask("PATCH", f"/crm/v3/objects/contacts/{bare}", {"properties": {"company": ""}})
        running.run_until(running.now + timedelta(minutes=40))
    keep_time(project.place, project.target, environ={}, today=START.date())
    with project.sight() as sight:
        assert isinstance(sight.reader, Watches)
        question = asked(sight)
        found = {each.what: each for each in sight.reader.watch(question) if isinstance(each, Observation)}
        assert found.keys() == {"Reasons at 'later'", "Needs of 'mql': email, company"}
        reason, need = found["Reasons at 'later'"], found["Needs of 'mql': email, company"]
        assert ([each.record for each in reason.witnesses], reason.wrong) == ([good], 1)
        assert reason.finding == "1 contact of 1 in «Later» has no reason."
        assert ([each.record for each in need.witnesses], need.wrong, need.of) == ([bare], 1, 1)
        for origin, lacking in (
            (("reasons", "later"), good), (("stages", "mql", "needs"), bare), (("routing",), None),
        ):  # fmt: skip
            done = sight.reader.harm(question, origin, START)
            assert done is not None
            assert done.passed >= 1
            assert done.records == ((lacking,) if lacking else ())
            assert done.sentence.endswith(".")


@pytest.mark.slow
def test_the_looks_take_few_calls_all_of_them_documented_and_none_that_changes_anything(
    timed: Scene, tmp_path: Path
) -> None:
    project = timed.copy(tmp_path)
    record = tmp_path / "requests.jsonl"
    targets = project.place.targets
    assert targets is not None
    with project.served(record) as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_TOKEN", running.token)
        text = targets.read_text("utf-8")
        targets.write_text(text.replace("simulator: true", f"url: {running.url}\n    token: PORTAL_TOKEN"), "utf-8")
        running.run_until(MONDAY)
        with look(project.place, project.target, environ={"PORTAL_TOKEN": running.token}, today=START.date()) as sight:
            assert isinstance(sight.reader, Watches)
            now = running.now
            question = replace(asked(sight), now=now)
            before, changes = len(record.read_text("utf-8").splitlines()), running.application.state_changes
            assert list(sight.reader.watch(question)) == []
            lines = [json.loads(each) for each in record.read_text("utf-8").splitlines()]
            assert 0 < len(lines) - before <= FEW_CALLS
            for origin in (("commitments", "answer"), ("reasons", "later"), ("stages", "mql"), ("routing",)):
                sight.reader.harm(question, origin, START)
            sight.reader.first_due(question)
            assert running.application.state_changes == changes
    lines = [json.loads(each) for each in record.read_text("utf-8").splitlines()]
    assert [problem for line in lines[before:] for problem in undocumented(line)] == []


@pytest.mark.slow
def test_a_lock_is_told_while_it_holds(fresh: Scene, tmp_path: Path) -> None:
    project = fresh.copy(tmp_path)
    with project.sight() as sight:
        reader: Any = sight.reader
        now = sight.target.connection.now()
        from sla_sync_hubspot.client import HubSpotClient

        options: Any = sight.target.connection.options
        writer = HubSpotClient(options, target=project.target, writes=True)
        ticket = LockTicket("kim@laptop", "abc", now + timedelta(minutes=30))
        with locked(writer, ticket, target=project.target, now=lambda: now):
            told = reader.lock()
            assert (told.who, told.since, told.expires) == ("kim@laptop", now, ticket.expires)
        assert reader.lock() is None


class Searching:
    """A portal that finds nobody, and keeps what was searched for."""

    def __init__(self) -> None:
        self.searched: list[list[Mapping[str, Any]]] = []

    def call(self, _method: str, _api: object, _path: str = "", **more: Any) -> Mapping[str, Any]:
        """Answer a search."""
        self.searched += [group["filters"] for group in more["body"]["filterGroups"]]
        return {"results": [], "total": 0}


def test_only_contacts_to_whom_a_clock_gives_a_limit_lack_a_due_time() -> None:
    words, portal = example(), Searching()
    asks: Any = portal
    translation = in_words(words)
    settings: Any = {each.address: None for each in translation.desired}
    question = Watched(words.resources, words.binding, translation, Snapshot(settings), START + timedelta(days=2))
    applied = {manifest_property(translation.agreement): {"createdAt": START.isoformat()}}
    ground = Ground(asks, question, words.binding, words.people, lambda: applied, list, list)
    assert list(behaviour(ground)) == []
    empty = [each for each in portal.searched if each[-1]["propertyName"].endswith("_due_at")]
    limits = {
        each[-1]["propertyName"]: [one for one in each if one["propertyName"] == "sla_priority"] for each in empty
    }
    asked_for = {"propertyName": "sla_priority", "operator": "IN", "values": ["asked", "referred"]}
    assert limits == {"sla_answer_due_at": [asked_for], "sla_nobody_forgotten_due_at": []}


def test_a_workflow_is_opaque_by_code_webhooks_and_steps_that_are_not_documented() -> None:
    branch = {"type": "LIST_BRANCH"}
    sets = {"type": "SINGLE_CONNECTION", "actionTypeId": "0-5"}
    assert not is_opaque({"actions": [branch, sets]})
    for each in (
        {"type": "CUSTOM_CODE"},
        {"type": "WEBHOOK"},
        {"type": "SINGLE_CONNECTION", "actionTypeId": "1-179507819"},
    ):
        assert is_opaque({"actions": [sets, each]})
