"""No file that somebody else wrote ends reading it in anything but a value or a sentence; `make fuzz` tries thousands more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.fuzz.foreign_files import FILES, QUICK, SLOW, sound, tried
from tests.haste import examples

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Ibis calls DuckDB and pandas by older names
PROJECT = Path(__file__).parents[2]
FOUND = (
    ("a database of audits", 526), ("a month of a history", 20), ("a month of a history", 194),
    ("a parcel of an export", 20), ("a parcel of an export", 194), ("a key of pseudonyms", 3), ("a token of locks", 3),
    ("a lock of exports", 5), ("how far Salesforce was told", 1057), ("a table of somebody else with types", 11),
    ("a table of somebody else with types", 16), ("a table in a warehouse", 6), ("a table in a warehouse", 32),
    ("a month that is reckoned", 9180),
)  # fmt: skip
"""Files whose reading once ended in a traceback."""
FOUND_SLOWLY = (
    ("who owns what code", 16), ("a comment", 6), ("a list in a project of Salesforce", 20),
    ("a list in a project of Salesforce", 26), ("tables copied as fivetran-salesforce", 13),
    ("tables copied as airbyte-salesforce", 67), ("tables copied as airbyte-salesforce", 80),
    ("tables copied as airbyte-hubspot", 41), ("tables copied as airbyte-hubspot", 54),
    ("tables copied as fivetran-salesforce into duckdb", 45),
)  # fmt: skip
"""The same, of those that are read with a whole agreement or a whole platform behind them."""


def test_the_page_about_security_says_how_many_kinds_of_files_are_fuzzed() -> None:
    assert f"| files of {len(FILES)} kinds |" in (PROJECT / "docs/security.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUICK)
def test_a_file_in_which_nothing_is_wrong_is_read(name: str) -> None:
    assert bool(sound(name)) is FILES[name].said


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_document_or_a_copy_in_which_nothing_is_wrong_is_read(name: str) -> None:
    assert sound(name)


@pytest.mark.parametrize(("name", "seed"), FOUND)
def test_what_was_found_stays_mended(name: str, seed: int) -> None:
    assert tried(name, seed) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), FOUND_SLOWLY)
def test_what_was_found_in_documents_and_copies_stays_mended(name: str, seed: int) -> None:
    assert tried(name, seed) == ""


def test_a_file_of_which_one_place_is_wrong_is_read_or_refused_in_a_sentence() -> None:
    assert_ended_well(QUICK, max(1, examples(80) // 16))


@pytest.mark.slow
def test_a_document_or_a_copy_of_which_one_place_is_wrong_is_read_or_refused_in_a_sentence() -> None:
    assert_ended_well(SLOW, 1)


def assert_ended_well(names: Iterable[str], seeds: int) -> None:
    failures = [said for seed in range(seeds) for name in names if (said := tried(name, seed))]
    assert Counter(said.partition(",")[0] for said in failures) == {}, failures[:1]
