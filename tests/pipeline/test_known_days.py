"""Which days of a period are agreed and known: what is said of the others, and that there is nothing to report."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.known_days import days_told, in_force_of, known_of
from sla_sync.pipeline.periods import period_of
from tests.measures.pasts import acme, past_of

ZONE = "America/New_York"
TUESDAY = datetime(2026, 11, 17, 15, tzinfo=UTC)
SINCE = datetime(2026, 10, 5, 4, tzinfo=UTC)


def told(as_of: datetime = TUESDAY) -> Past:
    return replace(past_of(acme(), as_of), since=SINCE)


def days(said: str) -> Period:
    return period_of(said, TUESDAY, ZONE)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("2026-07-01..2026-09-30", "took force on 2026-10-01, and 1 Jul – 30 Sep 2026 lies before that"),
        ("2027-04-19..2027-04-25", "ended on 2026-12-31, and 19–25 Apr 2027 lies after that"),
    ],
)
def test_days_on_which_nothing_was_agreed_are_no_report(said: str, because: str) -> None:
    with pytest.raises(SlaSyncError, match=because):
        in_force_of(past_of(acme(), TUESDAY), days(said))


def test_that_some_days_are_under_no_agreement_is_said() -> None:
    past = past_of(acme(), TUESDAY)
    assert in_force_of(past, days("week")) == ()
    assert in_force_of(past, days("2026-09-28..2026-10-04")) == (
        "The agreement took force on 2026-10-01, so the first days of 28 Sep – 4 Oct 2026 are under none.",
    )
    assert in_force_of(past, days("2026-12-28..2027-01-03")) == (
        "The agreement ended on 2026-12-31, so the last days of 28 Dec 2026 – 3 Jan 2027 are under none.",
    )


TOO_EARLY = ("2026-10-01..2026-10-04", "begins on 2026-10-05, and 1–4 Oct 2026 lies before that")
TOO_LATE = ("2026-12-01..2026-12-31", "known up to 2026-11-17, and 1–31 Dec 2026 lies after that")


@pytest.mark.parametrize(("said", "because"), [TOO_EARLY, TOO_LATE])
def test_days_of_which_the_history_does_not_tell_are_no_report(said: str, because: str) -> None:
    with pytest.raises(SlaSyncError, match=because):
        known_of(told(), days(said), TUESDAY)
    with pytest.raises(SlaSyncError, match=because):
        days_told(told(), days(said))


def test_nothing_is_reported_as_of_a_time_before_the_history() -> None:
    with pytest.raises(SlaSyncError, match="tells nothing of what happened by 2026-10-01"):
        known_of(told(SINCE - timedelta(days=4)), days("week"), TUESDAY)


def test_what_lies_outside_the_history_is_said() -> None:
    past = told()
    assert known_of(past, days("week"), TUESDAY) == ()
    assert known_of(past, days("2026-10-01..2026-11-30"), TUESDAY - timedelta(days=3)) == (
        "The history begins on 2026-10-05, so nothing is counted of the days before.",
        "The history ends on 2026-11-14: what is open here may have been done since.",
        "1 Oct – 30 Nov 2026 is not over: 2026-11-17 is the last day that is known.",
    )


def test_a_number_by_the_month_is_of_the_days_that_are_known() -> None:
    found, said = days_told(told(), days("2026-07-01..2027-06-30"))
    assert (found.first, found.last) == (date(2026, 10, 5), date(2026, 11, 17))
    assert said == ("The history begins on 2026-10-05, so the days before are left out.",)
    assert days_told(told(), days("week")) == (days("week"), ())
