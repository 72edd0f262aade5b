"""What is built is taken by an org that checks every reference: the examples whole, under every choice of a binding."""

from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Manifest
from sla_sync_salesforce import connector
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.simulator.org import serving

TESTED: dict[str, Any] = {"testLevel": "RunSpecifiedTests", "runTests": ["SlaDeadlineTest"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("acme", {}),
        ("examples/enterprise", {}),
        ("acme", {"deadlines": "apex"}),
        ("acme", {"routing": "rules"}),
        ("acme", {"prefix": "ACME_"}),
        ("acme", {"objects": ["Lead"]}),
        ("acme", {"lead_process": {"name": "SLA Lead Process", "record_type": "SLA_Lead"}}),
        ("acme", {"held_by": {"routing": "leandata", "stages": "leandata"}}),
    ],
    ids=str,
)
def test_an_org_takes_the_whole_agreement(name: str, changes: dict[str, object], tmp_path: Path) -> None:
    resources, bound, setup = compiled(name)
    changed = SalesforceBinding.model_validate({**bound.model_dump(by_alias=True), **changes})
    built = connector.build["mdapi"](translate(resources, changed, setup), Manifest("digest", {}))
    package = {path.removeprefix("src/"): content for path, content in built.items() if path.startswith("src/")}
    with serving(tmp_path) as org:
        result = org.deploy(package, **(TESTED if changes.get("deadlines") else {}))
        problems = [(each["fullName"], each["problem"]) for each in result["details"]["componentFailures"]]
        assert problems == []
        assert result["status"] == "Succeeded"
