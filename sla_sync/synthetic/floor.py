"""The people who get leads: who is there when, at what pace, in which hours, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

import numpy as np

from sla_sync.errors import SlaSyncError
from sla_sync.synthetic.chance import NEVER, Bools, Ints
from sla_sync.synthetic.hours import Openings, local
from sla_sync.synthetic.parameters import Member, Parameters

_AFTERWARDS = timedelta(days=500)
"""How long after the last day openings go on: what is answered later is answered never."""


@dataclass(frozen=True, slots=True)
class Floor:
    """All members of all teams in one row; instants in milliseconds."""

    members: tuple[Member, ...]
    team: Ints
    pace: Ints
    """In thousandths."""
    since: Ints
    until: Ints
    openings: tuple[Openings, ...]
    """Those of each team."""

    @classmethod
    def of(cls, parameters: Parameters) -> Floor:
        """Return the people of a world."""
        placed = [(place, team, member) for place, team in enumerate(parameters.teams) for member in team.members]
        first, last = parameters.since - timedelta(days=14), parameters.until + _AFTERWARDS
        return cls(
            tuple(member for _, _, member in placed),
            np.array([place for place, _, _ in placed], dtype=np.int64),
            np.array([round(member.pace * 1000) for _, _, member in placed], dtype=np.int64),
            np.array([_start(team.hours.zone, member, parameters) for _, team, member in placed], dtype=np.int64),
            np.array(
                [local(m.until, time(), t.hours.zone) if m.until else NEVER for _, t, m in placed], dtype=np.int64
            ),
            tuple(Openings.of(team.hours, first, last) for team in parameters.teams),
        )

    def after(self, team: Ints, instants: Ints, length: Ints) -> Ints:
        """Return the instant that lies so much open time of its team after each."""
        made = np.full(len(instants), NEVER, dtype=np.int64)
        for place, openings in enumerate(self.openings):
            mine = team == place
            made[mine] = openings.after(instants[mine], length[mine])
        return made

    def next_in_turn(self, team: Ints, instants: Ints, avoid: Ints) -> tuple[Ints, Bools]:
        """Return who gets each lead, one after the other, and whether another could get it; raises SlaSyncError.

        Who is to be avoided gets it only where nobody else is there.
        """
        owner = np.full(len(instants), -1, dtype=np.int64)
        other = np.zeros(len(instants), dtype=np.bool_)
        for place in range(len(self.openings)):
            crew = np.flatnonzero(self.team == place)
            edges = np.unique(np.concatenate([self.since[crew], self.until[crew]]))
            mine = np.flatnonzero(team == place)
            mine = mine[np.argsort(instants[mine], kind="stable")]
            span = np.searchsorted(edges, instants[mine], side="right")
            for number in np.unique(span):
                rows = mine[span == number]
                at = instants[rows[0]]
                present = crew[(self.since[crew] <= at) & (at < self.until[crew])]
                if not len(present):
                    raise SlaSyncError(
                        f"Nobody of team {place + 1} is there when a lead comes.", hint="Let members follow each other."
                    )
                turn = np.arange(len(rows))
                chosen = present[turn % len(present)]
                owner[rows] = np.where(chosen == avoid[rows], present[(turn + 1) % len(present)], chosen)
                other[rows] = len(present) > 1
        return owner, other


def _start(zone: str, member: Member, parameters: Parameters) -> int:
    return local(member.since or parameters.since - timedelta(days=7), time(), zone)
