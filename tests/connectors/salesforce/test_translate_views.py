"""What people see: stamps, access, reports, list views, the dashboard, and what a plan opens with."""

from dataclasses import replace

import pytest

from sla_sync.connector import Address, Desired, Gap, Mode, Setup, Translation
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import translate
from sla_sync_salesforce.translate.footprint import footprint
from tests.connectors.salesforce.example import acme, compiled, enterprise

STAMPS = ("Status", "Due_At", "Assigned_At", "First_Touch_At", "Priority", "Policy")


def keys(translated: Translation, type_name: str) -> set[str]:
    return {each.address.key for each in translated.desired if each.address.type == type_name}


def found(translated: Translation, address: str) -> Desired:
    return next(each for each in translated.desired if str(each.address) == address)


def rebound(**changes: object) -> Translation:
    resources, bound, setup = compiled()
    changed = SalesforceBinding.model_validate({**bound.model_dump(by_alias=True), **changes})
    return translate(resources, changed, setup)


@pytest.mark.parametrize("holder", ["Lead", "Contact"])
def test_six_stamps_stand_on_the_person_and_the_rest_on_the_assignment(holder: str) -> None:
    fields = keys(acme(), "CustomField")
    assert {f"{holder}.SLA_{each}__c" for each in STAMPS} <= fields
    assert f"{holder}.SLA_Qualified_At__c" not in fields
    assert "SLA_Leg__c.Qualified_At__c" in fields


def test_stamps_stand_on_the_lead_alone_where_the_binding_says_so() -> None:
    translated = rebound(objects=["Lead"])
    assert not [key for key in keys(translated, "CustomField") if key.startswith("Contact.")]
    assert not keys(translated, "LeadConversionMapping")


def test_a_conversion_takes_each_stamp_along() -> None:
    assert keys(acme(), "LeadConversionMapping") == {f"Contact.SLA_{each}__c" for each in STAMPS}
    mapping = found(acme(), "LeadConversionMapping/Contact.SLA_Due_At__c")
    assert mapping.values["inputField"] == "SLA_Due_At__c"
    assert Address("CustomField", "Lead.SLA_Due_At__c") in mapping.requires
    assert mapping.origin() == found(acme(), "CustomField/Lead.SLA_Due_At__c").origin()


def test_a_promise_that_is_only_measured_leaves_no_stamp_and_no_report() -> None:
    resources, bound, setup = compiled()
    measured = replace(resources, clocks=tuple(replace(each, mode=Mode.MEASURE) for each in resources.clocks))
    translated = translate(measured, bound, setup)
    assert "Lead.SLA_Due_At__c" not in keys(translated, "CustomField")
    assert not [key for key in keys(translated, "Report") if key.endswith(("_Kept", "_Overdue"))]
    assert "SLA_Sync/SLA_Without_An_Owner" in keys(translated, "Report")


def test_an_agreement_that_opens_no_assignment_asks_for_nothing_that_shows_them() -> None:
    resources, bound, setup = compiled()
    translated = translate(
        replace(resources, stages=tuple(replace(each, qualifies=False) for each in resources.stages)), bound, setup
    )
    types = {each.address.type for each in translated.desired}
    assert types.isdisjoint({"ListView", "Dashboard", "ReportType", "LeadConversionMapping"})
    assert "Lead.SLA_Status__c" not in keys(translated, "CustomField")


def permissions(name: str) -> dict[str, bool]:
    listed = found(acme(), f"PermissionSet/{name}").values["fieldPermissions"]
    assert isinstance(listed, list)
    return {each["field"]: each["editable"] for each in listed}


def test_reps_write_reasons_and_no_stamp() -> None:
    rep = permissions("SLA_Rep")
    assert rep["Lead.SLA_Reason__c"]
    assert rep["Lead.SLA_Revisit_On__c"]
    assert not rep["Lead.SLA_Due_At__c"]
    assert not rep["SLA_Leg__c.Assigned_At__c"]
    assert not rep["SLA_Member__c.Away__c"]


def test_managers_say_who_is_away_and_systems_write_all_but_formulas() -> None:
    assert permissions("SLA_Manager")["SLA_Member__c.Away__c"]
    integration = permissions("SLA_Integration")
    formulas = {each.address.key for each in acme().desired if "formula" in each.values}
    assert {field for field, editable in integration.items() if not editable} == formulas & integration.keys()


def test_only_systems_pass_the_gates() -> None:
    passing = [
        each.address.key
        for each in acme().desired
        if each.address.type == "PermissionSet" and "customPermissions" in each.values
    ]
    assert passing == ["SLA_Integration"]


def test_teams_get_the_set_of_reps_and_roles_that_of_managers() -> None:
    resources, bound, _ = compiled()
    setup = Setup("acme-inbound", {"sdr": ("ana",), "vp_sales": ("sam", "ana"), "integration": ("bot",)})
    assigned = keys(translate(resources, bound, setup), "PermissionSetAssignment")
    assert assigned == {"SLA_Rep/ana", "SLA_Manager/sam", "SLA_Manager/ana", "SLA_Integration/bot"}


def test_the_user_of_systems_is_asked_for_where_nobody_named_it() -> None:
    assert "people:integration" in {each.id for each in acme().gaps}


def test_each_promise_has_its_share_its_overdue_list_and_its_views() -> None:
    reports, views = keys(acme(), "Report"), keys(acme(), "ListView")
    for name in ("First_Response", "Verdict"):
        assert {f"SLA_Sync/SLA_{name}_Kept", f"SLA_Sync/SLA_{name}_Overdue"} <= reports
        assert {f"SLA_Leg__c.SLA_{name}_Next", f"SLA_Leg__c.SLA_{name}_Overdue"} <= views
    assert {"SLA_Leg__c.SLA_Priority_Hot", "SLA_Leg__c.SLA_Waiting", "SLA_Leg__c.SLA_My_Open"} <= views


def test_the_share_counts_only_what_was_judged_and_by_when_it_fell_due() -> None:
    values = found(acme(), "Report/SLA_Sync/SLA_First_Response_Kept").values
    assert values["timeFrameFilter"] == {
        "dateColumn": "SLA_Leg__c$First_Response_Due_At__c",
        "interval": "INTERVAL_THISMONTH",
    }
    asked = values["filter"]
    assert isinstance(asked, dict)
    assert asked["criteriaItems"] == [
        {"column": "SLA_Leg__c$First_Response_State__c", "operator": "equals", "value": "on_time,late,overdue"}
    ]
    shares = values["aggregates"]
    assert isinstance(shares, list)
    assert [each["calculatedFormula"] for each in shares] == ["SLA_Leg__c.First_Response_Kept__c:SUM / RowCount"]


def test_the_report_of_what_lacks_something_names_every_need_that_a_report_shows() -> None:
    values = found(acme(), "Report/SLA_Sync/SLA_Mql_Incomplete").values["filter"]
    assert isinstance(values, dict)
    columns = [each["column"] for each in values["criteriaItems"]]
    assert columns == ["STATUS", "EMAIL", "COMPANY", "Lead.SLA_Source__c"]
    assert values["booleanFilter"] == "1 AND (2 OR 3 OR 4)"


def test_whoever_hears_of_breaches_may_look_into_the_folders() -> None:
    groups = keys(acme(), "Group")
    for folder in ("ReportFolder/SLA_Sync", "DashboardFolder/SLA_Sync"):
        setting = found(acme(), folder)
        shares = setting.values["folderShares"]
        assert isinstance(shares, list)
        assert {each["sharedTo"] for each in shares} == groups
        assert {each.key for each in setting.requires} == groups


def test_figures_that_no_report_computes_are_named_with_their_promises() -> None:
    gap: Gap = next(each for each in acme().gaps if each.id == "figures")
    assert "percentiles" in gap.advice
    assert "«mql-quality»" in gap.advice
    assert "«first-response»" not in gap.advice
    assert "«follow-up»" not in gap.advice  # it is only measured, by the binding


def test_a_lead_process_offers_all_stages_in_the_order_of_their_names_and_one_is_the_first() -> None:
    translated = rebound(lead_process={"name": "SLA Lead Process", "record_type": "SLA_Lead"})
    values = found(translated, "BusinessProcess/Lead.SLA Lead Process").values["values"]
    assert isinstance(values, list)
    named = [each["fullName"] for each in values]
    assert named == sorted(named)
    assert [each["fullName"] for each in values if each["default"]] == ["Open - Not Contacted"]
    kind = found(translated, "RecordType/Lead.SLA_Lead").values
    assert kind["businessProcess"] == "SLA Lead Process"
    offered = kind["picklistValues"]
    assert isinstance(offered, list)
    assert {each["picklist"] for each in offered} == {"SLA_Priority__c", "SLA_Reason__c"}


def test_a_plan_opens_with_what_it_takes_of_the_org() -> None:
    opening = " ".join(acme().opening)
    flows = len(keys(acme(), "Flow"))
    leg = len([key for key in keys(acme(), "CustomField") if key.startswith("SLA_Leg__c.")])
    assert f"{flows} active flows" in opening
    assert f"{leg} on SLA_Leg__c" in opening
    assert footprint(()) == ()


def test_an_opening_warns_where_much_of_a_limit_is_taken() -> None:
    assert "of the 10000 kB of an org" in " ".join(enterprise().opening)
    rules = tuple(Desired(Address("ValidationRule", f"Lead.R{number}"), {}) for number in range(120))
    assert "120 active validation rules on Lead are much" in " ".join(footprint(rules))
