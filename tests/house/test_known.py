"""How everything is known that concerns a platform is said in the documentation, word for word as beside the code."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main

from sla_sync.cli.app import app
from sla_sync_salesforce.simulator.api.routes import HANDLERS
from sla_sync_salesforce.simulator.sources import ENDPOINTS
from tests.house.known import INFERRED, VERIFIED, inferred_page, marks, unknown, verified_page
from tests.house.tried import COMMANDS, PLATFORMS

PROJECT = Path(__file__).resolve().parents[2]


def test_a_comment_is_read_to_its_end() -> None:
    module = (
        "a = 1  # Inferred: one\nb = 2\n\n# Inferred: two\n# lines\nc = 3\n# no\n# Inferred: three\n# Inferred: four\n"
    )
    assert [said for _, said in marks(module)] == ["one", "two lines", "three", "four"]


def test_a_docstring_is_read_to_the_end_of_its_paragraph_or_to_the_next_mark() -> None:
    module = '"""A table. Documented: a page. Inferred: half\nof it.\n\nThe rest is known."""\n'
    assert list(marks(module)) == [("Documented", "a page."), ("Inferred", "half of it.")]


@pytest.mark.parametrize(
    ("page", "made"), [(INFERRED, inferred_page), (VERIFIED, verified_page)], ids=["inferred", "all"]
)
def test_the_pages_of_how_it_is_known_repeat_what_stands_beside_the_code(page: Path, made: object) -> None:
    assert callable(made)
    assert page.read_text(encoding="utf-8") == made(), "Run: make docs"


def test_no_type_of_setting_and_no_part_of_a_simulator_is_without_a_source() -> None:
    assert list(unknown()) == []


def test_a_source_that_is_forgotten_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ENDPOINTS, "query")
    assert list(unknown()) == ["no source of the address of Salesforce query"]
    monkeypatch.setitem(ENDPOINTS, "query", "Everybody knows.")
    assert list(unknown()) == ["the source of query bears no mark"]


def test_every_handler_of_the_salesforce_simulator_is_an_address() -> None:
    assert HANDLERS.keys() <= ENDPOINTS.keys()


def test_every_command_says_what_it_was_tried_on_by_a_test_that_is_there() -> None:
    assert COMMANDS.keys() == typer.main.get_command(app).commands.keys()  # type: ignore[attr-defined]  # a group
    for platform, test in COMMANDS.values():
        assert platform in PLATFORMS
        assert (PROJECT / test).is_file(), test
