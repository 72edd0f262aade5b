from __future__ import annotations

from sla_sync_salesforce.simulator import simulator
from tests.connectors.salesforce.simulator.org import Org
from tests.connectors.salesforce.simulator.packages import OBJECT


def test_an_administrator_changes_two_settings_under_another_name(org: Org) -> None:
    org.deploy_sample()
    before = org.retrieve({"CustomObject": ["Lead"]})[OBJECT].splitlines()
    done = simulator.administer(org.running)
    after = org.retrieve({"CustomObject": ["Lead"]})[OBJECT].splitlines()
    assert len(done) == 2
    assert set(before) - set(after) == {"        <active>true</active>"}
    assert {each.strip() for each in set(after) - set(before)} == {
        "<active>false</active>",
        "<inlineHelpText>Ask the service desk before you change this.</inlineHelpText>",
    }
    lines = org.query("SELECT Display FROM SetupAuditTrail WHERE CreatedBy.Username = 'admin@acme.example'")
    assert [each["Display"] for each in lines] == [
        "Changed Validation Rule SLA_Reason_Required for Lead",
        "Changed custom field SLA Breached (Lead)",
    ]


def test_an_administrator_finds_nothing_to_change_in_an_empty_org(org: Org) -> None:
    assert simulator.administer(org.running) == []
    assert org.application.state_changes == 0
