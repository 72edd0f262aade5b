"""Parts of divisions give way to the conditions that they stand for, and segments keep to the scope."""

from __future__ import annotations

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import parse_expression, print_expression
from sla_sync.agreement.source import read_text_source
from sla_sync.compiler import compile_agreement
from sla_sync.compiler.divisions import spelled_out
from tests.agreement.documents import SMALL

DIVISIONS = {
    "territory": {"west": "region is west", "east": {"when": "region is east or central"}, "rest": "region is known"},
    "size": {"big": "employees >= 200", "western": "territory is west"},
}


def agreement(**sections: object) -> Agreement:
    return Agreement.model_validate({**dict(read_text_source(SMALL).data or {}), "segments": DIVISIONS, **sections})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("territory is west", "region is west"),
        ("territory is east", "region is east or central and region is not west"),
        (
            "territory is rest",
            "region is known and region is not west and region is not east or central",
        ),
        ("territory is not west", "region is not west"),
        ("size is western", "region is west and not employees >= 200"),
        ("segment is big", "employees >= 200"),
        ("not territory is west", "not region is west"),
        ("source is fair and territory is west", "source is fair and region is west"),
        ("(email is known) or (territory is west)", "email is known or (region is west)"),
        ("territory is west or nowhere", "territory is west or nowhere"),
        ("stage is mql", "stage is mql"),
    ],
)
def test_a_part_stands_for_its_condition_where_no_earlier_one_holds(written: str, meant: str) -> None:
    assert print_expression(spelled_out(parse_expression(written), agreement())) == meant


def test_several_parts_are_joined() -> None:
    found = spelled_out(parse_expression("territory is west or east"), agreement())
    assert print_expression(found) == "(region is west) or (region is east or central and region is not west)"


def test_a_division_that_is_made_of_itself_is_left_as_it_is() -> None:
    circle = {"a": {"x": "b is y"}, "b": {"y": "a is x"}}
    assert print_expression(spelled_out(parse_expression("a is x"), agreement(segments=circle))) == "a is x"


def test_a_segment_shows_the_leads_of_its_agreement_only() -> None:
    header = {"name": "small", "effective": {"from": "2026-10-01"}, "scope": "brand is harbor"}
    priorities = {"hot": {"when": "territory is west"}, "warm": {"when": "email is known"}}
    found = compile_agreement(agreement(metadata=header, priorities=priorities), {}).segments
    assert [print_expression(each.when) for each in found] == [
        "brand is harbor and region is west",
        "brand is harbor and email is known and region is not west",
    ]
