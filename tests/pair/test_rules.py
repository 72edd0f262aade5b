"""Each sync rule, and what either side holds of a value."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync.connector.syncing import Rule
from sla_sync_native_sync.rules import Both, Way, owner_way, way
from sla_sync_native_sync.values import Kind, Value, fits, from_hubspot, from_salesforce, to_hubspot, to_salesforce

EARLY, LATE = datetime(2026, 10, 6, tzinfo=UTC), datetime(2026, 10, 7, tzinfo=UTC)
VALUES = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
BOTH = st.builds(
    Both, VALUES, VALUES, st.booleans(), VALUES, st.sampled_from([None, EARLY, LATE]), st.sampled_from([EARLY, LATE])
)


@pytest.mark.parametrize(
    ("rule", "both", "expected"),
    [
        (Rule.PREFER_SALESFORCE, Both("a", "b"), Way.TO_HUBSPOT),
        (Rule.PREFER_SALESFORCE, Both("a", None), Way.TO_SALESFORCE),
        (Rule.PREFER_SALESFORCE, Both("a", None, met=True, agreed="a"), Way.TO_HUBSPOT),
        (Rule.PREFER_SALESFORCE, Both("b", "a", met=True, agreed="a"), Way.TO_HUBSPOT),
        (Rule.ALWAYS_SALESFORCE, Both("a", "b"), Way.TO_HUBSPOT),
        (Rule.ALWAYS_SALESFORCE, Both("a", None), Way.NOWHERE),
        (Rule.ALWAYS_SALESFORCE, Both("a", None, met=True, agreed="a"), Way.TO_HUBSPOT),
        (Rule.TWO_WAY, Both("b", "a", met=True, agreed="a"), Way.TO_SALESFORCE),
        (Rule.TWO_WAY, Both("a", "b", met=True, agreed="a"), Way.TO_HUBSPOT),
        (Rule.TWO_WAY, Both(None, "a", met=True, agreed="a"), Way.TO_SALESFORCE),
        (Rule.TWO_WAY, Both("a", None, met=True, agreed="a"), Way.TO_HUBSPOT),
        (Rule.TWO_WAY, Both("b", "c", True, "a", LATE, EARLY), Way.TO_SALESFORCE),
        (Rule.TWO_WAY, Both("b", "c", True, "a", EARLY, LATE), Way.TO_HUBSPOT),
        (Rule.TWO_WAY, Both("a", None), Way.TO_SALESFORCE),
        (Rule.TWO_WAY, Both(None, "a"), Way.TO_HUBSPOT),
        (Rule.NONE, Both("a", "b", True, "a", LATE, EARLY), Way.NOWHERE),
    ],
)
def test_a_rule_sends_a_value_where_hubspots_page_says(rule: Rule, both: Both, expected: Way) -> None:
    assert way(rule, both) is expected


@given(both=BOTH, rule=st.sampled_from(Rule))
def test_once_a_value_was_carried_nothing_moves_any_more(both: Both, rule: Rule) -> None:
    where = way(rule, both)
    if where is not Way.NOWHERE:
        value = both.hubspot if where is Way.TO_SALESFORCE else both.salesforce
        assert way(rule, Both(value, value, met=True, agreed=value)) is Way.NOWHERE


@given(both=BOTH)
def test_what_salesforce_alone_writes_never_goes_there(both: Both) -> None:
    assert way(Rule.ALWAYS_SALESFORCE, both) is not Way.TO_SALESFORCE


@pytest.mark.parametrize(
    ("both", "known", "expected"),
    [
        (Both("kim", "ana", met=True, agreed="ana"), True, Way.TO_SALESFORCE),
        (Both("ana", "kim", met=True, agreed="ana"), True, Way.TO_HUBSPOT),
        (Both("zoe", "ana", met=True, agreed="ana"), False, Way.TO_HUBSPOT),
        (Both("zoe", None), False, Way.NOWHERE),
        (Both(None, "ana", met=True, agreed="ana"), True, Way.TO_HUBSPOT),
        (Both("ana", None, met=True, agreed="ana"), True, Way.TO_HUBSPOT),
        (Both("ana", "ana"), True, Way.NOWHERE),
    ],
)
def test_an_owner_is_never_blank_in_salesforce_nor_somebody_it_does_not_know(
    both: Both, known: bool, expected: Way
) -> None:
    assert owner_way(both, known=known) is expected


@pytest.mark.parametrize(
    ("kind", "property_type", "text", "given_by_salesforce", "value"),
    [
        (Kind.NUMBER, "number", "120", 120, 120.0),
        (Kind.NUMBER, "number", "12.5", "12.5", 12.5),
        (Kind.YES_NO, "bool", "true", True, True),
        (Kind.YES_NO, "bool", "false", False, False),
        (Kind.CHOICE, "enumeration", "MQL", "MQL", "MQL"),
        (Kind.TEXT, "string", "Hill & Dale", "Hill & Dale", "Hill & Dale"),
        (
            Kind.INSTANT,
            "datetime",
            "2026-10-06T14:30:00.000Z",
            "2026-10-06T14:30:00.000+0000",
            datetime(2026, 10, 6, 14, 30, tzinfo=UTC),
        ),
        (Kind.DAY, "date", "2026-10-06", "2026-10-06", date(2026, 10, 6)),
    ],
)
def test_a_value_is_the_same_from_either_side(
    kind: Kind, property_type: str, text: str, given_by_salesforce: object, value: Value
) -> None:
    assert from_hubspot(kind, text) == from_salesforce(kind, given_by_salesforce) == value
    assert to_hubspot(property_type, value) == text
    assert from_salesforce(kind, to_salesforce(value)) == value


def test_parts_of_a_second_that_only_hubspot_keeps_are_no_difference() -> None:
    kept = from_salesforce(Kind.INSTANT, "2026-10-06T14:30:00.000+0000")
    assert from_hubspot(Kind.INSTANT, "2026-10-06T14:30:00.950Z") == kept


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_an_instant_that_went_over_and_back_is_the_same_to_the_second(moment: datetime) -> None:
    instant = moment.replace(microsecond=0)
    assert from_hubspot(Kind.INSTANT, to_hubspot("datetime", instant)) == instant
    assert from_salesforce(Kind.INSTANT, to_salesforce(instant)) == instant


def test_blanks_are_no_value_and_a_blank_checkbox_is_no() -> None:
    assert from_hubspot(Kind.TEXT, " ") is None
    assert from_hubspot(Kind.YES_NO, None) is False
    assert to_hubspot("string", None) == ""


@pytest.mark.parametrize(
    ("property_type", "kind", "may"),
    [
        ("enumeration", Kind.CHOICE, True),
        ("string", Kind.CHOICE, True),
        ("string", Kind.NUMBER, False),
        ("number", Kind.TEXT, False),
        ("bool", Kind.YES_NO, True),
        ("enumeration", Kind.NUMBER, False),
        ("datetime", Kind.DAY, True),
    ],
)
def test_only_types_that_fit_are_mapped(property_type: str, kind: Kind, may: bool) -> None:
    assert fits(property_type, kind) is may
