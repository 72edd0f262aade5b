"""What a change lets an audit live with from now on: differences that are accepted, and points that somebody vouches for.

No promise moves by it, so nobody need sign it; but an audit that becomes quieter does so before everybody's eyes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sla_sync.agreement.attestations import Attestation
from sla_sync.agreement.exceptions import ExceptionToDrift
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity
from sla_sync.pipeline.validate import Documents

ACCEPTED, VOUCHED = "SLA710", "SLA815"


def newly_lived_with(before: Documents, after: Documents) -> tuple[Diagnostic, ...]:
    """Return every exception and attestation that the new side has and the old one has not, as a warning at its line."""
    return (*_accepted(before, after), *_vouched(before, after))


def _accepted(before: Documents, after: Documents) -> Iterator[Diagnostic]:
    known = frozenset(before.exceptions.exceptions if before.exceptions else ())
    for index, each in enumerate(after.exceptions.exceptions if after.exceptions else ()):
        if each not in known:
            yield _warning(after, after.place.exceptions, ACCEPTED, _of_exception(each), ("exceptions", index))


def _of_exception(each: ExceptionToDrift) -> str:
    where = each.what or f"{each.address} {each.path}".rstrip()
    answers = f"'{each.by}' answers for it" if each.by else "no role answers for it"
    return f"An audit of {each.target} lives with {each.id} until {each.until}: {where}; {answers}. Why: {each.because}"


def _vouched(before: Documents, after: Documents) -> Iterator[Diagnostic]:
    known = frozenset(before.attestations.attestations if before.attestations else ())
    for index, each in enumerate(after.attestations.attestations if after.attestations else ()):
        if each not in known:
            yield _warning(after, after.place.attestations, VOUCHED, _of_attestation(each), ("attestations", index))


def _of_attestation(each: Attestation) -> str:
    return (
        f"'{each.by}' vouches for {each.check or f'point {each.point}'} until {each.until}: {each.statement} "
        f"Evidence: {each.evidence}"
    )


def _warning(after: Documents, file: Path, code: str, message: str, path: KeyPath) -> Diagnostic:
    source = after.sources.get(file)
    location = source.locate(path) if source else None
    hint = "Look at it as at a change of the agreement: from the merge on, audits rely on it."
    return Diagnostic(code, Severity.WARNING, " ".join(message.split()), path, location, hint)
