"""What `doctor` finds in a portal: scopes by name, edition, limits, hidden workflows, zone, people, scores, betas."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sla_sync.connector import Calendar, Checkup, Connection, Standing
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.simulator.stock import OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_REFRESH_TOKEN
from sla_sync_hubspot.zones import zones
from tests.connectors.hubspot.stories import Portal, acme, acme_binding, acme_resources, binding, no_wait

pytestmark = pytest.mark.slow

GOOD, MISSING, UNKNOWN = Standing.GOOD, Standing.MISSING, Standing.UNKNOWN
OAUTH = {
    "method": "oauth",
    "client_id": OAUTH_CLIENT_ID,
    "client_secret": OAUTH_CLIENT_SECRET,
    "refresh_token": OAUTH_REFRESH_TOKEN,
}


def examined(served: Portal, bound: HubSpotBinding | None = None, **options: Any) -> dict[str, Checkup]:
    """Return what is found of the portal and of its standing towards the full example, by name."""
    usual = served.connection()
    said = HubSpotOptions.model_validate({"url": served.running.url, **(options or {"token": served.running.token})})
    with reading(Connection(usual.target, said, usual.setup, usual.now, wait=no_wait)) as reader:
        found = [*reader.examine(), *reader.examine_for(acme_resources(), bound or acme_binding())]
    assert all(each.hint for each in found if each.standing is not GOOD)
    return {each.name: each for each in found}


def standing(found: dict[str, Checkup], name: str) -> Standing:
    return found[name].standing


def test_a_portal_to_which_the_agreement_was_applied_lacks_nothing(served: Portal) -> None:
    served.apply(acme())
    found = examined(served)
    assert not [each for each in found.values() if each.standing is MISSING]
    assert [each.name for each in found.values() if each.standing is UNKNOWN] == ["audit log"]


@pytest.mark.parametrize(
    "scope",
    [
        "crm.schemas.contacts.write",
        "crm.lists.read",
        "automation",
        "crm.objects.owners.read",
        "settings.users.teams.read",
    ],
)
def test_a_scope_that_the_token_lacks_is_named(served: Portal, scope: str) -> None:
    served.switch(missing_scopes=[scope])
    found = examined(served)[f"scope {scope}"]
    assert (found.standing, found.hint) == (MISSING, f"Grant the app the scope {scope}.")


def test_scopes_of_a_token_that_tells_none_are_found_by_reading_and_writes_stay_unknown(served: Portal) -> None:
    served.switch(missing_scopes=["crm.lists.read"])
    found = examined(served, token=served.running.token, paths={"private_apps": "/nowhere"})
    assert standing(found, "scope crm.lists.read") is MISSING
    assert standing(found, "scope automation") is GOOD
    assert standing(found, "scope crm.lists.write") is UNKNOWN


def test_an_oauth_app_signs_in_and_tells_its_scopes(served: Portal) -> None:
    served.switch(missing_scopes=["crm.lists.write"])
    found = examined(served, auth=OAUTH)
    assert standing(found, "session") is GOOD
    assert standing(found, "scope crm.lists.write") is MISSING
    assert standing(found, "scope automation") is GOOD


def test_an_oauth_token_that_ended_is_had_anew_on_the_portal(served: Portal) -> None:
    options = HubSpotOptions.model_validate({"url": served.running.url, "auth": OAUTH})
    client = HubSpotClient(options, target="x", writes=False, wait=no_wait)
    client.call("GET", Api.OWNERS)
    application: Any = served.running.application
    application.run_until(application.now.replace(hour=application.now.hour + 2))
    assert client.call("GET", Api.OWNERS)["results"]
    assert [path for _, path in served.running.calls].count("/oauth/v1/token") == 2


@pytest.mark.parametrize(
    ("tier", "edition", "audit"),
    [("starter", MISSING, UNKNOWN), ("professional", GOOD, UNKNOWN), ("enterprise", GOOD, GOOD)],
)
def test_the_edition_is_told_by_the_limits(served: Portal, tier: str, edition: Standing, audit: Standing) -> None:
    served.switch(tier=tier)
    found = examined(served)
    assert (standing(found, "edition"), standing(found, "audit log")) == (edition, audit)


def test_what_is_left_of_a_limit_is_told(served: Portal) -> None:
    served.switch(daily_limit=200)
    client = served.client()
    for _ in range(185):
        client.call("GET", Api.OWNERS)
    found = examined(served)["API calls"]
    assert found.standing is MISSING
    assert found.finding.startswith("Of 200 API calls ")


def test_workflows_that_are_hidden_from_the_token_are_found_by_the_manifest(served: Portal) -> None:
    served.apply(acme())
    assert standing(examined(served), "workflows") is GOOD
    served.switch(flows="unreadable")
    found = examined(served)["workflows"]
    assert found.standing is MISSING
    assert "hidden from this token" in found.finding


def test_a_team_of_the_binding_that_the_portal_lacks_is_named(served: Portal) -> None:
    found = examined(served, binding(teams={"sdr": {"team": "sdr"}, "moon": {"team": "moon crew"}}))
    assert (standing(found, "team sdr"), standing(found, "team moon")) == (GOOD, MISSING)
    assert "no team named 'moon crew'" in found["team moon"].finding


@pytest.mark.parametrize(
    ("field", "expected"), [("hs_analytics_num_page_views", GOOD), ("company", MISSING), ("nothing_there", MISSING)]
)
def test_a_score_is_a_number_that_is_there(served: Portal, field: str, expected: Standing) -> None:
    found = examined(served, binding(fields={"score": field}))
    assert standing(found, "score score") is expected


def test_a_beta_that_the_binding_may_use_is_said(served: Portal) -> None:
    found = examined(served, binding(beta=["lifecycle_stages"]))
    assert standing(found, "beta lifecycle_stages") is UNKNOWN


def calendar(zone: str) -> Calendar:
    return Calendar("office", ("calendars", "office"), "", "Office", zone, {}, (), (), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("portal", "zone", "deadlines", "expected"),
    [
        ("US/Eastern", "America/New_York", "ticks", GOOD),
        ("US/Eastern", "America/Bogota", "ticks", MISSING),
        ("US/Eastern", "Europe/London", "delay", MISSING),
        ("US/Eastern", "Europe/London", "computed", GOOD),
        ("", "America/New_York", "ticks", GOOD),
        ("", "Europe/London", "ticks", MISSING),
        ("Mars/Olympus", "Europe/London", "ticks", MISSING),
    ],
)
def test_the_zone_of_the_portal_counts_where_workflows_count_opening_hours(
    portal: str, zone: str, deadlines: str, expected: Standing
) -> None:
    found = list(zones(portal, (calendar(zone),), binding(deadlines=deadlines), 2026))
    assert [each.standing for each in found] == [expected]
    assert zone in found[0].finding or expected is GOOD


def test_a_zone_is_no_matter_where_another_platform_keeps_the_time() -> None:
    elsewhere = binding(deadlines="ticks", timers="salesforce")
    assert [each.standing for each in zones("UTC", (calendar("Europe/London"),), elsewhere, 2026)] == [GOOD]
