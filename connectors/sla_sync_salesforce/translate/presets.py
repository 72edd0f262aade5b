"""What automatic steps of engagement tools look like in the activities of an org, so that none of them counts as a touch.

A preset only ever takes away: what it does not know counts or not by the tests of the binding. The tools let an
administrator change how they log, so a preset is a beginning; what an org does otherwise goes under `not` of a test.

Inferred: the texts in subjects follow what the tools log as they are delivered, and no vendor documents them as a
contract. Documented is `TaskSubtype` of Salesforce's own tools (Object Reference, "Task").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sla_sync_salesforce.translate.elements import Asked

_SUBJECT, _SUBTYPE = "$Record.Subject", "$Record.TaskSubtype"

AUTOMATIC: Sequence[Asked] = ((_SUBTYPE, "EqualTo", "ListEmail"),)
"""What no binding has to name: list e-mails of Salesforce itself are sent to many at once."""

PRESETS: Mapping[str, Sequence[Asked]] = {
    # Outreach begins a subject with its own words in brackets; steps of a sequence name the sequence among them.
    "outreach": ((_SUBJECT, "Contains", "[Sequence"),),
    # Salesloft names the cadence where the template of its activity log asks for it.
    "salesloft": ((_SUBJECT, "Contains", "[Cadence"),),
    # Marketing e-mails, form submissions and enrolments come through the sync of HubSpot as tasks of the owner.
    "hubspot": (
        (_SUBJECT, "StartsWith", "Marketing Email"),
        (_SUBJECT, "StartsWith", "Form Submission"),
        (_SUBJECT, "Contains", "enrolled in sequence"),
    ),
    # Gong logs what its Engage sends with the name of the flow; what a rep sends from it looks the same, and counts not.
    "gong": ((_SUBJECT, "Contains", "[Gong Flow"),),
    "groove": ((_SUBJECT, "Contains", "[Groove Flow"),),
    # A step of a cadence is a task of its own; the call or e-mail with which the rep does it is logged besides.
    "sales_engagement": ((_SUBTYPE, "EqualTo", "Cadence"),),
    "account_engagement": ((_SUBJECT, "StartsWith", "Pardot List Email"),),
}
"""Name in the binding → conditions of which each alone says that an activity was automatic."""
