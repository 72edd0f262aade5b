"""A change of the documents counts only if it asks for what was found and for nothing new besides."""

from __future__ import annotations

from dataclasses import replace

from sla_sync.adopting.adoption import Adoption, NotAdopted
from sla_sync.adopting.edits import Edit, How, Paper
from sla_sync.adopting.proof import Follows, Scene, prove, settled
from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.drift import DriftClass, Finding
from sla_sync.reconcile.settings import Address, Consequence, Desired, Live, Mark, SettingType, Snapshot
from sla_sync.render.adopt import adoption_as_text

TYPES = {"T": SettingType("T", "thing", Mark.NAME)}
X, Y = Address("T", "x"), Address("T", "y")
LIMIT: KeyPath = ("limits", "hot")
EDIT = Edit(Paper.AGREEMENT, How.PUT, LIMIT, 2)
FOUND = Finding(DriftClass.CHANGED, Consequence.BREACH, X, ("n",), 1, 1, 2, None, None, LIMIT)


def _asked(x: int, y: int, origin_of_y: KeyPath) -> tuple[Desired, ...]:
    return Desired(X, {"n": x}, origins={(): LIMIT}), Desired(Y, {"n": y}, origins={(): origin_of_y})


def _proved(x: int, y: int, *, origin_of_y: KeyPath = LIMIT, live_y: int = 1) -> tuple[Follows, ...] | None:
    before = {each.address: each for each in _asked(1, 1, origin_of_y)}
    live = Snapshot({X: Live(X, {"n": 2}), Y: Live(Y, {"n": live_y})})
    return prove(Scene(before, live, TYPES), FOUND, [EDIT], _asked(x, y, origin_of_y))


def test_a_change_that_asks_for_just_what_is_there_is_proved() -> None:
    assert _proved(2, 1) == ()


def test_a_change_that_asks_for_something_else_is_not() -> None:
    assert _proved(3, 1) is None
    assert _proved(1, 1) is None


def test_another_value_from_the_same_line_follows_and_is_left_to_apply() -> None:
    assert _proved(2, 2) == (Follows(Y, ("n",), 1, 2, there=False),)


def test_another_value_that_is_there_already_follows_wherever_it_comes_from() -> None:
    assert _proved(2, 2, origin_of_y=("routing",), live_y=2) == (Follows(Y, ("n",), 1, 2, there=True),)


def test_a_change_that_asks_for_something_new_from_another_line_is_not_proved() -> None:
    assert _proved(2, 2, origin_of_y=("routing",)) is None


def test_a_setting_that_is_still_there_is_not_let_go_of_to_adopt_one_of_its_values() -> None:
    before = {each.address: each for each in _asked(1, 1, LIMIT)}
    live = Snapshot({X: Live(X, {"n": 2}), Y: Live(Y, {"n": 1})})
    assert prove(Scene(before, live, TYPES), FOUND, [EDIT], _asked(2, 1, LIMIT)[1:]) is None


def test_what_was_seen_beside_the_settings_is_settled_by_no_change_and_told_as_it_was_seen() -> None:
    gone = replace(
        FOUND,
        drift=DriftClass.PEOPLE,
        address=Address("people", "Team 'sdr'"),
        path=(),
        what="Team 'sdr'",
        sentence="The user «ben» is not active.",
    )
    assert not settled(Scene({}, Snapshot({}), TYPES), gone)
    told = adoption_as_text(Adoption("t", (NotAdopted(gone, "It is no setting."),), (), ()))
    assert "Team 'sdr': The user «ben» is not active." in told
    assert "→ Name somebody active in the targets file, or activate the person there," in told
    assert "--only" not in told
