"""What nobody could check and somebody vouches for: it stays unchecked, and says who looked and until when that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sla_sync.agreement.attestations import Attestation
from sla_sync.reconcile.drift import Drift, Unverifiable


def vouch(drift: Drift, attestations: Sequence[Attestation], *, today: date) -> Drift:
    """Return an audit that says of what it could not check who vouches for it."""
    ours = [each for each in attestations if each.check and each.about(frozenset({drift.target}))]
    if not ours:
        return drift
    return replace(drift, unverifiable=tuple(_vouched(each, ours, today) for each in drift.unverifiable))


def _vouched(unverifiable: Unverifiable, attestations: Sequence[Attestation], today: date) -> Unverifiable:
    about = [each for each in attestations if each.check == unverifiable.what]
    if not about:
        return unverifiable
    newest = max(about, key=lambda each: (each.holds(today), each.until))
    if newest.holds(today):
        return replace(unverifiable, vouched=f"{newest.by} vouches for it until {newest.until}")
    passed = f"until {newest.until}, and that day has passed" if newest.until < today else f"only from {newest.on} on"
    return replace(unverifiable, vouched=f"{newest.by} vouched for it {passed}")
