"""The shape of the source: short files that say in their first line what they are for."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MOST_LINES = 450
MODULES = sorted(path for folder in ("sla_sync", "connectors") for path in (PROJECT / folder).rglob("*.py"))
FORBIDDEN_WORDS = {"base", "common", "handler", "handlers", "helper", "helpers", "manager", "managers", "util", "utils"}


def test_a_module_is_short() -> None:
    lines = {_named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {name: count for name, count in lines.items() if count > MOST_LINES}


def test_a_module_says_in_its_first_line_what_it_is_for() -> None:
    texts = {_named(path): path.read_text(encoding="utf-8") for path in MODULES}
    assert not [name for name, text in texts.items() if text and not text.startswith('"""')]


def test_no_module_bears_a_name_that_says_nothing() -> None:
    assert not [_named(path) for path in MODULES if FORBIDDEN_WORDS & set(path.stem.split("_"))]


def _named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()
