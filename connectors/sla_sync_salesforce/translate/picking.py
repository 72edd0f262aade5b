"""Picking a member of a team in turn: present members in order of their place, one after another by the assignment's number.

The number of an assignment is drawn once and never again, so no counter has to be kept and none can be lost: of n
members who are present, the assignment with the number x goes to the one at place x modulo n. Numbers that other lines
draw are left out of a team's turn, and a team whose presence changes begins its turn elsewhere: shares even out over many
leads and are not equal over few.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import KeyPath
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.elements import Asked, Part, node_name, ref
from sla_sync_salesforce.translate.members import ACTIVE, PERSON, PLACE, PRESENT, TEAM, member_object

COUNT, POSITION, TURN = "Members", "Position", "Turn"
OWNER, CHOSEN, CHOSEN_TEAM = "Owner", "Person", "Team"
_NUMBER_LENGTH = 6


@dataclass(frozen=True)
class Pick:
    """A choice among the members of a team: the name of its first part, and where it goes with somebody or with nobody."""

    name: str
    team: str
    to: str
    nobody: str
    skips_absent: bool
    origin: KeyPath

    @property
    def begin(self) -> str:
        """The name of the part with which it begins."""
        return node_name("Get_Members", self.name)


def pick(choice: Pick, binding: SalesforceBinding) -> Iterator[Part]:
    """Yield the parts of one choice; whoever holds the assignment now never gets it again."""
    look, count, some, each, reached, take, following = (
        node_name(word, choice.name)
        for word in ("Get_Members", "Count", "Has_Members", "Member", "Is_Turn_Of", "Take_Member", "Go_On")
    )
    asked: tuple[Asked, ...] = (
        (TEAM, "EqualTo", choice.team),
        (PRESENT if choice.skips_absent else ACTIVE, "EqualTo", True),
        (PERSON, "NotEqualTo", ref("$Record.Person__c")),
    )
    yield elements.lookup(
        look, member_object(binding), asked, to=count, fields=(PERSON,), sort=PLACE, first=False, origin=choice.origin
    )
    yield elements.assignment(count, ((COUNT, "AssignCount", ref(look)), (POSITION, 0)), some)
    yield elements.whether(some, ((COUNT, "GreaterThan", 0),), yes=each, no=choice.nobody)
    yield elements.loop(each, look, each=reached, after=choice.nobody)
    yield elements.whether(reached, ((POSITION, "EqualTo", ref(TURN)),), yes=take, no=following)
    yield elements.assignment(following, ((POSITION, "Add", 1),), each)
    chosen = ref(f"{each}.{PERSON}")
    yield elements.assignment(
        take, ((OWNER, chosen), (CHOSEN, chosen), (CHOSEN_TEAM, choice.team)), choice.to, origin=choice.origin
    )


def pick_resources() -> Iterator[Part]:
    """Yield what every choice counts with."""
    yield elements.variable(COUNT, "Number", value=0)
    yield elements.variable(POSITION, "Number", value=0)
    number = f"VALUE(RIGHT({{!$Record.Name}}, {_NUMBER_LENGTH}))"
    yield elements.formula(TURN, "Number", f"IF({{!{COUNT}}} > 0, MOD({number}, {{!{COUNT}}}), 0)")
