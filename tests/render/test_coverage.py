"""Coverage as text, Markdown and JSON."""

from __future__ import annotations

import json

from sla_sync.diagnostics import KeyPath, Location
from sla_sync.reconcile.coverage import Coverage, CoveredLine, ManualStep, StepKind
from sla_sync.reconcile.settings import Address, Aspect
from sla_sync.render.coverage import coverage_as_markdown, coverage_as_plain, coverage_as_text

FOUND = Coverage(
    "small",
    "paper",
    (
        CoveredLine(
            ("stages", "mql"),
            frozenset({Aspect.RECORDED, Aspect.ALERTED}),
            tuple(Address("Rule", name) for name in "abc"),
            (1,),
        ),
        CoveredLine(("terms", "touch"), frozenset(), (), (2,)),
    ),
    (
        ManualStep(1, "a", StepKind.PLATFORM, "Do | this."),
        ManualStep(2, "b", StepKind.PEOPLE, "Say that."),
    ),
)


def locate(path: KeyPath) -> Location:
    return Location("agreement.yaml", len(path[0]) if isinstance(path[0], str) else 1)


def test_text_has_a_tick_for_each_aspect_and_the_steps_by_their_kind() -> None:
    assert coverage_as_text(FOUND, locate).splitlines() == [
        "small on paper: 2 lines, 1 held by settings, 0 by a manual step of the plan, 1 kept by people.",
        "",
        "                               documented recorded   enforced   measured   alerted    held by",
        "agreement.yaml:6  stages.mql   ·          ✓          ·          ·          ✓          Rule/a, Rule/b, 1 more, step 1",
        "agreement.yaml:5  terms.touch  ·          ·          ·          ·          ·          step 2",
        "",
        "1 manual step that no API can do:",
        "  1. Do | this.",
        "",
        "1 manual step kept by people:",
        "  2. Say that.",
    ]


def test_markdown_is_a_table_whose_cells_hold_no_bars() -> None:
    lines = coverage_as_markdown(FOUND, locate).splitlines()
    assert lines[2] == "| line | where | documented | recorded | enforced | measured | alerted | held by |"
    assert {line.count(" | ") for line in lines[4:6]} == {7}
    assert "1. Do \\| this." in lines


def test_json_names_every_setting_and_where_each_line_stands() -> None:
    plain = json.loads(json.dumps(coverage_as_plain(FOUND, locate)))
    assert plain["lines"][0] == {
        "path": "stages.mql",
        "location": {"file": "agreement.yaml", "line": 6, "column": 1},
        "aspects": ["recorded", "alerted"],
        "settings": ["Rule/a", "Rule/b", "Rule/c"],
        "steps": [1],
    }
    assert [each["kind"] for each in plain["steps"]] == ["platform", "people"]
