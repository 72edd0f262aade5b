"""The connector of the tutorial keeps the contract, without a simulator and without HTTP."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from sla_sync.connector import Setup, Translation
from sla_sync.testing.agreed import Agreed, agreed
from sla_sync_sqlite import connector
from test_sqlite_contract import TestSqlite as Judged
from tests.kit.page import PROJECT


class TestSqlite(Judged):
    """The whole suite, with an apply that is cut at a few calls only."""

    cut_every = 20


@pytest.mark.slow
@pytest.mark.parametrize("cut_before", [True, False], ids=["before", "after"])
def test_an_apply_that_is_cut_at_any_call_converges(tmp_path: Path, cut_before: bool) -> None:
    suite, folder = Judged(), tmp_path / "whole"
    folder.mkdir()
    suite.test_an_apply_that_is_cut_off_at_any_request_converges_when_repeated(
        suite.make_whole(folder), tmp_path, cut_before
    )


@dataclass
class OfAnother(Judged):
    """The suite on another agreement."""

    agreed: Agreed

    def translation(self) -> Translation:
        """Return it in the CRM's words."""
        return self.agreed.translation

    def setup_of(self) -> Setup:
        """Return whose it is."""
        return self.agreed.setup


def test_an_agreement_that_the_connector_was_not_written_for_is_applied_too(tmp_path: Path) -> None:
    startup = Path(shutil.copy(PROJECT / "configs/examples/startup/agreement.yaml", tmp_path))
    binding = tmp_path / "sqlite.yaml"
    binding.write_text(
        "apiVersion: sla-sync/v1\nkind: Binding\n"
        "metadata: {name: startup-sqlite, agreement: startup-inbound, connector: sqlite}\n"
        "stages: {lead: Lead, mql: MQL, sal: SAL, customer: Customer, later: Later, no_fit: No fit}\n",
        encoding="utf-8",
    )
    suite = OfAnother(agreed(startup, binding, connector))
    suite.test_apply_makes_live_what_was_asked_for_and_a_second_plan_is_empty(tmp_path)
    translation = suite.translation()
    assert {each.address.type for each in translation.desired} == {"Field", "Stage", "List"}
    assert {each.id.partition(":")[0] for each in translation.gaps} == {"gates", "clocks", "segments", "access"}
