"""Durations are written in words or in ISO 8601, and printed in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit, minutes, parse_duration, seconds
from sla_sync.agreement.formats import FormatError
from tests.haste import examples


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("15 business minutes", Duration(15, Unit.MINUTE, business=True)),
        ("2 business days", Duration(2, Unit.DAY, business=True)),
        ("90 days", Duration(90, Unit.DAY)),
        ("1 day", Duration(1, Unit.DAY)),
        ("1 days", Duration(1, Unit.DAY)),
        ("  3   quarters ", Duration(3, Unit.QUARTER)),
        ("0 minutes", Duration(0, Unit.MINUTE)),
        ("PT15M", Duration(15, Unit.MINUTE)),
        ("P90D", Duration(90, Unit.DAY)),
        ("P2W", Duration(2, Unit.WEEK)),
        ("P1M", Duration(1, Unit.MONTH)),
        ("P1Y6M", Duration(18, Unit.MONTH)),
        ("PT1H30M", Duration(90, Unit.MINUTE)),
        ("P1DT2H", Duration(26, Unit.HOUR)),
        ("P1WT1S", Duration(604_801, Unit.SECOND)),
    ],
)
def test_a_duration_is_read(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("15m", "Write `15 minutes`."),
        ("15 min", "Write `15 minutes`."),
        ("2h", "Write `2 hours`."),
        ("2 b days", "Write `2 business days`."),
        ("3 working days", "Write `3 business days`."),
        ("3d", "Write `3 days`."),
        ("1 Day", "Write `1 day`."),
        ("1.5 hours", "Write a whole number that is not negative"),
        ("-1 day", "Write a whole number that is not negative"),
        ("PT0.5H", "such as `15 business minutes`, `2 days` or `PT15M`"),
        ("P1M2D", "Write either months or days"),
        ("P", "such as `15 business minutes`"),
        ("PT", "such as `15 business minutes`"),
        ("soon", "such as `15 business minutes`"),
        ("7", "such as `15 business minutes`"),
        ("", "such as `15 business minutes`"),
        ("101 years", "such as `15 business minutes`"),
        ("36600 weeks", "Write a duration that an agreement can wait for."),
        ("P" + "9" * 50 + "D", "Write a duration that an agreement can wait for."),
        ("9" * 10_000 + " days", "such as `15 business minutes`"),
    ],
)
def test_what_is_no_duration_is_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(FormatError) as refused:
        parse_duration(text)
    assert hint in refused.value.hint
    assert len(refused.value.message) < 200


@settings(max_examples=examples(200), deadline=None, derandomize=True)
@given(st.builds(Duration, st.integers(0, 390), st.sampled_from(Unit), st.booleans()))
def test_a_printed_duration_reads_as_the_same(duration: Duration) -> None:
    assert parse_duration(str(duration)) == duration


@settings(max_examples=examples(200), deadline=None, derandomize=True)
@given(st.text("0123456789PTDMHWYS businesdayhour.-", max_size=20))
def test_any_text_is_a_duration_or_is_refused(text: str) -> None:
    try:
        duration = parse_duration(text)
    except FormatError:
        return
    assert parse_duration(str(duration)) == duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90 seconds", 90),
        ("15 business minutes", 900),
        ("2 business hours", 7200),
        ("1 day", 86_400),
        ("1 week", 604_800),
        ("1 business day", None),
        ("2 business weeks", None),
        ("1 month", None),
        ("1 quarter", None),
    ],
)
def test_only_what_has_a_fixed_length_is_converted(text: str, length: int | None) -> None:
    assert seconds(parse_duration(text)) == length


def test_minutes_are_only_given_where_they_are_whole() -> None:
    assert minutes(parse_duration("2 business hours")) == 120
    assert minutes(parse_duration("90 seconds")) is None
    assert minutes(parse_duration("1 business day")) is None
