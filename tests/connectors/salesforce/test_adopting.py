"""What an administrator of an org did is adopted where a line says it: then it is found no more, and plans empty."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sla_sync.adopting.adoption import Adopted, NotAdopted
from sla_sync.pipeline.adopt import adopt
from sla_sync.pipeline.look import look
from sla_sync_salesforce.simulator.actors.administration import edit
from tests.connectors.salesforce.test_drift import TARGET, fresh
from tests.connectors.scene import Scene

WHOLE = bool(os.environ.get("SLA_SYNC_WHOLE"))
ADOPTED: dict[str, tuple[str, int]] = {
    "threshold": ("after: 61 business minutes", 0),
    "business hours": ("open: {mon: 07:30-17:00, tue-fri: 09:00-17:00}", 1),
    "holiday out": ("holidays: [2026-12-25]", 1),
    "group member out": ("vp_sales: sam, sdr: [ana, ben]", 1),
}
"""Edit → what the documents say then, and whether an apply has more to write: rows of calendars, access."""
BY_HAND = ("field help", "rule off", "flow order", "report column out", "silent switch")


@pytest.mark.slow
def test_what_an_administrator_did_is_adopted_where_a_line_says_it(tmp_path: Path) -> None:
    (tmp_path / "start").mkdir()
    start = fresh(tmp_path / "start", "acme")
    start.apply()
    for name, (line, rest) in list(ADOPTED.items())[: None if WHOLE else 1]:
        org = start.copy(tmp_path / name)
        org.edit(edit, name)
        found = adopt(org.place, TARGET, (), environ={})
        (outcome,) = found.outcomes
        assert isinstance(outcome, Adopted), name
        assert bool(outcome.pending) is bool(rest), name
        for each in found.rewrites:
            each.write()
        assert line in _said(org), name
        with look(org.place, TARGET, environ={}) as sight:
            planned = {each.address for each in sight.plan.changes}
            assert outcome.finding.address not in planned, name
            assert planned == {each.address for each in outcome.pending}, name
    for name in BY_HAND if WHOLE else ():
        org = start.copy(tmp_path / name)
        org.edit(edit, name)
        before = _said(org)
        found = adopt(org.place, TARGET, (), environ={})
        assert all(isinstance(each, NotAdopted) for each in found.outcomes), name
        assert found.rewrites == (), name
        assert _said(org) == before


def _said(org: Scene) -> str:
    targets = org.place.targets
    assert targets is not None
    return org.place.agreement.read_text("utf-8") + targets.read_text("utf-8")
