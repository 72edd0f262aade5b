from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.adopting.edits import CannotEditError, Edit, How, Paper, edited_data, value_of
from sla_sync.adopting.spelling import spelled
from sla_sync.adopting.writing import edited_text, says
from sla_sync.agreement.compose import compose
from sla_sync.authoring.tokens import comments
from sla_sync.diagnostics import KeyPath
from tests.haste import examples

TEXT = """\
# What the parties agreed.
limits: {hot: 15 minutes, warm: 2 hours}   # the first counts
warn: at 50%          # half
days: [2026-11-26, 2026-12-25]
open:
  mon: 09:00-17:00                # early
  # Fridays are short.
  fri: 09:00-12:00
notify:
  - vp_sales
  - vp_marketing  # too
one: {only: here}
"""
A = Paper.AGREEMENT
CASES: tuple[tuple[Edit, str, str], ...] = (
    (Edit(A, How.PUT, ("warn",), "at 60%"), "warn: at 50%          # half", "warn: at 60%          # half"),
    (Edit(A, How.PUT, ("warn",), "at 5 minutes"), "warn: at 50%          # half", "warn: at 5 minutes    # half"),
    (
        Edit(A, How.PUT, ("limits", "hot"), "1 day"),
        "{hot: 15 minutes, warm: 2 hours}   # the",
        "{hot: 1 day, warm: 2 hours}        # the",
    ),
    (Edit(A, How.PUT, ("warn",), "a: b #c"), "warn: at 50%          # half", 'warn: "a: b #c"       # half'),
    (Edit(A, How.ADD, ("days",), "2026-12-31"), "2026-12-25]", "2026-12-25, 2026-12-31]"),
    (Edit(A, How.ADD, ("limits", "cold"), "3 days"), "warm: 2 hours}   #", "warm: 2 hours, cold: 3 days} #"),
    (Edit(A, How.ADD, ("open", "sat"), "10:00-12:00"), "fri: 09:00-12:00\n", "fri: 09:00-12:00\n  sat: 10:00-12:00\n"),
    (Edit(A, How.ADD, ("notify",), "president"), "vp_marketing  # too\n", "vp_marketing  # too\n  - president\n"),
    (Edit(A, How.ADD, ("more",), {"a": [1, True]}), "one: {only: here}\n", "one: {only: here}\nmore: {a: [1, true]}\n"),
    (Edit(A, How.DROP, ("days", 0)), "[2026-11-26, 2026-12-25]", "[2026-12-25]"),
    (Edit(A, How.DROP, ("days", 1)), "[2026-11-26, 2026-12-25]", "[2026-11-26]"),
    (Edit(A, How.DROP, ("limits", "hot")), "{hot: 15 minutes, warm", "{warm"),
    (Edit(A, How.DROP, ("open", "mon")), "  mon: 09:00-17:00                # early\n", ""),
    (Edit(A, How.DROP, ("notify", 1)), "  - vp_marketing  # too\n", ""),
    (Edit(A, How.DROP, ("one", "only")), "one: {only: here}", "one: {}"),
)


@pytest.mark.parametrize(("edit", "before", "after"), CASES)
def test_an_edit_changes_its_own_place_and_leaves_the_rest_as_it_stands(edit: Edit, before: str, after: str) -> None:
    assert before in TEXT
    assert edited_text(TEXT, edit) == TEXT.replace(before, after)


@pytest.mark.parametrize(
    "edit",
    [
        Edit(A, How.PUT, ("nowhere",), 1),
        Edit(A, How.ADD, ("warn",), 1),
        Edit(A, How.ADD, ("nowhere", "at"), 1),
        Edit(A, How.DROP, ("days", 7)),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(edit: Edit) -> None:
    with pytest.raises(CannotEditError):
        edited_text(TEXT, edit)


def test_what_an_alias_says_is_never_changed_through_it() -> None:
    text = "one: &same 5\ntwo: *same\n"
    with pytest.raises(CannotEditError):
        edited_text(text, Edit(A, How.PUT, ("two",), 6))


ACME = (Path(__file__).parents[2] / "configs/acme/agreement.yaml").read_text("utf-8")


def _spots(value: object, path: KeyPath = ()) -> list[KeyPath]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [each for key, inside in entries for each in _spots(inside, (*path, key))]


_ROOT = compose(ACME, "").root
SPOTS = _spots(_ROOT.value if _ROOT else None)
VALUES = st.one_of(st.integers(), st.booleans(), st.text(max_size=12), st.lists(st.text("ab: #'\"{}[],-", max_size=5)))


@settings(max_examples=examples(12), deadline=None)
@given(st.sampled_from(SPOTS), st.sampled_from([How.PUT, How.DROP]), VALUES)
def test_whatever_is_put_or_dropped_in_the_example_says_just_that(path: KeyPath, how: How, value: object) -> None:
    edit = Edit(A, how, path, value)
    try:
        text = edited_text(ACME, edit)
    except CannotEditError:
        # The first member of a block cannot always be told from its dash; nothing else is refused.
        assert how is How.DROP or (isinstance(value, str) and not value.isprintable()) or not _is_scalar(path)
        return
    root = compose(text, "").root
    assert root is not None
    assert root.value == edited_data(_ROOT.value, edit)  # type: ignore[union-attr, arg-type]
    if how is How.PUT and _is_scalar(path):
        assert comments(text) == comments(ACME)
        assert sum(one != other for one, other in zip(ACME.splitlines(), text.splitlines(), strict=True)) <= 1


def _is_scalar(path: KeyPath) -> bool:
    assert _ROOT is not None
    return not isinstance(value_of(_ROOT.value, path), dict | list)


@settings(max_examples=examples(60), deadline=None)
@given(VALUES)
def test_a_value_is_spelled_so_that_it_is_read_again(value: object) -> None:
    assert says(f"k: {spelled(value, inside=False)}\n", ("k",)) == value
    assert says(f"k: {spelled([value])}\n", ("k", 0)) == value
