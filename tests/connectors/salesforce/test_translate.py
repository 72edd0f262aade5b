"""Golden translation: set SLA_SYNC_UPDATE_GOLDENS=1 to write it anew, then read the difference before you keep it."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from sla_sync.connector import (
    Address,
    Choice,
    DataType,
    Desired,
    Field,
    Mark,
    Report,
    SlaSyncError,
    Stage,
    Translation,
    bears_mark,
    tree,
)
from sla_sync_salesforce import connector
from sla_sync_salesforce.names import developer_name, manifest_name, prefix_of
from sla_sync_salesforce.translate import translate
from sla_sync_salesforce.types import CONTAINERS
from tests.connectors.salesforce.example import acme, enterprise
from tests.connectors.salesforce.stories import AGREEMENT, SETUP, binding, resources, translation

GOLDEN = Path(__file__).parent / "golden"


def found(translated: Translation, address: str) -> Desired:
    return next(each for each in translated.desired if str(each.address) == address)


def advice(translated: Translation, gap: str) -> str:
    return next(each.advice for each in translated.gaps if each.id == gap)


def printed(translated: Translation, *, whole: bool = True) -> str:
    """Return a translation as a text, or only what it asks for; of the many days of a calendar the first and the last."""
    shown = [each for each in translated.desired if not _is_day(each)]
    days = [each for each in translated.desired if _is_day(each)]
    shown += [days[0], days[-1]] if days else []
    content = {
        "opening": list(translated.opening),
        "days": len(days),
        "desired": [
            {
                "address": str(each.address),
                "origins": {"/".join(map(str, path)): list(origin) for path, origin in each.origins.items()},
                **({"values": each.values, "requires": sorted(map(str, each.requires))} if whole else {}),
            }
            for each in shown
        ],
        "gaps": [{"id": each.id, "advice": each.advice, "origin": list(each.origin)} for each in translated.gaps],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _is_day(setting: Desired) -> bool:
    return setting.address.type == "CustomMetadata" and "Calendar_Day." in setting.address.key


@pytest.mark.parametrize(("name", "made"), [("translation", translation), ("acme", acme), ("enterprise", enterprise)])
def test_the_translation_is_the_golden_one(name: str, made: Callable[[], Translation]) -> None:
    path = GOLDEN / f"{name}.json"
    if os.environ.get("SLA_SYNC_UPDATE_GOLDENS"):
        path.write_text(printed(made(), whole=name != "enterprise"), encoding="utf-8")
    assert printed(made(), whole=name != "enterprise") == path.read_text(encoding="utf-8")


def test_the_whole_example_is_pushed_or_explained() -> None:
    translated = acme()
    pushed = {each.address.type for each in translated.desired}
    # Lists that others write into are no settings; rules, a process and Apex are asked for by other bindings, and that
    # somebody silences the org is asked for by none.
    others = {"AssignmentRule", "AssignmentRuleEntry", "ApexClass", "BusinessProcess", "RecordType", "SilentSwitch"}
    assert pushed == connector.types.keys() - {each.type for each in CONTAINERS.values()} - others
    assert all(each.advice.endswith(".") for each in translated.gaps)
    assert len({each.id for each in translated.gaps}) == len(translated.gaps)


MADE = pytest.mark.parametrize("made", [translation, acme, enterprise])


@MADE
def test_whatever_can_bear_our_mark_bears_it(made: Callable[[], Translation]) -> None:
    for each in made().desired:
        if connector.types[each.address.type].mark is Mark.DESCRIPTION:
            assert bears_mark(str(each.values["description"]), made().agreement), each.address


@MADE
def test_every_requirement_is_asked_for_as_well(made: Callable[[], Translation]) -> None:
    asked = {each.address for each in made().desired}
    for each in made().desired:
        assert asked.issuperset(each.requires), each.address


@MADE
def test_nothing_requires_itself_by_way_of_others(made: Callable[[], Translation]) -> None:
    order = TopologicalSorter({each.address: each.requires for each in made().desired})
    assert len(tuple(order.static_order())) == len(made().desired)


@MADE
def test_every_type_that_is_asked_for_stands_in_the_table(made: Callable[[], Translation]) -> None:
    assert {each.address.type for each in made().desired} <= connector.types.keys()


@MADE
def test_no_name_is_longer_than_the_platform_allows(made: Callable[[], Translation]) -> None:
    for each in made().desired:
        if each.address.type == "CustomField":
            assert len(each.address.key.partition(".")[2].removesuffix("__c")) <= 40, each.address
            assert len(str(each.values["label"])) <= 40, each.address
        formula = each.values.get("formula", each.values.get("errorConditionFormula"))
        assert formula is None or len(str(formula)) <= 3900, each.address


def test_long_texts_are_cut_to_what_the_platform_holds_and_keep_the_mark() -> None:
    long = "word " * 500
    fields = (Field("due", ("x",), long, long, DataType.CHOICE, (Choice("a", long),)),)
    gate = replace(resources().gates[0], means=long, message=long)
    translated = translate(resources(fields=(*resources().fields, *fields), gates=(gate,)), binding(), SETUP)
    field = found(translated, "CustomField/Lead.SLA_Due__c").values
    rule = found(translated, "ValidationRule/Lead.SLA_Recycled_Needs_Reason").values
    assert len(str(field["label"])) <= 40
    assert len(str(field["inlineHelpText"])) <= 510
    assert len(str(field["description"])) <= 1000
    assert len(str(rule["description"])) <= 255
    assert len(str(rule["errorMessage"])) <= 255
    assert bears_mark(str(rule["description"]), AGREEMENT)


def test_a_name_that_is_too_long_is_cut_and_stays_its_own() -> None:
    one, other = (developer_name("SLA_", f"{'very_' * 12}{end}") for end in ("one", "other"))
    assert one != other
    assert max(len(one), len(other)) <= 40
    assert "__" not in one


def test_names_hold_nothing_that_the_platform_refuses() -> None:
    assert developer_name("SLA_", "größe & co.-2") == "SLA_Gr_E_Co_2"
    assert developer_name("SLA_", "日本").startswith("SLA_")
    assert manifest_name("acme-inbound") == "SLA_Sync_Manifest_Acme_Inbound"
    assert prefix_of("Lead.ACME_Due_At__c") == "ACME_"


def test_two_names_that_become_one_are_refused() -> None:
    fields = tuple(
        Field(name, (), "", "Label", data) for name, data in (("due_at", DataType.TEXT), ("due-at", DataType.NUMBER))
    )
    with pytest.raises(SlaSyncError, match=r"Two agreed names become CustomField/Lead\.SLA_Due_At__c"):
        translate(resources(fields=(*resources().fields, *fields)), binding(), SETUP)


def test_a_value_of_lead_status_is_created_only_where_the_binding_says_so() -> None:
    mapped = binding(stages={"mql": {"Lead.Status": ["Open"]}, "recycled": {"Lead.Status": ["Nurture"], "add": True}})
    translated = translate(resources(), mapped, SETUP)
    assert [each.address.key for each in translated.desired if each.address.type == "LeadStatusValue"] == ["Nurture"]
    gap = next(each for each in translated.gaps if each.id == "status:Open")
    assert gap.probe
    assert gap.probe.address == Address("LeadStatusValue", "Open")


def test_a_stage_on_opportunities_is_a_step_for_people() -> None:
    stages = (*resources().stages, Stage("won", ("stages", "won"), "Signed.", "Won", 2))
    bound = binding(
        stages={
            "mql": {"Lead.Status": "MQL"},
            "recycled": {"Lead.Status": "Nurture"},
            "won": {"when": "Opportunity.IsWon is true"},
        }
    )
    translated = translate(resources(stages=stages), bound, SETUP)
    assert "Opportunity.IsWon is true" in advice(translated, "stage:won")


def test_nothing_is_pushed_for_what_is_not_bound_and_a_gap_says_so() -> None:
    translated = translate(resources(), binding(stages={}), SETUP)
    types = {each.address.type for each in translated.desired}
    assert types.isdisjoint({"Flow", "ValidationRule", "LeadStatusValue", "Report"})
    ids = {each.id for each in translated.gaps}
    assert {"stage:mql", "stage:recycled", "gate:recycled needs reason", "report:open_mqls"} <= ids


def test_a_gate_needs_a_picklist_to_ask_for() -> None:
    bound = binding(fields={"reason": "Lead.Description"})
    translated = translate(resources(), bound, SETUP)
    assert not [each for each in translated.desired if each.address.type == "ValidationRule"]
    assert "Bind «reason» to a picklist" in advice(translated, "gate:recycled needs reason")


def test_the_gate_asks_only_for_reasons_of_its_own_list() -> None:
    rule = found(translation(), "ValidationRule/Lead.SLA_Recycled_Needs_Reason").values["errorConditionFormula"]
    assert rule == (
        "AND(NOT($Setup.SLA_Switch__c.Silent__c), NOT($Permission.SLA_Bypass_Gates), "
        'ISPICKVAL(Status, "Nurture"), OR(ISNEW(), ISCHANGED(Status), ISCHANGED(SLA_Reason__c)), '
        "OR(ISBLANK(TEXT(SLA_Reason__c)), "
        'NOT(OR(ISPICKVAL(SLA_Reason__c, "no_budget"), ISPICKVAL(SLA_Reason__c, "other")))))'
    )


def test_a_list_of_reasons_that_no_rule_can_hold_is_a_gap() -> None:
    reasons = tuple(Choice(f"reason_number_{number}", "R") for number in range(150))
    many = replace(resources().reason_sets[0], reasons=reasons)
    translated = translate(resources(reason_sets=(many,)), binding(), SETUP)
    assert "Shorten the list behind" in advice(translated, "rule:SLA_Recycled_Needs_Reason")


def test_a_report_of_a_stage_with_two_values_lists_both() -> None:
    bound = binding(
        stages={"mql": {"Lead.Status": ["MQL", "Hot, MQL"], "add": True}, "recycled": {"Lead.Status": "Nurture"}}
    )
    translated = translate(resources(), bound, SETUP)
    report = found(translated, "Report/SLA_Sync/SLA_Open_Mqls").values["filter"]
    assert isinstance(report, dict)
    assert report["criteriaItems"][0]["value"] == 'MQL,"Hot, MQL"'


def test_people_write_only_what_no_system_writes() -> None:
    permissions = found(translation(), "PermissionSet/SLA_Rep").values["fieldPermissions"]
    assert isinstance(permissions, list)
    editable = {each["field"] for each in permissions if each["editable"]}
    assert editable == {
        "Lead.SLA_Reason__c",
        "Lead.SLA_Reason_Note__c",
        "Lead.SLA_Need__c",
        "Lead.SLA_Competitor__c",
    }


def test_one_person_behind_two_roles_is_assigned_once() -> None:
    setup = replace(SETUP, people={"vp_sales": ("sam",), "sdr": ("sam",), "revops": ("sam",)})
    translated = translate(resources(), binding(), setup)
    assigned = [str(each.address) for each in translated.desired if each.address.type == "PermissionSetAssignment"]
    assert assigned == ["PermissionSetAssignment/SLA_Manager/sam"]


def test_a_column_that_no_report_shows_is_a_gap() -> None:
    report = Report("r", (), "", "R", ("country", "need", "unknown"), None)
    translated = translate(resources(reports=(report,)), binding(), SETUP)
    values = found(translated, "Report/SLA_Sync/SLA_R").values
    assert values["columns"] == [{"field": "LAST_NAME"}, {"field": "Lead.SLA_Need__c"}]
    assert values["format"] == "Tabular"
    assert {"column:r:country", "column:r:unknown"} <= {each.id for each in translated.gaps}


def test_without_reports_there_is_no_folder() -> None:
    translated = translate(resources(reports=()), binding(), SETUP)
    assert not [each for each in translated.desired if each.address.type == "ReportFolder"]


@pytest.mark.parametrize(
    ("bound", "why"),
    [
        ({}, "the binding does not say how"),
        ({"test": "Lead.Score > 3"}, "is neither a checkbox nor"),
        ({"test": "Lead.SLA_Other__c"}, "is not known to be a checkbox"),
        ({"test": "Lead.NumberOfEmployees contains 3"}, "is not known to hold text"),
    ],
)
def test_an_exclusion_that_a_formula_cannot_say_is_a_gap(bound: dict[str, str], why: str) -> None:
    translated = translate(resources(exclusions=("test",)), binding(exclude=bound), SETUP)
    assert why in advice(translated, "exclude:test")
    assert not [each for each in translated.desired if each.address.key == "Lead.SLA_Excluded__c"]


def test_a_standard_field_cannot_be_added() -> None:
    translated = translate(resources(), binding(fields={"email": {"field": "Lead.Email", "add": "text"}}), SETUP)
    assert "Remove `add`" in advice(translated, "field:email")


def test_an_instant_that_nothing_writes_says_so() -> None:
    fields = (*resources().fields, Field("due_at", ("commitments",), "Respond by.", "Due at", DataType.INSTANT))
    translated = translate(resources(fields=fields), binding(), SETUP)
    assert "stay empty" in advice(translated, "unwritten:due_at")


def test_a_field_that_is_bound_with_add_takes_its_words_from_the_agreement() -> None:
    fields = (*resources().fields, Field("need", ("terms", "need"), "What hurts.", "The need", DataType.TEXT))
    translated = translate(resources(fields=fields), binding(), SETUP)
    field = found(translated, "CustomField/Lead.SLA_Need__c")
    assert field.values["label"] == "The need"
    assert field.values["inlineHelpText"] == "What hurts."
    assert field.origin() == ("terms", "need")


def test_a_note_is_asked_for_where_a_reason_needs_one() -> None:
    rule = found(translation(), "ValidationRule/Lead.SLA_Recycle_Needs_Note").values
    assert 'ISPICKVAL(SLA_Reason__c, "other"), ISBLANK(SLA_Reason_Note__c)' in str(rule["errorConditionFormula"])
    none = replace(resources().reason_sets[0], note_required=())
    translated = translate(resources(reason_sets=(none,)), binding(), SETUP)
    assert not [each for each in translated.desired if each.address.key.endswith("Needs_Note")]


def test_a_segment_names_the_fields_that_it_requires() -> None:
    field = found(translation(), "CustomField/Lead.SLA_Meets_Mql__c")
    assert [each.key for each in field.requires] == [
        "Lead.SLA_Engagement__c",
        "Lead.SLA_Excluded__c",
        "Lead.SLA_Score__c",
    ]
    assert field.origin(("formula",)) == ("stages", "mql")


def test_no_segment_counts_the_leads_that_are_left_out() -> None:
    formula = str(found(translation(), "CustomField/Lead.SLA_Meets_Mql__c").values["formula"])
    assert formula.endswith(", NOT(SLA_Excluded__c))")


def test_the_prefix_of_the_binding_stands_before_every_name() -> None:
    translated = translate(resources(), binding(prefix="ACME_", fields={}), SETUP)
    for each in translated.desired:
        if each.address.type not in {"LeadStatusValue", "TeamMember"}:
            assert "ACME_" in each.address.key


def test_an_unsayable_segment_is_a_gap_with_its_reason() -> None:
    segment = replace(resources().segments[0], name="many", when=tree.AtLeast(2, "unknown"))
    translated = translate(resources(segments=(segment,)), binding(), SETUP)
    assert "is not a list of conditions" in advice(translated, "segment:many")


def test_a_value_that_no_formula_can_hold_is_a_gap_and_no_crash() -> None:
    bound = binding(stages={"mql": {"Lead.Status": "M\nQL"}, "recycled": {"Lead.Status": "N\nurture"}})
    translated = translate(resources(segments=()), bound, SETUP)
    assert "line end" in advice(translated, "gate:recycled needs reason")


def test_expressions_keep_their_meaning_under_negation() -> None:
    segment = replace(resources().segments[0], name="cold", when=tree.Not(tree.Is("stage", ("mql",))))
    translated = translate(resources(segments=(segment,)), binding(), SETUP)
    assert found(translated, "CustomField/Lead.SLA_Cold__c").values["formula"] == (
        'AND(NOT(ISPICKVAL(Status, "MQL")), NOT(SLA_Excluded__c))'
    )
