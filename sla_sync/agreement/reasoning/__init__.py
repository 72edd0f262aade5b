"""Exact reasoning over conditions: whether there is a lead for which these hold and those do not, and what it is.

An answer is a lead, None where there is none, or `CannotSay` where looking for one would take too long.
"""

from sla_sync.agreement.reasoning.domain import Domain, domain_of
from sla_sync.agreement.reasoning.lead import Counted, Lead, Other, Unknown
from sla_sync.agreement.reasoning.questions import Answer, example, implies, overlap, satisfiable, uncovered
from sla_sync.agreement.reasoning.search import CannotSay

__all__ = [
    "Answer",
    "CannotSay",
    "Counted",
    "Domain",
    "Lead",
    "Other",
    "Unknown",
    "domain_of",
    "example",
    "implies",
    "overlap",
    "satisfiable",
    "uncovered",
]
