"""An org beside a platform that runs the clocks: it shows what that one says, and times, routes and escalates nothing."""

from __future__ import annotations

import json

from sla_sync.connector import Translation
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.example import acme, compiled


def beside_hubspot() -> Translation:
    resources, binding, setup = compiled()
    return translate(resources, binding.model_copy(update={"timers": "hubspot"}), setup)


def of_type(translated: Translation, *types: str) -> set[str]:
    return {each.address.key for each in translated.desired if each.address.type in types}


def test_no_assignment_clock_or_route_is_pushed_where_another_platform_runs_the_clocks() -> None:
    told = json.dumps([str(each.address) for each in beside_hubspot().desired])
    for name in ("SLA_Leg", "SLA_Calendar_Day", "BusinessHours", "Routing", "Task_Touch", "Notification"):
        assert name not in told
        assert name in json.dumps([str(each.address) for each in acme().desired]), f"«{name}» is in no translation"


def test_the_fields_that_the_other_platform_fills_stand_on_the_lead() -> None:
    fields = of_type(beside_hubspot(), "CustomField")
    assert {"Lead.SLA_Due_At__c", "Lead.SLA_Priority__c", "Lead.SLA_Qualified_At__c", "Lead.SLA_Score__c"} <= fields


def test_gates_and_reasons_hold_whoever_runs_the_clocks() -> None:
    gates = of_type(beside_hubspot(), "ValidationRule")
    assert gates == of_type(acme(), "ValidationRule") - {each for each in gates if each.startswith("SLA_Leg")}


def test_one_manual_step_says_who_runs_the_clocks_and_what_is_to_be_mapped() -> None:
    (step,) = (each for each in beside_hubspot().gaps if each.id == "timers")
    assert "`timers: hubspot`" in step.advice
    assert "Lead.SLA_Due_At__c" in step.advice
    assert not [each for each in beside_hubspot().gaps if each.id.startswith("unwritten:")]
    assert not [each for each in acme().gaps if each.id == "timers"]


def test_everything_that_a_setting_names_is_pushed_with_it() -> None:
    told = json.dumps([each.values for each in beside_hubspot().desired], default=str)
    assert "SLA_Leg__c" not in told
    assert "SLA_Leg__c" in json.dumps([each.values for each in acme().desired], default=str)
    there = {each.address for each in beside_hubspot().desired}
    assert [each.address for each in beside_hubspot().desired if not there.issuperset(each.requires)] == []
