"""A country that is bound to its code, lived in an org that has state and country picklists."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Destination, Line, Routing, tree
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce import deploying
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT
from tests.connectors.salesforce.simulator.live import Live


def in_germany() -> Any:
    """Return the example with its country bound to the code, and a queue for leads of Germany and France."""
    resources, binding, setup = compiled()
    said = binding.model_dump(by_alias=True, exclude_none=True)
    said |= {"routing": "rules", "queues": {**binding.queues, "emea": "EMEA_Queue"}}
    said["fields"] = {**said["fields"], "country": "Lead.CountryCode"}
    emea = replace(resources.queues[0], name="emea", label="Emea", origin=("queues", "emea"))
    line = Line("emea", ("routing",), "", tree.Is("country", ("DE", "FR")), Destination.QUEUE, "emea")
    changed = replace(resources, routing=Routing(("routing",), (line,)), queues=(*resources.queues, emea))
    return translate(changed, SalesforceBinding.model_validate(said), setup)


@pytest.fixture
def org(tmp_path: Path) -> Live:
    return deploying.deployed(tmp_path, in_germany(), lambda *_: None, address_picklists=True)


@pytest.mark.slow
def test_conditions_and_queries_see_the_code_whoever_wrote_the_name(org: Live) -> None:
    leads = {
        "code": org.lead(**{**DEMO, **FIT, "Country": None, "CountryCode": "DE"}),
        "elsewhere": org.lead(**{**DEMO, **FIT, "Country": None, "CountryCode": "US"}),
        "unknown": org.lead(**{**DEMO, **FIT, "Country": None}),
        "name": org.lead(**{**DEMO, **FIT, "Country": "Germany"}),
    }
    statuses = {name: org.row("Lead", lead)["Status"] for name, lead in leads.items()}
    assert statuses == {
        "code": "MQL",
        "elsewhere": "MQL",
        "unknown": "Open - Not Contacted",
        "name": "Open - Not Contacted",
    }
    queue = next(row["Id"] for row in org.rows("Group") if row["DeveloperName"] == "EMEA_Queue")
    assert {name for name, lead in leads.items() if org.row("Lead", lead)["OwnerId"] == queue} == {"code", "name"}
    # The flow saw the name alone: its lead is a save late, as the plan says.
    org.lead(leads["name"], Title="Buyer")
    assert org.row("Lead", leads["name"])["Status"] == "MQL"


def test_the_plan_says_which_of_code_and_name_is_to_be_written() -> None:
    (found,) = [each for each in in_germany().gaps if each.id.startswith("codes:")]
    assert found.advice.startswith("Let every form and system write Lead.CountryCode and not Lead.Country")
    assert not [each for each in translate(*compiled()).gaps if each.id.startswith("codes:")]


@pytest.mark.slow
def test_an_org_without_the_picklists_refuses_a_binding_to_the_code(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="CountryCode"):
        deploying.deployed(tmp_path, in_germany(), lambda *_: None)
