"""Whose consent a change needs: the matrix, the roles that speak for a side, and the signatures that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.meaning import is_signed_of_binding, is_upkeep
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.agreement.signatures import Signatures
from sla_sync.review.amendments import Amendment, Difference, Edit, Matter
from sla_sync.review.outcome import Asked, Consent, Consented
from sla_sync.review.voices import parties_that_promise, required_roles, roles_where, voices

_DATES = frozenset({("metadata", "effective", "from"), ("metadata", "version")})

Revisions = tuple[Agreement, Agreement]
"""The agreement before and after: nobody can write themselves out of what they must consent to."""
Who = Callable[[Amendment, Revisions], frozenset[str]]


def _bound(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return the roles of those whose duty it is."""
    return _of_parties(amendment.bound, both)


def _owed(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return the roles of those to whom it is owed: everybody else who promises, where nobody is named."""
    everybody_else = frozenset().union(*map(parties_that_promise, both)) - amendment.bound
    return _of_parties(amendment.owed or everybody_else, both)


def _each_side(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return the roles of everybody who promises something, for it moves every number."""
    return _of_parties(frozenset().union(amendment.bound, amendment.owed, *map(parties_that_promise, both)), both)


def _readers(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return the roles of the parties that read what changes."""
    parties = {each.roles[role].party for each in both for role in amendment.readers if role in each.roles}
    return _of_parties(parties, both)


def _sponsor(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return whoever settles a dispute; all required where nobody does."""
    found = frozenset().union(*(roles_where(each, lambda role: role.sponsor) for each in both))
    return found or _all_required(amendment, both)


def _steward(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return whoever keeps the document; all required where nobody does."""
    found = frozenset().union(*(roles_where(each, lambda role: role.steward) for each in both))
    return found or _all_required(amendment, both)


def _all_required(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return everybody without whom nothing is agreed, before or after."""
    del amendment
    return frozenset().union(*map(required_roles, both))


MATRIX: Mapping[Matter, tuple[Who, ...]] = {
    # what changes             whose consent it needs         because
    Matter.STRICTER_ENTRY: (_bound,),  #                      fewer count as delivered
    Matter.LOOSER_ENTRY: (_owed,),  #                         weaker leads count as delivered
    Matter.UNCLEAR_ENTRY: (_bound, _owed),
    Matter.TIGHTER_PROMISE: (_bound,),  #                     whoever promises more must want to
    Matter.LOOSER_PROMISE: (_owed,),  #                       whoever gets less must let it go
    Matter.UNCLEAR_PROMISE: (_bound, _owed),
    Matter.PLAN_GAP: (_owed, _sponsor),  #                    somebody must cover the gap
    Matter.GOAL: (_all_required,),
    Matter.FEEDBACK: (_readers,),
    Matter.ROUTING: (_bound,),  #                             nobody's promise changes
    Matter.MEASUREMENT: (_each_side,),  #                     it moves every number
    Matter.GOVERNANCE: (_all_required,),
    Matter.TECHNICAL: (_steward,),
}
"""Which sort of change needs whose consent."""


def roles_for(amendment: Amendment, before: Agreement, after: Agreement) -> frozenset[str]:
    """Return the roles without whose consent an amendment does not count; never none where anybody can be asked."""
    both = (before, after)
    found = frozenset().union(*(who(amendment, both) for who in MATRIX[amendment.matter]), _owners(amendment, both))
    return found or _all_required(amendment, both)


def _of_parties(parties: Iterable[str], both: Revisions) -> frozenset[str]:
    """Return the roles that speak for parties: those that did before, for a party that is new those that do now."""
    before, after = both
    return frozenset().union(*(voices(before, party) or voices(after, party) for party in parties))


def _owners(amendment: Amendment, both: Revisions) -> frozenset[str]:
    """Return the roles that the parties gave the section to; what is technical in a binding is no part of a section."""
    if not amendment.place or (amendment.binding is not None and amendment.matter is Matter.TECHNICAL):
        return frozenset()
    section = str(amendment.place[0])
    return frozenset(role for each in both for role in each.approval.owners.get(section, ()))


def needed(difference: Difference) -> tuple[Asked, ...]:
    """Return every role that must sign the new meaning, in the order of the agreement, each with what it is asked about.

    What no signature covers (`agreement/meaning.py`) asks nobody, and nor does the day on which another change takes
    force: a new period is a change of its own only where nothing else changes that takes force. Where a draft or a
    retired text becomes the agreed one, all required are asked: what it says now, they may never have agreed to.
    """
    before, after = difference.before.agreement, difference.after.agreement
    asked: dict[str, list[Amendment]] = {}
    for amendment in _that_ask(difference):
        for role in roles_for(amendment, before, after):
            asked.setdefault(role, []).append(amendment)
    agreed = DocumentStatus.AGREED
    if before.metadata.status is not agreed and after.metadata.status is agreed:
        for role in required_roles(after):
            asked[role] = [each for each in difference.amendments if is_signed(each)]
    order = list(dict.fromkeys([*after.roles, *before.roles]))
    return tuple(Asked(role, tuple(asked[role])) for role in sorted(asked, key=lambda each: _place(each, order)))


def _that_ask(difference: Difference) -> Iterator[Amendment]:
    takes_force = [
        each for each in difference.amendments if each.matter is not Matter.TECHNICAL and not _only_dates(each)
    ]
    for each in difference.amendments:
        if is_signed(each) and not (takes_force and _only_dates(each)):
            yield each


def _only_dates(amendment: Amendment) -> bool:
    """Return whether an amendment says from when the agreement is in force, or under which version, and no more."""
    return bool(amendment.edits) and all(each.path[1:] in _DATES for each in amendment.edits)


def _place(role: str, order: list[str]) -> tuple[int, str]:
    return (order.index(role) if role in order else len(order), role)


def is_signed(amendment: Amendment) -> bool:
    """Return whether signatures cover what an amendment changes; else whoever merges it agrees to it."""
    return amendment.renaming is not None or not amendment.edits or any(map(_is_signed, amendment.edits))


def _is_signed(edit: Edit) -> bool:
    document, *inside = edit.path
    if document == "agreement":
        return not is_upkeep(tuple(inside))
    return document != "bindings" or is_signed_of_binding(tuple(inside[1:]), edit.before, edit.after)


def given(difference: Difference, signatures: Signatures | None) -> tuple[Consented, ...]:
    """Return who has signed exactly the new meaning, in the order in which they did.

    A signature under an earlier meaning is not counted here, whatever `amended` says: this is where that is judged.
    """
    if signatures is None or signatures.agreement != difference.after.agreement.metadata.name:
        return ()
    return tuple(
        Consented(each.role, each.on, each.evidence)
        for each in signatures.signed
        if each.digest == difference.after.digest
    )


def consent(difference: Difference, signatures: Signatures | None) -> Consent:
    """Return whose consent a change needs, and whose it has."""
    return Consent(needed(difference), given(difference, signatures))


def agreed_on(found: Consent, *, today: date) -> date:
    """Return the day from which notice counts: that of the last signature that was needed, today while one is missing."""
    asked = {each.role for each in found.needed}
    days = [each.on for each in found.given if each.role in asked]
    return today if found.missing or not days else max(days)


def not_signed(agreement: Agreement, signatures: Signatures | None, digest: str) -> tuple[str, ...]:
    """Return the roles by whose signature this meaning would be agreed and which have not given it, in their order.

    All required must stand by it, and whoever an amendment to it asks must have signed exactly this meaning.
    """
    required = required_roles(agreement)
    if signatures is None or signatures.agreement != agreement.metadata.name:
        lacking = required
    else:
        asked = signatures.needs(digest)
        lacking = frozenset(each for each in required if not signatures.binds(each, digest))
        lacking |= frozenset(each for each in asked if signatures.signature(each, digest) is None)
    order = [*agreement.approval.required, *agreement.roles]
    return tuple(sorted(lacking, key=lambda each: _place(each, order)))
