"""Actions of flows: notices, mails, and business time by the class that is known."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sla_sync_salesforce.simulator.refusals import RefusedError
from tests.connectors.salesforce.simulator.live import (
    MONDAY,
    Live,
    assign,
    begin,
    call,
    live,
    look_up,
    ref,
    update,
)


@pytest.fixture
def org(tmp_path: Path) -> Live:
    org = live(tmp_path)
    org.field("Lead.Text__c")
    org.field("Lead.Points__c", "Number")
    org.field("Lead.At__c", "DateTime")
    return org


def notice(**more: Any) -> dict[str, Any]:
    inputs = {
        "customNotifTypeId": ref("Kind.Id"),
        "recipientIds": ref("To"),
        "title": "Respond",
        "body": "Call {!$Record.LastName}",
        "targetId": ref("$Record.Id"),
        **more,
    }
    return call("Tell", "customNotificationAction", {k: v for k, v in inputs.items() if v is not None}, actionName="x")


def notifying(org: Live, action: dict[str, Any]) -> None:
    org.keep("CustomNotificationType", "SLA_Notice", {"customNotifTypeName": "SLA_Notice", "masterLabel": "SLA"})
    kind = look_up("Kind", "CustomNotificationType", ("CustomNotifTypeName", "EqualTo", "SLA_Notice"), then="Collect")
    org.flow(
        "Notifies",
        begin("Kind"),
        recordLookups=[kind],
        assignments=[
            assign("Collect", ("To", "Add", ref("$Record.Text__c")), ("To", "Add", ref("$Record.OwnerId")), then="Tell")
        ],
        variables=[{"name": "To", "dataType": "String", "isCollection": "true"}],
        actionCalls=[action],
    )


def test_a_notice_reaches_every_active_person_behind_its_recipients_once(org: Live) -> None:
    notifying(org, notice())
    group = org.keep("Group", "Managers", {"name": "Managers"})
    for name in ("sam", "kim", "former"):
        org.desk.organization.store.insert(
            "GroupMember", {"GroupId": group.id, "UserOrGroupId": org.user(name).id}, by=org.admin.id, at=org.now
        )
    lead = org.lead(Text__c=group.id, OwnerId=org.user("kim").id)
    (sent,) = org.sent
    assert (sent.kind, sent.title, sent.body, sent.target) == ("notification", "Respond", "Call Shaw", lead)
    assert (sent.at, sent.flow, sent.to) == (MONDAY, "Notifies", (org.user("sam").id, org.user("kim").id))


@pytest.mark.parametrize(
    ("without", "complaint"),
    [
        ({"customNotifTypeId": None}, "notification type (none) does not exist"),
        ({"title": None}, "Missing required input parameter: title"),
        ({"body": None}, "Missing required input parameter: body"),
        ({"targetId": None}, "Missing required input parameter: targetId"),
        ({"recipientIds": None}, "Missing required input parameter: recipientIds"),
        ({"recipientIds": ref("$Record.Id")}, "is no user, group or queue"),
    ],
)
def test_a_notice_that_cannot_be_sent_fails_the_save(without: dict[str, Any], complaint: str, org: Live) -> None:
    notifying(org, notice(**without))
    with pytest.raises(RefusedError) as refused:
        org.lead()
    assert complaint in refused.value.message
    assert org.sent == ()


def test_a_mail_goes_to_its_addresses(org: Live) -> None:
    mail = {
        "emailAddresses": "a@acme.example, b@acme.example",
        "emailSubject": "Due",
        "emailBody": "{!$Record.LastName}",
    }
    org.flow("Mails", begin("Mail"), actionCalls=[call("Mail", "emailSimple", mail, actionName="emailSimple")])
    org.lead()
    (sent,) = org.sent
    assert (sent.kind, sent.to, sent.title, sent.body) == ("mail", ("a@acme.example", "b@acme.example"), "Due", "Shaw")


def hours(org: Live) -> None:
    week = {
        f"{day}{end}": at
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
        for end, at in (("StartTime", "09:00:00.000Z"), ("EndTime", "17:00:00.000Z"))
    }
    office = {"name": "Office", "active": "true", "default": "true", "timeZoneId": "America/New_York", **week}
    holidays = [
        {"name": "Columbus Day", "activityDate": "2026-10-12", "businessHours": ["Office"]},
        {
            "name": "Half",
            "activityDate": "2026-10-13",
            "startTime": "13:00:00.000Z",
            "endTime": "23:59:00.000Z",
            "businessHours": ["Office"],
        },
    ]
    org.keep("Settings", "BusinessHours", {"businessHours": [office], "holidays": holidays})


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-10-05T14:00:00", 30, "2026-10-05T14:30:00"),
        ("2026-10-05T14:00:00", 420, "2026-10-05T21:00:00"),
        ("2026-10-05T14:00:00", 421, "2026-10-06T13:01:00"),
        ("2026-10-05T11:00:00", 30, "2026-10-05T13:30:00"),
        ("2026-10-09T20:30:00", 60, "2026-10-13T13:30:00"),
        ("2026-10-05T22:00:00", 30, "2026-10-06T13:30:00"),
        ("2026-10-13T16:30:00", 60, "2026-10-14T13:30:00"),
        ("2026-10-30T20:30:00", 60, "2026-11-02T14:30:00"),
    ],
)
def test_the_known_class_adds_business_minutes_by_the_orgs_own_hours(
    start: str, minutes: int, due: str, org: Live
) -> None:
    hours(org)
    inputs = {"startAt": ref("$Record.At__c"), "minutes": ref("$Record.Points__c"), "hoursName": "Office"}
    outputs = {"outputParameters": [{"name": "output", "assignToReference": "Due"}]}
    org.flow(
        "Deadline",
        begin("Ask", on="Create"),
        actionCalls=[call("Ask", "apex", inputs, then="Keep", actionName="SlaDeadline", **outputs)],
        recordUpdates=[update("Keep", {"At__c": ref("Due")})],
        variables=[{"name": "Due", "dataType": "DateTime"}],
    )
    lead = org.lead(At__c=datetime.fromisoformat(start).replace(tzinfo=UTC), Points__c=minutes)
    assert org.row("Lead", lead)["At__c"] == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_hours_that_nobody_has_leave_the_deadline_blank(org: Live) -> None:
    inputs = {"startAt": ref("$Flow.CurrentDateTime"), "minutes": 5, "hoursName": "None"}
    org.flow(
        "Deadline",
        begin("Ask", on="Create"),
        actionCalls=[
            call("Ask", "apex", inputs, then="Keep", actionName="SlaDeadline", storeOutputAutomatically="true")
        ],
        recordUpdates=[update("Keep", {"At__c": ref("Ask")})],
    )
    assert org.row("Lead", org.lead())["At__c"] is None
