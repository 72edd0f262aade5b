"""Two platforms of one agreement held against each other: a good pair, and one fault for each of the twelve points."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from sla_sync.cli import main
from sla_sync.connector.simulation import Running, serve
from sla_sync.registry import load_connector
from tests.cli.conftest import CONFIGS, Answer, Run, served

pytestmark = pytest.mark.slow

TARGETS = ("hubspot-simulator", "salesforce-simulator")
POINTS = (
    "vocabulary thresholds writers direction types hours people inclusion rights start escalation technical".split()
)
KNOWN = {"filterType": "PROPERTY", "property": "email", "operation": {
    "operationType": "ALL_PROPERTY", "operator": "IS_KNOWN", "includeObjectsWithNoValueSet": False}}  # fmt: skip
CUSTOMERS = {"filterType": "PROPERTY", "property": "lifecyclestage", "operation": {
    "operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["customer"],
    "includeObjectsWithNoValueSet": False}}  # fmt: skip


@contextmanager
def running(folder: Path, target: str) -> Iterator[Running]:
    simulator = load_connector(target.removesuffix("-simulator")).simulator
    assert simulator is not None
    data = folder / ".sla-sync" / target / "simulator"
    with serve(simulator(), data, clock=datetime(2026, 10, 1, tzinfo=UTC)) as found:
        yield found


def ask(portal: Running, method: str, path: str, body: Any = None, **query: Any) -> Any:
    """Ask the portal as its administrator."""
    headers = {"Authorization": "Bearer simulator-administrator"}
    answer = requests.request(method, f"{portal.url}{path}", json=body, params=query, headers=headers, timeout=30)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def segment(portal: Running, name: str, tested: dict[str, Any]) -> None:
    inner = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [tested]}
    outer = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": [inner], "filters": []}
    body = {"name": name, "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": outer}
    ask(portal, "POST", "/crm/v3/lists", body)


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both simulators after an apply, and the segment that the exchange takes people from."""
    folder = tmp_path_factory.mktemp("pair")
    shutil.copytree(CONFIGS, folder / "configs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for target in TARGETS:
            assert main(["apply", "--target", target, "--yes"]) == 0
    with running(folder, "hubspot-simulator") as portal:
        segment(portal, "Known to sales", KNOWN)
    return folder


@pytest.fixture
def pair(applied: Path, run: Run, here: Path) -> Callable[..., Answer]:
    shutil.copytree(applied / ".sla-sync", here / ".sla-sync")

    def command(*arguments: str) -> Answer:
        return run("consistency", "--target", TARGETS[0], "--target", TARGETS[1], *arguments)

    return command


def outcomes(answer: Answer) -> dict[str, str]:
    return {each["point"]: each["outcome"] for each in json.loads(answer.out)["points"]}


def differing(answer: Answer) -> list[str]:
    assert answer.out, answer.err
    return [point for point, outcome in outcomes(answer).items() if outcome == "differs"]


def sentences(answer: Answer, point: str) -> str:
    found = next(each for each in json.loads(answer.out)["points"] if each["point"] == point)
    return " ".join(each["sentence"] for each in found["found"])


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(here: Path) -> None:
        file = here / "configs" / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    return edit


def in_the_portal(change: Callable[[Running], None]) -> Callable[[Path], None]:
    def edit(here: Path) -> None:
        with running(here, "hubspot-simulator") as portal:
            change(portal)

    return edit


def in_the_org(name: str, kind: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def edit(here: Path) -> None:
        from sla_sync_salesforce.simulator.actors.telephone import calling

        with running(here, "salesforce-simulator") as org, calling(org) as line:
            line.edit(kind, name, change)

    return edit


def state_of_the_portal(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def edit(here: Path) -> None:
        file = here / ".sla-sync" / "hubspot-simulator" / "simulator" / "state.json"
        state = json.loads(file.read_text())
        change(state)
        file.write_text(json.dumps(state))

    return edit


def hide_mql(portal: Running) -> None:
    path = "/crm/v3/properties/contacts/hs_lead_status"
    found = ask(portal, "GET", path)["options"]
    ask(portal, "PATCH", path, {"options": [{**each, "hidden": each["value"] == "MQL"} for each in found]})


def lower_the_threshold(portal: Running) -> None:
    listed = ask(portal, "POST", "/crm/v3/lists/search", {"query": "Meets MQL", "count": 10})["lists"]
    path = f"/crm/v3/lists/{next(each['listId'] for each in listed if each['name'].endswith('Meets MQL'))}"
    branch = ask(portal, "GET", path, includeFilters="true")["list"]["filterBranch"]
    tests = [each for child in branch["filterBranches"] for each in child["filters"]]
    next(each for each in tests if each["property"] == "sla_score")["operation"]["value"] = 90
    ask(portal, "PUT", f"{path}/update-list-filters", {"filterBranch": branch})


def workflow(portal: Running, name: str, watched: str, action: dict[str, Any]) -> None:
    operation = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN", "includeObjectsWithNoValueSet": False}
    tested = {"filterType": "PROPERTY", "property": watched, "operation": operation}
    inner = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [tested]}
    outer = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": [inner], "filters": []}
    step = {"actionId": "1", "actionTypeVersion": 0, "type": "SINGLE_CONNECTION", **action}
    criteria = {
        "type": "LIST_BASED",
        "shouldReEnroll": False,
        "unEnrollObjectsNotMeetingCriteria": False,
        "reEnrollmentTriggersFilterBranches": [],
        "listFilterBranch": outer,
    }
    body = {"name": name, "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "isEnabled": True, "objectTypeId": "0-1",
            "startActionId": "1", "actions": [step], "enrollmentCriteria": criteria}  # fmt: skip
    made = ask(portal, "POST", "/automation/v4/flows", body)
    assert ask(portal, "GET", f"/automation/v4/flows/{made['id']}")["isEnabled"]


def date_everybody(portal: Running) -> None:
    value = {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}
    action = {"actionTypeId": "0-5", "fields": {"property_name": "sla_due_at", "value": value}}
    workflow(portal, "Date everybody", "email", action)


def chase(portal: Running) -> None:
    fields = {"subject": "Late", "body": "Call now.", "user_ids": ["9000004"], "delivery_method": "APP"}
    workflow(portal, "Chase late leads", "sla_due_at", {"actionTypeId": "0-9", "fields": fields})


def leave_somebody_out(portal: Running) -> None:
    found = ask(portal, "GET", "/crm/v3/lists/object-type-id/0-1/name/Known to sales")
    list_id = found.get("list", found)["listId"]
    inner = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [CUSTOMERS]}
    outer = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filterBranches": [inner], "filters": []}
    ask(portal, "PUT", f"/crm/v3/lists/{list_id}/update-list-filters", {"filterBranch": outer})
    person = {"email": "nora@field.example", "sla_score": "120", "sla_engagement": "40"}
    ask(portal, "POST", "/crm/v3/objects/contacts", {"properties": person})


FAULTS: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "a value is hidden": ("vocabulary", in_the_portal(hide_mql), "it is hidden"),
    "a value means another stage there": (
        "vocabulary", edited("acme/bindings/hubspot.yaml", "[Working - Contacted]", "[CONNECTED]"), "'nothing'|nothing"
    ),
    "a threshold was lowered": ("thresholds", in_the_portal(lower_the_threshold), "says 90, and 100 is agreed"),
    "another workflow writes a stamp": ("writers", in_the_portal(date_everybody), "«Date everybody»"),
    "a rule lets the reader overwrite": (
        "direction",
        edited("acme/sync.yaml", "{field: SLA_Need__c, rule: always salesforce}", "{field: SLA_Need__c, rule: two-way}"),
        "lets hubspot-simulator overwrite",
    ),
    "a rule lets nothing pass": (
        "direction", edited("acme/sync.yaml", "{field: SLA_Score__c, rule: two-way}", "{field: SLA_Score__c, rule: none}"),
        "nothing passes",
    ),
    "brackets meet a number": (
        "types",
        edited("acme/sync.yaml", "  company:  ", "  numemployees: {field: NumberOfEmployees, rule: two-way}\n  company:  "),
        "numemployees (enumeration/select) on hubspot-simulator to Lead.NumberOfEmployees (",
    ),
    "a portal reckons in another zone": (
        "hours", state_of_the_portal(lambda state: state["portal"].update(timeZone="US/Pacific")), "US/Pacific"
    ),
    "an office closes earlier in one place": (
        "hours",
        in_the_org("BusinessHours", "Settings", lambda text: text.replace("<mondayEndTime>17:", "<mondayEndTime>16:")),
        "open 09:00-16:00 on mon, and the calendar 09:00-17:00",
    ),
    "a role is somebody else": (
        "people",
        edited("targets.yaml", "vp_sales: sam, sdr_manager: kim", "vp_sales: pat, sdr_manager: kim"),
        "'vp_sales' is sam@acme.example on hubspot-simulator and pat@acme.example on salesforce-simulator",
    ),
    "an owner has left": (
        "people",
        state_of_the_portal(lambda state: state.update(owners=[o for o in state["owners"] if "sam@" not in o["email"]])),
        "'sam'",
    ),
    "somebody qualifies and is not exchanged": ("inclusion", in_the_portal(leave_somebody_out), "1 of 1"),
    "the user of the exchange may not edit": (
        "rights", edited("acme/sync.yaml", "user: integration@acme.example", "user: ana@acme.example"),
        "no permission lets ana@acme.example edit it",
    ),
    "the bindings rely on different latencies": (
        "start", edited("acme/bindings/hubspot.yaml", "15 minutes", "20 minutes"), "20 minutes according to the binding"
    ),
    "the clocks are switched off": (
        "start",
in_the_org("SLA_Leg_Clocks", "FlowDefinition", lambda text: text.replace("VersionNumber>1<", "VersionNumber>0<")),
        "SLA_Leg_Clocks",
    ),
    "another workflow escalates": ("escalation", in_the_portal(chase), "«Chase late leads» on hubspot-simulator"),
    "a field of ours is mapped": (
        "technical",
        edited("acme/sync.yaml", "  company:  ", "  sla_sync_lock: {field: Description, rule: two-way}\n  company:  "),
        "sla_sync_lock",
    ),
}  # fmt: skip


def test_a_good_pair_is_good_or_attested_at_every_point(pair: Callable[..., Answer]) -> None:
    answer = pair("--format", "json")
    assert answer.code == 0, answer.out
    assert list(outcomes(answer)) == POINTS
    attested = {point for point, outcome in outcomes(answer).items() if outcome == "attested"}
    assert attested == {"direction", "inclusion", "rights", "technical"}
    assert {outcome for point, outcome in outcomes(answer).items() if point not in attested} == {"good"}
    assert pair("--strict").code == 0


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_makes_its_point_differ_and_no_other(name: str, pair: Callable[..., Answer], here: Path) -> None:
    point, fault, said = FAULTS[name]
    fault(here)
    answer = pair("--format", "json")
    assert differing(answer) == [point], {each: sentences(answer, each) for each in differing(answer)}
    assert any(each in sentences(answer, point) for each in said.split("|")), sentences(answer, point)
    assert answer.code == 3


@pytest.mark.parametrize("point", ["direction", "inclusion", "rights", "technical"])
def test_an_attestation_that_has_expired_makes_its_point_differ(
    point: str, pair: Callable[..., Answer], here: Path
) -> None:
    file = here / "configs/acme/attestations.yaml"
    before, _, after = file.read_text().partition(f"point: {point}")
    file.write_text(f"{before}point: {point}{after.replace('until: 2026-12-31', 'until: 2026-10-02', 1)}")
    answer = pair("--format", "json", "--today", "2026-10-05")
    assert differing(answer) == [point]
    assert "was to be relied on until 2026-10-02" in sentences(answer, point)
    assert answer.code == 3


def test_what_nobody_vouches_for_is_unknown_and_comes_with_the_lines_to_add(
    pair: Callable[..., Answer], here: Path
) -> None:
    file = here / "configs/acme/attestations.yaml"
    head = file.read_text().partition("  - point:")[0]
    file.unlink()
    told = json.loads(pair("--format", "json").out)["points"]
    unknown = [each for each in told if each["outcome"] == "unknown"]
    assert [each["point"] for each in unknown] == ["direction", "inclusion", "rights", "technical"]
    assert pair().code == 0
    assert pair("--strict").code == 3
    lines = [found["snippet"] for each in unknown for found in each["found"] if found["snippet"]]
    file.write_text(head + "\n".join(lines).replace("<where others can see it>", "REVOPS-1") + "\n")
    assert pair("--strict").code == 0


def test_without_a_written_exchange_the_platforms_are_compared_as_far_as_they_show(
    pair: Callable[..., Answer], here: Path
) -> None:
    (here / "configs/acme/sync.yaml").unlink()
    answer = pair("--format", "json")
    assert differing(answer) == []
    assert "unknown" not in outcomes(answer).values()


def test_a_workflow_that_nobody_can_read_leaves_its_points_open(pair: Callable[..., Answer], here: Path) -> None:
    switches = here / ".sla-sync/hubspot-simulator/simulator/switches.json"
    switches.write_text(json.dumps({"flows": "unreadable"}))
    answer = pair("--format", "json")
    assert outcomes(answer)["writers"] == outcomes(answer)["escalation"] == "unknown"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name two targets"),
        (("--target", "hubspot-simulator"), "name two targets"),
        (("--target", "hubspot-simulator", "--target", "hubspot-simulator"), "name two targets"),
    ],
    ids=["none", "one", "the same twice"],
)
def test_two_targets_are_named(arguments: tuple[str, ...], said: str, run: Run) -> None:
    answer = run("consistency", *arguments)
    assert answer.code == 2
    assert said in answer.err


def test_two_targets_on_one_platform_cannot_tell_two_stories(run: Run, here: Path) -> None:
    targets = here / "configs/targets.yaml"
    text = targets.read_text()
    targets.write_text(
        text + text[text.index("  hubspot-simulator:") :].replace("hubspot-simulator:", "portal-two:", 1)
    )
    answer = run("consistency", "--target", "hubspot-simulator", "--target", "portal-two")
    assert answer.code == 1
    assert "are both on hubspot" in answer.err


def test_comparing_writes_nothing(pair: Callable[..., Answer], here: Path) -> None:
    for target in TARGETS:
        with served(here, target) as found:
            before = found.application.state_changes
            assert pair().code == 0
            assert found.application.state_changes == before


def test_people_read_each_point_with_its_place_and_what_to_do(pair: Callable[..., Answer], here: Path) -> None:
    edited("acme/sync.yaml", "{field: SLA_Score__c, rule: two-way}", "{field: SLA_Score__c, rule: none}")(here)
    text = pair().out
    assert text.startswith(
        "hubspot-simulator and salesforce-simulator: 12 points, 8 good, 3 attested, 0 unknown, 1 differ."
    )
    assert "✗  4 direction: who decides in the exchange · differs" in text
    assert "(configs/acme/sync.yaml:" in text
    assert "→ Map the two fields" in text
    assert "| ✗ | direction: who decides in the exchange |" in pair("--format", "markdown").out


def test_the_documentation_shows_what_is_printed(pair: Callable[..., Answer]) -> None:
    text = (CONFIGS.parent / "docs" / "consistency.md").read_text(encoding="utf-8")
    block = (
        text.partition("<!-- output of: sla-sync consistency")[2].partition("```\n")[2].partition("```\n<!-- end of")[0]
    )
    assert block
    assert pair().out == block
