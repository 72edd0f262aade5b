"""What a workflow does is told from its body, whoever built it."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.connector import Automation
from sla_sync_hubspot.translate.building import (
    Arm,
    Enrolment,
    Fork,
    Trigger,
    copy,
    count_up,
    set_now,
    set_text,
    wait_until,
    workflow_values,
)  # fmt: skip
from sla_sync_hubspot.translate.filters import property_filter
from sla_sync_hubspot.translate.operations import known
from sla_sync_hubspot.watching.doings import automation_of


def told(*steps: Any, watched: str = "email", again: tuple[Trigger, ...] = ()) -> Automation:
    when = ((property_filter(watched, known(negated=False), ("stages",)),),)
    values = workflow_values("SLA | small | One", "", Enrolment(when, again), steps)
    return automation_of(values, None)


def test_it_writes_what_its_actions_set_wherever_they_stand() -> None:
    when = ((property_filter("tier", known(negated=False), ("stages",)),),)
    fork = Fork((Arm("hot", when, (set_text("sla_priority", "hot"),)),), otherwise=(count_up("sla_leg"),))
    found = told(fork, set_now("sla_due_at"))
    assert found.writes == {"sla_priority", "sla_leg", "sla_due_at"}
    assert found.reads == {"email", "tier"}
    assert not found.acts


def test_it_reads_what_it_copies_waits_for_and_is_set_off_by() -> None:
    found = told(
        copy("source", "sla_source"), wait_until("sla_due_at"), again=(Trigger("sla_dates", known(negated=False)),)
    )
    assert found.reads == {"email", "source", "sla_due_at", "sla_dates"}


@pytest.mark.parametrize(
    ("action", "acts", "writes"),
    [
        ({"actionTypeId": "0-9", "fields": {"subject": "Late"}}, True, set()),
        ({"actionTypeId": "0-3", "fields": {"task_type": "CALL"}}, True, set()),
        ({"actionTypeId": "0-11", "fields": {"team_ids": ["1"]}}, True, {"hubspot_owner_id"}),
        ({"actionTypeId": "0-5", "fields": {"property_name": "hubspot_owner_id"}}, True, {"hubspot_owner_id"}),
        ({"actionTypeId": "0-5", "fields": {"property_name": "jobtitle"}}, False, {"jobtitle"}),
        # What it sets on another record is no property of this one.
        ({"actionTypeId": "0-5", "fields": {"property_name": "x", "association": {}}}, False, {"x"}),
        ({"actionTypeId": "0-5", "fields": {"property_name": "x", "association": {"typeId": 1}}}, False, set()),
        ({"actionTypeId": "0-1", "fields": {"delta": "5"}}, False, set()),
    ],
)
def test_it_acts_where_people_hear_of_a_contact_or_get_it(action: dict[str, Any], acts: bool, writes: set[str]) -> None:
    found = automation_of({"name": "Theirs", "actions": [action]}, None)
    assert (found.acts, set(found.writes)) == (acts, writes)
