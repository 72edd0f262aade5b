"""Leaving a small portal, call by call: what the writer sends, what it keeps for itself, and what a person is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sla_sync.connector import Address, Outcome, Removal, Status, Translation
from sla_sync.reconcile.leaving import Ground, addresses_of_manifest
from sla_sync.reconcile.references import addresses_of
from sla_sync.reconcile.remove import departure, remaining_manifest
from sla_sync_hubspot.catalogue import properties_of
from sla_sync_hubspot.holdings import Held, holdings_of, what_a_search_may_miss
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.types import TYPES
from sla_sync_hubspot.writer import writing
from tests.connectors.hubspot.stories import AGREEMENT, Portal, acme

GROUP, NEED = Address("PropertyGroup", "contacts/sla_sync"), Address("Property", "contacts/sla_need")
MQL = Address("PropertyOption", "contacts/hs_lead_status/MQL")
SMALL = Translation(tuple(each for each in acme().desired if each.address in {GROUP, NEED, MQL}), (), AGREEMENT)


def ground_of(portal: Portal, **said: frozenset[str]) -> Ground:
    with reading(portal.connection()) as reader:
        manifest = reader.manifest()
        snapshot = reader.read(addresses_of(SMALL.desired) | addresses_of_manifest(manifest))
        ground = Ground(AGREEMENT, SMALL.desired, snapshot, TYPES, manifest, **said)  # type: ignore[arg-type]
        return replace(ground, holdings=reader.holdings(ground.made))


def left(portal: Portal) -> tuple[Mapping[Address, str], tuple[Outcome, ...]]:
    """Leave a portal, and return what stays with why, and what became of each change."""
    ground = ground_of(portal)
    found = departure(ground, target="portal")
    with writing(portal.connection(), ground.snapshot) as writer:
        outcomes = tuple(writer.apply(found.plan.changes, remaining_manifest(ground)))
    return {each.address: each.because for each in found.kept}, outcomes


def names(portal: Portal) -> set[str]:
    listed = portal.client().call("GET", Api.PROPERTIES, "/contacts")["results"]
    return {each["name"] for each in listed if each["name"].startswith("sla_")}


def test_a_property_its_group_an_option_and_the_manifest_go(served: Portal) -> None:
    assert {each.status for each in served.apply(SMALL)} == {Status.DONE}
    assert names(served) == {"sla_need", "sla_sync_manifest_acme_inbound"}
    kept, outcomes = left(served)
    assert kept == {}
    assert [each.change.address for each in outcomes] == [MQL, NEED, GROUP]
    assert {each.status for each in outcomes} == {Status.DONE}
    assert names(served) == set()
    with reading(served.connection()) as reader:
        assert reader.manifest() is None
        assert reader.read({GROUP, NEED, MQL}).settings == {}


def test_an_option_that_a_contact_has_and_a_property_with_a_value_stay_without_our_mark(served: Portal) -> None:
    served.apply(SMALL)
    values = {"email": "ida@buyer.example", "sla_need": "Speed", "hs_lead_status": "MQL"}
    served.client().call("POST", Api.OBJECTS, "/contacts", body={"properties": values})
    kept, outcomes = left(served)
    assert kept == {
        GROUP: f"{NEED} stays and needs it",
        MQL: "1 record holds something in it",
        NEED: "1 record holds something in it",
    }
    assert {each.status for each in outcomes} == {Status.DONE}
    assert names(served) == {"sla_need"}
    found = ground_of(served)
    assert [live.managed for live in found.snapshot.settings.values()] == [
        True,
        False,
        False,
    ]  # a group by its name alone
    assert departure(found, target="portal").plan.changes == ()


def test_what_a_search_does_not_see_yet_is_seen_record_by_record_where_these_are_few(served: Portal) -> None:
    served.apply(SMALL)
    values = {"email": "ida@buyer.example", "sla_need": "Speed", "hs_lead_status": "MQL"}
    served.client().call("POST", Api.OBJECTS, "/contacts", body={"properties": values})
    snapshot = ground_of(served).snapshot
    asked = (served.client(), snapshot, lambda owner: properties_of(served.client(), owner), (NEED, MQL))
    read, searched = holdings_of(*asked), holdings_of(*asked, few=-1)
    assert read == Held({NEED: 1, MQL: 1}, frozenset())
    assert searched == Held({NEED: 0, MQL: 0}, frozenset({NEED, MQL}))


def test_of_what_goes_because_a_search_found_nothing_in_it_the_plan_warns(served: Portal) -> None:
    served.apply(SMALL)
    changes = departure(ground_of(served), target="portal").plan.changes
    assert list(what_a_search_may_miss(changes, ())) == []
    (one,) = what_a_search_may_miss(changes, {NEED})
    (two,) = what_a_search_may_miss(changes, {NEED, MQL})
    assert one.message.startswith("That 1 setting that goes holds nothing is what HubSpot's search says")
    assert two.message.startswith("That 2 settings that go hold nothing is what HubSpot's search says")


def test_of_what_no_api_deletes_a_person_is_told_what_to_do() -> None:
    for each in TYPES.values():
        leaving = each.leaving
        removal = leaving.removal if leaving else each.on_removal
        assert removal is not Removal.RELEASE or (leaving and "{}" in leaving.by_hand), each.name
