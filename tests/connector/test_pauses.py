"""What an answer asks for in its header Retry-After is read as seconds, or as a time of the clock of whoever answers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sla_sync.connector import asked_pause, pause_in_words

DATE = "Thu, 01 Oct 2026 12:00:00 GMT"
ASKED: tuple[tuple[Mapping[str, str], float | None], ...] = (
    ({}, None),
    ({"retry-after": "7"}, 7.0),
    ({"retry-after": " 7 "}, 7.0),
    ({"retry-after": "0"}, 0.0),
    ({"retry-after": "-7"}, None),
    ({"retry-after": "7.5"}, None),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "\u0667"}, None),
    ({"retry-after": "9" * 400}, 999_999_999.0),
    ({"retry-after": "Thu, 01 Oct 2026 12:00:30 GMT", "date": DATE}, 30.0),
    ({"retry-after": "Thu, 01 Oct 2026 11:00:00 GMT", "date": DATE}, 0.0),
    ({"retry-after": "Thu, 01 Oct 2026 12:00:30 GMT"}, None),
    ({"retry-after": "Thu, 01 Oct 2026 12:00:30 -0000", "date": DATE}, 30.0),
    ({"retry-after": "Thu, 99 Oct 2026 12:00:30 GMT", "date": DATE}, None),
)


@pytest.mark.parametrize(("headers", "seconds"), ASKED)
def test_retry_after_says_seconds_or_an_instant_of_the_servers_clock(
    headers: Mapping[str, str], seconds: float | None
) -> None:
    assert asked_pause(headers) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"), [(61, "1 minute"), (600, "10 minutes"), (7200, "2 hours"), (86400, "24 hours")]
)
def test_a_long_wait_is_said_in_minutes_or_hours(seconds: float, said: str) -> None:
    assert pause_in_words(seconds) == said
