"""The tables of the data API: users, permissions, the audit trail, the values of LeadStatus, static resources, reports."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.fields import object_names
from sla_sync_salesforce.simulator.identifiers import with_check
from sla_sync_salesforce.simulator.kinds.standard_value_set import LEAD_STATUS, active_values
from sla_sync_salesforce.simulator.organization import Component, User
from sla_sync_salesforce.simulator.queries.past_tables import PAST_TABLES
from sla_sync_salesforce.simulator.queries.tables import Column, Row, Table, columns, dated

PERMISSIONS = (
    "PermissionsApiEnabled",
    "PermissionsAssignPermissionSets",
    "PermissionsAuthorApex",
    "PermissionsCustomizeApplication",
    "PermissionsManageUsers",
    "PermissionsModifyAllData",
    "PermissionsModifyMetadata",
    "PermissionsViewAllData",
    "PermissionsViewSetup",
)
USER_LOGIN = "UserLogin"
"""Shown to those who may manage users (Object Reference, "UserLogin")."""
_FLAGS = " ".join(f"{each}:boolean" for each in PERMISSIONS)


def stamps(component: Component) -> dict[str, object]:
    """Return the dates and authors of a component as columns."""
    return {
        "CreatedDate": component.created_at,
        "CreatedById": component.created_by,
        "LastModifiedDate": component.changed_at,
        "LastModifiedById": component.changed_by,
        "SystemModstamp": component.changed_at,
    }


def _organization(desk: Desk) -> Iterator[Row]:
    yield {
        "Id": desk.organization.id,
        "Name": stock.ORGANIZATION_NAME,
        "InstanceName": "SIM1",
        "IsSandbox": False,
        "OrganizationType": "Developer Edition",
        "NamespacePrefix": None,
        "TrialExpirationDate": None,
        "LanguageLocaleKey": "en_US",
        "TimeZoneSidKey": "America/New_York",
    }


def _users(desk: Desk) -> Iterator[Row]:
    yield from desk.organization.store.of("User").values()


def login_id(user: User) -> str:
    """Return the id of the row that says whether a user may log in. Inferred: the number in it."""
    return with_check(f"0Yw{user.id[3:15]}")


def _logins(desk: Desk) -> Iterator[Row]:
    for user in desk.organization.users:
        yield {
            "Id": login_id(user),
            "UserId": user.id,
            "IsFrozen": user.frozen,
            "IsPasswordLocked": False,
            "LastModifiedById": user.frozen_by or user.id,
            "LastModifiedDate": user.frozen_at or None,
        }


def _assignment_rules(desk: Desk) -> Iterator[Row]:
    for full_name, each in desk.organization.of("AssignmentRule").items():
        object_name, _, name = full_name.partition(".")
        active = each.values.get("active") == "true"
        yield {**stamps(each), "Id": each.id, "Name": name, "SobjectType": object_name, "Active": active}


def _interviews(_desk: Desk) -> Iterator[Row]:
    """Yield nothing: a flow that fails here takes its transaction back, and what waits in a path is no interview yet."""
    yield from ()


def _profiles(_desk: Desk) -> Iterator[Row]:
    for name in stock.PROFILES:
        yield {"Id": stock.profile_id(name), "Name": name, "UserType": "Standard"}


def _permission_sets(desk: Desk) -> Iterator[Row]:
    for name in stock.PROFILES:
        administers = name == "System Administrator"
        flags: dict[str, object] = dict.fromkeys(PERMISSIONS, administers)
        yield {
            **flags,
            "PermissionsApiEnabled": True,
            "Id": stock.profile_permission_set_id(name),
            # The platform names the set behind a profile by an id.
            "Name": f"X{stock.profile_id(name)}",
            "Label": stock.profile_id(name),
            "Description": None,
            "IsCustom": False,
            "IsOwnedByProfile": True,
            "HasActivationRequired": False,
            "ProfileId": stock.profile_id(name),
        }
    for name, each in desk.organization.of("PermissionSet").items():
        yield {
            **dict.fromkeys(PERMISSIONS, False),
            **stamps(each),
            "Id": each.id,
            "Name": name,
            "Label": each.values["label"],
            "Description": each.values.get("description"),
            "IsCustom": True,
            "IsOwnedByProfile": False,
            "HasActivationRequired": each.values.get("hasActivationRequired") == "true",
            "ProfileId": None,
        }


def _assignments(desk: Desk) -> Iterator[Row]:
    for user in desk.organization.users:
        # Inferred: the id of the assignment that comes with a profile.
        identity = with_check(f"0Pa{user.id[3:15]}")
        behind = stock.profile_permission_set_id(user.profile)
        yield {"Id": identity, "AssigneeId": user.id, "PermissionSetId": behind, "SystemModstamp": None}
    for each in desk.organization.assignments:
        yield {
            "Id": each.id,
            "AssigneeId": each.assignee,
            "PermissionSetId": each.permission_set,
            "SystemModstamp": each.changed_at,
        }


def _field_permissions(desk: Desk) -> Iterator[Row]:
    for component in desk.organization.of("PermissionSet").values():
        for place, entry in enumerate(component.values.get("fieldPermissions", [])):
            yield {
                # Inferred: an id of the platform's shape, made of that of the permission set and of the entry's place.
                "Id": with_check(f"01k{component.id[3:5]}{component.id[10:15]}{place:05}"),
                "ParentId": component.id,
                "SobjectType": entry["field"].partition(".")[0],
                "Field": entry["field"],
                "PermissionsRead": entry.get("readable") == "true",
                "PermissionsEdit": entry.get("editable") == "true",
            }


def _audit(desk: Desk) -> Iterator[Row]:
    for each in desk.organization.audit:
        yield {
            "Id": each.id,
            "Action": each.action,
            "Section": each.section,
            "Display": each.display,
            "CreatedDate": each.at,
            "CreatedById": each.user,
            "CreatedByContext": None,
            "CreatedByIssuer": None,
            "DelegateUser": None,
            "ResponsibleNamespacePrefix": None,
        }


def _lead_status(desk: Desk) -> Iterator[Row]:
    component = desk.organization.of("StandardValueSet")[LEAD_STATUS]
    for order, each in enumerate(active_values(component), start=1):
        yield {
            "Id": with_check(f"{component.id[:11]}{order:04}"),
            "ApiName": each["fullName"],
            "MasterLabel": each["label"],
            "SortOrder": order,
            "IsDefault": each["default"] == "true",
            "IsConverted": each.get("converted") == "true",
        }


def _static_resources(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("StaticResource").items():
        yield {
            **stamps(each),
            "Id": each.id,
            "Name": name,
            "NamespacePrefix": None,
            "ContentType": each.values.get("contentType"),
            "CacheControl": each.values.get("cacheControl"),
            "Description": each.values.get("description"),
            "BodyLength": len(base64.b64decode(each.content or "")),
            "Body": f"/services/data/v63.0/sobjects/StaticResource/{each.id}/Body",
        }


def _folders(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("ReportFolder").items():
        yield {**stamps(each), "Id": each.id, "DeveloperName": name, "Name": each.values["name"], "Type": "Report"}


def _reports(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("Report").items():
        folder, _, own = name.rpartition("/")
        yield {
            **stamps(each),
            "Id": each.id,
            "DeveloperName": own,
            "Name": each.values["name"],
            "Description": each.values.get("description"),
            "Format": each.values["format"],
            "FolderName": desk.organization.of("ReportFolder")[folder].values["name"],
        }


def entity_definitions(desk: Desk) -> Iterator[Row]:
    """Yield the objects that have fields here."""
    for name in object_names(desk.organization):
        yield {"Id": name, "DurableId": name, "QualifiedApiName": name, "DeveloperName": name, "Label": name}


_AUDIT: Mapping[str, Column] = {
    **columns("Id:id Action CreatedDate:datetime CreatedById>User CreatedByContext! CreatedByIssuer! DelegateUser"),
    # Documented: these can be sorted by and not filtered by ("SetupAuditTrail").
    **columns("Section! Display! ResponsibleNamespacePrefix!"),
}
ENTITY_DEFINITION = Table(
    "EntityDefinition", columns("DurableId QualifiedApiName DeveloperName Label"), entity_definitions, key="DurableId"
)
USER = Table(
    "User",
    columns(
        "Id:id Username Name LastName FirstName Email Alias IsActive:boolean ProfileId>Profile UserType TimeZoneSidKey"
        " LanguageLocaleKey LocaleSidKey"
    ),
    _users,
)
PROFILE = Table("Profile", columns("Id:id Name UserType"), _profiles)
STATIC_RESOURCE = Table(
    "StaticResource",
    dated("Id:id Name NamespacePrefix ContentType CacheControl Description BodyLength:number Body!"),
    _static_resources,
)
PERMISSION_SET = Table(
    "PermissionSet",
    dated(
        "Id:id Name Label Description IsCustom:boolean IsOwnedByProfile:boolean HasActivationRequired:boolean"
        f" ProfileId>Profile {_FLAGS}"
    ),
    _permission_sets,
)

DATA_TABLES: Mapping[str, Table] = {
    each.name: each
    for each in (
        Table(
            "Organization",
            columns(
                "Id:id Name InstanceName IsSandbox:boolean OrganizationType NamespacePrefix TrialExpirationDate:datetime"
                " LanguageLocaleKey TimeZoneSidKey"
            ),
            _organization,
        ),
        PERMISSION_SET,
        Table(
            "PermissionSetAssignment",
            columns("Id:id AssigneeId>User PermissionSetId>PermissionSet SystemModstamp:datetime"),
            _assignments,
        ),
        Table(
            "FieldPermissions",
            columns("Id:id ParentId>PermissionSet SobjectType Field PermissionsRead:boolean PermissionsEdit:boolean"),
            _field_permissions,
        ),
        Table("SetupAuditTrail", _AUDIT, _audit),
        Table(
            "LeadStatus",
            columns("Id:id ApiName MasterLabel SortOrder:number IsDefault:boolean IsConverted:boolean"),
            _lead_status,
        ),
        STATIC_RESOURCE,
        # Inferred: that these two tell who changed them last and when; the Object Reference lists their own fields alone.
        Table("AssignmentRule", dated("Id:id Name SobjectType Active:boolean"), _assignment_rules),
        Table(
            USER_LOGIN,
            columns(
                "Id:id UserId>User IsFrozen:boolean IsPasswordLocked:boolean LastModifiedById>User"
                " LastModifiedDate:datetime"
            ),
            _logins,
        ),
        Table(
            "FlowInterview",
            dated("Id:id Name InterviewLabel InterviewStatus CurrentElement Guid PauseLabel Error!"),
            _interviews,
        ),
        Table("Folder", dated("Id:id DeveloperName Name Type"), _folders),
        Table("Report", dated("Id:id DeveloperName Name Description Format FolderName"), _reports),
        ENTITY_DEFINITION,
        *PAST_TABLES,
    )
}
