"""Whether a plan fits: told before anything is written, by the limits that the portal shows."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.connector import Action, Address, Change, Consequence, Desired, Diagnostic, Reason, Severity
from sla_sync.reconcile.plan import fingerprint
from sla_sync.reconcile.references import addresses_of
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN
from sla_sync_hubspot.tiers import Usage, tier_of
from sla_sync_hubspot.types import PROPERTY, SEGMENT, TYPES, WORKFLOW
from tests.connectors.hubspot.stories import Portal, acme

pytestmark = pytest.mark.slow


def many(type_name: str, number: int, **values: Any) -> list[Change]:
    """Return the creation of so many settings of one type."""
    return [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.BREACH, desired=each)
        for each in (Desired(Address(type_name, f"contacts/sla_{place}"), values) for place in range(number))
    ]


def foreseen(served: Portal, changes: list[Change], **limits: int) -> list[Diagnostic]:
    connection = served.connection()
    options = connection.options.model_copy(update={"limits": limits})
    assert isinstance(options, HubSpotOptions)
    with reading(type(connection)(connection.target, options, connection.setup, connection.now)) as reader:
        reader.read(set())
        return list(reader.foresee(changes))


def errors(found: list[Diagnostic]) -> list[str]:
    return [each.message for each in found if each.severity is Severity.ERROR]


def test_what_fits_gives_no_finding(served: Portal) -> None:
    assert foreseen(served, list(served.changes(acme()))) == []


def test_an_empty_plan_asks_for_no_limit(served: Portal) -> None:
    before = served.running.requests
    assert foreseen(served, []) == []
    asked = [path for _, path in served.running.calls if "/limits/" in path or "api-usage" in path]
    assert (served.running.requests - before > 0, asked) == (True, [])


@pytest.mark.parametrize(
    ("tier", "changes", "said"),
    [
        ("free", many(PROPERTY, 11), "11 properties are needed, and the portal has room for 10 of 10."),
        ("professional", many(PROPERTY, 1_001), "1001 properties are needed, and the portal has room for 1000 of 1,000."),
        ("professional", many(PROPERTY, 41, fieldType="calculation_equation"),
         "41 calculated properties are needed, and the portal has room for 40 of 40."),
        ("professional", many(WORKFLOW, 301), "301 workflows are needed, and the portal has room for 300 of 300."),
        ("professional", many(SEGMENT, 1_001), "1001 segments are needed, and the portal has room for 1000 of 1,000."),
    ],
    ids=["properties of a tier", "properties of an object", "calculated properties", "workflows", "segments"],
)  # fmt: skip
def test_a_plan_that_does_not_fit_is_refused(served: Portal, tier: str, changes: list[Change], said: str) -> None:
    served.switch(tier=tier)
    assert errors(foreseen(served, changes)) == [said]
    assert errors(foreseen(served, changes[:-1])) == []


def test_what_stands_there_already_takes_room(served: Portal) -> None:
    served.apply(acme())
    held = len([each for each in acme().desired if each.address.type == SEGMENT])
    assert errors(foreseen(served, many(SEGMENT, 1_001 - held)))
    assert not errors(foreseen(served, many(SEGMENT, 1_000 - held)))


def test_a_portal_that_may_have_more_says_so_in_its_target(served: Portal) -> None:
    assert not errors(foreseen(served, many(WORKFLOW, 301), workflows=600))
    assert not errors(foreseen(served, many(SEGMENT, 1_001), segments=2_000))


def test_workflows_below_professional_are_told_before_anything_is_written(served: Portal) -> None:
    served.switch(tier="starter")
    found = foreseen(served, many(WORKFLOW, 2))
    assert [(each.code, each.severity) for each in found] == [("SLA810", Severity.WARNING)]
    assert "no workflows" in found[0].message


def test_a_plan_that_the_calls_of_the_day_do_not_suffice_for_is_refused(served: Portal) -> None:
    served.switch(daily_limit=100)
    assert any("API calls are needed" in each for each in errors(foreseen(served, many(SEGMENT, 60))))
    assert not errors(foreseen(served, many(SEGMENT, 2)))


def test_limits_that_a_portal_does_not_tell_stop_nobody(served: Portal) -> None:
    served.switch(missing_scopes=["crm.objects.contacts.read"])
    assert errors(foreseen(served, many(PROPERTY, 1_001))) == []


def test_unreadable_workflows_are_not_counted_and_stop_nobody(served: Portal) -> None:
    served.switch(missing_scopes=["automation"])
    assert errors(foreseen(served, many(WORKFLOW, 2))) == []


@pytest.mark.parametrize(("limit", "name"), [(0, "Free or Starter"), (40, "Professional"), (200, "Enterprise")])
def test_the_tier_is_told_by_its_calculated_properties(limit: int, name: str) -> None:
    found = tier_of(Usage(limit))
    assert found is not None
    assert found.name == name
    assert tier_of(Usage()) is None


def test_a_second_look_sees_what_changed_since_the_first(served: Portal) -> None:
    served.apply(acme())
    with reading(served.connection()) as reader:
        wanted, manifest = addresses_of(acme().desired), reader.manifest()
        first = fingerprint(acme(), reader.read(wanted), TYPES, manifest)
        client = served.client(token=ADMINISTRATOR_TOKEN)
        client.call("PATCH", Api.PROPERTIES, "/contacts/sla_reason_note", body={"label": "Mine", "type": "string",
                                                                               "fieldType": "text"})  # fmt: skip
        second = fingerprint(acme(), reader.read(wanted), TYPES, manifest)
    assert first.moved(second) == ("Property/contacts/sla_reason_note",)
