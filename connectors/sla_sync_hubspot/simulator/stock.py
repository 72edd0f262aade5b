"""What the portal holds on its first day: an account of the example company, with six users and three teams."""

from __future__ import annotations

from sla_sync_hubspot.simulator import activity_properties, stock_properties
from sla_sync_hubspot.simulator.object_types import CONTACT, DEAL, LEAD, TICKET
from sla_sync_hubspot.simulator.refusals import Json

FORMAT = 2
PORTAL_ID = 24601000
APP_USER_ID = "9000000"
"""The user who installed the app whose token is `APP_TOKEN`."""
APP_ID = "24601777"
ADMINISTRATOR_USER_ID = "9000001"
APP_TOKEN = "pat-na1-simulator-app"  # noqa: S105 - opens nothing but this simulator, on loopback
AUDITOR_TOKEN = "pat-na1-simulator-audit"  # noqa: S105 - as above
"""The token of another app, which has every scope but those that end in `.write`."""
ADMINISTRATOR_TOKEN = "simulator-administrator"  # noqa: S105 - as above
OAUTH_CLIENT_ID = "simulator-client"
OAUTH_CLIENT_SECRET = "simulator-secret"  # noqa: S105 - as above
OAUTH_REFRESH_TOKEN = "simulator-refresh"  # noqa: S105 - as above
LIFECYCLE_PIPELINE = "contacts-lifecycle-pipeline"

# An owner's id is not the id of the user behind it; whoever confuses them must fail here too.
_USERS = (
    ("pat", 41000001, 9000002, ()),
    ("morgan", 41000002, 9000003, ("reps",)),
    ("sam", 41000003, 9000004, ()),
    ("kim", 41000004, 9000005, ("sdr",)),
    ("ana", 41000005, 9000006, ("sdr", "reps")),
    ("ben", 41000006, 9000007, ("sdr", "mid_market")),
)
_TEAMS = (("sdr", "501001"), ("mid_market", "501002"), ("reps", "501003"))
_DEAL_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)
_TICKET_STAGES = (
    ("1", "New", "OPEN"),
    ("2", "Waiting on contact", "OPEN"),
    ("3", "Waiting on us", "OPEN"),
    ("4", "Closed", "CLOSED"),
)
_LEAD_STAGES = (
    ("new-stage-id", "New"),
    ("attempting-stage-id", "Attempting"),
    ("connected-stage-id", "Connected"),
    ("qualified-stage-id", "Qualified"),
    ("unqualified-stage-id", "Disqualified"),
)


def new_state(stamp: str) -> Json:
    """Return the state of a portal on its first day; `stamp` is that day, as the API writes times."""
    groups_by_type = stock_properties.GROUPS | activity_properties.GROUPS
    stock_by_type = stock_properties.PROPERTIES | activity_properties.PROPERTIES
    return {
        "format": FORMAT,
        "clock": stamp,
        "requests": 0,
        "today": {"day": stamp[:10], "requests": 0},
        "next_ids": {"list": 1, "flow": 585000001, "stage": 454331001, "event": 1},
        "portal": {
            "portalId": PORTAL_ID,
            "accountType": "STANDARD",
            "timeZone": "US/Eastern",
            "companyCurrency": "USD",
            "additionalCurrencies": [],
            "utcOffset": "-05:00",
            "utcOffsetMilliseconds": -18_000_000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        },
        "owners": _owners(stamp),
        "teams": _teams(),
        "groups": {
            object_id: {
                name: {"name": name, "label": label, "displayOrder": position, "archived": False}
                for position, (name, label) in enumerate(groups)
            }
            for object_id, groups in groups_by_type.items()
        },
        "properties": {
            object_id: {
                each.name: stock_properties.spell_stock(each, position, stamp) for position, each in enumerate(stock)
            }
            for object_id, stock in stock_by_type.items()
        },
        "archived_properties": {object_id: {} for object_id in stock_by_type},
        "lists": {},
        "flows": {},
        "pipelines": _pipelines(stamp),
        "pipeline_audit": {},
        "audit_log": [],
    }


def _owners(stamp: str) -> list[Json]:
    identifiers = dict(_TEAMS)
    return [
        {
            "id": str(owner),
            "email": f"{name}@acme.example",
            "type": "PERSON",
            "firstName": name.capitalize(),
            "lastName": "",
            "userId": user,
            "userIdIncludingInactive": user,
            "createdAt": stamp,
            "updatedAt": stamp,
            "archived": False,
            "teams": [
                {"id": identifiers[team], "name": team, "primary": position == 0} for position, team in enumerate(teams)
            ],
        }
        for name, owner, user, teams in _USERS
    ]


def _teams() -> list[Json]:
    return [
        {
            "id": identifier,
            "name": team,
            "userIds": [str(user) for _, _, user, teams in _USERS if teams[:1] == (team,)],
            "secondaryUserIds": [str(user) for _, _, user, teams in _USERS if team in teams[1:]],
        }
        for team, identifier in _TEAMS
    ]


def _pipelines(stamp: str) -> Json:
    lifecycle = [
        _stage(value, label, position, {"isClosed": "false", "state": "OPEN"}, stamp)
        for position, (value, label) in enumerate(stock_properties.LIFECYCLE_STAGES)
    ]
    deals = [
        _stage(
            value, label, position, {"isClosed": str(value.startswith("closed")).lower(), "probability": share}, stamp
        )
        for position, (value, label, share) in enumerate(_DEAL_STAGES)
    ]
    tickets = [
        _stage(value, label, position, {"isClosed": str(state == "CLOSED").lower(), "ticketState": state}, stamp)
        for position, (value, label, state) in enumerate(_TICKET_STAGES)
    ]
    # The metadata of lead stages is not documented, so none is shown.
    leads = [_stage(value, label, position, {}, stamp) for position, (value, label) in enumerate(_LEAD_STAGES)]
    return {
        CONTACT.identifier: [_pipeline(LIFECYCLE_PIPELINE, "Lifecycle Stage Pipeline", lifecycle, stamp)],
        DEAL.identifier: [_pipeline("default", "Sales Pipeline", deals, stamp)],
        TICKET.identifier: [_pipeline("0", "Support Pipeline", tickets, stamp)],
        LEAD.identifier: [_pipeline("lead-pipeline-id", "Lead pipeline", leads, stamp)],
    }


def _pipeline(identifier: str, label: str, stages: list[Json], stamp: str) -> Json:
    return {
        "id": identifier, "label": label, "displayOrder": 0, "archived": False, "createdAt": stamp, "updatedAt": stamp,
        "stages": stages,
    }  # fmt: skip


def _stage(identifier: str, label: str, display_order: int, metadata: Json, stamp: str) -> Json:
    return {
        "id": identifier, "label": label, "displayOrder": display_order, "archived": False, "metadata": metadata,
        "createdAt": stamp, "updatedAt": stamp, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }  # fmt: skip
