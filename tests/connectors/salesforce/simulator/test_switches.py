"""The switches of the simulated org are listed with what they are at first where people read about them."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from sla_sync_salesforce.simulator.organization import Switches

_WHOLE = (Path(__file__).parents[4] / "docs" / "simulators.md").read_text(encoding="utf-8")
PAGE = _WHOLE.partition("\n## Salesforce\n")[2].partition("\n## ")[0]


def test_the_documentation_lists_every_switch_with_what_it_is_at_first() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", PAGE, re.MULTILINE))
    assert listed == {each.name: str(each.default).lower() for each in fields(Switches)}
