"""What an org holds before anybody changes it: users, the values of LeadStatus, nothing custom."""

from __future__ import annotations

from datetime import UTC, datetime

from sla_sync_salesforce.simulator.identifiers import identifier
from sla_sync_salesforce.simulator.kinds import business_hours, lead_conversion
from sla_sync_salesforce.simulator.organization import Component, Organization, User, spell_instant

INTEGRATION, ADMINISTRATOR, VIEWER = "integration@acme.example", "admin@acme.example", "pat@acme.example"
AUDITOR = "audit@acme.example"
"""A user who is there once somebody has asked for the session: who sees everything and changes nothing."""
_PEOPLE = ("pat", "morgan", "sam", "kim", "ana", "ben")
PROFILES = {"System Administrator": 1, "Standard User": 2}
ORGANIZATION_NAME = "Acme (simulated)"
TIME_ZONE = "America/New_York"

_LEAD_STATUS = (
    ("Open - Not Contacted", "true", "false"),
    ("Working - Contacted", "false", "false"),
    ("Closed - Converted", "false", "true"),
    ("Closed - Not Converted", "false", "false"),
)


def new_organization(clock: datetime) -> Organization:
    """Return an org as it is on its first day."""
    now = clock.astimezone(UTC)
    organization = Organization(id=identifier("Organization", 1), clock=now.isoformat(), next_number=100)
    organization.users = [
        User(identifier("User", 1), INTEGRATION, "Integration", "System Administrator", administrator=True),
        User(identifier("User", 2), ADMINISTRATOR, "Admin", "System Administrator", administrator=True),
        *(
            User(identifier("User", number), f"{name}@acme.example", name.title(), "Standard User")
            for number, name in enumerate(_PEOPLE, start=3)
        ),
        User(identifier("User", 9), "former@acme.example", "Former", "Standard User", active=False),
    ]
    values = {
        "sorted": "false",
        "standardValue": [
            {"fullName": name, "default": default, "label": name, "converted": converted}
            for name, default, converted in _LEAD_STATUS
        ],
    }
    creator, since = organization.users[1].id, spell_instant(now)
    status = Component(organization.new_id("LeadStatus"), values, creator, since, creator, since)
    organization.metadata = {"StandardValueSet": {"LeadStatus": status}}
    for type_name, name, given in (
        ("Settings", business_hours.NAME, business_hours.of_first_day()),
        ("LeadConvertSettings", lead_conversion.NAME, lead_conversion.of_first_day()),
    ):
        component = Component(organization.new_id(type_name), given, creator, since, creator, since)
        organization.of(type_name)[name] = component
    return organization


def profile_id(profile: str) -> str:
    """Return the id of a profile."""
    return identifier("Profile", PROFILES[profile])


def profile_permission_set_id(profile: str) -> str:
    """Return the id of the permission set that stands behind a profile."""
    return identifier("PermissionSet", PROFILES[profile])


def auditor() -> User:
    """Return the user who sees everything and changes nothing."""
    return User(identifier("User", 10), AUDITOR, "Audit", "Standard User", auditor=True)


def tokens(organization: Organization) -> dict[str, str]:
    """Return the sessions that are open: token → username. The first is the one to hand out."""
    short = organization.id[:15]
    sessions = (("integration", INTEGRATION), ("administrator", ADMINISTRATOR), ("viewer", VIEWER))
    return {f"{short}!simulator.{name}": username for name, username in sessions}
