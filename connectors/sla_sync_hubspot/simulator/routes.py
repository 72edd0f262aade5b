"""Every path that is answered: the base path of each area and version, and the endpoints below it.

The versions with a date are aliases of the old ones, as HubSpot publishes both side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from werkzeug.routing import Map, Rule

from sla_sync_hubspot.simulator import account, oauth, pipelines, validations
from sla_sync_hubspot.simulator.call import Call, Endpoint
from sla_sync_hubspot.simulator.flows import endpoints as flows
from sla_sync_hubspot.simulator.lists import members as list_members
from sla_sync_hubspot.simulator.lists import segments
from sla_sync_hubspot.simulator.objects import associations, forms, merging, search
from sla_sync_hubspot.simulator.objects import batches as object_batches
from sla_sync_hubspot.simulator.objects import one_by_one as objects
from sla_sync_hubspot.simulator.properties import batches as property_batches
from sla_sync_hubspot.simulator.properties import groups
from sla_sync_hubspot.simulator.properties import one_by_one as properties

_PUBLIC = ("/submissions/v3/integration/submit/", "/oauth/")
_DATES = ("2025-09", "2026-03", "2026-09")


def _dated(old: str, dated: str) -> dict[str, str]:
    return {"v3": old} | {date: f"{dated}/{date}" for date in _DATES}


BASES: Mapping[str, Mapping[str, str]] = {
    "objects": _dated("/crm/v3/objects", "/crm/objects"),
    "links": {"v4": "/crm/v4/objects"},
    "link_batches": {"v4": "/crm/v4/associations"} | {date: f"/crm/associations/{date}" for date in _DATES},
    "properties": _dated("/crm/v3/properties", "/crm/properties"),
    "lists": _dated("/crm/v3/lists", "/crm/lists"),
    "pipelines": _dated("/crm/v3/pipelines", "/crm/pipelines"),
    "owners": _dated("/crm/v3/owners", "/crm/owners"),
    "limits": _dated("/crm/v3/limits", "/crm/limits"),
    "account": _dated("/account-info/v3", "/account-info"),
    "users": {"v3": "/settings/v3/users", "2026-03": "/settings/users/2026-03"},
    # Workflows have no generally available version with a date.
    "flows": {
        "v4": "/automation/v4/flows",
        "2026-09-beta": "/automation/2026-09-beta/flows",
        "2027-03-beta": "/automation/v4/2027-03-beta/flows",
    },
    "validations": _dated("/crm/v3/property-validations", "/crm/property-validations"),
    "oauth": {"v1": "/oauth/v1", "v2": "/oauth/v2"},
    "forms": {"v3": "/submissions/v3/integration"},
}


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint below the base paths of an area; without `endpoint` it is HubSpot's and not built here.

    `scope` is what the token needs; `{}` stands for the object type.
    """

    area: str
    method: str
    path: str
    endpoint: Endpoint | None
    scope: str
    writes: bool = False
    has_body: bool = True
    records: bool = False
    """It writes records only, no settings."""
    searches: bool = False
    """It counts against the limit of searches."""
    public: bool = False
    """It asks for no token and counts against no limit of an app."""
    form: bool = False
    """Its body is a form, and not JSON."""


_SCHEMA_READ, _SCHEMA_WRITE = "crm.schemas.{}.read", "crm.schemas.{}.write"
_OBJECTS_READ, _OBJECTS_WRITE = "crm.objects.{}.read", "crm.objects.{}.write"
_LISTS_READ, _LISTS_WRITE = "crm.lists.read", "crm.lists.write"


def _of(
    area: str, read: str, write: str, rows: Iterable[tuple[str, str, Endpoint | None]], *, records: bool = False
) -> tuple[Route, ...]:
    """Return routes whose method tells whether they write; rows that only look like writes are given apart."""
    return tuple(
        Route(
            area, method, path, endpoint, read if method == "GET" else write, writes=method != "GET",
            has_body=method in ("POST", "PUT", "PATCH"), records=records and method != "GET",
        )
        for method, path, endpoint in rows
    )  # fmt: skip


def granted_scopes(call: Call) -> frozenset[str]:
    """Return the scopes that the app of this portal has."""
    every = {each for route in ROUTES if route.scope for each in oauth.spelled_out(route.scope)}
    return frozenset(each for each in every if is_granted(each, call))


def is_granted(scope: str, call: Call) -> bool:
    """Return whether an app may have a scope: an account cannot grant one of a product that it has not.

    Inferred: that this is how a portal without workflows or leads answers.
    """
    tier = call.switches.tier
    lacks = (scope == "automation" and not tier.flows) or (".leads." in scope and not tier.leads)
    withheld = call.bearer.reads_only and scope.endswith(".write")
    return scope not in call.switches.missing_scopes and not lacks and not withheld


_PROPERTY, _GROUP = "/<object_type>/<name>", "/<object_type>/groups/<name>"
_RULE = "/<object_type>/<name>/rule-type/<rule_type>"
_STAGES = "/<object_type>/<pipeline_id>/stages"
_STAGE = f"{_STAGES}/<stage_id>"
_LINKED = "/<object_type>/<record_id>/associations"
_LINKS = f"{_LINKED}/<to_type>"
ROUTES: tuple[Route, ...] = (
    *_of("properties", _SCHEMA_READ, _SCHEMA_WRITE, (
        ("GET", "/<object_type>", properties.list_properties),
        ("POST", "/<object_type>", properties.create_property),
        ("GET", _PROPERTY, properties.read_property),
        ("PATCH", _PROPERTY, properties.change_property),
        ("DELETE", _PROPERTY, properties.archive_property),
        ("POST", "/<object_type>/batch/create", property_batches.create_properties),
        ("POST", "/<object_type>/batch/archive", property_batches.archive_properties),
        ("GET", "/<object_type>/groups", groups.list_groups),
        ("POST", "/<object_type>/groups", groups.create_group),
        ("GET", _GROUP, groups.read_group),
        ("PATCH", _GROUP, groups.change_group),
        ("DELETE", _GROUP, groups.archive_group),
    )),
    Route("properties", "POST", "/<object_type>/batch/read", property_batches.read_properties, _SCHEMA_READ),
    *_of("lists", _LISTS_READ, _LISTS_WRITE, (
        ("GET", "", segments.read_lists),
        ("POST", "", segments.create_list),
        ("GET", "/object-type-id/<object_type_id>/name/<path:name>", segments.read_list_by_name),
        ("GET", "/<list_id>", segments.read_list),
        ("DELETE", "/<list_id>", segments.delete_list),
        ("PUT", "/<list_id>/update-list-filters", segments.change_filters),
        ("GET", "/folders", None),
        ("POST", "/folders", None),
        ("PUT", "/folders/move-list", None),
        ("GET", "/idmapping", None),
        ("POST", "/idmapping", None),
        ("GET", "/<list_id>/memberships", list_members.list_members),
        ("GET", "/<list_id>/memberships/join-order", list_members.list_members_by_joining),
        ("GET", "/records/<object_type_id>/<record_id>/memberships", list_members.lists_of_record),
        ("PUT", "/<list_id>/memberships/add-from/<source_id>", None),
        ("GET", "/<list_id>/schedule-conversion", None),
        ("PUT", "/<list_id>/schedule-conversion", None),
        ("DELETE", "/<list_id>/schedule-conversion", None),
    )),
    *_of("lists", _LISTS_READ, _LISTS_WRITE, (
        ("DELETE", "/<list_id>/memberships", list_members.clear_members),
        ("PUT", "/<list_id>/memberships/add", list_members.add_members),
        ("PUT", "/<list_id>/memberships/remove", list_members.remove_members),
        ("PUT", "/<list_id>/memberships/add-and-remove", list_members.change_members),
    ), records=True),
    *_of("objects", _OBJECTS_READ, _OBJECTS_WRITE, (
        ("GET", "/<object_type>", objects.list_records),
        ("POST", "/<object_type>", objects.create_one),
        ("GET", "/<object_type>/<record_id>", objects.read_record),
        ("PATCH", "/<object_type>/<record_id>", objects.change_one),
        ("DELETE", "/<object_type>/<record_id>", objects.archive_one),
        ("POST", "/<object_type>/batch/create", object_batches.create_records),
        ("POST", "/<object_type>/batch/update", object_batches.update_records),
        ("POST", "/<object_type>/batch/upsert", object_batches.upsert_records),
        ("POST", "/<object_type>/batch/archive", object_batches.archive_records),
        ("POST", "/<object_type>/merge", merging.merge_records),
        ("POST", "/<object_type>/gdpr-delete", None),
        ("GET", "/<object_type>/<record_id>/associations/<to_type>", None),
    ), records=True),
    Route("objects", "POST", "/<object_type>/batch/read", object_batches.read_records, _OBJECTS_READ),
    Route("objects", "POST", "/<object_type>/search", search.search_records, _OBJECTS_READ, searches=True),
    Route("links", "GET", _LINKS, associations.list_links, _OBJECTS_READ),
    Route("links", "PUT", f"{_LINKED}/default/<to_type>/<to_id>", associations.link_default, _OBJECTS_WRITE, writes=True,
          has_body=False, records=True),
    *_of("links", _OBJECTS_READ, _OBJECTS_WRITE, (
        ("PUT", f"{_LINKS}/<to_id>", associations.link),
        ("DELETE", f"{_LINKS}/<to_id>", associations.unlink),
    ), records=True),
    Route("link_batches", "POST", "/<object_type>/<to_type>/batch/read", associations.read_links, _OBJECTS_READ),
    *_of("link_batches", _OBJECTS_READ, _OBJECTS_WRITE, (
        ("POST", "/<object_type>/<to_type>/batch/create", associations.create_links),
        ("POST", "/<object_type>/<to_type>/batch/associate/default", associations.default_links),
        ("POST", "/<object_type>/<to_type>/batch/archive", associations.archive_links),
        ("POST", "/<object_type>/<to_type>/batch/labels/archive", None),
        ("GET", "/<object_type>/<to_type>/labels", None),
    ), records=True),
    Route("lists", "POST", "/search", segments.search_lists, _LISTS_READ),
    Route("lists", "PUT", "/<list_id>/restore", segments.restore_list, _LISTS_WRITE, writes=True, has_body=False),
    Route("lists", "PUT", "/<list_id>/update-list-name", segments.change_name, _LISTS_WRITE, writes=True,
          has_body=False),
    *_of("flows", "automation", "automation", (
        ("GET", "", flows.list_flows),
        ("POST", "", flows.create_flow),
        ("GET", "/<flow_id>", flows.read_flow),
        ("PUT", "/<flow_id>", flows.replace_flow),
        ("DELETE", "/<flow_id>", flows.delete_flow),
        ("GET", "/email-campaigns", None),
        ("GET", "/performance/<flow_id>", None),
    )),
    Route("flows", "POST", "/batch/read", flows.read_flows, "automation"),
    *_of("validations", _SCHEMA_READ, _SCHEMA_WRITE, (
        ("GET", "/<object_type>", validations.list_validations),
        ("GET", "/<object_type>/<name>", validations.read_validations),
        ("GET", _RULE, validations.read_validation),
        ("PUT", _RULE, validations.set_validation),
    )),
    Route("oauth", "POST", "/token", oauth.exchange, "", public=True, form=True),
    Route("oauth", "GET", "/access-tokens/<token>", oauth.describe_access_token(granted_scopes), "", public=True),
    Route("oauth", "POST", "/private-apps/get/access-token-info", oauth.describe_private_app(granted_scopes), "",
          public=True),
    Route("forms", "POST", "/submit/<portal_id>/<form_id>", forms.submit, "", writes=True, records=True, public=True),
    Route("forms", "POST", "/secure/submit/<portal_id>/<form_id>", forms.submit, "forms", writes=True, records=True),
    *_of("pipelines", _SCHEMA_READ, _SCHEMA_WRITE, (
        ("GET", "/<object_type>", pipelines.list_pipelines),
        ("POST", "/<object_type>", pipelines.create_pipeline),
        ("GET", "/<object_type>/<pipeline_id>", pipelines.read_pipeline),
        ("PUT", "/<object_type>/<pipeline_id>", None),
        ("PATCH", "/<object_type>/<pipeline_id>", pipelines.change_pipeline),
        ("DELETE", "/<object_type>/<pipeline_id>", pipelines.archive_pipeline),
        ("GET", "/<object_type>/<pipeline_id>/audit", pipelines.read_audit),
        ("GET", _STAGES, pipelines.list_stages),
        ("POST", _STAGES, pipelines.create_stage),
        ("GET", _STAGE, pipelines.read_stage),
        ("PATCH", _STAGE, pipelines.change_stage),
        ("PUT", _STAGE, None),
        ("DELETE", _STAGE, pipelines.archive_stage),
        ("GET", f"{_STAGE}/audit", None),
    )),
    *_of("owners", "crm.objects.owners.read", "", (
        ("GET", "", account.list_owners),
        ("GET", "/<owner_id>", account.read_owner),
    )),
    *_of("users", "settings.users.teams.read", "settings.users.write", (
        ("GET", "/teams", account.list_teams),
        ("GET", "/roles", None),
        ("GET", "", None),
        ("GET", "/<user_id>", None),
        ("DELETE", "/<user_id>", account.remove_user),
    )),
    *_of("account", "oauth", "", (
        ("GET", "/details", account.read_details),
        ("GET", "/api-usage/daily/private-apps", account.read_usage),
        ("GET", "/activity/login", None),
        ("GET", "/activity/security", None),
    )),
    Route("account", "GET", "/activity/audit-logs", account.read_audit_log, "account-info.security.read"),
    *_of("limits", "crm.objects.contacts.read", "", (
        ("GET", "/custom-properties", account.read_property_limits),
        ("GET", "/calculated-properties", account.read_calculated_limits),
        ("GET", "/pipelines", account.read_pipeline_limits),
        ("GET", "/custom-object-types", None),
        ("GET", "/records", None),
        ("GET", "/associations/<path:rest>", None),
    )),
)  # fmt: skip


def area_of(path: str) -> tuple[str, str, str] | None:
    """Return the area, the version and the rest of a path, or None where no base path begins it."""
    for area, bases in BASES.items():
        for version, base in bases.items():
            if path == base or path.startswith(f"{base}/"):
                return area, version, path[len(base) :]
    return None


def is_public(path: str) -> bool:
    """Return whether a path is asked without a token."""
    return path.startswith(_PUBLIC)


@cache
def map_of(area: str) -> Map:
    """Return what stands below the base paths of an area, as werkzeug matches it; the endpoint of a rule is its route."""
    # Made when first needed, and once: to be asked three things need not cost the making of eighty paths.
    return Map(
        [Rule(route.path or "/", methods=[route.method], endpoint=route) for route in ROUTES if route.area == area],
        merge_slashes=False,
        redirect_defaults=False,
    )


def needed_scope(route: Route, call: Call) -> str:
    """Return the scope that a call needs."""
    return route.scope.format(call.object_type.scope) if "{}" in route.scope else route.scope
