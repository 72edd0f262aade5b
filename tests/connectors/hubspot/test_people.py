"""People to whom settings refer: found by name at plan time, never written, and said where they are missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from sla_sync.connector import Address, Connection, Desired, Live, Ref, Setup, Snapshot, Status, Translation, Unreadable
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.drift import DriftClass
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync_hubspot.build import placeholder
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.people import look_up
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.translate.building import Act, Enrolment, set_reference, workflow_values
from sla_sync_hubspot.translate.filters import property_filter
from sla_sync_hubspot.translate.operations import known
from sla_sync_hubspot.types import OWNER, TEAM, TYPES, USER, WORKFLOW
from tests.connectors.hubspot.stories import AGREEMENT, Portal

FLOW = Address(WORKFLOW, f"SLA | {AGREEMENT} | Who")
ANA, BEN = Address(USER, "ana"), Address(USER, "ben")
OWNERS = (
    {"id": "41", "userId": 9, "email": "ana@acme.example", "firstName": "Ana", "lastName": "One"},
    {"id": "42", "userId": 8, "email": "ana@other.example", "firstName": "Ana", "lastName": "Two"},
    {"id": "43", "userId": None, "email": "ben@acme.example", "firstName": "Ben", "lastName": "Three"},
    {"id": "44", "userId": 7, "email": "cleo@acme.example", "firstName": "Cleo", "lastName": ""},
)


def referring(*steps: Act) -> Translation:
    """Return a workflow that refers to people."""
    rotate = Act(
        "0-11",
        {"user_ids": [Ref(ANA), Ref(BEN)], "target_property": "hubspot_owner_id", "overwrite_current_owner": "true"},
    )
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),))
    values = workflow_values(FLOW.key, "Who.", enrolment, steps or (rotate,))
    return Translation((Desired(FLOW, values, origins={(): ("routing",)}),), agreement=AGREEMENT)


EVERYBODY = referring(
    Act("0-11", {"team_ids": [Ref(Address(TEAM, "sdr"))], "target_property": "hubspot_owner_id",
                 "overwrite_current_owner": "true"}),
    Act("0-9", {"user_ids": [Ref(BEN), Ref(ANA)], "subject": "Hello", "body": "You."}),
    set_reference("hubspot_owner_id", Ref(Address(OWNER, "ana@acme.example"))),
)  # fmt: skip


@contextmanager
def seen(served: Portal, translation: Translation, **people: tuple[str, ...]) -> Iterator[tuple[Plan, Snapshot]]:
    usual = served.connection()
    setup = Setup(AGREEMENT, people or usual.setup.people)
    connection = Connection(usual.target, usual.options, setup, usual.now, usual.lock, usual.wait)
    with reading(connection) as reader:
        snapshot = reader.read(addresses_of(translation.desired))
        plan = make_plan(
            translation,
            snapshot,
            TYPES,
            target="x",
            agreement=AGREEMENT,
            agreement_digest="d",
            manifest=reader.manifest(),
        )
        yield plan, snapshot


def flow_of(served: Portal) -> Any:
    client = served.client()
    heading = next(each for each in client.pages(Api.FLOWS, limit=100) if each["name"] == FLOW.key)
    return client.call("GET", Api.FLOWS, f"/{heading['id']}")


def hire_anew(served: Portal, email: str, user_id: int) -> None:
    """Give the person of an address another user, as when somebody leaves and an account is made again."""
    application: Any = served.running.application
    owner = next(each for each in application._state["owners"] if each["email"] == email)
    owner["userId"] = user_id


def test_references_become_the_ids_of_owner_user_and_team(served: Portal) -> None:
    assert {each.status for each in served.apply(EVERYBODY)} == {Status.DONE}
    fields = [each["fields"] for each in flow_of(served)["actions"]]
    assert fields[0]["team_ids"] == ["501001"]
    assert fields[1]["user_ids"] == ["9000007", "9000006"]
    assert fields[2]["value"] == {"type": "STATIC_VALUE", "staticValue": "41000005"}
    assert served.changes(EVERYBODY) == ()


def test_people_are_never_ours_and_never_too_much(served: Portal) -> None:
    served.apply(EVERYBODY)
    with seen(served, EVERYBODY) as (plan, snapshot):
        assert not [
            each for each in snapshot.settings.values() if each.address.type in {USER, OWNER, TEAM} and each.managed
        ]
        assert plan.changes == ()
        assert plan.diagnostics == ()
    manifest = served.read(EVERYBODY)[1]
    assert manifest is not None
    assert set(manifest.applied) == set(manifest.handles) == {FLOW}


def test_the_order_in_which_the_portal_names_people_means_nothing(served: Portal) -> None:
    served.apply(referring())
    raw = flow_of(served)
    raw["actions"][0]["fields"]["user_ids"].reverse()
    kept = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
    served.client().call("PUT", Api.FLOWS, f"/{raw['id']}", body=kept)
    assert served.changes(referring()) == ()


def test_another_user_behind_the_same_name_is_a_difference_and_drift(served: Portal) -> None:
    served.apply(referring())
    hire_anew(served, "ana@acme.example", 9000099)
    with seen(served, referring()) as (plan, snapshot):
        manifest = served.read(referring())[1]
        found = audit(plan, referring().desired, snapshot, TYPES, manifest=manifest)
    assert [each.path[-1] for each in plan.changes[0].fields] == ["user_ids"]
    assert [each.drift for each in found.findings] == [DriftClass.CHANGED]
    served.apply(referring())
    assert flow_of(served)["actions"][0]["fields"]["user_ids"] == ["9000099", "9000007"]


def test_a_person_who_is_missing_where_one_is_needed_is_an_error_that_names_role_and_setting(served: Portal) -> None:
    lost = referring(Act("0-9", {"user_ids": [Ref(Address(USER, "zoe"))], "subject": "Hello", "body": "You."}))
    with seen(served, lost, sdr=("zoe",)) as (plan, _):
        assert plan.refused
        assert [(each.code, each.path) for each in plan.diagnostics] == [("SLA802", ("routing",))]
        message = plan.diagnostics[0].message
    assert message == f"'zoe', who stands for 'sdr', is no owner of this portal. {FLOW} needs it."


def test_a_person_whom_no_setting_needs_is_no_error(served: Portal) -> None:
    with seen(served, referring(), president=("zoe",)) as (plan, _):
        assert not plan.refused


def test_a_team_that_the_portal_lacks_is_an_error(served: Portal) -> None:
    lost = referring(
        Act("0-11", {"team_ids": [Ref(Address(TEAM, "moon"))], "target_property": "hubspot_owner_id",
                     "overwrite_current_owner": "true"})
    )  # fmt: skip
    with seen(served, lost) as (plan, _):
        assert [each.message for each in plan.diagnostics] == [f"This portal has no team 'moon'. {FLOW} needs it."]


@pytest.mark.parametrize("scope", ["crm.objects.owners.read", "settings.users.teams.read"])
def test_people_who_may_not_be_read_are_an_error_and_no_missing_person(served: Portal, scope: str) -> None:
    served.switch(missing_scopes=[scope])
    with seen(served, EVERYBODY) as (plan, _):
        assert plan.refused
        assert all(scope in each.message for each in plan.diagnostics)


def test_nobody_is_asked_for_teams_where_none_is_needed(served: Portal) -> None:
    with seen(served, referring()):
        pass
    assert not [path for _, path in served.running.calls if path.endswith("/teams")]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (Address(USER, "ana"), "'ana', who stands for 'manager' and 'sdr', is 2 owners of this portal."),
        (Address(USER, "ben"), "'ben' is an owner of this portal whose user is no longer active."),
        (Address(OWNER, "dora"), "'dora' is no owner of this portal."),
    ],
)
def test_who_cannot_be_told_is_said(address: Address, said: str) -> None:
    found = look_up(address, OWNERS, {"sdr": ("ana", "cleo"), "manager": ("ana",)})
    assert isinstance(found, Unreadable)
    assert found.because == said


def test_owner_and_user_are_different_ids_of_one_person() -> None:
    found = [look_up(Address(kind, "Cleo"), OWNERS, {}) for kind in (OWNER, USER)]
    assert [each.handle for each in found if isinstance(each, Live)] == ["44", "7"]


def test_an_address_means_one_owner_although_others_share_the_first_name() -> None:
    found = look_up(Address(OWNER, "ana@other.example"), OWNERS, {})
    assert isinstance(found, Live)
    assert found.handle == "42"


def test_two_teams_of_one_name_are_ambiguous() -> None:
    found = look_up(Address(TEAM, "SDR"), ({"id": "1", "name": "sdr"}, {"id": "2", "name": "Sdr"}), {})
    assert isinstance(found, Unreadable)
    assert "2 teams" in found.because


def test_files_for_another_pipeline_say_whose_id_belongs_where() -> None:
    assert placeholder(Address(USER, "ana")) == "{{ user id of ana }}"
    assert placeholder(Address(TEAM, "sdr")) == "{{ team id of sdr }}"
    assert json.dumps(placeholder(Address(OWNER, "pat"))) == '"{{ owner id of pat }}"'


def test_a_setting_that_is_asked_for_is_no_missing_reference() -> None:
    first = referring().desired[0]
    other = replace(first, address=Address(WORKFLOW, "other"), values={"name": Ref(FLOW)})
    people = {each: Live(each, {}, handle="1") for each in (ANA, BEN)}
    plan = make_plan(
        Translation((first, other)), Snapshot(people), TYPES, target="x", agreement=AGREEMENT, agreement_digest="d"
    )
    assert plan.diagnostics == ()
