"""Weeks written by hand that together take every way through the flows: what the random weeks meet only now and then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.behaviour.salesforce.scripts import Week
from tests.behaviour.weeks import BLANK, COLD, DAY, DEMO, HOUR, MINUTE, POOL, WARM, WEDNESDAY, Arrival, Step

_FRIDAY = datetime(2026, 9, 18, 20, 50, tzinfo=UTC)
"""Ten minutes before New York closes for the weekend; London has closed."""

# The third lead of each week is one from the United Kingdom, who goes to pat in London.
STORIES: Mapping[str, Week] = {
    "nobody does anything": Week(
        WEDNESDAY, (DEMO, WARM, DEMO, COLD, BLANK, WARM), (Step(4 * DAY, 0, "automatic mail", "ana"),)
    ),
    "everybody is touched in time or late": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO, WARM, WARM),
        (
            Step(2 * MINUTE, 0, "automatic mail", "owner"),
            Step(MINUTE, 0, "call", "pat"),
            Step(MINUTE, 0, "call by the owner", "owner"),
            Step(MINUTE, 0, "call by the owner", "owner"),
            Step(5 * MINUTE, 2, "meeting", "pat"),
            Step(20 * MINUTE, 1, "call by the owner", "owner"),
            Step(HOUR, 3, "call by the owner", "owner"),
            Step(2 * HOUR, 4, "call by the owner", "owner"),
        ),
    ),
    "a lead that came back is won, and was not recycled once more": Week(
        WEDNESDAY,
        (DEMO,),
        (
            Step(MINUTE, 0, "stage", "ana", "recycled"),
            Step(MINUTE, 0, "stage", "ana", "mql"),
            Step(MINUTE, 0, "convert", "ana"),
        ),
    ),
    "the weekend lies between": Week(
        _FRIDAY,
        (DEMO, WARM, DEMO, WARM),
        (
            Step(DAY, 0, "call", "kim"),
            Step(DAY, 2, "call", "pat"),
            Step(DAY - 7 * HOUR, 1, "call by the owner", "owner"),
        ),
    ),
    "owners change": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO, WARM, WARM),
        (
            Step(2 * MINUTE, 0, "give", "admin", "kim"),
            Step(2 * MINUTE, 1, "give", "admin", POOL),
            Step(2 * MINUTE, 2, "give", "admin", "ana"),
            Step(2 * MINUTE, 1, "call", "kim"),
            Step(2 * MINUTE, 1, "give", "admin", "pat"),
            Step(2 * MINUTE, 1, "call", "pat"),
            Step(30 * MINUTE, 0, "give", "admin", "ben"),
            Step(5 * MINUTE, 0, "call", "ben"),
            Step(MINUTE, 3, "give", "admin", "pat"),
            Step(MINUTE, 4, "give", "admin", POOL),
            Step(3 * HOUR, 3, "call", "pat"),
            Step(HOUR, 4, "give", "admin", "kim"),
        ),
    ),
    "a lead waits in a queue after a breach": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO, DEMO),
        (
            Step(20 * MINUTE, 0, "give", "admin", POOL),
            Step(0, 1, "give", "admin", POOL),
            Step(0, 2, "give", "admin", POOL),
            Step(MINUTE, 0, "call", "kim"),
            Step(MINUTE, 1, "automatic mail", "kim"),
            Step(MINUTE, 2, "meeting", "ben"),
            Step(5 * HOUR, 2, "give", "admin", "pat"),
            Step(MINUTE, 3, "give", "admin", "ana"),
        ),
    ),
    "a later turn has no clock, or comes to a step earlier": Week(
        datetime(2026, 3, 6, 21, 40, tzinfo=UTC),
        (DEMO, WARM, DEMO),
        (
            Step(4 * HOUR, 0, "give", "admin", "pat"),
            Step(MINUTE, 1, "stage", "ana", "sal"),
            Step(MINUTE, 1, "give", "admin", "ben"),
            Step(3 * DAY, 1, "call", "ben"),
        ),
    ),
    "a duty is done in a turn without a clock": Week(
        WEDNESDAY,
        (WARM,),
        (
            Step(150 * MINUTE, 0, "stage", "ana", "sal"),
            Step(MINUTE, 0, "give", "admin", "kim"),
            Step(MINUTE, 0, "call", "kim"),
        ),
    ),
    "a lead is taken from a queue in another stage": Week(
        WEDNESDAY,
        (WARM, DEMO, DEMO),
        (
            Step(MINUTE, 0, "give", "admin", POOL),
            Step(MINUTE, 0, "stage", "ana", "inquiry"),
            Step(MINUTE, 0, "give", "admin", "ben"),
            Step(MINUTE, 1, "give", "admin", POOL),
            Step(MINUTE, 1, "stage", "ana", "sal"),
            Step(MINUTE, 1, "give", "admin", "kim"),
            Step(MINUTE, 2, "give", "admin", POOL),
            Step(MINUTE, 2, "meeting", "ben"),
        ),
    ),
    "stages are gone through": Week(
        WEDNESDAY,
        (DEMO, WARM, WARM, DEMO, COLD),
        (
            Step(10 * MINUTE, 0, "stage", "ana", "sal"),
            Step(MINUTE, 1, "stage", "ana", "recycled"),
            Step(MINUTE, 2, "stage", "ana", "disqualified"),
            Step(MINUTE, 3, "stage", "ana", "inquiry"),
            Step(MINUTE, 4, "score", "integration", 99),
            Step(MINUTE, 4, "score", "integration", 100),
            Step(HOUR, 0, "stage", "ana", "mql"),
            Step(HOUR, 0, "stage", "ana", "sal"),
            Step(HOUR, 0, "stage", "ana", "recycled"),
            Step(DAY, 3, "stage", "ana", "mql"),
            Step(DAY, 3, "stage", "ana", "sal"),
        ),
    ),
    "leads come back": Week(
        WEDNESDAY,
        (DEMO, WARM, DEMO, Arrival(None, 150)),
        (
            Step(20 * MINUTE, 0, "stage", "ana", "recycled"),
            Step(MINUTE, 1, "stage", "ana", "disqualified"),
            Step(MINUTE, 2, "stage", "ana", "recycled"),
            Step(MINUTE, 3, "stage", "ana", "recycled"),
            Step(HOUR, 0, "source", "integration", "Webinar"),
            Step(HOUR, 2, "stage", "ana", "mql"),
            Step(HOUR, 1, "source", "integration", "Demo Request"),
            Step(HOUR, 3, "score", "integration", 40),
            Step(HOUR, 3, "score", "integration", 150),
            Step(10 * MINUTE, 3, "source", "integration", "Demo Request"),
            Step(DAY, 0, "give", "admin", "ana"),
            Step(MINUTE, 0, "stage", "ana", "recycled"),
            Step(MINUTE, 0, "source", "integration", "Demo Request"),
        ),
    ),
    "a call is no reason to come back, and a hand that is raised is one": Week(
        WEDNESDAY,
        (DEMO, WARM),
        (
            Step(MINUTE, 0, "stage", "ana", "recycled"),
            Step(MINUTE, 0, "call", "ana"),
            Step(MINUTE, 0, "score", "integration", 150),
            Step(MINUTE, 1, "stage", "ana", "recycled"),
            Step(MINUTE, 1, "call", "ana"),
            Step(MINUTE, 1, "source", "integration", "Demo Request"),
        ),
    ),
    "who was turned away before qualifying is qualified by hand": Week(
        WEDNESDAY,
        (Arrival("Demo Request", 40),),
        (
            Step(MINUTE, 0, "stage", "ana", "disqualified"),
            Step(MINUTE, 0, "stage", "ana", "mql"),
        ),
    ),
    "hands are raised again and again": Week(
        WEDNESDAY,
        (COLD, BLANK, WARM),
        (
            Step(MINUTE, 0, "source", "integration", "Demo Request"),
            Step(MINUTE, 1, "source", "integration", "Other"),
            Step(MINUTE, 1, "source", "integration", "Webinar"),
            Step(MINUTE, 2, "source", "integration", "Demo Request"),
            Step(HOUR, 0, "score", "integration", 150),
            Step(HOUR, 1, "score", "integration", 100),
            Step(HOUR, 2, "stage", "ana", "recycled"),
            Step(HOUR, 2, "stage", "ana", "mql"),
        ),
    ),
    "leads become contacts": Week(
        WEDNESDAY,
        (DEMO, WARM, COLD, DEMO),
        (
            Step(5 * MINUTE, 0, "convert", "ana"),
            Step(MINUTE, 2, "convert", "ben"),
            Step(MINUTE, 3, "give", "admin", POOL),
            Step(MINUTE, 3, "convert", "ben"),
            Step(DAY, 1, "convert", "ana"),
            Step(MINUTE, 1, "call", "ana"),
        ),
    ),
    "leads are merged": Week(
        WEDNESDAY,
        (DEMO, WARM, DEMO, COLD, DEMO, DEMO),
        (
            Step(MINUTE, 0, "call by the owner", "owner"),
            Step(MINUTE, 1, "merge", "admin", 0),
            Step(MINUTE, 3, "merge", "admin", 2),
            Step(20 * MINUTE, 5, "merge", "admin", 4),
            Step(MINUTE, 1, "call by the owner", "owner"),
            Step(HOUR, 3, "source", "integration", "Demo Request"),
            Step(MINUTE, 3, "score", "integration", 150),
            Step(MINUTE, 5, "give", "admin", "kim"),
            Step(DAY, 5, "stage", "ana", "recycled"),
            Step(DAY, 5, "stage", "ana", "mql"),
        ),
    ),
    "leads are deleted": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO),
        (
            Step(5 * MINUTE, 0, "delete"),
            Step(5 * MINUTE, 1, "call by the owner", "owner"),
            Step(5 * MINUTE, 1, "delete"),
            Step(HOUR, 2, "delete"),
        ),
    ),
    "leads arrive qualified": Week(
        WEDNESDAY,
        (
            Arrival("Demo Request", 100, "mql", "ana"),
            Arrival(None, None, "mql", "kim"),
            Arrival("Webinar", 40, "mql", POOL),
            Arrival(None, None, "mql"),
        ),
        (
            Step(MINUTE, 0, "give", "admin", "ben"),
            Step(MINUTE, 1, "call", "kim"),
            Step(MINUTE, 2, "call by the owner", "owner"),
        ),
    ),
    "much happens in one instant": Week(
        WEDNESDAY,
        (DEMO, DEMO, DEMO),
        (
            Step(MINUTE, 0, "give", "admin", "kim"),
            Step(0, 0, "give", "admin", "pat"),
            Step(0, 0, "call", "pat"),
            Step(0, 1, "give", "admin", POOL),
            Step(0, 1, "call", "kim"),
            Step(0, 1, "give", "admin", "ana"),
            Step(0, 1, "call", "ana"),
            Step(0, 2, "stage", "ana", "recycled"),
            Step(0, 2, "stage", "ana", "mql"),
        ),
    ),
}
