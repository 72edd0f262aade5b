"""The apply lock by the clock of the platform: read whatever it says, ended at last, and noticed when it is lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync.connector import LockTicket
from sla_sync.connector.locking import (
    LONGEST,
    TOLERANCE,
    PlatformTime,
    Standing,
    Vigil,
    holding,
    read_signature,
    signed,
)
from sla_sync.errors import LockedError, RejectedError, UnreachableError

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TICKET = LockTicket("kim@laptop", "ours", NOON + timedelta(minutes=30))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)


def test_what_was_signed_is_read_again() -> None:
    found = read_signature(signed(TICKET, NOON, TICKET.expires), NOON, NOON)
    assert (found.who, found.since, found.expires, found.token) == ("kim@laptop", NOON, TICKET.expires, "ours")


@given(
    st.text(max_size=40) | st.fixed_dictionaries({}, optional=dict.fromkeys(("who", "since", "expires", "token"), JSON))
)
def test_no_lock_holds_for_longer_than_two_hours_after_it_was_written_whatever_it_says(said: object) -> None:
    text = said if isinstance(said, str) else json.dumps(said)
    assert read_signature(text, NOON, NOON).over(NOON + LONGEST)


@pytest.mark.parametrize(
    ("header", "ahead"),
    [
        (format_datetime(NOON + timedelta(hours=3), usegmt=True), timedelta(hours=3)),
        (format_datetime(NOON - timedelta(hours=3), usegmt=True), -timedelta(hours=3)),
        (format_datetime(NOON + TOLERANCE, usegmt=True), timedelta()),
        ("yesterday", timedelta()),
        ("", timedelta()),
        (None, timedelta()),
    ],
)
def test_a_platform_that_tells_no_time_or_nearly_ours_is_not_ahead(header: str | None, ahead: timedelta) -> None:
    time = PlatformTime()
    time.hear(header)
    assert time.ahead(NOON) == ahead


def test_an_answer_that_tells_no_time_leaves_what_was_told_before() -> None:
    time = PlatformTime()
    time.hear(format_datetime(NOON + timedelta(hours=3), usegmt=True))
    time.hear(None)
    assert time.ahead(NOON) == timedelta(hours=3)


def vigil(standing: Standing, passed: list[datetime], renewed: list[timedelta]) -> Vigil:
    return Vigil("t", TICKET, lambda: passed[-1], lambda: standing, renewed.append, lambda: "ana")


@pytest.mark.parametrize(
    ("standing", "whose"), [(Standing.GONE, "somebody deleted it"), (Standing.TAKEN, "it is held by ana")]
)
def test_a_lock_that_is_not_ours_any_more_keeps_the_next_write_back(standing: Standing, whose: str) -> None:
    with pytest.raises(LockedError, match=f"of target 't' was lost: {whose}"):
        vigil(standing, [NOON], []).before_write()


def test_a_lock_is_renewed_when_a_third_of_its_time_is_up() -> None:
    passed, renewed = [NOON], list[timedelta]()
    watch = vigil(Standing.OURS, passed, renewed)
    for minutes in (5, 10, 12, 19, 20, 21):
        passed.append(NOON + timedelta(minutes=minutes))
        watch.before_write()
    assert renewed == [timedelta(minutes=30)] * 2


def test_a_renewal_is_a_write_about_which_nobody_asks_again() -> None:
    asked = list[str]()

    def look() -> Standing:
        asked.append("look")
        return Standing.OURS

    def renew(lasts: timedelta) -> None:
        asked.append(f"renew {lasts}")
        watch.before_write()

    passed = [NOON]
    watch = Vigil("t", TICKET, lambda: passed[-1], look, renew, lambda: "ana")
    passed.append(NOON + timedelta(minutes=10))
    watch.keep()
    watch.before_write()
    assert asked == ["renew 0:30:00", "look"]


class Lock:
    """A lock that fails where it is told to."""

    def __init__(
        self, *, take: BaseException | None = None, release: BaseException | None = None, lost: bool = False
    ) -> None:
        self.calls: list[str] = []
        self._take, self._release, self._lost = take, release, lost

    def take(self) -> None:
        """Take it, or fail."""
        self.calls.append("take")
        if self._take is not None:
            raise self._take

    def release(self) -> bool:
        """Give it back, or fail the first time."""
        self.calls.append("release")
        failure, self._release = self._release, None
        if failure is not None:
            raise failure
        return not self._lost


@pytest.mark.parametrize(
    ("lock", "calls"),
    [
        (Lock(take=KeyboardInterrupt()), ["take", "release"]),  # nobody knows whether it was taken
        (Lock(take=UnreachableError("gone")), ["take", "release"]),
        (Lock(take=LockedError("held")), ["take"]),
        (Lock(release=KeyboardInterrupt()), ["take", "release", "release"]),
        (Lock(release=RejectedError("no")), ["take", "release"]),
        (Lock(), ["take", "release"]),
    ],
)
def test_a_lock_is_given_back_wherever_the_run_is_stopped(lock: Lock, calls: list[str]) -> None:
    try:
        with holding(lock, TICKET, where="the org"):
            pass
    except (KeyboardInterrupt, LockedError, UnreachableError, RejectedError):
        pass
    assert lock.calls == calls


def test_a_lock_that_was_lost_by_the_end_is_told_whatever_was_done() -> None:
    with pytest.raises(LockedError, match="not ours any more at the end"), holding(Lock(lost=True), TICKET, where="x"):
        pass


def test_what_stopped_the_run_is_the_news_and_a_lock_that_stayed_a_note() -> None:
    with (
        pytest.raises(ZeroDivisionError) as raised,
        holding(Lock(release=RejectedError("no")), TICKET, where="the org"),
    ):
        raise ZeroDivisionError
    assert raised.value.__notes__ == ["The apply lock stayed on the org: no"]
