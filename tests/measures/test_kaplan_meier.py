"""The curve of Kaplan and Meier, held against a table reckoned by hand and against the definition, step by step."""

from __future__ import annotations

from fractions import Fraction
from math import exp, isclose, log, sqrt

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.measures.kaplan_meier import as_counted, curve, done_by, quantiles
from tests.haste import examples
from tests.measures.pasts import engine

Row = dict[str, object]
SEEN = (  # length, done: ten people, of whom three were only seen for so long
    ("a", 1, True), ("a", 2, True), ("a", 2, False), ("a", 4, True), ("a", 4, True),
    ("a", 5, False), ("a", 6, True), ("a", 9, True), ("a", 9, False), ("a", 12, True),
    ("b", 3, False), ("b", 7, False),
    ("c", 5, True), ("c", 5, True),
)  # fmt: skip
PERCENTS = (25, 50, 75, 90)


def rows(seen: tuple[tuple[str, int, bool], ...]) -> ibis.Table:
    names, waited, done = zip(*seen, strict=True)
    kinds = (pa.string(), pa.int64(), pa.bool_())
    columns = [pa.array(each, type=kind) for each, kind in zip((names, waited, done), kinds, strict=True)]
    return ibis.memtable(pa.table(columns, names=["who", "waited", "done"]))


def answer(asked: ibis.Table) -> list[Row]:
    found: list[Row] = engine().to_pyarrow(asked).to_pylist()
    return sorted(found, key=lambda each: (str(each["who"]), each.get("waited") or 0))


def test_the_curve_is_the_one_that_is_reckoned_by_hand() -> None:
    found = [each for each in answer(curve(rows(SEEN), ("who",))) if each["who"] == "a"]
    # At 1: 9/10. At 2: of 9, one done, one leaves. At 4: of 7, two. At 6: of 4. At 9: of 3, one leaves. At 12: the last.
    by_hand = {
        1: Fraction(9, 10),
        2: Fraction(8, 10),
        4: Fraction(8, 10) * Fraction(5, 7),
        5: Fraction(8, 10) * Fraction(5, 7),
        6: Fraction(8, 10) * Fraction(5, 7) * Fraction(3, 4),
        9: Fraction(8, 10) * Fraction(5, 7) * Fraction(3, 4) * Fraction(2, 3),
        12: Fraction(0),
    }
    assert [each["waited"] for each in found] == list(by_hand)
    assert [each["at_risk"] for each in found] == [10, 9, 7, 5, 4, 3, 1]
    for each, share in zip(found, by_hand.values(), strict=True):
        assert isclose(float(str(each["waits"])), share, abs_tol=1e-12)


def test_quantiles_count_who_still_waits_and_the_naive_ones_do_not() -> None:
    a, b, c = answer(quantiles(curve(rows(SEEN), ("who",)), ("who",), PERCENTS))
    assert [a[f"p{each}"] for each in PERCENTS] == [4, 6, 12, 12]
    assert [a[f"naive{each}"] for each in PERCENTS] == [2, 4, 9, 12]
    assert (a["n"], a["events"], a["longest"]) == (10, 7, 12)
    assert [b[f"p{each}"] for each in PERCENTS] == [None] * 4
    assert (b["n"], b["events"], b["longest"], b["naive50"]) == (2, 0, 7, None)
    assert [c[f"p{each}"] for each in PERCENTS] == [5] * 4


def test_who_is_done_within_a_time_is_a_share_or_unknown_where_nobody_was_seen_so_long() -> None:
    found = curve(rows(SEEN), ("who",))
    a, b, c = answer(done_by(found, ("who",), 5))
    assert isclose(float(str(a["done"])), 1 - 0.8 * 5 / 7)
    assert (b["done"], b["low"], b["high"]) == (0.0, 0.0, 0.0)
    assert c["done"] == 1.0
    later = answer(done_by(found, ("who",), 10))
    assert [each["done"] is None for each in later] == [False, True, False]
    assert [each["done"] for each in answer(done_by(found, ("who",), 0))] == [0.0, 0.0, 0.0]


def by_definition(seen: list[tuple[int, bool]]) -> dict[int, tuple[float, float | None, float | None]]:
    """Return the share that waits longer after each length, with its interval, as the textbook has it."""
    found: dict[int, tuple[float, float | None, float | None]] = {}
    share, spread = Fraction(1), Fraction(0)
    for length in sorted({each for each, _ in seen}):
        at_risk = sum(each >= length for each, _ in seen)
        done = sum(each == length and is_done for each, is_done in seen)
        share *= 1 - Fraction(done, at_risk)
        if done == at_risk:
            found[length] = (0.0, 0.0, None)
            continue
        spread += Fraction(done, at_risk * (at_risk - done))
        if share == 1:
            found[length] = (1.0, 1.0, 1.0)
            continue
        reach = 1.959963984540054 * sqrt(spread) / abs(log(share))
        low, high = (exp(log(share) * exp(each)) for each in (reach, -reach))
        found[length] = (float(share), low, high)
    return found


people = st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 12), st.booleans())


@pytest.mark.slow
@settings(max_examples=examples(8), deadline=None)
@given(st.lists(people, min_size=1, max_size=150).map(tuple))
def test_the_curve_and_its_quantiles_are_those_of_the_definition(seen: tuple[tuple[str, int, bool], ...]) -> None:
    found = curve(rows(seen), ("who",))
    drawn = answer(found)
    for who in {each for each, *_ in seen}:
        mine = [each for each in drawn if each["who"] == who]
        exact = by_definition([(length, done) for name, length, done in seen if name == who])
        assert [each["waited"] for each in mine] == list(exact)
        for each, expected in zip(mine, exact.values(), strict=True):
            for name, value in zip(("waits", "waits_low", "waits_high"), expected, strict=True):
                assert (each[name] is None) is (value is None)
                assert value is None or isclose(float(str(each[name])), value, abs_tol=1e-9)
    for each in answer(quantiles(found, ("who",), PERCENTS)):
        exact = by_definition([(length, done) for name, length, done in seen if name == each["who"]])
        for percent in PERCENTS:
            rest = 1 - percent / 100 + 1e-9
            assert each[f"p{percent}"] == next((at for at, (share, *_) in exact.items() if share <= rest), None)
            highs = (at for at, (_, _, high) in exact.items() if high is not None and high <= rest)
            assert each[f"p{percent}_high"] == next(highs, None)


def test_of_very_many_times_each_is_counted_like_an_age_and_of_fewer_as_it_is() -> None:
    times = ibis.memtable(pa.table({"waited": [999_999, 1_999_999, 3_599_999_999, 3_600_000_000, 3_719_999_999]}))
    few, many = (engine().to_pyarrow(as_counted(times["waited"], number)).to_pylist() for number in (100_000, 100_001))
    assert few == [999_999, 1_999_999, 3_599_999_999, 3_600_000_000, 3_719_999_999]
    assert many == [0, 1_000_000, 3_599_000_000, 3_600_000_000, 3_660_000_000]
