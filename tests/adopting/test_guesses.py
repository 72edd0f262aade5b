from __future__ import annotations

import pytest

from sla_sync.adopting.guesses import Part, guessed_stages, names_of
from sla_sync.connector import StageFound


def _stages(*labels: str, won: str = "") -> tuple[StageFound, ...]:
    return tuple(
        StageFound(each, each, {"Lead.Status": [each]}, first=number == 0, won=each == won)
        for number, each in enumerate(labels)
    )


E, Q, W, WON, LOST, LATER = Part.EARLY, Part.QUALIFIED, Part.WORKED, Part.WON, Part.LOST, Part.LATER
GUESSES = (
    (_stages("New", "MQL", "Working", "Converted", "Rejected", won="Converted"), (E, Q, W, WON, LOST)),
    (_stages("Open", "Contacted", "Qualified", "Nurturing", "Unqualified"), (E, E, Q, LATER, LOST)),
    (_stages("Open - Not Contacted", "Working - Contacted", "Closed - Not Converted"), (E, Q, LOST)),
    (_stages("Only one"), (Q,)),
    (_stages("Subscriber", "Marketing Qualified Lead", "Sales Qualified Lead", "Customer"), (E, Q, W, WON)),
)


@pytest.mark.parametrize(("found", "parts"), GUESSES)
def test_a_stage_has_the_part_that_its_name_tells(found: tuple[StageFound, ...], parts: tuple[Part, ...]) -> None:
    guessed = guessed_stages(found)
    assert tuple(each.part for each in guessed) == parts
    assert all(each.because for each in guessed)


def test_names_are_those_of_the_language_and_each_is_used_once() -> None:
    assert names_of(["Open - Not Contacted", "open not contacted", "Marketing Qualified Lead", "2 weeks", "東京"]) == [
        "open_not_contacted",
        "open_not_contacted_2",
        "mql",
        "n_2_weeks",
        "n",
    ]
