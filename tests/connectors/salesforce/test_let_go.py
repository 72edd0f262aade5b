"""A flow or a gate that the agreement no longer asks for is switched off and left; asked for again, it is in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.connector import Action, Address
from sla_sync.reconcile.canonical import canonical_live
from sla_sync_salesforce import connector
from tests.connectors.salesforce.test_wire_living import applied, place, seen

REVISIT = Address("Flow", "SLA_Leg_Revisit")
NEEDS = Address("ValidationRule", "Lead.SLA_Mql_Needs")
pytestmark = pytest.mark.slow


def test_a_flow_that_the_agreement_lets_go_of_is_switched_off_and_left(tmp_path: Path) -> None:
    where = place(tmp_path)
    applied(where)
    written = where.agreement.read_text("utf-8")
    where.agreement.write_text(written.replace(", revisit: 30 days", "").replace(", revisit: 90 days", ""), "utf-8")
    with seen(where) as sight:
        released = [each for each in sight.plan.changes if each.action is Action.RELEASE]
        assert [(each.address, [one.path for one in each.fields]) for each in released] == [(REVISIT, [("status",)])]
        assert sight.snapshot.settings[REVISIT].values["status"] == "Active"
    applied(where)
    with seen(where) as sight:
        assert sight.plan.changes == ()
        flows = {
            each.key: live.values["status"] for each, live in sight.snapshot.settings.items() if each.type == "Flow"
        }
        assert flows.pop(REVISIT.key) != "Active"
        assert set(flows.values()) == {"Active"}
    where.agreement.write_text(written, "utf-8")
    applied(where)
    with seen(where) as sight:
        assert sight.plan.changes == ()
        assert sight.snapshot.settings[REVISIT].values["status"] == "Active"


def test_a_gate_that_the_agreement_lets_go_of_lets_everybody_through_and_says_the_same(tmp_path: Path) -> None:
    where = place(tmp_path)
    applied(where)
    written = where.agreement.read_text("utf-8")
    where.agreement.write_text(written.replace("    needs: [company]\n", ""), "utf-8")
    with seen(where) as sight:
        before = sight.snapshot.settings[NEEDS].values
        released = [each for each in sight.plan.changes if each.action is Action.RELEASE]
        stopped = {each.address: [(one.path, one.before, one.after) for one in each.fields] for each in released}
        assert stopped[NEEDS] == [(("active",), True, False)]
    applied(where)
    with seen(where) as sight:
        assert sight.plan.changes == ()
        after = canonical_live(sight.snapshot.settings[NEEDS].values, connector.types[NEEDS.type])
        assert after == {**canonical_live(before, connector.types[NEEDS.type]), "active": False}
    where.agreement.write_text(written, "utf-8")
    applied(where)
    with seen(where) as sight:
        assert sight.plan.changes == ()
        assert canonical_live(sight.snapshot.settings[NEEDS].values, connector.types[NEEDS.type])["active"] is True
