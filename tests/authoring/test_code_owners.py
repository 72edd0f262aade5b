"""CODEOWNERS from the roles of an agreement: its own lines between its marks, the lines of others as they were."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.authoring.code_owners import Owned, owner_lines, with_owners
from sla_sync.errors import SlaSyncError
from tests.haste import examples

ACCOUNTS = {"vp_marketing": ("@acme/marketing",), "vp_sales": ("@acme/sales", "@sam"), "revops": ("@acme/sales",)}


def test_a_line_names_the_file_and_every_account_once() -> None:
    lines, alone = owner_lines([Owned("configs/acme/a file.yaml", ("vp_marketing", "vp_sales", "revops"))], ACCOUNTS)
    assert lines == ("/configs/acme/a\\ file.yaml @acme/marketing @acme/sales @sam",)
    assert alone == ()


def test_a_file_that_nobody_with_an_account_owns_has_no_line_and_is_named() -> None:
    lines, (said,) = owner_lines(
        [Owned("a.yaml", ("president", "vp_sales")), Owned("b.yaml", ("president",))], ACCOUNTS
    )
    assert lines == ("/a.yaml @acme/sales @sam",)
    assert "b.yaml" in said
    assert "president" in said


@pytest.mark.parametrize("path", ["a*.yaml", "a[1].yaml", "a#.yaml", "a\n* @mallory", "a\\b", "!a"])
def test_a_path_that_would_mean_something_else_is_refused(path: str) -> None:
    with pytest.raises(SlaSyncError, match="cannot be written"):
        owner_lines([Owned(path, ("revops",))], ACCOUNTS)


plain = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="\n"), max_size=12)
texts = st.lists(plain, max_size=5).map(lambda lines: "".join(f"{line}\n" for line in lines))


@given(texts, texts, st.lists(plain, max_size=3), st.lists(plain, max_size=3))
@settings(max_examples=examples(60), deadline=None)
def test_lines_of_others_stay_and_a_second_writing_replaces_the_first(
    before: str, after: str, first: list[str], second: list[str]
) -> None:
    once = with_owners(before, "acme", first) + after
    twice = with_owners(once, "acme", second)
    assert twice == with_owners(before, "acme", second) + after
    assert twice.startswith(before.rstrip("\n"))
    assert twice.endswith(after)
    assert with_owners(twice, "acme", second) == twice


def test_agreements_side_by_side_keep_apart() -> None:
    both = with_owners(with_owners("* @all\n", "acme", ["/a @x"]), "acme-emea", ["/b @y"])
    assert with_owners(both, "acme", ["/c @z"]) == both.replace("/a @x", "/c @z")


@pytest.mark.parametrize("lost", [0, 1])
def test_a_mark_without_the_other_is_refused(lost: int) -> None:
    lines = with_owners("", "acme", []).splitlines(keepends=True)
    with pytest.raises(SlaSyncError, match="one pair"):
        with_owners(lines[lost], "acme", ["/a @x"])
