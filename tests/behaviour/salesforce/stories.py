"""Weeks written by hand that together take every way through the flows: what the random weeks meet only now and then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.behaviour.salesforce.scripts import POOL, Arrival, Step, Week

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WEDNESDAY = datetime(2026, 9, 16, 13, 5, tzinfo=UTC)
"""09:05 in New York and 14:05 in London."""
_FRIDAY = datetime(2026, 9, 18, 20, 50, tzinfo=UTC)
"""Ten minutes before New York closes for the weekend; London has closed."""
_DEMO = Arrival("Demo Request", 100)
_WARM = Arrival("Webinar", 120)
_COLD = Arrival("Webinar", 40)
_BLANK = Arrival()

# The third lead of each week is one from the United Kingdom, who goes to pat in London.
STORIES: Mapping[str, Week] = {
    "nobody does anything": Week(
        _WEDNESDAY, (_DEMO, _WARM, _DEMO, _COLD, _BLANK, _WARM), (Step(4 * _DAY, 0, "automatic mail", "ana"),)
    ),
    "everybody is touched in time or late": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO, _WARM, _WARM),
        (
            Step(2 * _MINUTE, 0, "automatic mail", "owner"),
            Step(_MINUTE, 0, "call", "pat"),
            Step(_MINUTE, 0, "call by the owner", "owner"),
            Step(_MINUTE, 0, "call by the owner", "owner"),
            Step(5 * _MINUTE, 2, "meeting", "pat"),
            Step(20 * _MINUTE, 1, "call by the owner", "owner"),
            Step(_HOUR, 3, "call by the owner", "owner"),
            Step(2 * _HOUR, 4, "call by the owner", "owner"),
        ),
    ),
    "a lead that came back is won, and was not recycled once more": Week(
        _WEDNESDAY,
        (_DEMO,),
        (
            Step(_MINUTE, 0, "stage", "ana", "recycled"),
            Step(_MINUTE, 0, "stage", "ana", "mql"),
            Step(_MINUTE, 0, "convert", "ana"),
        ),
    ),
    "the weekend lies between": Week(
        _FRIDAY,
        (_DEMO, _WARM, _DEMO, _WARM),
        (
            Step(_DAY, 0, "call", "kim"),
            Step(_DAY, 2, "call", "pat"),
            Step(_DAY - 7 * _HOUR, 1, "call by the owner", "owner"),
        ),
    ),
    "owners change": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO, _WARM, _WARM),
        (
            Step(2 * _MINUTE, 0, "give", "admin", "kim"),
            Step(2 * _MINUTE, 1, "give", "admin", POOL),
            Step(2 * _MINUTE, 2, "give", "admin", "ana"),
            Step(2 * _MINUTE, 1, "call", "kim"),
            Step(2 * _MINUTE, 1, "give", "admin", "pat"),
            Step(2 * _MINUTE, 1, "call", "pat"),
            Step(30 * _MINUTE, 0, "give", "admin", "ben"),
            Step(5 * _MINUTE, 0, "call", "ben"),
            Step(_MINUTE, 3, "give", "admin", "pat"),
            Step(_MINUTE, 4, "give", "admin", POOL),
            Step(3 * _HOUR, 3, "call", "pat"),
            Step(_HOUR, 4, "give", "admin", "kim"),
        ),
    ),
    "a lead waits in a queue after a breach": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO, _DEMO),
        (
            Step(20 * _MINUTE, 0, "give", "admin", POOL),
            Step(0, 1, "give", "admin", POOL),
            Step(0, 2, "give", "admin", POOL),
            Step(_MINUTE, 0, "call", "kim"),
            Step(_MINUTE, 1, "automatic mail", "kim"),
            Step(_MINUTE, 2, "meeting", "ben"),
            Step(5 * _HOUR, 2, "give", "admin", "pat"),
            Step(_MINUTE, 3, "give", "admin", "ana"),
        ),
    ),
    "a later turn has no clock, or comes to a step earlier": Week(
        datetime(2026, 3, 6, 21, 40, tzinfo=UTC),
        (_DEMO, _WARM, _DEMO),
        (
            Step(4 * _HOUR, 0, "give", "admin", "pat"),
            Step(_MINUTE, 1, "stage", "ana", "sal"),
            Step(_MINUTE, 1, "give", "admin", "ben"),
            Step(3 * _DAY, 1, "call", "ben"),
        ),
    ),
    "a duty is done in a turn without a clock": Week(
        _WEDNESDAY,
        (_WARM,),
        (
            Step(150 * _MINUTE, 0, "stage", "ana", "sal"),
            Step(_MINUTE, 0, "give", "admin", "kim"),
            Step(_MINUTE, 0, "call", "kim"),
        ),
    ),
    "a lead is taken from a queue in another stage": Week(
        _WEDNESDAY,
        (_WARM, _DEMO, _DEMO),
        (
            Step(_MINUTE, 0, "give", "admin", POOL),
            Step(_MINUTE, 0, "stage", "ana", "inquiry"),
            Step(_MINUTE, 0, "give", "admin", "ben"),
            Step(_MINUTE, 1, "give", "admin", POOL),
            Step(_MINUTE, 1, "stage", "ana", "sal"),
            Step(_MINUTE, 1, "give", "admin", "kim"),
            Step(_MINUTE, 2, "give", "admin", POOL),
            Step(_MINUTE, 2, "meeting", "ben"),
        ),
    ),
    "stages are gone through": Week(
        _WEDNESDAY,
        (_DEMO, _WARM, _WARM, _DEMO, _COLD),
        (
            Step(10 * _MINUTE, 0, "stage", "ana", "sal"),
            Step(_MINUTE, 1, "stage", "ana", "recycled"),
            Step(_MINUTE, 2, "stage", "ana", "disqualified"),
            Step(_MINUTE, 3, "stage", "ana", "inquiry"),
            Step(_MINUTE, 4, "score", "integration", 99),
            Step(_MINUTE, 4, "score", "integration", 100),
            Step(_HOUR, 0, "stage", "ana", "mql"),
            Step(_HOUR, 0, "stage", "ana", "sal"),
            Step(_HOUR, 0, "stage", "ana", "recycled"),
            Step(_DAY, 3, "stage", "ana", "mql"),
            Step(_DAY, 3, "stage", "ana", "sal"),
        ),
    ),
    "leads come back": Week(
        _WEDNESDAY,
        (_DEMO, _WARM, _DEMO, Arrival(None, 150)),
        (
            Step(20 * _MINUTE, 0, "stage", "ana", "recycled"),
            Step(_MINUTE, 1, "stage", "ana", "disqualified"),
            Step(_MINUTE, 2, "stage", "ana", "recycled"),
            Step(_MINUTE, 3, "stage", "ana", "recycled"),
            Step(_HOUR, 0, "source", "integration", "Webinar"),
            Step(_HOUR, 2, "stage", "ana", "mql"),
            Step(_HOUR, 1, "source", "integration", "Demo Request"),
            Step(_HOUR, 3, "score", "integration", 40),
            Step(_HOUR, 3, "score", "integration", 150),
            Step(10 * _MINUTE, 3, "source", "integration", "Demo Request"),
            Step(_DAY, 0, "give", "admin", "ana"),
            Step(_MINUTE, 0, "stage", "ana", "recycled"),
            Step(_MINUTE, 0, "source", "integration", "Demo Request"),
        ),
    ),
    "a call is no reason to come back, and a hand that is raised is one": Week(
        _WEDNESDAY,
        (_DEMO, _WARM),
        (
            Step(_MINUTE, 0, "stage", "ana", "recycled"),
            Step(_MINUTE, 0, "call", "ana"),
            Step(_MINUTE, 0, "score", "integration", 150),
            Step(_MINUTE, 1, "stage", "ana", "recycled"),
            Step(_MINUTE, 1, "call", "ana"),
            Step(_MINUTE, 1, "source", "integration", "Demo Request"),
        ),
    ),
    "who was turned away before qualifying is qualified by hand": Week(
        _WEDNESDAY,
        (Arrival("Demo Request", 40),),
        (
            Step(_MINUTE, 0, "stage", "ana", "disqualified"),
            Step(_MINUTE, 0, "stage", "ana", "mql"),
        ),
    ),
    "hands are raised again and again": Week(
        _WEDNESDAY,
        (_COLD, _BLANK, _WARM),
        (
            Step(_MINUTE, 0, "source", "integration", "Demo Request"),
            Step(_MINUTE, 1, "source", "integration", "Other"),
            Step(_MINUTE, 1, "source", "integration", "Webinar"),
            Step(_MINUTE, 2, "source", "integration", "Demo Request"),
            Step(_HOUR, 0, "score", "integration", 150),
            Step(_HOUR, 1, "score", "integration", 100),
            Step(_HOUR, 2, "stage", "ana", "recycled"),
            Step(_HOUR, 2, "stage", "ana", "mql"),
        ),
    ),
    "leads become contacts": Week(
        _WEDNESDAY,
        (_DEMO, _WARM, _COLD, _DEMO),
        (
            Step(5 * _MINUTE, 0, "convert", "ana"),
            Step(_MINUTE, 2, "convert", "ben"),
            Step(_MINUTE, 3, "give", "admin", POOL),
            Step(_MINUTE, 3, "convert", "ben"),
            Step(_DAY, 1, "convert", "ana"),
            Step(_MINUTE, 1, "call", "ana"),
        ),
    ),
    "leads are merged": Week(
        _WEDNESDAY,
        (_DEMO, _WARM, _DEMO, _COLD, _DEMO, _DEMO),
        (
            Step(_MINUTE, 0, "call by the owner", "owner"),
            Step(_MINUTE, 1, "merge", "admin", 0),
            Step(_MINUTE, 3, "merge", "admin", 2),
            Step(20 * _MINUTE, 5, "merge", "admin", 4),
            Step(_MINUTE, 1, "call by the owner", "owner"),
            Step(_HOUR, 3, "source", "integration", "Demo Request"),
            Step(_MINUTE, 3, "score", "integration", 150),
            Step(_MINUTE, 5, "give", "admin", "kim"),
            Step(_DAY, 5, "stage", "ana", "recycled"),
            Step(_DAY, 5, "stage", "ana", "mql"),
        ),
    ),
    "leads are deleted": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO),
        (
            Step(5 * _MINUTE, 0, "delete"),
            Step(5 * _MINUTE, 1, "call by the owner", "owner"),
            Step(5 * _MINUTE, 1, "delete"),
            Step(_HOUR, 2, "delete"),
        ),
    ),
    "leads arrive qualified": Week(
        _WEDNESDAY,
        (
            Arrival("Demo Request", 100, "mql", "ana"),
            Arrival(None, None, "mql", "kim"),
            Arrival("Webinar", 40, "mql", POOL),
            Arrival(None, None, "mql"),
        ),
        (
            Step(_MINUTE, 0, "give", "admin", "ben"),
            Step(_MINUTE, 1, "call", "kim"),
            Step(_MINUTE, 2, "call by the owner", "owner"),
        ),
    ),
    "much happens in one instant": Week(
        _WEDNESDAY,
        (_DEMO, _DEMO, _DEMO),
        (
            Step(_MINUTE, 0, "give", "admin", "kim"),
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
