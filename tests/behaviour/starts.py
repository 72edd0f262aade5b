"""When weeks start that are played on either platform."""

from __future__ import annotations

from datetime import UTC, datetime

# Minutes before the doors close or the clocks change, and quiet weeks: where deadlines go wrong if they do.
STARTS = (
    datetime(2026, 3, 6, 21, 40, tzinfo=UTC),  # Friday 16:40 in New York; its clocks change on Sunday
    datetime(2026, 3, 27, 15, 30, tzinfo=UTC),  # Friday 15:30 in London; its clocks change on Sunday
    datetime(2026, 7, 2, 20, 50, tzinfo=UTC),  # Thursday 16:50 before a holiday and a weekend
    datetime(2026, 9, 16, 13, 5, tzinfo=UTC),  # a Wednesday morning
    datetime(2026, 10, 30, 19, 30, tzinfo=UTC),  # Friday before the autumn change in New York
    datetime(2026, 11, 25, 21, 45, tzinfo=UTC),  # the eve of Thanksgiving
    datetime(2026, 12, 24, 16, 30, tzinfo=UTC),  # London has closed on two of the next four days
)
