"""When a scheduler counts as stalled: on the second run that did not come, and only where somebody relies on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.connector import Pulse, Standing, Translation
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.build import Prepared
from sla_sync.pipeline.pulse import checkups, stalled
from sla_sync.reconcile.drift import DRIFTS, DriftClass
from sla_sync.testing.memory import MemoryPlatform, MemoryReader
from sla_sync_hubspot import connector
from tests.connectors.hubspot.clockwork import agreed, bound, needed

NOW = datetime(2026, 10, 5, 14, tzinfo=UTC)
PREPARED = Prepared(agreed(), bound(), connector, {}, needed(), Translation((), ()), "digest")


@dataclass
class Pulsing(MemoryReader):
    """A reader whose platform keeps a pulse."""

    ran: Pulse

    def __post_init__(self) -> None:
        super().__init__(MemoryPlatform("inbound"))

    def pulse(self) -> Pulse:
        """Return it."""
        return self.ran


def pulsing(ran: int | None = None, applied: int | None = None) -> Pulsing:
    """Return a reader of a platform on which the clock ran, and settings were applied, so many minutes ago."""
    ago = [None if each is None else NOW - timedelta(minutes=each) for each in (ran, applied)]
    return Pulsing(Pulse(*ago))


@pytest.mark.parametrize(
    ("ran", "applied", "late"),
    [
        (30, 600, False),
        (31, 600, True),
        (None, 30, False),
        (None, 31, True),
        (None, None, False),
    ],
)
def test_one_run_may_be_missed_and_the_second_is_a_finding(ran: int | None, applied: int | None, *, late: bool) -> None:
    found = stalled(PREPARED, pulsing(ran, applied), NOW)
    assert (found is not None) is late
    if found is not None:
        assert found.drift is DriftClass.STALLED
        assert found.drift in DRIFTS
        assert (found.live is None) is (ran is None)


def test_a_binding_says_how_often_it_expects_a_run() -> None:
    every_hour = replace(PREPARED, binding=bound().model_copy(update={"expects": {"clock_every": "1 hour"}}))
    assert stalled(every_hour, pulsing(120), NOW) is None
    assert stalled(every_hour, pulsing(121), NOW) is not None
    for said in ("often", "2 months", "1 business hour", "0 minutes"):
        wrong = replace(PREPARED, binding=bound().model_copy(update={"expects": {"clock_every": said}}))
        with pytest.raises(SlaSyncError, match="clock_every"):
            stalled(wrong, pulsing(1), NOW)


def test_nobody_relies_on_it_where_the_clocks_run_elsewhere_or_the_platform_keeps_no_pulse() -> None:
    elsewhere = replace(PREPARED, binding=bound().model_copy(update={"timers": "salesforce"}))
    own_time = replace(PREPARED, connector=replace(connector, open_timekeeping=None))
    for prepared in (elsewhere, own_time):
        assert stalled(prepared, pulsing(None, 10_000), NOW) is None
        assert checkups(prepared, pulsing(None, 10_000), NOW) == ()
    assert stalled(PREPARED, MemoryReader(MemoryPlatform("inbound")), NOW) is None


@pytest.mark.parametrize(
    ("reader", "standing"),
    [(pulsing(3), Standing.GOOD), (pulsing(99), Standing.MISSING), (pulsing(None, 1), Standing.UNKNOWN)],
)
def test_the_doctor_tells_how_the_scheduler_stands(reader: Pulsing, standing: Standing) -> None:
    (found,) = checkups(PREPARED, reader, NOW)
    assert (found.name, found.standing) == ("clock", standing)
    assert "every 15 minutes" in found.hint
