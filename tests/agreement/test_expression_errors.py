"""What cannot be read is refused with its place, what was expected, and what to write instead."""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.expressions import ExpressionError, parse_event, parse_expression, parse_measure
from sla_sync.agreement.expressions.parse import DEEPEST, LONGEST
from tests.haste import examples

PARSERS: tuple[Callable[[str], object], ...] = (parse_expression, parse_measure, parse_event)


def refused(parse: Callable[[str], object], text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert error.value.message.endswith(".")
    assert error.value.hint.endswith(".")
    assert 0 <= error.value.offset <= len(text)
    return error.value


@pytest.mark.parametrize(
    ("text", "before", "message", "hint"),
    [
        ("", "", "The expression is empty.", "Write a condition such as"),
        ("source", "source", "ends after `source`, where a comparison such as `>=`", "Write a condition such as"),
        ("source is", "source is", "ends after `is`, where a value, `in`, `known` or `unknown`", ""),
        ("source is a or", "source is a or", "ends after `or`, where a value is expected", ""),
        ("source is a and", "source is a and", "ends after `and`, where a field is expected", ""),
        ("source in tier_1", "source ", "not `in`", "Write `is in`."),
        ("source IS web", "source ", "not `IS`", "Write `is` in lower case."),
        ("source iss web", "source ", "not `iss`", "Write `is`."),
        ("source equals web", "source ", "not `equals`", "Write `is`."),
        ("source is Phone Inquiry", "source is Phone ", "After `Phone`, `and` or `or` is expected", "one word"),
        ("source is a, b", "source is a", "`,` cannot stand in an expression", "Write `or` between values"),
        ("source is [a]", "source is ", "`[` cannot stand in an expression", "Write `or` between values"),
        ('source is "a b"', "source is ", "without quotes", "Leave the quotes out"),
        ("source is a or b is c", "source is a or b ", "goes on with values of the same field", "(a is x) or (b is y)"),
        ("a is x or (b is y)", "a is x or ", "goes on with values of the same field", "(a is x) or (b is y)"),
        ("a is x or not b", "a is x or not ", "goes on with values of the same field", "(a is x) or (b is y)"),
        ("a is x or unknown", "a is x or ", "`unknown` cannot be a value", "a condition of its own"),
        ("a is not known", "a is not ", "`known` cannot be a value", "Write `is known` or `is unknown`"),
        ("a > 1 and b > 2 or c > 3", "a > 1 and b > 2 ", "mixed without parentheses", "Put parentheses around"),
        ("a > 1 or b > 2 and c > 3", "a > 1 or b > 2 ", "mixed without parentheses", "Put parentheses around"),
        ("(a > 1", "(a > 1", "opened and never closed", "Write `)`"),
        ("a > 1)", "a > 1", "never opened", "Leave it out"),
        ("a == 1", "a =", "`==` is not a sign of this language", "Write `=`."),
        ("a <> 1", "a <", "`<>` is not a sign of this language", "Write `!=`."),
        ("a is x && b > 1", "a is x ", "`&&` is not a sign of this language", "Write `and`."),
        ("a > 1 || b > 1", "a > 1 ", "`||` is not a sign of this language", "Write `or`."),
        ("!a is x", "", "`!` is not a sign of this language", "Write `not`."),
        ("a = web", "a = ", "a number is expected, not `web`", "Write `is web` for a value"),
        ("a != web", "a != ", "a number is expected, not `web`", "Write `is not web` for a value"),
        ("a > 1_000", "a > ", "a number is expected, not `1_000`", "Write `1000`."),
        ("a > 70%", "a > ", "a number is expected, not `70%`", "Write `70`."),
        ("a > " + "9" * 400, "a > ", "is too large", "Write a smaller number."),
        ("3x is y", "", "`3x` cannot be the name of a field", "Write a name"),
        ("and is y", "", "`and` cannot be the name of a field", "Write a name"),
        ("a. is y", "", "`a.` cannot be the name of a field", "Write a name"),
        ("a is in x.y", "a is in ", "`x.y` cannot be the name", "Write a name"),
        ("did visit", "did visit", "ends after `visit`", ""),
        ("did visit x 0 times", "did visit x ", "`0` is not a whole number from 1", "Write how often"),
        ("did visit x in last 7d", "did visit x in last ", "not `7d`", "Write `7 days`."),
        ("did visit x in last 999999 weeks", "did visit x in last ", "longer than 100 years", "Write a duration"),
        ("at least two of g", "at least ", "a whole number is expected, not `two`", ""),
        ("score reach threshold", "score ", "not `reach`", "Write `reaches`."),
        ("person score reaches threshold x", "person score reaches threshold ", "`and` or `or` is expected", ""),
    ],
)
def test_an_expression_is_refused_where_it_goes_wrong(text: str, before: str, message: str, hint: str) -> None:
    error = refused(parse_expression, text)
    assert message in error.message
    assert hint in error.hint
    assert text[: error.offset] == before


@pytest.mark.parametrize(
    ("text", "before", "message", "hint"),
    [
        ("", "", "The measure is empty.", "Write a measure such as"),
        ("count off mql", "count ", "`of` is expected, not `off`", "Write `of`."),
        ("count of first touch", "count of ", "`first` is said of something that is not a stage", "Write the name"),
        (
            "count of calls once per account in 1 day",
            "count of calls ",
            "`once` is said of something",
            "Write the name",
        ),
        ("mql to sal", "mql to sal", "ends after `sal`, where `within` is expected", ""),
        ("mql to sal withn 14 days", "mql to sal ", "not `withn`", "Write `within`."),
        ("mql to sal within 14d", "mql to sal within ", "not `14d`", "Write `14 days`."),
        ("mql to sal within 14", "mql to sal within 14", "a unit such as `days` is expected", ""),
        ("mql to sal within 15 bussiness days", "mql to sal within 15 ", "not `bussiness`", "Write `business`."),
        ("touches >= 6", "touches >= 6", "`and`, `before` or `within` is expected", ""),
        ("touches >= 6 or calls >= 2 before x", "touches >= 6 ", "`before` or `within` is expected, not `or`", ""),
        ("touches >= 6.5 before x", "touches >= ", "`6.5` is not a whole number from 0", "Write how often"),
        ("toches >= 6 before x", "", "`toches` is not counted", "Write `touches`."),
        ("leads >= 6 before x", "", "`leads` is not counted", "Write one of `touches`, `calls`"),
        ("calls >= 1 within 1 day of asigned", "calls >= 1 within 1 day of ", "not an event", "Write `assigned`."),
        ("sum of amount won", "sum of amount ", "`of` is expected, not `won`", ""),
        ("manual check", "manual ", "Nothing is expected after `manual`", ""),
    ],
)
def test_a_measure_is_refused_where_it_goes_wrong(text: str, before: str, message: str, hint: str) -> None:
    error = refused(parse_measure, text)
    assert message in error.message
    assert hint in error.hint
    assert text[: error.offset] == before


@pytest.mark.parametrize(
    ("text", "before", "message", "hint"),
    [
        ("", "", "The event is empty.", "Write an event such as"),
        ("asigned", "", "`asigned` is not an event", "Write `assigned`."),
        ("asked", "", "`asked` is not an event", "Write one of `raised`"),
        ("enters", "enters", "where a stage is expected", ""),
        ("enter mql", "enter ", "not `mql`", "Write `enters mql`."),
        ("owner change", "owner ", "`changes` is expected, not `change`", "Write `changes`."),
        ("leaves mql sal", "leaves mql ", "Nothing is expected after `mql`", ""),
    ],
)
def test_an_event_is_refused_where_it_goes_wrong(text: str, before: str, message: str, hint: str) -> None:
    error = refused(parse_event, text)
    assert message in error.message
    assert hint in error.hint
    assert text[: error.offset] == before


def test_every_condition_that_a_hint_shows_can_be_read() -> None:
    shown = [refused(parse_expression, text).hint for text in ("", "a > 1 or b > 2 and c > 3", "a is x or b is y")]
    conditions = [each for hint in shown for each in re.findall("`([^`]+)`", hint)]
    assert len(conditions) == 3
    for each in conditions:
        parse_expression(each)


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("text", ["(" * 10_000, "not " * 25_000, "a is b and " * 9_100, "x" * 100_000])
def test_a_text_made_to_exhaust_the_parser_is_refused_at_once(parse: Callable[[str], object], text: str) -> None:
    started = time.process_time()
    assert refused(parse, text).offset == LONGEST
    assert time.process_time() - started < 0.5


def test_nesting_ends_at_twenty() -> None:
    parse_expression("(" * DEEPEST + "a is b" + ")" * DEEPEST)
    parse_expression("not " * DEEPEST + "a is b")
    parse_expression("not (a is b) and " * 30 + "(a is not b)")
    assert refused(parse_expression, "(" * (DEEPEST + 1) + "a is b" + ")" * (DEEPEST + 1)).offset == DEEPEST
    assert "inside each other" in refused(parse_expression, "not " * (DEEPEST + 1) + "a is b").message
    assert "inside each other" in refused(parse_expression, "(not " * 11 + "a is b" + ")" * 11).message


WORDS = st.sampled_from(
    "and or not is in known unknown contains starts ends with did at least of times last score reaches threshold "
    "count first sum where once per account within before complete manual enters leaves changes meeting booked to "
    "mql source 7 14 days business >= = ( ) , [ \" ' == 14d P1D Lead.Email @x % é \n".split(" ")
)


@settings(max_examples=examples(500), deadline=None, derandomize=True)
@given(st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=30)), st.sampled_from(PARSERS))
def test_any_text_is_read_or_refused_with_a_place(text: str, parse: Callable[[str], object]) -> None:
    try:
        parse(text)
    except ExpressionError:
        refused(parse, text)
