"""The shape of the source: short files that say in their first line what they are for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MOST_LINES = 450
MODULES = sorted(path for folder in ("sla_sync", "connectors") for path in (PROJECT / folder).rglob("*.py"))
FORBIDDEN_WORDS = {"base", "common", "handler", "handlers", "helper", "helpers", "manager", "managers", "util", "utils"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_a_module_is_short_and_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    if text:
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_module_bears_a_name_that_says_nothing(path: Path) -> None:
    assert not FORBIDDEN_WORDS & set(path.stem.split("_"))
