"""State and country picklists: codes and names of a lead in step, and what contradicts itself refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sla_sync_salesforce.simulator.queries.query import run_query
from sla_sync_salesforce.simulator.refusals import RefusedError
from tests.connectors.salesforce.simulator.live import Live, live

FIELDS = ("CountryCode", "Country", "StateCode", "State")
GERMANY = ("DE", "Germany", None, None)
TEXAS = ("US", "United States", "TX", "Texas")


@pytest.fixture
def org(tmp_path: Path) -> Live:
    return live(tmp_path, address_picklists=True)


def address(org: Live, lead: str) -> tuple[object, ...]:
    return tuple(org.row("Lead", lead).get(each) for each in FIELDS)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ({"CountryCode": "DE"}, GERMANY),
        ({"Country": "germany"}, GERMANY),
        ({"CountryCode": "DE", "Country": "Germany"}, GERMANY),
        ({"CountryCode": "US", "StateCode": "TX"}, TEXAS),
        ({"Country": "United States", "State": "Texas"}, TEXAS),
        # On a new lead the code wins over a name that does not fit.
        ({"CountryCode": "DE", "Country": "France"}, GERMANY),
        ({}, (None, None, None, None)),
    ],
)
def test_whoever_writes_one_of_code_and_name_gets_the_other(
    org: Live, written: dict[str, Any], kept: tuple[object, ...]
) -> None:
    assert address(org, org.lead(**written)) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ({"CountryCode": "DE", "StateCode": None}, GERMANY),
        ({"Country": "Germany", "State": None}, GERMANY),
        ({"StateCode": "CA"}, ("US", "United States", "CA", "California")),
        ({"CountryCode": None}, (None, None, None, None)),
        ({"Title": "Buyer"}, TEXAS),
    ],
)
def test_a_change_of_one_is_a_change_of_the_other(org: Live, written: dict[str, Any], kept: tuple[object, ...]) -> None:
    lead = org.lead(CountryCode="US", StateCode="TX")
    org.lead(lead, **written)
    assert address(org, lead) == kept


@pytest.mark.parametrize(
    "written",
    [
        {"Country": "Deutschland"},
        {"CountryCode": "XX"},
        {"StateCode": "BC"},
        {"CountryCode": "CA"},
        {"CountryCode": "DE", "Country": "France"},
    ],
    ids=[
        "an unknown name",
        "an unknown code",
        "a state of another country",
        "a country of another state",
        "two countries",
    ],
)
def test_what_is_in_no_list_or_contradicts_itself_is_refused(org: Live, written: dict[str, Any]) -> None:
    lead = org.lead(CountryCode="US", StateCode="TX")
    with pytest.raises(RefusedError) as refused:
        org.lead(lead, **written)
    assert refused.value.code == "FIELD_INTEGRITY_EXCEPTION"
    assert address(org, lead) == TEXAS


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("CountryCode = 'DE'", ["Germany"]),
        ("CountryCode IN ('DE', 'US') AND StateCode = null", ["Germany"]),
        ("Country = 'United States'", ["United States"]),
        ("Country = 'US'", []),
    ],
)
def test_queries_find_leads_by_the_code_and_by_the_name_of_the_list(
    org: Live, condition: str, found: list[str]
) -> None:
    org.lead(CountryCode="US", StateCode="TX")
    org.lead(CountryCode="DE")
    count, rows = run_query(org.desk, org.admin, f"SELECT Country FROM Lead WHERE {condition}", tooling=False)
    assert [each["Country"] for each in rows] == found
    assert count == len(found)


def test_an_org_without_the_picklists_has_no_codes_and_takes_any_name(tmp_path: Path) -> None:
    org = live(tmp_path)
    assert org.row("Lead", org.lead(Country="Deutschland"))["Country"] == "Deutschland"
    with pytest.raises(KeyError):
        org.lead(CountryCode="DE")
