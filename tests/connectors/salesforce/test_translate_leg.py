"""The assignment: its object, its fields, and the numbers of the agreement beside it."""

import re

from sla_sync.connector import Address, Mode, bears_mark
from sla_sync_salesforce.translate.leg import LEG_FIELDS, carried_fields, clock_fields, commitment_name
from tests.connectors.salesforce.timing import binding, clock, resources, rung, timed


def keys(**changes: object) -> set[str]:
    return {each.address.key for each in timed(resources(clock(**changes))).desired}


def test_every_field_of_an_assignment_and_of_its_clock_is_asked_for() -> None:
    found = keys(rungs=(rung(0), rung(1, after="1 hour")))
    assert found >= {f"SLA_Leg__c.{name}" for name in LEG_FIELDS}
    names = clock_fields(clock(rungs=(rung(0), rung(1, after="1 hour"))))
    assert found >= {f"SLA_Leg__c.{name}" for name in (*names.instants, names.passes, names.taken, names.state)}
    assert names.rungs == {1: "First_Response_Rung_1_At__c", 2: "First_Response_Rung_2_At__c"}


def test_names_fit_the_platform_however_long_a_promise_is_called() -> None:
    long = clock(name="answer-every-single-hot-lead-before-anybody-else-does", label="L" * 60, rungs=(rung(11),))
    for each in timed(resources(long)).desired:
        if each.address.type == "CustomField":
            assert len(each.address.key.partition(".")[2].removesuffix("__c")) <= 40
            assert len(str(each.values["label"])) <= 40
        if each.address.type == "CustomMetadata":
            assert len(each.address.key.partition(".")[2]) <= 40
    other = clock(name="answer-every-single-hot-lead-before-noon")
    assert commitment_name(long.name) != commitment_name(other.name)


def test_objects_fields_and_flows_bear_our_mark() -> None:
    for each in timed(resources(clock(warn=0.5, rungs=(rung(0, notify=("owner",)),)))).desired:
        if each.address.type in {"CustomObject", "CustomField", "Flow"}:
            assert bears_mark(str(each.values["description"]), "acme-inbound"), each.address


def test_everything_that_is_required_is_asked_for_too() -> None:
    for mode in Mode:
        for engine in ("calendar", "apex"):
            steps = (rung(0, notify=("owner", "vp_sales")), rung(1, after="1 hour", reassign="sdr", at_most=2))
            made = timed(resources(clock(mode=mode, warn=0.5, rungs=steps)), binding(deadlines=engine)).desired
            asked = {each.address for each in made}
            assert {needed for each in made for needed in each.requires} <= asked


def test_another_prefix_reaches_every_name_of_ours() -> None:
    made = timed(resources(clock(warn=0.5, rungs=(rung(0, notify=("owner",)),))), binding(prefix="ACME_")).desired
    for each in made:
        if each.address.type != "GroupMember":
            assert "SLA_" not in re.sub(r"managed by.*", "", str(each.values)), each.address


def test_the_next_turn_takes_over_what_does_not_begin_anew() -> None:
    once, anew = clock(name="verdict", restarts=None, rungs=(rung(0),)), clock()
    assert carried_fields((anew,)) == ("First_Response_Passes__c",)
    assert set(carried_fields((once,))) == {
        "Verdict_Started_At__c",
        "Verdict_Due_At__c",
        "Verdict_Warn_At__c",
        "Verdict_Stopped_At__c",
        "Verdict_Rung_1_At__c",
        "Verdict_Taken__c",
        "Verdict_Passes__c",
    }


def test_each_number_is_a_row_explained_by_its_line() -> None:
    steps = (rung(0, at="10 minutes"), rung(1, after="2 business days", reassign="sdr", at_most=2))
    agreed = resources(
        clock(within={"hot": "15 business minutes", "warm": "2 business days"}, warn=0.5, rungs=steps),
        thresholds={"person": 100.0},
    )
    rows = {each.address.key: each for each in timed(agreed).desired if each.address.key.startswith("SLA_Threshold.")}
    numbers = {
        key.removeprefix("SLA_Threshold."): {value["field"]: value["value"] for value in each.values["values"]}  # type: ignore[union-attr,index,call-overload]
        for key, each in rows.items()
    }
    assert numbers == {
        "First_Response_hot": {"Minutes__c": 15.0},
        "First_Response_warm": {"Days__c": 2.0},
        "First_Response_Warn": {"Share__c": 0.5},
        "First_Response_Rung_1": {"Minutes__c": 10.0},
        "First_Response_Rung_2": {"Days__c": 2.0, "Points__c": 2.0},
        "Score_Person": {"Points__c": 100.0},
    }
    assert rows["SLA_Threshold.First_Response_hot"].origin() == ("commitments", "first-response", "within", "hot")
    assert rows["SLA_Threshold.First_Response_Rung_2"].origin() == ("commitments", "first-response", "on_breach", 1)


def test_the_lead_keeps_no_instant_of_its_own_for_the_qualification() -> None:
    found = {str(each.address) for each in timed(resources(clock())).desired}
    assert str(Address("CustomField", "SLA_Leg__c.Qualified_At__c")) in found
    assert str(Address("CustomField", "Lead.SLA_Qualified_At__c")) not in found
