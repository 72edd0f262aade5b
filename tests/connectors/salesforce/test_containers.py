"""Files that many people write into keep what others put there, whatever we put in or take out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync.connector import Address, Values
from sla_sync_salesforce.containers import containers_of, merged, parts_of
from sla_sync_salesforce.types import CONTAINERS

RULES = CONTAINERS["AssignmentRuleEntry"]
HOURS = CONTAINERS["BusinessHours"]
CONVERSION = CONTAINERS["LeadConversionMapping"]
STATUS = CONTAINERS["LeadStatusValue"]
names = st.text("abc ", min_size=1, max_size=3)


def entry(queue: str) -> Values:
    return {"assignedTo": queue, "assignedToType": "Queue"}


def rule(name: str, *queues: str, active: bool = True) -> Values:
    return {"fullName": name, "active": active, "ruleEntry": [entry(each) for each in queues]}


def place(number: int, name: str = "SLA_Routing") -> Address:
    return Address("AssignmentRuleEntry", f"{name}/{number}")


def queues(values: Values, name: str = "SLA_Routing") -> list[object]:
    return [part["assignedTo"] for address, part in parts_of(RULES, values) if address.key.startswith(f"{name}/")]


@given(
    live=st.dictionaries(names, st.booleans()),
    wanted=st.dictionaries(names, st.booleans()),
    gone=st.sets(names),
    kind=st.sampled_from(["BusinessHours", "Holiday", "LeadStatusValue"]),
)
def test_what_is_put_in_is_found_and_what_is_others_stays(
    live: dict[str, bool], wanted: dict[str, bool], gone: set[str], kind: str
) -> None:
    container = CONTAINERS[kind]
    started = merged(container, {}, {Address(kind, name): {"active": said} for name, said in live.items()})
    gone -= set(wanted)
    ended = merged(
        container,
        started,
        {Address(kind, name): {"active": said} for name, said in wanted.items()},
        [Address(kind, name) for name in gone],
    )
    found = {address.key: values["active"] for address, values in parts_of(container, ended) if address.type == kind}
    assert found == {name: said for name, said in {**live, **wanted}.items() if name not in gone}
    assert [name for name in found if name in live] == [name for name in live if name not in gone]


@given(outputs=st.lists(st.sampled_from(["Contact.A__c", "Contact.B__c", "Account.A__c"]), unique=True))
def test_a_mapping_of_ours_is_found_again_by_where_it_leads(outputs: list[str]) -> None:
    wanted = {
        Address("LeadConversionMapping", each): {
            "inputObject": "Lead",
            "outputObject": each.partition(".")[0],
            "inputField": "A__c",
            "outputField": each.partition(".")[2],
        }
        for each in outputs
    }
    theirs: Values = {"inputField": "Theirs__c", "outputField": "Theirs__c"}
    live: Values = {
        "allowOwnerChange": True,
        "objectMapping": [{"inputObject": "Lead", "outputObject": "Contact", "mappingFields": [theirs]}],
    }
    whole = merged(CONVERSION, live, wanted)
    parts = dict(parts_of(CONVERSION, whole))
    assert {each: parts[each] for each in wanted} == wanted
    assert Address("LeadConversionMapping", "Contact.Theirs__c") in parts
    assert whole["allowOwnerChange"] is True
    assert len(merged(CONVERSION, whole, {}, list(wanted))["objectMapping"]) >= 1  # type: ignore[arg-type]
    assert not set(wanted) & set(dict(parts_of(CONVERSION, merged(CONVERSION, whole, {}, list(wanted)))))


def test_a_rule_of_ours_is_made_beside_that_of_others() -> None:
    live: Values = {"assignmentRule": [rule("Theirs", "Old", active=True)]}
    whole = merged(RULES, live, {place(1): entry("A"), place(2): entry("B")})
    assert queues(whole) == ["A", "B"]
    assert queues(whole, "Theirs") == ["Old"]
    assert [each["active"] for each in whole["assignmentRule"]] == [True, False]  # type: ignore[index, union-attr, call-overload]


def test_the_only_rule_is_active() -> None:
    whole = merged(RULES, {}, {place(1): entry("A")})
    assert whole["assignmentRule"] == [rule("SLA_Routing", "A")]


def test_one_entry_is_changed_in_its_place() -> None:
    live: Values = {"assignmentRule": [rule("SLA_Routing", "A", "B", "C")]}
    assert queues(merged(RULES, live, {place(2): entry("X")}, ours=[entry("A"), entry("B")])) == ["A", "X", "C"]


def test_an_entry_that_is_no_longer_agreed_goes() -> None:
    live: Values = {"assignmentRule": [rule("SLA_Routing", "A", "B", "C")]}
    ours = [entry("A"), entry("B"), entry("C")]
    assert queues(merged(RULES, live, {place(2): entry("C")}, [place(3)], ours=ours)) == ["A", "C"]


def test_an_entry_that_somebody_pushed_in_is_kept_behind_ours() -> None:
    live: Values = {"assignmentRule": [rule("SLA_Routing", "Theirs", "A", "B")]}
    ours = [entry("A"), entry("B")]
    whole = merged(RULES, live, {place(1): entry("A"), place(2): entry("B")}, ours=ours)
    assert queues(whole) == ["A", "B", "Theirs"]


@pytest.mark.parametrize("container", sorted(set(CONTAINERS.values())))
def test_a_file_of_nothing_has_no_parts(container: Address) -> None:
    assert list(parts_of(container, {})) == []


def test_a_setting_of_its_own_stands_in_no_file_of_many() -> None:
    mixed = [Address("CustomField", "Lead.A__c"), Address("Holiday", "Easter"), Address("BusinessHours", "Main")]
    assert containers_of(mixed) == {HOURS}
    assert containers_of([Address("LeadStatusValue", "MQL")]) == {STATUS}
