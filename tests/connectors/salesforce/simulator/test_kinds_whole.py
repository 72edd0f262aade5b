"""One package with everything: deployed, retrieved, deployed again without a change, described, listed and removed."""

from __future__ import annotations

from tests.connectors.salesforce.simulator.org import Org, problems
from tests.connectors.salesforce.simulator.whole import MEMBERS, whole


def test_a_package_with_everything_is_deployed(org: Org) -> None:
    result = org.deploy(whole())
    assert (result["status"], problems(result)) == ("Succeeded", [])


def test_what_was_retrieved_can_be_deployed_again_and_changes_nothing(org: Org) -> None:
    org.deploy(whole())
    first = org.retrieve(MEMBERS)
    result = org.deploy(first)
    assert problems(result) == []
    changed = [each["fullName"] for each in result["details"]["componentSuccesses"] if each["changed"]]
    assert changed == []
    assert org.retrieve(MEMBERS) == first
