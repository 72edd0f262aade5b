from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.salesforce.simulator.org import DATA, Org
from tests.connectors.salesforce.simulator.records_org import create, lead, living, user


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    """Return an org with five leads, three assignments and a task; no test changes it."""
    with living(tmp_path_factory.mktemp("org")) as org:
        yield story(org)


def story(org: Org) -> Org:
    """Write leads on five days: Ada (fit, 1 point), Bo (2), Cy (none), Di (fit, 4, a queue's) and Ed (5, Sam's)."""
    (queue,) = org.query("SELECT Id FROM Group WHERE DeveloperName = 'SLA_SDR'")
    sam = user(org, "sam@acme.example")
    people: dict[str, dict[str, Any]] = {
        "Ada": {"SLA_Points__c": 1, "SLA_Reason__c": "fit", "SLA_Due_At__c": "2026-10-02T12:00:00Z"},
        "Bo": {"SLA_Points__c": 2, "Status": "Working - Contacted"},
        "Cy": {},
        "Di": {"SLA_Points__c": 4, "SLA_Reason__c": "fit", "OwnerId": queue["Id"]},
        "Ed": {"SLA_Points__c": 5, "OwnerId": sam, "SLA_Due_At__c": "2026-10-04T03:30:00Z"},
    }
    made = {}
    for name, values in people.items():
        made[name] = lead(org, name, **values)
        org.application.run_until(org.application.now + timedelta(days=1))
    for name, cycle in (("Ada", 1), ("Ada", 2), ("Ed", 1)):
        create(org, "SLA_Leg__c", {"Lead__c": made[name], "Cycle__c": cycle})
    create(org, "Task", {"Subject": "Call", "WhoId": made["Ed"], "OwnerId": sam})
    return org


def names(org: Org, condition: str) -> str:
    """Return the last names of the leads that a query finds, in one word."""
    return " ".join(each["LastName"] for each in org.query(f"SELECT LastName FROM Lead {condition}"))


# The clock stands at 6 October when the story is over, in New York still on the 5th.
FOUND = (
    ("WHERE SLA_Points__c > 1 ORDER BY LastName", "Bo Di Ed"),
    ("WHERE SLA_Points__c != 2 ORDER BY LastName", "Ada Cy Di Ed"),
    ("WHERE SLA_Points__c = null", "Cy"),
    ("WHERE SLA_Double__c = 8", "Di"),
    ("WHERE LastName LIKE '_d%' ORDER BY LastName", "Ada Ed"),
    ("WHERE SLA_Reason__c LIKE '%' ORDER BY LastName", "Ada Di"),
    ("WHERE LastName = 'ADA'", "Ada"),
    ("WHERE NOT (SLA_Reason__c = 'fit' OR Status = 'Working - Contacted') ORDER BY LastName", "Cy Ed"),
    ("WHERE SLA_Reason__c IN ('fit', 'budget') AND SLA_Points__c < 3", "Ada"),
    ("WHERE Owner.Name = 'SLA SDR'", "Di"),
    ("WHERE Owner.Type = 'User' AND Owner.Username = 'sam@acme.example'", "Ed"),
    ("WHERE SLA_Due_At__c > 2026-10-02T12:00:00Z", "Ed"),
    ("WHERE SLA_Due_At__c >= 2026-10-02T08:00:00-04:00 ORDER BY LastName", "Ada Ed"),
    ("WHERE Id IN (SELECT Lead__c FROM SLA_Leg__c WHERE Cycle__c = 2)", "Ada"),
    ("WHERE Id NOT IN (SELECT Lead__c FROM SLA_Leg__c) ORDER BY LastName", "Bo Cy Di"),
    ("WHERE IsConverted = false AND SLA_Handed__c = false ORDER BY SLA_Points__c DESC LIMIT 2", "Cy Ed"),
    ("ORDER BY SLA_Points__c", "Cy Ada Bo Di Ed"),
    ("ORDER BY SLA_Points__c NULLS LAST", "Ada Bo Di Ed Cy"),
    ("ORDER BY SLA_Points__c DESC NULLS LAST", "Ed Di Bo Ada Cy"),
    ("ORDER BY SLA_Reason__c NULLS LAST, LastName DESC", "Di Ada Ed Cy Bo"),
    ("ORDER BY LastName LIMIT 2 OFFSET 3", "Di Ed"),
    ("WHERE SLA_Due_At__c = LAST_N_DAYS:2", "Ed"),
    ("WHERE SLA_Due_At__c = N_DAYS_AGO:2", "Ed"),
    ("WHERE SLA_Due_At__c < THIS_MONTH", ""),
    ("WHERE SLA_Due_At__c = THIS_MONTH ORDER BY LastName", "Ada Ed"),
    ("WHERE SLA_Due_At__c < TODAY ORDER BY LastName", "Ada Ed"),
    ("WHERE CreatedDate = YESTERDAY", "Ed"),
)


@pytest.mark.parametrize(("condition", "expected"), FOUND, ids=[each[0] for each in FOUND])
def test_a_query_finds_the_leads_that_it_asks_for(org: Org, condition: str, expected: str) -> None:
    assert names(org, condition) == expected


def test_a_path_leads_to_parents_of_parents(org: Org) -> None:
    found = org.query(
        "SELECT Name, Lead__r.Owner.Name, Lead__r.SLA_Double__c FROM SLA_Leg__c ORDER BY Name DESC LIMIT 1"
    )
    (leg,) = found
    assert leg["Name"] == "SLA-000003"
    assert (leg["Lead__r"]["Owner"]["Name"], leg["Lead__r"]["SLA_Double__c"]) == ("Sam", 10.0)
    assert leg["Lead__r"]["attributes"]["type"] == "Lead"


def test_a_reference_to_several_objects_says_which_it_leads_to(org: Org) -> None:
    owners = org.query("SELECT Owner.Name, Owner.Type, Owner.DeveloperName FROM Lead WHERE LastName IN ('Di', 'Ed')")
    told = [(each["Owner"]["Type"], each["Owner"]["Name"], each["Owner"]["DeveloperName"]) for each in owners]
    assert told == [("Group", "SLA SDR", "SLA_SDR"), ("User", "Sam", None)]
    (task,) = org.query("SELECT Who.Name, Who.Type FROM Task")
    assert (task["Who"]["Type"], task["Who"]["Name"]) == ("Lead", "Ed")


def test_rows_are_counted_and_summed_in_groups(org: Org) -> None:
    found = org.query(
        "SELECT SLA_Reason__c, COUNT(Id) n, SUM(SLA_Points__c), AVG(SLA_Points__c), MIN(SLA_Points__c) least,"
        " MAX(LastName) FROM Lead GROUP BY SLA_Reason__c ORDER BY COUNT(Id) DESC"
    )
    for each in found:
        assert each.pop("attributes") == {"type": "AggregateResult"}
    assert found == [
        {"SLA_Reason__c": None, "n": 3, "expr0": 7.0, "expr1": 3.5, "least": 2.0, "expr2": "Ed"},
        {"SLA_Reason__c": "fit", "n": 2, "expr0": 5.0, "expr1": 2.5, "least": 1.0, "expr2": "Di"},
    ]


def test_all_rows_are_one_group_where_none_is_asked_for(org: Org) -> None:
    (found,) = org.query(
        "SELECT COUNT(SLA_Points__c) n, COUNT_DISTINCT(OwnerId) owners FROM Lead WHERE LastName != 'Di'"
    )
    assert (found["n"], found["owners"]) == (3, 2)
    assert org.get("/query", q="SELECT COUNT() FROM Lead WHERE SLA_Points__c > 1") == {
        "totalSize": 3,
        "done": True,
        "records": [],
    }


def test_rows_that_refer_to_a_row_come_with_it(org: Org) -> None:
    found = org.query(
        "SELECT LastName, (SELECT Cycle__c FROM SLA_Legs__r ORDER BY Cycle__c DESC) FROM Lead ORDER BY LastName"
    )
    legs = {each["LastName"]: each["SLA_Legs__r"] for each in found}
    assert [each["Cycle__c"] for each in legs["Ada"]["records"]] == [2.0, 1.0]
    assert legs["Bo"] is None


REFUSED = (
    ("SELECT SLA_Secret__c FROM Lead", "INVALID_FIELD", "No such column 'SLA_Secret__c' on entity 'Lead'"),
    ("SELECT Id FROM Lead WHERE SLA_Secret__c = 'x'", "INVALID_FIELD", "No such column 'SLA_Secret__c'"),
    ("SELECT Id FROM Lead WHERE SLA_Points__c = '4'", "INVALID_FIELD", "should not be enclosed in quotes"),
    ("SELECT Id FROM Lead WHERE SLA_Due_At__c = '2026-10-04'", "INVALID_FIELD", "must be of type dateTime"),
    ("SELECT Id FROM Lead WHERE Description LIKE 'a%'", "INVALID_FIELD", "can not be filtered"),
    ("SELECT Lead__c FROM SLA_Leg__c WHERE Lead_r.Name = 'x'", "INVALID_FIELD", "relationship 'Lead_r'"),
    ("SELECT LastName, COUNT(Id) FROM Lead", "MALFORMED_QUERY", "Field must be grouped or aggregated: LastName"),
    ("SELECT SUM(LastName) FROM Lead", "MALFORMED_QUERY", "does not support aggregate operator SUM"),
    ("SELECT Id FROM Lead WHERE LastName IN (SELECT Id FROM Lead)", "MALFORMED_QUERY", "semi join"),
    ("SELECT Id FROM Lead WHERE CreatedDate = LAST_YESTERDAY", "NOT_IMPLEMENTED_BY_SIMULATOR", "LAST_YESTERDAY"),
    ("SELECT Id FROM Lead WHERE CreatedDate = TODAY:3", "NOT_IMPLEMENTED_BY_SIMULATOR", "TODAY"),
    ("SELECT Id FROM Lead LIMIT 1 OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
    ("SELECT COUNT(Id) FROM Lead GROUP BY Status HAVING COUNT(Id) > 1", "MALFORMED_QUERY", "unexpected token"),
    ("SELECT COUNT(), Id FROM Lead", "MALFORMED_QUERY", "COUNT()"),
    ("SELECT Id FROM Lead WHERE LastName = 'a' AND Company = 'b' OR City = 'c'", "MALFORMED_QUERY", "unexpected token"),
)


@pytest.mark.parametrize(("text", "code", "message"), REFUSED, ids=[each[0] for each in REFUSED])
def test_a_query_that_is_wrong_in_one_place_is_refused_for_that(org: Org, text: str, code: str, message: str) -> None:
    status, found, told = org.refusal("GET", f"{DATA}/query", params={"q": text})
    assert (status, found) == (400, code)
    assert message in told


def test_a_user_queries_only_the_fields_that_he_may_see(org: Org) -> None:
    kim = org.application.token_of("kim@acme.example")
    refusal = org.refusal("GET", f"{DATA}/query", params={"q": "SELECT SLA_Points__c FROM Lead"}, token=kim)
    assert refusal[1] == "INVALID_FIELD"


def test_many_records_come_in_pages(tmp_path: Path) -> None:
    with living(tmp_path) as org:
        for start in range(0, 600, 200):
            rows = [
                {"attributes": {"type": "Lead"}, "LastName": f"L{start + place:04}", "Company": "A"}
                for place in range(200)
            ]
            assert org.ask("POST", f"{DATA}/composite/sobjects", json={"records": rows}).ok
        headers = {"Sforce-Query-Options": "batchSize=250"}
        page = org.ask("GET", f"{DATA}/query", params={"q": "SELECT LastName FROM Lead"}, headers=headers).json()
        found = [each["LastName"] for each in page["records"]]
        while not page["done"]:
            page = org.ask("GET", page["nextRecordsUrl"]).json()
            found += [each["LastName"] for each in page["records"]]
        assert found == [f"L{place:04}" for place in range(600)]
