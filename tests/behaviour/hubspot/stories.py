"""Weeks written by hand: what the random weeks meet only now and then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.behaviour.hubspot.scripts import Week
from tests.behaviour.weeks import COLD, DAY, DEMO, HOUR, MINUTE, POOL, WARM, WEDNESDAY, Arrival, Step

# The third contact of each week is one from the United Kingdom, who goes to pat in London.
STORIES: Mapping[str, Week] = {
    "nobody does anything": Week(
        WEDNESDAY, (DEMO, WARM, COLD, Arrival()), (Step(4 * DAY, 0, "automatic mail", "ana"),), 1
    ),
    "everybody is touched in time or late": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO, WARM, WARM),
        (
            Step(2 * MINUTE, 0, "automatic mail", "owner"),
            Step(MINUTE, 0, "call", "pat"),
            Step(MINUTE, 0, "call by the owner", "owner"),
            Step(MINUTE, 0, "call by the owner", "owner"),
            Step(20 * MINUTE, 1, "call by the owner", "owner"),
            Step(HOUR, 3, "call by the owner", "owner"),
            Step(2 * HOUR, 4, "call by the owner", "owner"),
        ),
        5,
    ),
    "owners change": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO, WARM, WARM),
        (
            Step(2 * MINUTE, 0, "give", "admin", "kim"),
            Step(2 * MINUTE, 1, "give", "admin", POOL),
            Step(2 * MINUTE, 1, "give", "admin", "pat"),
            Step(2 * MINUTE, 1, "call", "pat"),
            Step(30 * MINUTE, 0, "give", "admin", "ben"),
            Step(5 * MINUTE, 0, "call", "ben"),
            Step(3 * HOUR, 3, "call by the owner", "owner"),
        ),
        1,
    ),
    "stages are gone through, and contacts come back": Week(
        WEDNESDAY,
        (DEMO, WARM, WARM, DEMO, COLD),
        (
            Step(10 * MINUTE, 0, "stage", "ana", "sal"),
            Step(MINUTE, 1, "stage", "ana", "recycled"),
            Step(MINUTE, 2, "stage", "ana", "disqualified"),
            Step(MINUTE, 3, "stage", "ana", "inquiry"),
            Step(MINUTE, 4, "score", "admin", 100),
            Step(HOUR, 0, "stage", "ana", "mql"),
            Step(HOUR, 0, "stage", "ana", "sal"),
            Step(HOUR, 0, "stage", "ana", "recycled"),
            Step(DAY, 1, "source", "admin", "Demo Request"),
        ),
        15,
    ),
    "somebody touches a contact that went back to the queue, which spares it the steps and no other clock": Week(
        datetime(2026, 11, 25, 21, 45, tzinfo=UTC),
        (Arrival(None, 100, "mql", POOL),),
        (
            Step(4 * HOUR, 0, "give", "admin", "pat"),
            Step(6 * HOUR, 0, "give", "admin", "kim"),
            Step(30 * HOUR, 0, "give", "admin", POOL),
            Step(13 * MINUTE, 0, "meeting", "ben"),
        ),
        15,
    ),
    "a hand raised while a cycle was open did not open the next one": Week(
        datetime(2026, 3, 27, 15, 30, tzinfo=UTC),
        (Arrival("Webinar", 100, "mql", "kim"), Arrival("Demo Request", None, None, "kim")),
        (
            Step(30 * HOUR, 0, "source", "admin", "Demo Request"),
            Step(MINUTE, 0, "stage", "ana", "disqualified"),
            Step(10 * HOUR, 0, "stage", "ana", "mql"),
            Step(MINUTE, 1, "stage", "ana", "disqualified"),
            Step(20 * HOUR, 1, "stage", "ana", "mql"),
        ),
        1,
    ),
}
