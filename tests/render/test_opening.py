"""What a connector says of the platform's limits stands first in a plan that changes something, and nowhere else."""

import json
from collections.abc import Callable

import pytest

from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import Address, Desired, Live, Mark, SettingType, Snapshot, Translation
from sla_sync.render.plan import plan_as_json, plan_as_markdown, plan_as_text

TYPES = {"Field": SettingType("Field", "field", Mark.NAME)}
DESIRED = Desired(Address("Field", "due"), {"label": "Due"})
SAID = "Custom fields: 24 on Lead."


def a_plan(*live: Live, opening: tuple[str, ...] = (SAID, "Besides: 3 flows.")) -> Plan:
    snapshot = Snapshot({each.address: each for each in live})
    translation = Translation((DESIRED,), opening=opening)
    return make_plan(translation, snapshot, TYPES, target="t", agreement="a", agreement_digest="d")


@pytest.mark.parametrize("render", [plan_as_text, plan_as_markdown])
def test_a_plan_opens_with_what_it_takes_of_the_platform(render: Callable[[Plan], str]) -> None:
    text = render(a_plan())
    assert text.index(SAID) < text.index("Besides: 3 flows.") < text.index("Field/due")
    assert text.splitlines()[2] == SAID


@pytest.mark.parametrize("render", [plan_as_text, plan_as_markdown])
def test_a_plan_that_changes_nothing_opens_with_nothing(render: Callable[[Plan], str]) -> None:
    same = Live(DESIRED.address, DESIRED.values, managed=True)
    assert SAID not in render(a_plan(same))


@pytest.mark.parametrize("render", [plan_as_text, plan_as_markdown])
def test_a_connector_that_says_nothing_leaves_no_gap_in_the_text(render: Callable[[Plan], str]) -> None:
    assert "\n\n\n" not in render(a_plan(opening=()))


def test_the_opening_stands_in_json_whether_or_not_something_changes() -> None:
    assert json.loads(plan_as_json(a_plan()))["opening"] == [SAID, "Besides: 3 flows."]
