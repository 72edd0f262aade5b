"""Lists in which the first that matches counts: which leads fall to another entry than before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning import CannotSay, Domain, Lead, example


@dataclass(frozen=True, slots=True)
class Crossing:
    """A lead that fell to one entry and falls to another one; an index past the end is «none of them»."""

    before: int
    after: int
    lead: Lead | CannotSay


def crossings(before: Sequence[Expression], after: Sequence[Expression], domain: Domain) -> Iterator[Crossing]:
    """Yield every pair of an old and a new entry that some lead falls to, with such a lead, or that none is ruled out."""
    for one in range(len(before) + 1):
        for other in range(len(after) + 1):
            found = example(
                domain,
                holds=(*before[one : one + 1], *after[other : other + 1]),
                fails=(*before[:one], *after[:other]),
            )
            if found is not None:
                yield Crossing(one, other, found)
