"""One more entry in a list of a file: the file says one entry more, and every character that stood there still does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.source import read_text_source
from sla_sync.authoring.appending import appended
from sla_sync.errors import SlaSyncError
from tests.haste import examples

ENTRY = {"role": "vp_sales", "on": "2026-11-02", "needs": ["a", "no"]}
LAID_OUT = [
    "",
    "signed: []\n",
    "signed: [ ]   # none yet\nx: y\n",
    "signed:\n",
    "signed:   # nobody yet\n# below\nx: y\n",
    "signed:\n  - {a: b}   # why\n\n# at the end\nx: []\n",
    "signed:\n- a: b\n  c: d   # why\n# at the end\n",
    "signed:\n  - {a: b}",
    "signed: [{a: b}, ]  # more\n",
    "signed:\n  [\n    {a: b},   # one\n    {c: d}    # other\n  ]\n",
    "signed:\n    - a: |\n        many\n        lines\n\n    - b: c\nx: y\n",
    "signed:\r\n- {a: b}\r\nx: y\r\n",
    "x: |\n  text\n\n",
]


def data(text: str) -> dict[str, object]:
    found = read_text_source(f"first: line\n{text}").data
    assert found is not None
    return dict(found)


def is_kept(old: str, new: str) -> bool:
    """Return whether every character of the old text stands in the new one, in the same order."""
    rest = iter(new)
    return all(letter in rest for letter in old)


@pytest.mark.parametrize("text", LAID_OUT)
def test_an_entry_comes_last_and_nothing_else_changes(text: str) -> None:
    whole = f"first: line\n{text}"
    new = appended(whole, "signed", ENTRY, file="signatures.yaml")
    before = data(text).get("signed") or []
    assert isinstance(before, list)
    found = read_text_source(new).data
    assert found == {**data(text), "signed": [*before, {**ENTRY}]}
    assert is_kept(whole, new)
    assert new.count("\r\n") == (new.count("\n") if "\r\n" in text else 0)


@pytest.mark.parametrize("text", LAID_OUT)
def test_a_second_entry_comes_after_the_first(text: str) -> None:
    once = appended(f"first: line\n{text}", "signed", {"n": "one"}, file="f")
    twice = read_text_source(appended(once, "signed", {"n": "two"}, file="f")).data
    assert twice is not None
    assert twice["signed"][-2:] == [{"n": "one"}, {"n": "two"}]  # type: ignore[index]


def test_an_entry_follows_the_one_before_it_and_not_the_comment_about_what_comes_next() -> None:
    text = "signed:\n  - {a: b}   # why\n\n# about what comes next\nx: []\n"
    assert appended(text, "signed", {"n": "one"}, file="f") == (
        "signed:\n  - {a: b}   # why\n  - {n: one}\n\n# about what comes next\nx: []\n"
    )


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text(st.characters(codec="utf-8"), max_size=20))
)
@settings(max_examples=examples(100), deadline=None)
def test_whatever_an_entry_says_is_read_back_or_refused(entry: dict[str, str]) -> None:
    try:
        text = appended("x: y\n", "signed", entry, file="f")
    except SlaSyncError:
        # Some characters stand in no YAML text, in quotation marks either.
        assert any(not letter.isprintable() for value in entry.values() for letter in value)
        return
    assert read_text_source(text).data == {"x": "y", "signed": [entry]}


@pytest.mark.parametrize("text", ["{x: y}\n", "- x\n", "signed: text\n", "signed: {a: b}\n", "x: [\n", "x: y\n...\n"])
def test_a_file_to_which_nothing_can_be_added_is_refused_and_not_spoiled(text: str) -> None:
    with pytest.raises(SlaSyncError, match=r"signatures\.yaml"):
        appended(text, "signed", ENTRY, file="signatures.yaml")
