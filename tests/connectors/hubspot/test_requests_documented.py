"""What the connector sends in whole applies, drifts, examinations and clock runs, held against HubSpot's documentation."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.cli import main
from sla_sync.connector import Setup
from sla_sync.connector.simulation import Running, serve
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.translate import translate
from sla_sync_hubspot.types import PIPELINE, SEGMENT, WORKFLOW
from tests.connectors.hubspot.documented import TABLE, row_of, undocumented
from tests.connectors.hubspot.remembering import Remembering
from tests.connectors.hubspot.stories import AGREEMENT, CONFIGS, PEOPLE, Portal, acme_binding, acme_resources

pytestmark = pytest.mark.slow

MONDAY = datetime(2026, 10, 5, 9, tzinfo=UTC)
SETUPS = (
    ("acme", "targets.yaml", "hubspot-simulator"),
    ("examples/startup", "examples/startup/targets.yaml", "startup-simulator"),
    ("examples/agency", "examples/agency/targets.yaml", "harbor-simulator"),
    ("examples/product-led", "examples/product-led/targets.yaml", "product-led-simulator"),
)
LEAD = {"email": "nora@buyer.example", "firstname": "Nora", "company": "Buyer Ltd", "hs_lead_status": "NEW"}
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Desk:
    """One project and its portal, whose conversation with the commands is written down."""

    configs: Path
    project: str
    targets: str
    target: str
    data: Path
    record: Path

    @contextmanager
    def served(self, record: Path | None) -> Iterator[Running]:
        """Serve the portal, and let the targets file point to it."""
        path = self.configs / self.targets
        text = path.read_text(encoding="utf-8")
        with (
            serve(simulator, self.data, clock=MONDAY, record=record) as running,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("TOKEN", running.token)
            document = yaml.safe_load(text)
            document["targets"][self.target]["simulator"] = {"url": running.url, "token": "TOKEN"}
            path.write_text(yaml.safe_dump(document), encoding="utf-8")
            yield running
        path.write_text(text, encoding="utf-8")

    def does(self, command: str, *more: str) -> None:
        """Run one command to its end, and write down what it sends."""
        with self.served(self.record):
            code = main((command, str(self.configs / self.project), "--target", self.target, *more))
        # Doctor leaves with 1 where something is missing, as the clock does that never ran.
        assert code in ((0, 1) if command == "doctor" else (0, 3)), f"{command} left with {code}"

    def administrator(self, act: Callable[[Running], object]) -> None:
        """Let somebody else work on the portal, whose requests are not ours."""
        with self.served(None) as running:
            act(running)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """Return every request of whole applies, drifts, examinations and clock runs."""
    folder = tmp_path_factory.mktemp("requests")
    shutil.copytree(CONFIGS, folder / "configs")
    record = folder / "record.jsonl"
    for project, targets, target in SETUPS:
        desk = Desk(folder / "configs", project, targets, target, folder / target, record)
        desk.does("apply", "--yes")
        desk.administrator(simulator.administer)
        desk.does("drift")
        desk.does("apply", "--yes")
        desk.does("doctor")
        if project == "examples/startup":
            _change_deadlines(desk)
            _run_clock(desk)
            _tell_past(desk)
            _have_leads(desk)
    _remove(folder / "removed", record)
    return [json.loads(each) for each in record.read_text(encoding="utf-8").splitlines()]


def _change_deadlines(desk: Desk) -> None:
    binding = desk.configs / desk.project / "bindings" / "hubspot.yaml"
    written = binding.read_text(encoding="utf-8")
    for how in ("ticks", "delay", "custom_code", "computed"):
        binding.write_text(f"{written}deadlines: {how}\n", encoding="utf-8")
        desk.does("apply", "--yes")


def _have_leads(desk: Desk) -> None:
    """Let the portal have a pipeline of leads, somebody change it, and the next apply put it right."""
    binding = desk.configs / desk.project / "bindings" / "hubspot.yaml"
    written = binding.read_text(encoding="utf-8")
    binding.write_text(written.replace("objects: [contacts]", "objects: [contacts, leads]"), encoding="utf-8")
    desk.does("apply", "--yes")

    def spoils(running: Running) -> None:
        client = Portal(running, desk.data).client()
        own = client.call("GET", Api.PIPELINES, "/leads")["results"][-1]
        path = f"/leads/{own['id']}"
        client.call("PATCH", Api.PIPELINES, path, body={"label": "Theirs"})
        client.call("PATCH", Api.PIPELINES, f"{path}/stages/{own['stages'][0]['id']}", body={"label": "Theirs"})
        client.call("DELETE", Api.PIPELINES, f"{path}/stages/{own['stages'][1]['id']}")

    desk.administrator(spoils)
    desk.does("drift")
    desk.does("apply", "--yes")


def _run_clock(desk: Desk) -> None:
    def asks(running: Running) -> None:
        client = Portal(running, desk.data).client()
        client.call("POST", Api.OBJECTS, "/contacts", body={"properties": {**LEAD, "sla_source": "Demo"}})
        running.run_until(running.now + timedelta(minutes=1))

    desk.administrator(asks)
    desk.does("clock")
    desk.does("drift")


def _tell_past(desk: Desk) -> None:
    """Have a contact, a call and a deal, delete another contact, and let the reader tell what became of them."""

    def lives(running: Running) -> None:
        client = Portal(running, desk.data).client()
        asked = {"filterGroups": [], "properties": [], "limit": 1}
        contact = client.call("POST", Api.OBJECTS, "/contacts/search", body=asked)["results"][0]["id"]
        called = {"hs_timestamp": "2026-10-05T10:00:00Z", "hs_call_direction": "OUTBOUND"}
        for kind, link, values in (
            ("calls", 194, called),
            ("deals", 3, {"dealname": "Deal", "dealstage": "closedwon"}),
        ):
            types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": link}]
            body = {"properties": values, "associations": [{"to": {"id": contact}, "types": types}]}
            client.call("POST", Api.OBJECTS, f"/{kind}", body=body)
        gone = {"email": "gone@buyer.example", "hs_lead_status": "NEW"}
        record = client.call("POST", Api.OBJECTS, "/contacts", body={"properties": gone})["id"]
        client.call("DELETE", Api.OBJECTS, f"/contacts/{record}")
        running.run_until(running.now + timedelta(minutes=1))

    desk.administrator(lives)
    with desk.served(desk.record) as running:
        told = Remembering(Portal(running, desk.data)).tell(until=running.now + timedelta(days=1))
    assert {each.table.name for each in told.pieces if each.rows} >= {"leads", "stages", "activities", "deals"}


def _remove(data: Path, record: Path) -> None:
    """Apply acme, and then less of it, so that what is agreed no more is deleted."""
    with serve(simulator, data, clock=MONDAY, record=record) as running:
        portal = Portal(running, data)
        bound = acme_binding().model_copy(update={"objects": ("contacts", "leads")})
        wanted = translate(acme_resources(), bound, Setup(AGREEMENT, PEOPLE))
        portal.apply(wanted)
        kept = tuple(each for each in wanted.desired if each.address.type not in {WORKFLOW, SEGMENT, PIPELINE})
        portal.apply(replace(wanted, desired=kept), delete_removed=True)


def test_every_request_stands_in_the_table_that_was_read_from_the_documentation(lines: list[Line]) -> None:
    assert {each for line in lines for each in undocumented(line)} == set()
    assert len(lines) > 500


def test_the_table_has_no_row_that_is_never_sent(lines: list[Line]) -> None:
    rows = [row_of(*each) for each in {(line["method"], line["path"]) for line in lines}]
    assert [f"{each.method} {each.path}" for each in TABLE if each not in rows] == []


def test_the_simulator_accepts_what_stands_in_the_table(lines: list[Line]) -> None:
    # Of what is refused only reads are expected: whether something exists, logs that the edition does not have, and
    # searches that come too soon after others and are repeated (five in a second, page "Search the CRM").
    refused = [each for each in lines if each["status"] >= 400]
    assert {each["method"] for each in refused if (each["path"][-6:], each["status"]) != ("search", 429)} == {"GET"}


def _first(value: Any, member: str) -> Any:
    """Return the first object below a value that has a member."""
    if isinstance(value, dict):
        if member in value:
            return value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        found = _first(each, member)
        if found is not None:
            return found
    return None


def _set(holder: str, **members: Any) -> Callable[[Any], None]:
    return lambda body: _first(body, holder).update(members)


def _drop(holder: str, member: str) -> Callable[[Any], None]:
    return lambda body: _first(body, holder).pop(member)


def _many_histories(body: Any) -> None:
    body |= {"inputs": [{"id": "1"}] * 51, "propertiesWithHistory": ["email"]}


def _times(body: Any) -> None:
    body["inputs"] = body["inputs"] * 101


WRONG: tuple[tuple[str, str, Callable[[Any], None], str], ...] = (
    ("POST", "/crm/v3/properties/contacts/batch/create", _times, "at most|1 to 100 are documented"),
    ("POST", "/crm/v3/properties/contacts/batch/create", _drop("groupName", "groupName"), "lacks groupName"),
    ("POST", "/crm/v3/properties/contacts/batch/create", _set("fieldType", fieldType="html", type="number"), "together"),
    ("POST", "/crm/v3/properties/contacts/batch/create", _set("fieldType", colour="red"), "has colour"),
    ("POST", "/crm/v3/lists", _set("filterBranches", filterBranchType="AND"), "not among OR"),
    ("POST", "/crm/v3/lists", _set("filterBranches", filterBranches=[]), "0 entries"),
    ("POST", "/crm/v3/lists", _set("operator", operator="IS_LIKE"), "not among"),
    ("POST", "/crm/v3/lists", _drop("operator", "includeObjectsWithNoValueSet"), "lacks includeObjects"),
    ("POST", "/crm/v3/lists", _set("operationType", operationType="TEXT"), "not in the table"),
    ("POST", "/crm/v3/lists", _set("processingType", processingType="LIVE"), "not among DYNAMIC"),
    ("POST", "/crm/v3/lists/search", _drop("offset", "additionalProperties"), "lacks additionalProperties"),
    ("POST", "/crm/v3/lists/search", _set("offset", count=501), "not among"),
    ("POST", "/automation/v4/flows", _set("isEnabled", isEnabled=True), "before it was read back"),
    ("POST", "/automation/v4/flows", _set("actionTypeId", actionTypeId="0-13"), "not in the table"),
    ("POST", "/automation/v4/flows", _drop("property_name", "property_name"), "lacks property_name"),
    ("POST", "/automation/v4/flows", _set("nextActionId", nextActionId="9999"), "is not there"),
    ("POST", "/automation/v4/flows", _drop("shouldReEnroll", "listFilterBranch"), "lacks listFilterBranch"),
    ("POST", "/automation/v4/flows", _set("connection", connection={}), "lacks nextActionId"),
    ("PUT", "/automation/v4/flows/{id}", _drop("revisionId", "revisionId"), "lacks revisionId"),
    ("PUT", "/automation/v4/flows/{id}", _set("revisionId", createdAt="now"), "has createdAt"),
    ("POST", "/automation/v4/flows/batch/read", _times, "1 to 100 are documented"),
    ("POST", "/crm/v3/objects/contacts/search", _set("limit", limit=201), "not among"),
    ("POST", "/crm/v3/objects/contacts/batch/update", _times, "1 to 100 are documented"),
    ("POST", "/crm/v3/objects/contacts/batch/read", _many_histories, "1 to 50 are documented"),
    ("POST", "/crm/v3/objects/contacts/batch/update", _set("properties", properties={"sla_leg": 1}), "no text"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "spoil", "told"), WRONG)
def test_a_request_that_departs_from_the_table_is_told(
    lines: list[Line], method: str, path: str, spoil: Callable[[Any], None], told: str
) -> None:
    row = row_of(method, path.replace("{id}", "1"))
    fit = (each for each in lines if each["method"] == method and row_of(method, each["path"]) is row)
    line = max(fit, key=lambda each: len(each["body"]))
    body = copy.deepcopy(json.loads(line["body"]))
    spoil(body)
    found = list(undocumented({**line, "body": json.dumps(body)}))
    assert any(part in each for each in found for part in told.split("|")), found


def test_a_path_or_a_parameter_that_nobody_documented_is_told() -> None:
    line = {"method": "GET", "path": "/crm/v3/owners", "query": {"limit": "501"}, "body": None}
    assert list(undocumented(line)) == ["the query parameter limit of GET /crm/v3/owners is 501, and at most 500"]
    assert list(undocumented({**line, "query": {"team": "1"}}))
    assert list(undocumented({**line, "path": "/crm/v3/quotas"})) == ["GET /crm/v3/quotas is not in the table"]
