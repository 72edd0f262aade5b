"""The page of figures has a place for each that can be measured, and each stands under the command that prints it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.growth import sloped
from benchmarks.page import LONG, MEASURED, PAGE, written

PLACE = re.compile(r"<!-- measured: (?P<name>[\w-]+) -->\n(?P<block>.*?)<!-- end -->", re.DOTALL)


def test_every_figure_has_one_place_and_stands_there_under_its_command() -> None:
    said = {found["name"]: found["block"] for found in PLACE.finditer(PAGE.read_text("utf-8"))}
    every = {**MEASURED, **LONG}
    assert said.keys() == every.keys()
    assert [name for name, block in said.items() if not block.startswith(f"`{every[name]}`, 20")] == []


@pytest.mark.parametrize("command", [*MEASURED.values(), *LONG.values()])
def test_every_command_of_the_page_names_a_script_that_there_is(command: str) -> None:
    name = re.search(r"benchmarks[./](\w+)", command)
    assert name is not None
    assert (Path(PAGE).parents[1] / "benchmarks" / f"{name[1]}.py").is_file()


def test_a_figure_is_written_where_it_belongs_and_nothing_else_is_touched() -> None:
    page = "a\n<!-- measured: one -->\nold\n<!-- end -->\nb\n<!-- measured: two -->\nkept\n<!-- end -->\n"
    assert written(page, "one", "new\n") == page.replace("old", "new")
    with pytest.raises(SystemExit):
        written(page, "three", "new\n")


def test_a_slope_says_how_a_cost_grows_and_marks_what_is_steep() -> None:
    assert sloped((100, 200), (1.0, 2.0)) == "1.00"
    assert sloped((100, 200), (1.0, 4.0)) == "2.00 !"
    assert sloped((50, 100, 200), (9.0, 0.01, 0.05)) == "–"
