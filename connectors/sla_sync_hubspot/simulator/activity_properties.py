"""HubSpot's own properties of activities: tasks, notes, calls, e-mails, meetings and other communications."""

from __future__ import annotations

from sla_sync_hubspot.simulator.object_types import (
    ACTIVITIES,
    CALL,
    COMMUNICATION,
    EMAIL,
    MEETING,
    NOTE,
    TASK,
    ObjectType,
)
from sla_sync_hubspot.simulator.stock_properties import Options, Stock


def _group(kind: ObjectType) -> str:
    return kind.singular.lower()


def _options(*values: str) -> Options:
    return tuple((value, value.replace("_", " ").capitalize()) for value in values)


def _text(kind: ObjectType, name: str, label: str, field_type: str = "text") -> Stock:
    return Stock(name, label, "string", field_type, _group(kind))


def _choice(kind: ObjectType, name: str, label: str, *values: str) -> Stock:
    return Stock(name, label, "enumeration", "select", _group(kind), _options(*values))


def _number(kind: ObjectType, name: str, label: str) -> Stock:
    return Stock(name, label, "number", "number", _group(kind))


def _of_all(kind: ObjectType) -> tuple[Stock, ...]:
    group = _group(kind)
    return (
        Stock("hs_timestamp", "Activity date", "datetime", "date", group),
        Stock("hubspot_owner_id", "Activity assigned to", "enumeration", "select", group, owner=True),
        Stock("hs_createdate", "Create date", "datetime", "date", group, fixed=True),
        Stock("hs_lastmodifieddate", "Last modified date", "datetime", "date", group, fixed=True),
        Stock("hs_object_id", "Record ID", "number", "number", group, fixed=True),
    )


_OWN: dict[str, tuple[Stock, ...]] = {
    TASK.identifier: (
        _text(TASK, "hs_task_subject", "Task title"),
        _text(TASK, "hs_task_body", "Task notes", "html"),
        _choice(TASK, "hs_task_status", "Task status", "NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"),
        _choice(TASK, "hs_task_priority", "Priority", "NONE", "LOW", "MEDIUM", "HIGH"),
        _choice(TASK, "hs_task_type", "Task type", "TODO", "CALL", "EMAIL", "LINKED_IN"),
        Stock("hs_task_completion_date", "Completed at", "datetime", "date", _group(TASK), fixed=True),
    ),
    NOTE.identifier: (_text(NOTE, "hs_note_body", "Note body", "html"),),
    CALL.identifier: (
        _text(CALL, "hs_call_title", "Call title"),
        _text(CALL, "hs_call_body", "Call notes", "html"),
        _choice(CALL, "hs_call_direction", "Call direction", "INBOUND", "OUTBOUND"),
        _choice(CALL, "hs_call_status", "Call status", "COMPLETED", "BUSY", "NO_ANSWER", "FAILED", "CANCELED", "MISSED"),
        _text(CALL, "hs_call_disposition", "Call outcome"),
        _number(CALL, "hs_call_duration", "Call duration"),
    ),
    EMAIL.identifier: (
        _text(EMAIL, "hs_email_subject", "Email subject"),
        _text(EMAIL, "hs_email_text", "Email body", "textarea"),
        _choice(EMAIL, "hs_email_direction", "Email direction", "EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL"),
        _choice(EMAIL, "hs_email_status", "Email send status", "SENT", "BOUNCED", "FAILED", "SCHEDULED", "SENDING"),
        # Inferred: its type, and that an app may write it; portals fill it in for e-mails that a sequence sent.
        _number(EMAIL, "hs_sequence_id", "Sequence ID"),
    ),
    MEETING.identifier: (
        _text(MEETING, "hs_meeting_title", "Meeting name"),
        _text(MEETING, "hs_meeting_body", "Meeting description", "html"),
        Stock("hs_meeting_start_time", "Meeting start time", "datetime", "date", _group(MEETING)),
        Stock("hs_meeting_end_time", "Meeting end time", "datetime", "date", _group(MEETING)),
        _choice(MEETING, "hs_meeting_outcome", "Meeting outcome", "SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW",
                "CANCELED"),
        # Recorded: what booked a meeting; MEETINGS_PUBLIC is a page for bookings. Inferred: the other values.
        _choice(MEETING, "hs_meeting_source", "Meeting source", "CRM_UI", "MEETINGS_PUBLIC", "MEETINGS_EMBEDDED",
                "BIDIRECTIONAL_API", "INTEGRATION"),
    ),
    COMMUNICATION.identifier: (
        _choice(COMMUNICATION, "hs_communication_channel_type", "Channel type", "LINKEDIN_MESSAGE", "SMS", "WHATS_APP"),
        _choice(COMMUNICATION, "hs_communication_logged_from", "Logged from", "CRM"),
        _text(COMMUNICATION, "hs_communication_body", "Communication body", "html"),
    ),
}  # fmt: skip
GROUPS: dict[str, Options] = {each.identifier: ((_group(each), f"{each.singular} information"),) for each in ACTIVITIES}
PROPERTIES: dict[str, tuple[Stock, ...]] = {
    each.identifier: _OWN[each.identifier] + _of_all(each) for each in ACTIVITIES
}
