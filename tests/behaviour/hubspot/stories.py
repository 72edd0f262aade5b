"""Weeks written by hand: what the random weeks meet only now and then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.behaviour.hubspot.scripts import POOL, Arrival, Step, Week

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WEDNESDAY = datetime(2026, 9, 16, 13, 5, tzinfo=UTC)
"""09:05 in New York and 14:05 in London."""
_DEMO = Arrival("Demo Request", 100)
_WARM = Arrival("Webinar", 120)
_COLD = Arrival("Webinar", 40)

# The third contact of each week is one from the United Kingdom, who goes to pat in London.
STORIES: Mapping[str, Week] = {
    "nobody does anything": Week(
        _WEDNESDAY, (_DEMO, _WARM, _COLD, Arrival()), (Step(4 * _DAY, 0, "automatic mail", "ana"),), 1
    ),
    "everybody is touched in time or late": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO, _WARM, _WARM),
        (
            Step(2 * _MINUTE, 0, "automatic mail", "owner"),
            Step(_MINUTE, 0, "call", "pat"),
            Step(_MINUTE, 0, "call by the owner", "owner"),
            Step(_MINUTE, 0, "call by the owner", "owner"),
            Step(20 * _MINUTE, 1, "call by the owner", "owner"),
            Step(_HOUR, 3, "call by the owner", "owner"),
            Step(2 * _HOUR, 4, "call by the owner", "owner"),
        ),
        5,
    ),
    "owners change": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO, _WARM, _WARM),
        (
            Step(2 * _MINUTE, 0, "give", "admin", "kim"),
            Step(2 * _MINUTE, 1, "give", "admin", POOL),
            Step(2 * _MINUTE, 1, "give", "admin", "pat"),
            Step(2 * _MINUTE, 1, "call", "pat"),
            Step(30 * _MINUTE, 0, "give", "admin", "ben"),
            Step(5 * _MINUTE, 0, "call", "ben"),
            Step(3 * _HOUR, 3, "call by the owner", "owner"),
        ),
        1,
    ),
    "stages are gone through, and contacts come back": Week(
        _WEDNESDAY,
        (_DEMO, _WARM, _WARM, _DEMO, _COLD),
        (
            Step(10 * _MINUTE, 0, "stage", "ana", "sal"),
            Step(_MINUTE, 1, "stage", "ana", "recycled"),
            Step(_MINUTE, 2, "stage", "ana", "disqualified"),
            Step(_MINUTE, 3, "stage", "ana", "inquiry"),
            Step(_MINUTE, 4, "score", "admin", 100),
            Step(_HOUR, 0, "stage", "ana", "mql"),
            Step(_HOUR, 0, "stage", "ana", "sal"),
            Step(_HOUR, 0, "stage", "ana", "recycled"),
            Step(_DAY, 1, "source", "admin", "Demo Request"),
        ),
        15,
    ),
    "somebody touches a contact that went back to the queue, which spares it the steps and no other clock": Week(
        datetime(2026, 11, 25, 21, 45, tzinfo=UTC),
        (Arrival(None, 100, "mql", POOL),),
        (
            Step(4 * _HOUR, 0, "give", "admin", "pat"),
            Step(6 * _HOUR, 0, "give", "admin", "kim"),
            Step(30 * _HOUR, 0, "give", "admin", POOL),
            Step(13 * _MINUTE, 0, "meeting", "ben"),
        ),
        15,
    ),
    "a hand raised while a cycle was open did not open the next one": Week(
        datetime(2026, 3, 27, 15, 30, tzinfo=UTC),
        (Arrival("Webinar", 100, "mql", "kim"), Arrival("Demo Request", None, None, "kim")),
        (
            Step(30 * _HOUR, 0, "source", "admin", "Demo Request"),
            Step(_MINUTE, 0, "stage", "ana", "disqualified"),
            Step(10 * _HOUR, 0, "stage", "ana", "mql"),
            Step(_MINUTE, 1, "stage", "ana", "disqualified"),
            Step(20 * _HOUR, 1, "stage", "ana", "mql"),
        ),
        1,
    ),
}
