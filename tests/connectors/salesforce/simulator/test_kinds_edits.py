"""Every edit that an administrator can make changes one thing, is told in the audit trail, and can be seen."""

from __future__ import annotations

import pytest

from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.administration import EDITS, edit
from sla_sync_salesforce.simulator.actors.row_edits import ROW_EDITS
from tests.connectors.salesforce.simulator.org import Org
from tests.connectors.salesforce.simulator.whole import MEMBERS, whole

pytestmark = pytest.mark.slow

SEEN = {**MEMBERS, "StandardValueSet": ["LeadStatus"]}
_BY = "SELECT Display FROM SetupAuditTrail WHERE CreatedBy.Username = 'admin@acme.example'"


IN_THE_PACKAGE = frozenset({"queue member out", "queue member in", "holiday out"})
RECORDS = (ROW_EDITS.keys() - IN_THE_PACKAGE) | {"calendar row", "flow order", "flow path in", "apex class"}
"""Edits of what the package of these tests does not hold; the tests of drift make every one of them."""


@pytest.mark.parametrize("name", [each for each in EDITS if each not in RECORDS])
def test_an_edit_changes_one_file_and_is_told_in_the_audit_trail(name: str, org: Org) -> None:
    org.deploy(whole())
    before = org.retrieve(SEEN)
    sentence = edit(org.running, name)
    after = org.retrieve(SEEN)
    assert sentence.startswith("admin@acme.example ")
    assert sentence.endswith(".")
    changed = [path for path in before if before[path] != after.get(path)]
    assert len(changed) == 1, changed
    assert len(org.query(_BY)) == 1


def test_an_org_without_what_is_to_be_edited_says_so(org: Org) -> None:
    for name in ("rule off", "flow off", "queue member out", "holiday out", "calendar row"):
        with pytest.raises(LookupError, match=r"The org has no .*\."):
            edit(org.running, name)
    assert org.application.state_changes == 0
    assert simulator.administer(org.running) == []
