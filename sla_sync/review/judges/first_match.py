"""Lists in which the first that matches counts: which leads fall to another entry than before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning import CannotSay, Domain, Lead, example
from sla_sync.agreement.reasoning.apart import near, row_of, together


@dataclass(frozen=True, slots=True)
class Crossing:
    """A lead that fell to one entry and falls to another one; an index past the end is «none of them»."""

    before: int
    after: int
    lead: Lead | CannotSay


def crossings(before: Sequence[Expression], after: Sequence[Expression], domain: Domain) -> Iterator[Crossing]:
    """Yield every pair of an old and a new entry that some lead falls to, with such a lead, or that none is ruled out."""
    old, new = row_of(before, domain), row_of(after, domain)
    for one in range(len(before) + 1):
        mine = old.asked[one] if one < len(before) else {}
        for other in (*near(new, mine), len(after)):
            both = together(mine, new.asked[other]) if other < len(after) else mine
            # What asks for other values than this lead has fails by itself.
            earlier = (before[each] for each in near(old, both) if each < one)
            sooner = (after[each] for each in near(new, both) if each < other)
            found = example(
                domain, holds=(*before[one : one + 1], *after[other : other + 1]), fails=(*earlier, *sooner)
            )
            if found is not None:
                yield Crossing(one, other, found)
