"""Whether a condition became wider or narrower: by proof, with a lead that shows it, or said to be unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sla_sync.agreement.expressions import print_expression
from sla_sync.agreement.expressions.tree import All, Any, AtLeast, Expression, InGroup, Is, Known, Not
from sla_sync.agreement.reasoning import CannotSay, Domain, Lead, implies
from sla_sync.review.amendments import Effect

ALWAYS: Expression = All(())
NEVER: Expression = Any(())
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a condition takes now and did not take before, and the other way round.

    `gained` and `lost` are a lead that shows it, None where there is none, or `CannotSay`.
    """

    gained: Lead | CannotSay | None
    lost: Lead | CannotSay | None

    @property
    def known(self) -> bool:
        """Whether both questions were answered."""
        return not isinstance(self.gained, CannotSay) and not isinstance(self.lost, CannotSay)

    def effect(self, *, wider: Effect) -> Effect:
        """Return the effect of this change where a wider condition has the effect `wider`."""
        narrower = {Effect.TIGHTENS: Effect.LOOSENS, Effect.LOOSENS: Effect.TIGHTENS}.get(wider, wider)
        if not self.known or (self.gained and self.lost):
            return Effect.UNMEASURABLE
        return wider if self.gained else narrower if self.lost else Effect.NEUTRAL

    def example(self, takes: str, leaves: str) -> str:
        """Return `: a lead with score 95 enters now`, or nothing where no plain example is known.

        `takes` is what such a lead does now, `leaves` what it does no longer.
        """
        said = [
            f"{lead} {verb}"
            for lead, verb in ((self.gained, takes), (self.lost, leaves))
            if isinstance(lead, Lead) and lead.facts and len(str(lead)) <= _LONGEST
        ]
        return f"; {', and '.join(said)}" if said else ""


def breadth(before: Expression, after: Expression, domain: Domain) -> Breadth:
    """Compare two conditions about the leads of one agreement."""
    return Breadth(gained=implies(after, before, domain), lost=implies(before, after, domain))


def in_guillemets(condition: Expression) -> str:
    """Return a condition as it may be written, in guillemets."""
    return f"«{print_expression(condition)}»"


def with_other_words(expression: Expression, *, groups: dict[str, str], fields: dict[str, str]) -> Expression:
    """Return a condition in which groups and divisions bear other names, so that two meanings of one can be compared."""
    match expression:
        case All(terms) | Any(terms):
            kind = type(expression)
            return kind(tuple(with_other_words(each, groups=groups, fields=fields) for each in terms))
        case Not(term):
            return Not(with_other_words(term, groups=groups, fields=fields))
        case InGroup(field, group):
            return replace(expression, field=fields.get(field, field), group=groups.get(group, group))
        case AtLeast(count, group):
            return AtLeast(count, groups.get(group, group))
        case Is(field) | Known(field):
            return replace(expression, field=fields.get(field, field))
        case _:
            return expression
