"""Who speaks for whom in an agreement: the roles of a side, and everybody without whom nothing is agreed."""

from __future__ import annotations

from collections.abc import Callable

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.header import Role


def required_roles(agreement: Agreement) -> frozenset[str]:
    """Return the roles that must sign: those of `approval.required`, else the top of each party that promises."""
    required = frozenset(agreement.approval.required)
    tops = (_top(agreement, party) for party in parties_that_promise(agreement))
    return required or frozenset().union(*tops)


def parties_that_promise(agreement: Agreement) -> frozenset[str]:
    """Return the parties of the roles that answer for a commitment."""
    by = (each.by for each in agreement.commitments.values())
    return frozenset(agreement.roles[role].party for role in by if role in agreement.roles)


def voices(agreement: Agreement, party: str) -> frozenset[str]:
    """Return the roles that speak for a party: those of it that must sign, else its topmost."""
    required = {role for role in agreement.approval.required if role in _of_party(agreement, party)}
    return frozenset(required) or _top(agreement, party)


def roles_where(agreement: Agreement, holds: Callable[[Role], bool]) -> frozenset[str]:
    """Return the roles of which something holds."""
    return frozenset(name for name, role in agreement.roles.items() if holds(role))


def _top(agreement: Agreement, party: str) -> frozenset[str]:
    """Return the roles of a party that report to nobody in it; all of them where they report in a circle."""
    inside = _of_party(agreement, party)
    top = frozenset(name for name in inside if agreement.roles[name].reports_to not in inside)
    return top or inside


def _of_party(agreement: Agreement, party: str) -> frozenset[str]:
    return roles_where(agreement, lambda role: role.party == party)
