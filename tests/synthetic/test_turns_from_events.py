"""Turns that follow from the events of a made history, held against the turns that were made with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.load import load_agreement
from sla_sync.attainment.in_force import as_if_in_force
from sla_sync.history.tables import LEGS
from sla_sync.synthetic.world import World
from tests.attainment.exported import found, past_of_tables

SAME = tuple(each.name for each in LEGS.columns if each.name not in {"leg", "ended_at", "void"})
EXAMPLE = Path(__file__).parents[2] / "configs" / "acme"


def example() -> Agreement:
    """Return the agreement of the example."""
    agreement = load_agreement(EXAMPLE / "agreement.yaml", root=EXAMPLE).value
    assert agreement is not None
    return agreement


@pytest.mark.slow
def test_turns_that_follow_from_a_made_history_are_those_that_were_recorded_with_it(
    quarter_tables: dict[str, pa.Table], quarter: World
) -> None:
    """Two differences are known.

    Where somebody else got the lead, the recorded turn ended when it was taken away, and the derived one when the other got it,
    up to a minute later. A deletion voids the recorded turn; runs judge the derived one by whether its time was up.
    """
    under, changed = example(), date(2026, 10, 19)
    versions = {"2026-10-01": under, "2026-10-19": as_if_in_force(under, changed)}
    plain = {name: each for name, each in quarter_tables.items() if name != "legs"}
    now = datetime.fromtimestamp(quarter.as_of / 1000, UTC)
    derived = past_of_tables(plain, under, now, agreements=versions)
    recorded = past_of_tables(quarter_tables, under, now, agreements=versions)
    rows = {(row["lead"], row["cycle"], row["number"]): row for row in found(derived, "legs")}
    wanted = {(row["lead"], row["cycle"], row["number"]): row for row in found(recorded, "legs")}
    assert rows.keys() == wanted.keys()
    for key, row in rows.items():
        other = wanted[key]
        late = (row["ended_at"] - other["ended_at"]).total_seconds() if row["ended_at"] else 0
        assert 0 <= late <= (61 if other["ended_by"] == "reassigned" else 0)
        assert row["void"] == (None if other["void"] == "deleted" else other["void"])
        assert {each: row[each] for each in SAME} == {each: other[each] for each in SAME}
    assert found(derived, "cycles") == found(recorded, "cycles")
