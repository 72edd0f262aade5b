"""What apply asks before it touches a production target: that it is agreed, signed, in force, and proven elsewhere.

Only production targets are held to it. `signatures.yaml` is believed here; who may change it is for the repository to
say, and whether its amendments ask enough roles is for `review`, which sees both sides of a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.look import Say, Sight, look, say_nothing
from sla_sync.places import Place
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.exceptions import accept
from sla_sync.review.consent import not_signed

NOT_AGREED, NOT_PROVEN = "SLA703", "SLA823"
_SHOWN = 12
"""Letters of a digest, enough for people to compare."""


def objections(
    place: Place,
    sight: Sight,
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    say: Say = say_nothing,
) -> tuple[Diagnostic, ...]:
    """Return why a production target does not take this agreement; `today` is the target's own day where left out."""
    if not sight.plan.production:
        return ()
    found = (*_status(sight), *_unsigned(sight), *_too_soon(sight, today or sight.target.connection.now().date()))
    return (*found, *_not_proven(place, sight, environ, today, say))


def forewarned(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return objections as a plan shows them: a plan is not refused, it says what apply will."""
    return tuple(
        replace(each, severity=Severity.WARNING, message=f"Apply would refuse this: {each.message}") for each in found
    )


def _status(sight: Sight) -> Iterator[Diagnostic]:
    metadata = sight.prepared.agreement.metadata
    if metadata.status is DocumentStatus.AGREED:
        return
    hints = {
        DocumentStatus.DRAFT: "Set metadata.status to agreed once everybody has signed, or apply to a target that is not "
        "production.",
        DocumentStatus.RETIRED: "Apply the agreement that took its place, or set metadata.status to agreed again.",
    }
    yield _refusal(
        f"Agreement '{metadata.name}' is {'a draft' if metadata.status is DocumentStatus.DRAFT else 'retired'}, and "
        f"target '{sight.plan.target}' is a production target.",
        ("metadata", "status"),
        hints[metadata.status],
    )


def _unsigned(sight: Sight) -> Iterator[Diagnostic]:
    agreement, signatures = sight.prepared.agreement, sight.documents.signatures
    digest, where = sight.prepared.digest, sight.documents.place
    missing = not_signed(agreement, signatures, digest)
    if not missing:
        return
    name, since = agreement.metadata.name, ""
    if signatures is None:
        said = f"Nobody has signed agreement '{name}': there is no {where.signatures.name} beside it."
    elif signatures.agreement != name:
        said = f"{where.signatures.name} is about '{signatures.agreement}', and the agreement is '{name}'."
    else:
        earlier = {each.role for each in signatures.signed if each.digest != digest}
        otherwise = [each for each in missing if each in earlier]
        never = [each for each in missing if each not in earlier]
        parts = [
            f"{', '.join(otherwise)} signed something else than what it says now" if otherwise else "",
            f"{', '.join(never)} did not sign it" if never else "",
        ]
        said = f"Agreement '{name}' (digest {digest[:_SHOWN]}) is not signed: {', and '.join(filter(None, parts))}."
        since = " With --since REVISION only whom the change concerns must sign." if otherwise else ""
    others = f", and the same for {', '.join(missing[1:])}" if missing[1:] else ""
    yield _refusal(
        said,
        ("approval", "required"),
        f"Run: sla-sync sign {where.folder} --role {missing[0]} --evidence LINK{others}.{since}",
    )


def _too_soon(sight: Sight, today: date) -> Iterator[Diagnostic]:
    metadata = sight.prepared.agreement.metadata
    if metadata.effective.start > today:
        yield _refusal(
            f"Agreement '{metadata.name}' is in force from {metadata.effective.start} on, and today is {today}.",
            ("metadata", "effective", "from"),
            "Apply it on that day: until then what was agreed before counts.",
        )


def _not_proven(
    place: Place, sight: Sight, environ: Mapping[str, str], today: date | None, say: Say
) -> Iterator[Diagnostic]:
    """Yield why the target from which this one is promoted does not vouch for the agreement."""
    targets = sight.documents.targets
    source = targets.targets[sight.plan.target].promoted_from if targets else None
    if source is None or _is_restored(sight):
        return
    path = ("targets", sight.plan.target, "promoted_from")
    try:
        with look(place, source, environ=environ, today=today, reading=True, say=say) as there:
            problem = _problem(there, sight.prepared.digest, today)
    except SlaSyncError as error:
        hint = error.hint or f"Correct target '{source}', then plan again."
        yield Diagnostic(
            NOT_PROVEN, Severity.ERROR, f"'{source}' cannot be looked at: {error.message}", path, hint=hint
        )
        return
    if problem:
        yield Diagnostic(
            NOT_PROVEN,
            Severity.ERROR,
            f"'{sight.plan.target}' takes only what was applied and clean on '{source}', and {problem}.",
            path,
            hint=f"Apply the agreement to {source}, look at `sla-sync drift --target {source}`, then apply here.",
        )


def _is_restored(sight: Sight) -> bool:
    """Return whether some settings only are put back to what was proven and applied here before."""
    applied = sight.manifest.agreement_digest if sight.manifest else None
    return sight.plan.scope is not None and applied == sight.prepared.digest


def _problem(there: Sight, digest: str, today: date | None) -> str:
    """Return the rest of a sentence that says why a target does not vouch for a digest; empty where it does."""
    if there.manifest is None:
        return "nothing was applied there"
    if there.manifest.agreement_digest != digest:
        return f"there the digest is {there.manifest.agreement_digest[:_SHOWN] or 'unknown'}, and here it is {digest[:_SHOWN]}"
    prepared = there.prepared
    found = audit(
        there.plan, prepared.translation.desired, there.snapshot, prepared.connector.types, manifest=there.manifest
    )
    exceptions, metadata = there.documents.exceptions, prepared.agreement.metadata
    if exceptions is not None:
        day = today or there.target.connection.now().date()
        found = accept(found, exceptions, today=day, agreement=metadata.name, roles=prepared.agreement.roles)
    if found.findings:
        number = len(found.findings)
        return f"{number} {'setting differs' if number == 1 else 'settings differ'} there"
    unread = [each for each in found.unverifiable if not each.manual]
    return f"{len(unread)} of its settings could not be read" if unread else ""


def _refusal(message: str, path: tuple[str, ...], hint: str) -> Diagnostic:
    return Diagnostic(NOT_AGREED, Severity.ERROR, message, path, hint=hint)
