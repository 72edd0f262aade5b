"""The whole way over HTTP with an agreement that an org lives by itself: few calls, two engines, records, stories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector import Connection
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.look import Sight, look
from sla_sync.places import Place
from sla_sync_salesforce import connector
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.simulator.api import sign_in as app

LIVING = Path(__file__).parents[2] / "behaviour" / "salesforce" / "living"
TARGET = "salesforce-simulator"
CALLS_OF_A_PLAN = 14
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
pytestmark = pytest.mark.slow


def place(folder: Path, *, deadlines: str = "calendar") -> Place:
    shutil.copytree(LIVING, folder / "configs")
    binding = folder / "configs" / "bindings" / "salesforce.yaml"
    binding.write_text(binding.read_text("utf-8").replace("deadlines: calendar", f"deadlines: {deadlines}"), "utf-8")
    return Place(folder / "configs" / "agreement.yaml", folder / "configs" / "targets.yaml", folder / "state")


def applied(where: Place) -> None:
    result = apply(where, TARGET, environ={}).result
    assert result is not None
    assert [each.detail for each in result.outcomes if each.detail] == []


@contextmanager
def seen(where: Place) -> Iterator[Sight]:
    with look(where, TARGET, environ={}) as sight:
        yield sight


def client(sight: Sight, token: str | None = None) -> Client:
    """Return a conversation of somebody who works in the org."""
    options = sight.target.connection.options
    assert isinstance(options, SalesforceOptions)
    assert options.token is not None
    said = {"url": options.url, "token": token or options.token.get_secret_value(), "ca": options.ca}
    return Client("staging", SalesforceOptions.model_validate(said), may_write=True, pause=lambda _: None)


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Place:
    where = place(tmp_path_factory.mktemp("living"))
    applied(where)
    return where


def test_after_apply_nothing_is_left_and_a_plan_takes_few_calls(living: Place) -> None:
    with seen(living) as sight:
        running = sight.target.simulator
        assert running is not None
        assert sight.plan.changes == ()
        assert len(running.calls) <= CALLS_OF_A_PLAN + 2, running.calls  # a retrieve is polled for
        assert running.application.state_changes == 0


def test_everything_that_was_asked_for_tells_who_changed_it_where_the_platform_does(living: Place) -> None:
    with seen(living) as sight:
        dated = {"CustomObject", "CustomField", "CustomMetadata", "Flow", "Queue", "Group", "ListView", "Report"}
        silent = [
            address
            for address, live in sight.snapshot.settings.items()
            if address.type in dated and not (live.changed_by and live.changed_at)
        ]
        assert silent == []


def test_deadlines_by_apex_are_tested_once_and_deployed_quickly(tmp_path: Path) -> None:
    where = place(tmp_path, deadlines="apex")
    applied(where)
    with seen(where) as sight:
        assert sight.plan.changes == ()
        running = sight.target.simulator
        assert running is not None
        desk = running.application.desk  # type: ignore[attr-defined]
        deploys = [each for each in desk.organization.deploys.values() if each.status == "Succeeded"]
    checked = [each for each in deploys if each.options["checkOnly"]]
    assert len(checked) == 1
    assert checked[0].options["testLevel"] == "RunSpecifiedTests"
    assert len(deploys) == 2


def test_leads_that_were_there_before_are_brought_in_once_and_their_story_is_told(tmp_path: Path) -> None:
    where = place(tmp_path)
    applied(where)
    with seen(where) as sight:
        assert sight.target.simulator is not None
        sight.target.simulator.application.run_until(MONDAY)
        org = client(sight)
        silence = org.create("SLA_Switch__c", {"SetupOwnerId": org.user()["organization_id"], "Silent__c": True})
        before = org.create("Lead", {"LastName": "Hopper", "Company": "Navy", "Status": "MQL"})
        org.delete("SLA_Switch__c", silence)
        since = org.create("Lead", {"LastName": "Lovelace", "Company": "Analytical", "Status": "MQL"})
    told = apply(where, TARGET, environ={}, backfill=True).backfilled
    assert told == ("Opened an assignment for one lead in «MQL»; their clocks run from 2026-03-02 15:00 UTC on.",)
    assert apply(where, TARGET, environ={}, backfill=True).backfilled == ("Every lead in «MQL» has an assignment.",)
    with seen(where) as sight:
        for lead, title in ((before, "Hopper (Navy)"), (since, "Lovelace (Analytical)")):
            story = sight.reader.story(lead[:15])
            assert story.title == title
            assert [(each.cycle, each.number, each.stage) for each in story.assignments] == [(1, 1, "mql")]
            assert {each.clock for each in story.assignments[0].clocks} >= {"response"}
            assert story.happenings


def test_every_way_to_sign_in_leads_to_a_plan(living: Place) -> None:
    with seen(living) as sight:
        options = sight.target.connection.options
        assert isinstance(options, SalesforceOptions)
        running = sight.target.simulator
        assert running is not None
        user = "integration@acme.example"
        ways: list[dict[str, object]] = [
            {
                "method": "jwt",
                "consumer_key": app.CLIENT_ID,
                "private_key": app.private_key(sight.target.folder / "simulator"),
                "username": user,
            },
            {"method": "client_credentials", "consumer_key": app.CLIENT_ID, "consumer_secret": app.CLIENT_SECRET},
            {
                "method": "password",
                "username": user,
                "password": app.PASSWORD,
                "security_token": app.SECURITY_TOKEN,
            },
        ]
        for auth in ways:
            said = SalesforceOptions.model_validate({"url": options.url, "ca": options.ca, "auth": auth})
            connection: Connection = replace(sight.target.connection, options=said)
            with connector.open_reader(connection) as reader:
                assert list(reader.check()) == []
                assert reader.manifest() is not None


def test_a_session_that_ends_between_two_calls_is_renewed(living: Place) -> None:
    with seen(living) as sight:
        options = sight.target.connection.options
        assert isinstance(options, SalesforceOptions)
        running = sight.target.simulator
        assert running is not None
        auth = {"method": "client_credentials", "consumer_key": app.CLIENT_ID, "consumer_secret": app.CLIENT_SECRET}
        said = SalesforceOptions.model_validate({"url": options.url, "ca": options.ca, "auth": auth})
        conversation = Client("staging", said, pause=lambda _: None)
        running.application.expire_sessions()  # type: ignore[attr-defined]
        assert conversation.query("SELECT Id FROM Lead LIMIT 1") == []
        running.application.expire_sessions()  # type: ignore[attr-defined]
        assert "metadataObjects" in conversation.describe_metadata()
