"""Findings that people live with for a while: an exception holds for one value at one place, until its day has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from sla_sync.agreement.exceptions import Exceptions, ExceptionToDrift
from sla_sync.reconcile.drift import DRIFTS, Accepted, Drift, Finding
from sla_sync.reconcile.settings import Consequence


def accept(drift: Drift, said: Exceptions, *, today: date, agreement: str, roles: Collection[str]) -> Drift:
    """Return an audit in which what is accepted is no finding any longer; `roles` are those of the agreement.

    What is accepted no longer, or by nobody who can answer for it, stays a finding and says so.
    """
    if said.agreement != agreement:
        note = f"exceptions.yaml is about '{said.agreement}' and not about '{agreement}', so nothing in it counts."
        return replace(drift, notes=(*drift.notes, note))
    known = {identity_of(each): each for each in said.exceptions}
    left: list[Finding] = []
    accepted: list[Accepted] = []
    for each in drift.findings:
        entry = known.get(each.identity) if each.drift in DRIFTS else None
        if entry is None:
            left.append(each)
        elif why := why_not(entry, each, today=today, roles=roles):
            left.append(replace(each, note=why))
        else:
            accepted.append(Accepted(each, entry.because, entry.until, entry.by))
    notes = (*drift.notes, *_idle(said.exceptions, drift))
    return replace(drift, findings=tuple(left), accepted=(*drift.accepted, *accepted), notes=notes)


def why_not(entry: ExceptionToDrift, finding: Finding, *, today: date, roles: Collection[str]) -> str:
    """Return in a sentence why an exception to a finding does not hold; empty where it does."""
    if today > entry.until:
        by = f" by {entry.by}" if entry.by else ""
        return f"It was accepted{by} until {entry.until}, and that day has passed."
    if today < entry.on:
        return f"It is accepted only from {entry.on} on."
    if entry.by is not None and entry.by not in roles:
        return f"It is accepted by '{entry.by}', and the agreement has no such role."
    if finding.consequence is Consequence.BREACH and entry.by is None:
        return "It touches what was promised, and its entry in exceptions.yaml names no role that answers for it."
    return ""


def identity_of(entry: ExceptionToDrift) -> tuple[str, str, str, str, str]:
    """Return the finding that an exception is about: target, address, path, what it is called, and the value."""
    return entry.target, entry.address, entry.path, entry.what, entry.live


def _idle(entries: Iterable[ExceptionToDrift], drift: Drift) -> Iterator[str]:
    """Yield what is to be said of exceptions for this target that are about nothing that is there."""
    found = {each.identity for each in drift.findings}
    for each in entries:
        if each.target == drift.target and identity_of(each) not in found:
            about = each.what or f"{each.address} {each.path}".rstrip()
            yield f"exceptions.yaml has {each.id} about {about}, which is not found any longer: remove that entry."
