"""When faults happen: the same seed gives the same, a script names requests, and what says neither is one clear error."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.connector.simulation.schedules import Cut, Line, Scripted, Seeded, Trouble, read_script, read_seed
from sla_sync.connector.simulation.trouble import Asked
from sla_sync.errors import SlaSyncError
from tests.haste import examples

NAMES = ("cut-after", "cut-before", "503-before")
METHODS = st.sampled_from(["GET", "POST"])
PATHS = st.sampled_from(["/a", "/a/1", "/b"])


def asked(number: int, method: str = "GET", path: str = "/a") -> Asked:
    return Asked(number, method, path, reads=method == "GET")


def outcome(trouble: Trouble, requests: Sequence[tuple[str, str]], fitting: Sequence[str] = NAMES) -> list[str | None]:
    return [trouble.fault_of(asked(number, *each), fitting) for number, each in enumerate(requests, 1)]


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(METHODS, PATHS), max_size=40), st.integers(), st.floats(0, 1), st.none() | st.integers(0, 5))
def test_the_same_seed_gives_the_same_faults_and_no_more_than_most(
    requests: list[tuple[str, str]], seed: int, rate: float, most: int | None
) -> None:
    first = outcome(Seeded(seed, rate, most=most), requests)
    assert first == outcome(Seeded(seed, rate, most=most), requests)
    assert most is None or sum(each is not None for each in first) <= most


@settings(max_examples=examples(50))
@given(st.integers(), st.sets(st.sampled_from(NAMES), min_size=1))
def test_chance_chooses_only_what_is_named_and_fits(seed: int, names: set[str]) -> None:
    found = outcome(Seeded(seed, 1.0, names=names), [("GET", "/a")] * 20)
    assert set(found) <= names
    assert None not in found
    assert set(outcome(Seeded(seed, 1.0, names=names), [("GET", "/a")] * 5, fitting=())) == {None}
    assert set(outcome(Seeded(seed, 0.0), [("GET", "/a")] * 5)) == {None}


def test_other_seeds_give_other_faults() -> None:
    requests = [("GET", "/a")] * 200
    found = [outcome(Seeded(seed, 0.3), requests) for seed in range(5)]
    assert len({tuple(each) for each in found}) == 5
    happened = sum(each is not None for one in found for each in one)
    assert 200 < happened < 400, "three of ten requests, give or take"


SCRIPTS: tuple[tuple[tuple[Line, ...], list[str | None]], ...] = (
    ((Line("cut-after", number=2),), [None, "cut-after", None, None, None]),
    ((Line("cut-after", number=2, times=3),), [None, "cut-after", "cut-after", "cut-after", None]),
    ((Line("cut-after"),), ["cut-after", None, None, None, None]),
    ((Line("cut-after", call="GET *", nth=2),), [None, None, "cut-after", None, None]),
    ((Line("cut-after", call="GET *", nth=2, times=9),), [None, None, "cut-after", "cut-after", None]),
    ((Line("cut-after", call="POST /a/*"),), [None, None, None, None, "cut-after"]),
    ((Line("cut-after", call="POST /a*", times=2),), [None, "cut-after", None, None, "cut-after"]),
    ((Line("nobody-knows"), Line("503-before", number=1)), ["503-before", None, None, None, None]),
    ((Line("cut-after", number=1), Line("503-before", call="* /a")), ["cut-after", None, None, None, None]),
)


@pytest.mark.parametrize(("lines", "expected"), SCRIPTS)
def test_a_script_names_requests_by_number_or_by_call(lines: tuple[Line, ...], expected: list[str | None]) -> None:
    requests = [("GET", "/a"), ("POST", "/a"), ("GET", "/b"), ("GET", "/a/1"), ("POST", "/a/1")]
    assert outcome(Scripted(lines), requests) == expected


def test_a_request_that_a_fault_does_not_fit_is_not_counted() -> None:
    trouble = Scripted((Line("cut-after", nth=2),))
    assert trouble.fault_of(asked(1), ("cut-before",)) is None
    assert trouble.fault_of(asked(2), NAMES) is None
    assert trouble.fault_of(asked(3), NAMES) == "cut-after"


REFUSED: tuple[tuple[object, str], ...] = (
    (None, "is no script of faults"),
    ([], "is no script of faults"),
    ({"faults": []}, "is no script of faults"),
    ({"faults": [{"fault": "cut-after"}], "more": 1}, "is no script of faults"),
    ({"faults": ["cut-after"]}, "entry 1 of `faults` names no fault"),
    ({"faults": [{"number": 1}]}, "entry 1 of `faults` names no fault"),
    ({"faults": [{"fault": "cut-after"}, {"fault": "cut-aftr"}]}, "entry 2 of `faults` names the fault `cut-aftr`"),
    ({"faults": [{"fault": "cut-after", "when": 1}]}, "says `when`, which no entry has"),
    ({"faults": [{"fault": "cut-after", "number": 0}]}, "says `number: 0`"),
    ({"faults": [{"fault": "cut-after", "times": True}]}, "says `times: True`"),
    ({"faults": [{"fault": 503}]}, "says `fault: 503`"),
    ({"faults": [{"fault": "cut-after", "number": 1, "call": "GET *"}]}, "names a request twice"),
)


@pytest.mark.parametrize(("found", "said"), REFUSED)
def test_a_script_that_cannot_be_used_is_one_sentence_and_a_way_out(found: object, said: str) -> None:
    with pytest.raises(SlaSyncError) as raised:
        read_script(found, NAMES, where="faults.yaml")
    assert said in raised.value.message
    assert raised.value.message.startswith("faults.yaml")
    assert raised.value.message.endswith(".")
    assert raised.value.hint.endswith((".", "}]"))


def test_a_script_is_read_as_it_is_written() -> None:
    found = read_script({"faults": [{"fault": "cut-after", "call": "GET *", "nth": 2, "times": 3}]}, NAMES, where="x")
    assert found.lines == (Line("cut-after", call="GET *", nth=2, times=3),)


def test_a_seed_is_read_with_what_it_leaves_out() -> None:
    found = read_seed("seed=7, rate=0.25, most=3, names=cut-after+503-before", NAMES)
    assert (found.seed, found.rate, found.most, found.names) == (7, 0.25, 3, ("cut-after", "503-before"))
    assert (read_seed("seed=-1", NAMES).rate, read_seed("seed=-1", NAMES).most) == (0.05, None)


@pytest.mark.parametrize(
    "text",
    ["", "7", "seed", "seed=x", "rate=0.5", "seed=1,rate=2", "seed=1,rate=nan", "seed=1,seed=2", "seed=1,names=x"],
)
def test_a_text_that_is_no_seed_is_one_sentence_and_a_way_out(text: str) -> None:
    with pytest.raises(SlaSyncError) as raised:
        read_seed(text, NAMES)
    assert raised.value.message.startswith(f"`{text}`")
    assert raised.value.message.endswith(".")
    assert raised.value.hint


def test_a_line_that_is_cut_stays_cut_and_carries_out_at_most_the_request_at_which_that_happened() -> None:
    requests = [("GET", "/a")] * 4
    assert outcome(Cut(3), requests) == [None, None, "cut-before", "cut-before"]
    assert outcome(Cut(3, before=False), requests) == [None, None, "cut-after", "cut-before"]
