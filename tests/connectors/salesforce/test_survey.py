"""What an org has is surveyed as a first agreement needs it, and nothing is written to learn it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sla_sync.connector import Connection, Setup, Survey, Surveys
from sla_sync.connector.simulation import serve
from sla_sync.registry import load_connector
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.telephone import calling

NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
VALUE = "<value><fullName>{0}</fullName><default>false</default><label>{0}</label></value>"
FIELDS = f"""<CustomObject {NAMESPACE}>
<fields><fullName>Reject_Reason__c</fullName><label>Why rejected</label><type>Picklist</type><valueSet><valueSetDefinition>
<sorted>false</sorted>{VALUE.format("No budget")}{VALUE.format("Too small")}</valueSetDefinition></valueSet></fields>
<fields><fullName>Fit_Score__c</fullName><label>Fit</label><type>Number</type><precision>5</precision><scale>0</scale></fields>
</CustomObject>"""
QUEUE = f"""<Queue {NAMESPACE}><doesSendEmailToMembers>false</doesSendEmailToMembers><name>Inbound Reps</name>
<queueMembers><users><user>ana@acme.example</user><user>former@acme.example</user></users></queueMembers>
<queueSobject><sobjectType>Lead</sobjectType></queueSobject></Queue>"""
RULES = f"""<AssignmentRules {NAMESPACE}><assignmentRule><fullName>Everything</fullName><active>true</active>
<ruleEntry><assignedTo>Inbound_Reps</assignedTo><assignedToType>Queue</assignedToType>
<formula>ISPICKVAL(LeadSource, "Web")</formula></ruleEntry>
<ruleEntry><assignedTo>Inbound_Reps</assignedTo><assignedToType>Queue</assignedToType></ruleEntry>
</assignmentRule></AssignmentRules>"""
DAYS = "".join(
    f"<{day}EndTime>17:00:00.000Z</{day}EndTime><{day}StartTime>09:00:00.000Z</{day}StartTime>"
    for day in ("monday", "tuesday", "wednesday", "thursday")
)
HOURS = f"""<BusinessHoursSettings {NAMESPACE}><businessHours><active>true</active><default>false</default>{DAYS}
<name>Four days</name><timeZoneId>Europe/Madrid</timeZoneId></businessHours>
<holidays><activityDate>2026-12-25</activityDate><businessHours>Four days</businessHours><isRecurring>false</isRecurring>
<name>Christmas</name></holidays></BusinessHoursSettings>"""
MAY_READ = (
    "<fieldPermissions><editable>false</editable><field>Lead.{0}</field><readable>true</readable></fieldPermissions>"
)
READERS = f"""<PermissionSet {NAMESPACE}>{MAY_READ.format("Fit_Score__c")}{MAY_READ.format("Reject_Reason__c")}
<label>Readers</label></PermissionSet>"""
PACKAGE = f"""<Package {NAMESPACE}>
<types><members>Lead.Reject_Reason__c</members><members>Lead.Fit_Score__c</members><name>CustomField</name></types>
<types><members>Readers</members><name>PermissionSet</name></types>
<types><members>Inbound_Reps</members><name>Queue</name></types>
<types><members>Lead.Everything</members><name>AssignmentRule</name></types>
<types><members>BusinessHours</members><name>Settings</name></types><version>63.0</version></Package>"""
FILES = {
    "package.xml": PACKAGE,
    "objects/Lead.object": FIELDS,
    "permissionsets/Readers.permissionset": READERS,
    "queues/Inbound_Reps.queue": QUEUE,
    "assignmentRules/Lead.assignmentRules": RULES,
    "settings/BusinessHours.settings": HOURS,
}


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survey]:
    folder: Path = tmp_path_factory.mktemp("org")
    with serve(simulator, folder, clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:
        with calling(running) as line:
            line.deploy(FILES)
            (readers,) = line.query("SELECT Id FROM PermissionSet WHERE Name = 'Readers'")
            (user,) = line.query("SELECT Id FROM User WHERE Username = 'integration@acme.example'")
            row = {"PermissionSetId": readers["Id"], "AssigneeId": user["Id"]}
            line.create("PermissionSetAssignment", row)
        connector = load_connector("salesforce")
        known = {"url": running.url, "token": running.token, **({"ca": str(running.ca)} if running.ca else {})}
        options = connector.options.model_validate(known)
        connection = Connection("org", options, Setup("first"), lambda: running.application.now)
        before = running.application.state_changes
        with connector.open_reader(connection) as reader:
            assert isinstance(reader, Surveys)
            yield reader.survey()
        assert running.application.state_changes == before


@pytest.mark.slow
def test_the_values_of_lead_status_are_the_stages(survey: Survey) -> None:
    assert [(each.value, each.first, each.won) for each in survey.stages] == [
        ("Open - Not Contacted", True, False),
        ("Working - Contacted", False, False),
        ("Closed - Converted", False, True),
        ("Closed - Not Converted", False, False),
    ]
    assert all(each.bound == {"Lead.Status": [each.value]} for each in survey.stages)


@pytest.mark.slow
def test_sources_reasons_and_scores_are_fields_of_leads(survey: Survey) -> None:
    assert survey.sources is not None
    assert survey.sources.read_from == "Lead.LeadSource"
    assert "Web" in survey.sources.values
    assert [(each.field, list(each.values)) for each in survey.reasons] == [
        ("Lead.Reject_Reason__c", ["No budget", "Too small"])
    ]
    assert [each.field for each in survey.scores] == ["Lead.Fit_Score__c"]
    assert survey.fields["email"] == "Lead.Email"


@pytest.mark.slow
def test_business_hours_are_calendars_with_the_days_that_are_closed(survey: Survey) -> None:
    main, other = survey.calendars
    assert main.main
    assert not other.main
    assert other.zone == "Europe/Madrid"
    assert other.open == dict.fromkeys(("mon", "tue", "wed", "thu"), "09:00-17:00")
    assert other.closed == {date(2026, 12, 25): "Christmas"}
    assert survey.zone == "America/New_York"


@pytest.mark.slow
def test_queues_have_their_active_people_and_the_rule_in_force_its_entries(survey: Survey) -> None:
    (team,) = survey.teams
    assert (team.name, team.label, team.people) == ("Inbound_Reps", "Inbound Reps", ("ana@acme.example",))
    assert [(each.to, each.always) for each in survey.routes] == [("Inbound_Reps", False), ("Inbound_Reps", True)]
    assert survey.routes[0].says == 'ISPICKVAL(LeadSource, "Web")'
    assert any(each.what.startswith("Flows") for each in survey.unseen)
