"""Gates: what is refused, who passes, and what no rule can hold; each rule is tried in the simulator too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sla_sync.connector import Desired, Manifest, ReasonSet, Stage, Translation, parse_expression, tree
from sla_sync_salesforce import connector
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.example import acme, enterprise
from tests.connectors.salesforce.simulator.org import DATA, Org, serving
from tests.connectors.salesforce.stories import SETUP, binding, resources

NEXT: dict[str, dict[str, tree.Expression | None]] = {
    "inquiry": {"mql": None, "disqualified": None},
    "mql": {"sal": parse_expression("country is Germany"), "recycled": None, "disqualified": None},
    "sal": {"recycled": None},
    "recycled": {"mql": None},
    "disqualified": {},
}
STATUSES = {
    "inquiry": "Open - Not Contacted",
    "mql": "MQL",
    "sal": "Working - Contacted",
    "recycled": "Nurture",
    "disqualified": "Closed - Not Converted",
}
STAGES = tuple(
    Stage(name, ("stages", name), "", name.title(), place, next=follows)
    for place, (name, follows) in enumerate(NEXT.items())
)


def bound(**changes: object) -> SalesforceBinding:
    stages = {name: {"Lead.Status": [status], "add": True} for name, status in STATUSES.items()}
    fields = {
        "country": "Lead.Country",
        "email": "Lead.Email",
        "rating": "Lead.Rating",
        "authority": {"field": "Lead.SLA_Authority__c", "add": "checkbox"},
        "budget": {"field": "Lead.SLA_Budget__c", "add": "number"},
        "region": "Lead.Their_Region__c",
    }
    return binding(**{"stages": stages, "fields": fields, "exclude": {}, "sources": {}, **changes})


def gated(**changes: object) -> Translation:
    parts: dict[str, object] = {
        "stages": STAGES,
        "stamps": (),
        "segments": (),
        "reports": (),
        "exclusions": (),
        "thresholds": {},
        "needs": {"sal": ("email", "rating", "authority", "budget")},
    }
    return translate(resources(**{**parts, **changes}), bound(), SETUP)


def rules(translated: Translation) -> dict[str, Desired]:
    return {
        each.address.key.partition(".")[2]: each for each in translated.desired if each.address.type == "ValidationRule"
    }


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    with serving(tmp_path_factory.mktemp("org")) as served:
        built = connector.build["mdapi"](gated(), Manifest("digest", {}))
        package = {path.removeprefix("src/"): content for path, content in built.items() if path.startswith("src/")}
        result = served.deploy(package)
        assert result["status"] == "Succeeded", result["details"]
        # Without it nobody sees the fields, as in any org.
        (shown,) = served.query("SELECT Id FROM PermissionSet WHERE Name = 'SLA_Rep'")
        assigned = {"PermissionSetId": shown["Id"], "AssigneeId": result["createdBy"]}
        assert served.ask("POST", f"{DATA}/sobjects/PermissionSetAssignment", json=assigned).ok
        yield served


def saved(org: Org, **values: object) -> str:
    answer = org.ask("POST", f"{DATA}/sobjects/Lead", json={"LastName": "Ito", "Company": "Ito", **values})
    assert answer.ok, answer.text
    return str(answer.json()["id"])


def change(org: Org, lead: str, **values: object) -> list[str]:
    answer = org.ask("PATCH", f"{DATA}/sobjects/Lead/{lead}", json=values)
    return [] if answer.ok else [each["message"] for each in answer.json()]


WHOLE = {"Email": "a@b.example", "Rating": "Hot", "SLA_Authority__c": True, "SLA_Budget__c": 5, "Country": "Germany"}
REASON = {"SLA_Reason__c": "no_budget"}


@pytest.mark.slow
@pytest.mark.parametrize("before", STATUSES)
def test_only_what_may_follow_a_stage_can_follow_it_in_an_org(org: Org, before: str) -> None:
    for after, status in STATUSES.items():
        if before == after:
            continue
        lead = saved(org, Status=STATUSES[before], **WHOLE, **REASON)
        refused = change(org, lead, Status=status)
        if not NEXT[before] or after in NEXT[before]:
            assert refused == [], (before, after)
        else:
            assert refused, (before, after)
            assert f"After {before.title()} comes" in refused[0]


@pytest.mark.slow
def test_a_way_with_a_condition_is_open_only_where_it_holds(org: Org) -> None:
    lead = saved(org, Status="MQL", **{**WHOLE, "Country": "France"})
    assert change(org, lead, Status="Working - Contacted")
    assert change(org, lead, Status="Working - Contacted", Country="Germany") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "lacking", [{"Email": None}, {"Rating": None}, {"SLA_Authority__c": False}, {"SLA_Budget__c": None}]
)
def test_nobody_enters_a_stage_before_its_fields_are_known(org: Org, lacking: dict[str, object]) -> None:
    lead = saved(org, Status="MQL", **{**WHOLE, **lacking})
    (message,) = change(org, lead, Status="Working - Contacted")
    assert message == "Fill in what Sal needs first: email, rating, authority and budget."
    assert change(org, lead, Status="Working - Contacted", **WHOLE) == []


@pytest.mark.slow
def test_who_stood_in_a_stage_before_stays_editable(org: Org) -> None:
    lead = saved(org, Status="Working - Contacted", **WHOLE)
    assert change(org, lead, Email=None) == []


def test_every_rule_asks_for_the_switch_and_the_permission_first() -> None:
    found = [*rules(gated()).values(), *rules(acme()).values(), *rules(enterprise()).values()]
    assert len(found) > 20
    for each in found:
        text = str(each.values["errorConditionFormula"])
        assert text.startswith("AND(NOT($Setup.SLA_Switch__c.Silent__c), NOT($Permission.SLA_Bypass_Gates), ")
        assert {"CustomField/SLA_Switch__c.Silent__c", "CustomPermission/SLA_Bypass_Gates"} <= set(
            map(str, each.requires)
        )


def test_a_conversion_passes_whatever_follows_the_stage() -> None:
    assert "NOT(IsConverted)" in str(rules(gated())["SLA_Sal_Order"].values["errorConditionFormula"])


def test_a_stage_after_which_nothing_is_agreed_is_not_judged() -> None:
    assert "SLA_Disqualified_Order" not in rules(gated())
    assert "SLA_Sal_Order" in rules(gated())


def test_a_need_of_which_nobody_knows_what_it_holds_is_a_gap_and_the_others_are_asked_for() -> None:
    translated = gated(needs={"sal": ("email", "region")})
    gap = next(each for each in translated.gaps if each.id == "needs:sal:region")
    assert "Lead.Their_Region__c" in gap.advice
    rule = rules(translated)["SLA_Sal_Needs"].values
    assert "ISBLANK(Email)" in str(rule["errorConditionFormula"])
    assert rule["errorDisplayField"] == "Email"


def test_a_condition_that_no_rule_can_hold_leaves_the_way_open_and_says_so() -> None:
    stages = (replace(STAGES[1], next={"sal": parse_expression("region is EMEA"), "recycled": None}), *STAGES[2:])
    translated = gated(stages=stages)
    assert "next:mql:sal" in {each.id for each in translated.gaps}
    assert "Working" not in str(rules(translated)["SLA_Mql_Order"].values["errorConditionFormula"])


def test_what_another_product_holds_is_not_pushed() -> None:
    parts = resources(stages=STAGES, segments=(), reports=())
    translated = translate(parts, bound(held_by={"stages": "leandata"}), SETUP)
    assert rules(translated) == {}
    assert "leandata" in next(each.advice for each in translated.gaps if each.id == "gates")


def test_a_reason_is_offered_only_at_the_stages_that_may_give_it() -> None:
    found = next(each for each in acme().desired if each.address.key == "Lead.SLA_Reason__c")
    values = found.values["valueSet"]
    assert isinstance(values, dict)
    assert values["controllingField"] == "Status"
    offered = {each["valueName"]: each["controllingFieldValue"] for each in values["valueSettings"]}
    assert offered["no_budget"] == ["Nurture"]
    assert offered["bad_fit"] == ["Closed - Not Converted"]
    assert offered["other"] == ["Nurture", "Closed - Not Converted"]
    assert "no_decision" not in offered  # a deal is lost as an opportunity
    assert found.origin(("valueSet", "valueSettings", "no_budget")) == ("reasons", "recycle")


def test_a_date_is_asked_for_where_a_reason_leaves_it_open_when_to_come_back() -> None:
    rule = rules(acme())["SLA_Recycle_Needs_Date"].values
    assert 'ISPICKVAL(SLA_Reason__c, "bad_timing"), ISBLANK(SLA_Revisit_On__c)' in str(rule["errorConditionFormula"])
    none = ReasonSet(
        "recycle", ("reasons",), ("recycled",), "reason", "reason_note", resources().reason_sets[0].reasons
    )
    assert "SLA_Recycle_Needs_Date" not in rules(gated(reason_sets=(none,)))


def test_each_gate_is_explained_by_its_line_of_the_agreement() -> None:
    found = rules(acme())
    assert found["SLA_Mql_Needs"].origin() == ("stages", "mql", "needs")
    assert found["SLA_Mql_Order"].origin() == ("stages", "mql", "next")
    assert found["SLA_Recycled_Reason"].origin() == ("stages", "recycled", "reasons")
