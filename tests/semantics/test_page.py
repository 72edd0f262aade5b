"""The page about meaning names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    files = Path(__file__).parent.glob("test_*.py")
    written = {
        name
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 50
    assert sorted(named - written) == []


def test_every_vector_of_the_page_is_a_test() -> None:
    vectors = set(re.findall(r"^\| ([VB]\d+) \|", PAGE, re.MULTILINE))
    text = (Path(__file__).parent / "test_calendar.py").read_text(encoding="utf-8")
    assert len(vectors) == 20
    assert vectors == set(re.findall(r'id="([VB]\d+)"', text))
