"""What a run of `sla-sync clock` tells."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.render.timekeeping import Kept, kept_as_json, kept_as_markdown, kept_as_text, spelled

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (61, "1 minute"),
        (3_600, "1 hour 0 minutes"),
        (86_400 + 7_300, "1 day 2 hours"),
    ],
)
def test_a_time_is_told_in_its_two_largest_units(seconds: int, said: str) -> None:
    assert spelled(timedelta(seconds=seconds)) == said


def test_a_run_tells_how_many_were_answered_and_who_was_not() -> None:
    refused = {str(number): f"reason {number}" for number in range(25)}
    kept = Kept("portal", AT, answered=2, already=1, gone=1, moving=3, oldest=timedelta(minutes=9), refused=refused)
    said = kept_as_text(kept)
    assert said.startswith(
        "portal: 2 records given dates; the oldest had waited 9 minutes; 25 could not be given any.\n"
    )
    assert "  1 record had dates already: the platform's search lags behind.\n" in said
    assert "  1 record was deleted meanwhile, or merged into another.\n" in said
    assert "  3 records kept changing and will be answered by the next run.\n" in said
    assert "  ✗ 19: reason 19\n  … and 5 more." in said
    assert not kept.complete


def test_a_run_in_which_nobody_could_be_answered_does_not_say_that_nobody_waits() -> None:
    kept = Kept("portal", AT, refused={"7": "The calendar never opens."})
    assert (
        kept_as_text(kept)
        == "portal: nobody was given dates; 1 could not be given any.\n  ✗ 7: The calendar never opens."
    )
    assert kept_as_markdown(kept).endswith("- 7: The calendar never opens.")
    assert json.loads(kept_as_json(kept))["refused"] == [{"record": "7", "because": "The calendar never opens."}]
