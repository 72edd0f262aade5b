"""No file that somebody else wrote ends reading it in anything but a value or a sentence; `make fuzz` tries thousands more."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz.foreign_files import FILES, sound, tried
from tests.haste import examples

FOUND = (
    ("a database of audits", 526), ("a month of a history", 20), ("a month of a history", 194),
    ("a parcel of an export", 20), ("a parcel of an export", 194),
)  # fmt: skip
"""Files whose reading once ended in a traceback."""


@pytest.mark.parametrize("name", FILES)
def test_a_file_in_which_nothing_is_wrong_is_read(name: str) -> None:
    assert sound(name) is not None or name == "a parcel of an export"


@pytest.mark.parametrize(("name", "seed"), FOUND)
def test_what_was_found_stays_mended(name: str, seed: int) -> None:
    assert tried(name, seed) == ""


def test_a_file_of_which_one_place_is_wrong_is_read_or_refused_in_a_sentence() -> None:
    failures = [said for seed in range(examples(80) // 8) for name in FILES if (said := tried(name, seed))]
    assert Counter(said.partition(",")[0] for said in failures) == {}, failures[:1]
