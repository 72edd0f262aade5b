"""A working week under the example agreement: who came when, what was done, and how each promise must come out.

Times are those of the office in New York; October 1st 2026 is a Thursday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sla_sync.connector.simulation import COLLEAGUE, OWNER, Deed, Move

AGREEMENT = "acme-inbound"
"""The agreement in whose words the week is told."""
COMMITMENT = "first-response"

_OFFICE = ZoneInfo("America/New_York")
_KNOWN: Mapping[str, str | int] = MappingProxyType({"country": "US", "score": 100, "engagement": 100})
_COLD: Mapping[str, str | int] = MappingProxyType({"country": "US", "score": 40, "engagement": 15})
_WARM: Mapping[str, str | int] = MappingProxyType({"country": "US", "score": 115, "engagement": 60})


@dataclass(frozen=True, slots=True)
class Case:
    """One lead of the week: what it shows, what happens, and the state of its clock in each of its assignments.

    `tells` are the roles that hear of it, besides those who own the lead.
    """

    lead: str
    shows: str
    moves: tuple[Move, ...]
    states: tuple[str, ...]
    tells: tuple[str, ...] = ()


def at(day: int, clock: str) -> datetime:
    """Return an instant in October 2026 by the clocks of the office."""
    return datetime.combine(date(2026, 10, day), time.fromisoformat(clock), _OFFICE).astimezone(UTC)


TELLING = "Quinn Abe"
"""The lead of which most can be told: given on, overdue once and in time once."""
END = at(16, "17:00")
"""When the week is looked back upon."""


def _arrives(lead: str, day: int, clock: str, source: str, facts: Mapping[str, str | int] = _KNOWN) -> Move:
    email = f"{lead.lower().replace(' ', '.')}@example.com"
    return Move(at(day, clock), lead, Deed.ARRIVES, source=source, facts={**facts, "email": email})


def _does(lead: str, deed: Deed, day: int, clock: str, by: str = OWNER, **more: str) -> Move:
    return Move(at(day, clock), lead, deed, by=by, **more)  # type: ignore[arg-type]


CASES = (
    Case(
        "Nora Field",
        "asks for a demo on Friday ten minutes before closing, and is called on Monday four minutes after opening",
        (_arrives("Nora Field", 2, "16:50", "demo_request"), _does("Nora Field", Deed.TOUCHES, 5, "09:04")),
        ("on_time",),
    ),
    Case(
        "Omar Reyes",
        "asks for a demo and is called within ten minutes",
        (_arrives("Omar Reyes", 6, "10:00", "demo_request"), _does("Omar Reyes", Deed.TOUCHES, 6, "10:10")),
        ("on_time",),
    ),
    Case(
        "Pia Lund",
        "asks to be called and is called after forty minutes",
        (_arrives("Pia Lund", 6, "10:00", "contact_sales"), _does("Pia Lund", Deed.TOUCHES, 6, "10:40")),
        ("late",),
        ("sdr_manager",),
    ),
    Case(
        "Quinn Abe",
        "is not called, goes to another rep an hour after the breach, and is called by that one",
        (_arrives("Quinn Abe", 6, "11:00", "demo_request"), _does("Quinn Abe", Deed.TOUCHES, 6, "12:25")),
        ("overdue", "on_time"),
        ("sdr_manager",),
    ),
    Case(
        "Rosa Vidal",
        "is called by nobody, is given on once and no more, and comes before both vice presidents",
        (_arrives("Rosa Vidal", 7, "09:00", "demo_request"),),
        ("overdue", "overdue"),
        ("sdr_manager", "vp_sales", "vp_marketing"),
    ),
    Case(
        "Sam Idris",
        "crosses the score with a webinar, so that two hours are in time",
        (_arrives("Sam Idris", 7, "10:00", "webinar", _WARM), _does("Sam Idris", Deed.TOUCHES, 7, "11:50")),
        ("on_time",),
    ),
    Case(
        "Tess Oden",
        "gets an automatic mail at once, which is no touch, and a call too late",
        (
            _arrives("Tess Oden", 12, "14:00", "webinar", _WARM),
            _does("Tess Oden", Deed.MAILS, 12, "14:05"),
            _does("Tess Oden", Deed.TOUCHES, 12, "16:30"),
        ),
        ("late",),
        ("sdr_manager",),
    ),
    Case(
        "Uma Falk",
        "asks on a Saturday, and the clock begins to run on Monday",
        (_arrives("Uma Falk", 10, "10:00", "demo_request"), _does("Uma Falk", Deed.TOUCHES, 12, "09:12")),
        ("on_time",),
    ),
    Case(
        "Vera Kos",
        "has no budget and is recycled, asks again five days later, and begins a second cycle",
        (
            _arrives("Vera Kos", 8, "09:00", "webinar", _WARM),
            _does("Vera Kos", Deed.TOUCHES, 8, "10:00"),
            _does("Vera Kos", Deed.MOVES, 8, "15:00", stage="recycled", reason="no_budget"),
            _does("Vera Kos", Deed.ASKS, 13, "10:00", "", source="demo_request"),
            _does("Vera Kos", Deed.TOUCHES, 13, "10:10"),
        ),
        ("on_time", "on_time"),
    ),
    Case(
        "Will Arndt",
        "becomes a customer, and asks again as one",
        (
            _arrives("Will Arndt", 7, "13:00", "demo_request"),
            _does("Will Arndt", Deed.TOUCHES, 7, "13:05"),
            _does("Will Arndt", Deed.MOVES, 7, "14:00", stage="sal"),
            Move(
                at(8, "11:00"),
                "Will Arndt",
                Deed.MOVES,
                by=OWNER,
                stage="sql",
                facts={"need": "A new line", "authority": True, "next_step": "Offer"},
            ),
            _does("Will Arndt", Deed.CONVERTS, 9, "10:00", ""),
            _does("Will Arndt", Deed.ASKS, 14, "10:00", "", source="contact_sales"),
            _does("Will Arndt", Deed.TOUCHES, 14, "10:12"),
        ),
        ("on_time", "on_time"),
    ),
    Case(
        "Xena Holt",
        "is called by a colleague of the owner, which is no touch, and by the owner too late",
        (
            _arrives("Xena Holt", 13, "11:00", "demo_request"),
            _does("Xena Holt", Deed.TOUCHES, 13, "11:05", COLLEAGUE),
            _does("Xena Holt", Deed.TOUCHES, 13, "11:50"),
        ),
        ("late",),
        ("sdr_manager",),
    ),
    Case(
        "Yuri Bond",
        "is given back to the queue in time and taken by another, for whom the clock begins anew",
        (
            _arrives("Yuri Bond", 15, "09:00", "demo_request"),
            _does("Yuri Bond", Deed.RETURNS, 15, "09:05", to="marketing_queue"),
            _does("Yuri Bond", Deed.TAKES, 15, "09:30", "ana"),
            _does("Yuri Bond", Deed.TOUCHES, 15, "09:40"),
        ),
        ("void", "on_time"),
    ),
    Case(
        "Zoe Park",
        "downloads something and scores forty, so that nobody is asked to call",
        (_arrives("Zoe Park", 14, "15:00", "content", _COLD),),
        (),
    ),
)
