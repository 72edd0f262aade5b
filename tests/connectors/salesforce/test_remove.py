"""Leaving an org: the whole example goes, what stood there before stands as it stood, data stays unless it is named."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Status
from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Cut
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.remove import Asked, Removed, plan_removal, remove
from sla_sync.reconcile.guard import bulk_acknowledgement
from sla_sync.reconcile.leaving import deletion_of_all
from sla_sync.reconcile.remove import Departure
from sla_sync.render.remove import removed_as_text
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.telephone import Telephone, calling
from sla_sync_salesforce.simulator.actors.trespasses import TRESPASSES
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION
from tests.connectors.salesforce.test_drift import RULES, TARGET, fresh
from tests.connectors.scene import CONFIGS, START, Scene

pytestmark = pytest.mark.slow
RULE = (
    f'<AssignmentRules xmlns="{NAMESPACE}"><assignmentRule><fullName>Everything</fullName><active>true</active>'
    "<ruleEntry><assignedTo>admin@acme.example</assignedTo><assignedToType>User</assignedToType></ruleEntry>"
    "</assignmentRule></AssignmentRules>"
)
FIELD = (
    f'<CustomObject xmlns="{NAMESPACE}"><fields><fullName>SLA_Need__c</fullName><description>What they asked for.'
    "</description><inlineHelpText>Ask them.</inlineHelpText><label>Their need</label><length>255</length><type>Text</type>"
    "</fields></CustomObject>"
)
STATUS = "<standardValue><fullName>MQL</fullName><default>false</default><label>Marketing lead</label></standardValue>"


def _package(*members: tuple[str, str]) -> str:
    types = "".join(f"<types><members>{name}</members><name>{kind}</name></types>" for kind, name in members)
    return f'<Package xmlns="{NAMESPACE}">{types}<version>{VERSION}</version></Package>'


def _settle(line: Telephone) -> None:
    """Put settings of others into the org, some of them where the agreement will ask for its own."""
    line.deploy(
        {
            "package.xml": _package(("AssignmentRules", "Lead"), ("CustomField", "Lead.SLA_Need__c")),
            "assignmentRules/Lead.assignmentRules": RULE,
            "objects/Lead.object": FIELD,
        }
    )
    line.edit(
        "StandardValueSet",
        "LeadStatus",
        lambda text: text.replace("</StandardValueSet>", STATUS + "</StandardValueSet>"),
    )
    TRESPASSES["other flow moves"](line)


Settings = Mapping[str, Mapping[str, Any]]
"""What stands in an org, by type and name."""
UNFORGOTTEN = {
    ("StandardValueSet", "LeadStatus"): {"Nurture": "false", "Qualified": "false"},
    ("Settings", "BusinessHours"): {"SLA office": "false"},
}
"""File of an org → what stays in it, switched off: Salesforce deletes no value of Lead Status and no business hours."""
DUE = "Lead.SLA_Due_At__c"
ROWS = ("GroupMember", "PermissionSetAssignment", "StaticResource", "Holiday", "Lead")


def standing(org: Scene) -> Settings:
    text = (org.data / "state.json").read_text("utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)["metadata"]
    return {kind: {name: each["values"] for name, each in of.items()} for kind, of in found.items() if of}


def rows(org: Scene) -> Mapping[str, int]:
    with _open(org) as line:
        return {kind: len(line.query(f"SELECT Id FROM {kind}")) for kind in ROWS}


@contextmanager
def _open(org: Scene, role: str = "administrator") -> Iterator[Telephone]:
    folder = org.data
    with serve(simulator, folder, clock=START) as running, calling(running, role) as line:
        yield line


def reached(org: Scene, running: Running) -> Mapping[str, str]:
    """Let the target be this served org, and return the environment by which it is reached."""
    targets = org.place.targets
    assert targets is not None
    url = {"url": running.url, "token": "ORG_TOKEN", "ca": str(running.ca)}
    text = targets.read_text("utf-8").replace("simulator: true", f"simulator: {json.dumps(url)}")
    targets.write_text(text, "utf-8")
    return {"ORG_TOKEN": running.token}


def _without(settings: Settings, left: Mapping[tuple[str, str], Mapping[str, str]]) -> Settings:
    """Return settings without the entries of these names; each must say that it is switched off."""
    result = {kind: dict(found) for kind, found in settings.items()}
    for (kind, name), entries in left.items():
        for member, listed in result[kind][name].items():
            if isinstance(listed, list):
                named = {each.get("fullName", each.get("name")): each for each in listed}
                assert {each: named[each].get("isActive", named[each].get("active")) for each in entries} == entries
                kept = [each for key, each in named.items() if key not in entries]
                result[kind][name] = {**result[kind][name], member: kept}
    return result


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Settings, Mapping[str, int]]:
    """Return an org to which the example was applied, and what stood in it before."""
    org = fresh(tmp_path_factory.mktemp("settled"), RULES)
    with _open(org) as line:
        _settle(line)
    before = standing(org), rows(org)
    asked = [each for change in plan(org.place, TARGET, environ={}).changes for each in change.acknowledgements]
    assert {"switch-off:AssignmentRule/Everything", "adopt:CustomField/Lead.SLA_Need__c"} <= set(asked)
    org.apply(*asked)
    return org, *before


@pytest.fixture(scope="module")
def undisturbed(settled: tuple[Scene, Settings, Mapping[str, int]], tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return how many requests it takes to leave the org to which the example was applied."""
    return _leave_served(settled[0].copy(tmp_path_factory.mktemp("undisturbed")))


def seen(org: Scene, *acknowledged: str) -> Departure:
    return plan_removal(org.place, TARGET, environ={}, asked=Asked(frozenset(acknowledged)))


def leave(org: Scene, *acknowledged: str) -> Removed:
    bulk = bulk_acknowledgement(seen(org, *acknowledged).plan)
    return remove(org.place, TARGET, environ={}, asked=Asked(frozenset({*acknowledged, bulk or ""})))


def test_an_org_stands_as_it_stood_but_for_what_salesforce_cannot_forget(
    settled: tuple[Scene, Settings, Mapping[str, int]], tmp_path: Path
) -> None:
    start, settings, counted = settled
    org = start.copy(tmp_path)
    everything = deletion_of_all(seen(org).kept)
    assert everything is not None
    done = leave(org, everything)
    assert done.result is not None
    assert done.result.complete, [each for each in done.result.outcomes if each.detail]
    assert _without(standing(org), UNFORGOTTEN) == settings
    assert rows(org) == counted
    again = leave(org)
    assert (again.result, again.departure.kept) == (None, ())
    told = removed_as_text(again.departure, None)
    assert told == "salesforce-simulator: nothing that bears the mark of acme-inbound is left."


def _leave_served(org: Scene, *, cut: int = 0) -> int:
    """Leave an org over its wire, and return the number of requests; `cut`: the line is cut at that one and stays cut."""
    everything = deletion_of_all(seen(org).kept) or ""
    asked = Asked(frozenset({everything, bulk_acknowledgement(seen(org, everything).plan) or ""}))
    with serve(simulator, org.data, clock=START) as running:
        environ = reached(org, running)
        running.trouble = Cut(cut) if cut else None
        with suppress(SlaSyncError):
            done = remove(org.place, TARGET, environ=environ, asked=asked)
            assert done.result is not None
            assert done.result.complete == (not cut)
        number = running.requests
    targets = org.place.targets
    assert targets is not None
    shutil.copyfile(CONFIGS / "targets.yaml", targets)
    return number


@pytest.mark.parametrize("left", range(4, 52, 3) if os.environ.get("SLA_SYNC_WHOLE") else [49, 22, 10])
def test_a_removal_that_is_cut_off_converges_when_repeated(
    settled: tuple[Scene, Settings, Mapping[str, int]], undisturbed: int, tmp_path: Path, left: int
) -> None:
    start, settings, counted = settled
    org = start.copy(tmp_path)
    named = {each.ack or "" for each in seen(org).kept}  # what a look into the fields does not show to be empty
    _leave_served(org, cut=undisturbed - left)
    again = leave(org, *named)
    assert again.result is not None
    assert again.result.complete, [each for each in again.result.outcomes if each.detail]
    assert {each.because for each in again.departure.kept} <= {"no API deletes it"}
    assert _without(standing(org), UNFORGOTTEN) == settings
    assert rows(org) == counted


def test_data_stays_unless_it_is_named_and_what_others_built_on_ours_keeps_everything_in_place(
    settled: tuple[Scene, Settings, Mapping[str, int]], tmp_path: Path
) -> None:
    org = settled[0].copy(tmp_path)
    with _open(org, "integration") as line:
        lead = line.create("Lead", {"LastName": "Moss", "Company": "Buyer", "Status": "Nurture", "SLA_Score__c": 80})
    with _open(org) as line:
        TRESPASSES["other flow writes"](line)
    before = standing(org)
    refused = leave(org)
    assert refused.result is not None
    assert {each.status for each in refused.result.outcomes} == {Status.FAILED, Status.SKIPPED}
    assert standing(org) == before
    said = {str(each.change.address): each.detail for each in refused.result.outcomes if each.status is Status.FAILED}
    assert "Flow Version - Due_Right_Now-1" in said[f"CustomField/{DUE}"]

    asked = Asked(keep=frozenset(said))  # the simulator takes a field of contacts with the same name for used too
    plan = plan_removal(org.place, TARGET, environ={}, asked=asked).plan
    done = remove(org.place, TARGET, environ={}, asked=Asked(frozenset({bulk_acknowledgement(plan) or ""}), asked.keep))
    assert done.result is not None
    assert done.result.complete, [each for each in done.result.outcomes if each.detail]
    kept = {str(each.address): each.because for each in done.departure.kept}
    assert kept["CustomField/Lead.SLA_Score__c"] == "1 record holds something in it"
    assert kept[f"CustomField/{DUE}"] == "you asked to keep it"
    after = standing(org)
    stayed = {each for each in after["CustomField"] if each.startswith("Lead.SLA_")}
    assert stayed == {each.partition("/")[2] for each in kept if "/Lead.SLA_" in each} | {"Lead.SLA_Need__c"}
    marked = [
        (kind, name) for kind, found in after.items() for name, each in found.items() if "managed by" in str(each)
    ]
    assert marked == []
    assert not after.get("PermissionSet")
    with _open(org) as line:
        (still,) = line.query("SELECT Id FROM Lead")
    assert still["Id"] == lead
