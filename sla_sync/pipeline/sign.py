"""A role signs the meaning of an agreement; what a later meaning changed is written down with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sla_sync.agreement.signatures import Amended, Signature, Signatures, problem_of_evidence
from sla_sync.authoring.signing import first_signatures, with_amendment, with_signature
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.pipeline.compared import revision_of
from sla_sync.pipeline.revisions import open_side
from sla_sync.pipeline.validate import Documents, validate
from sla_sync.places import Place
from sla_sync.review.amendments import Difference, Revision
from sla_sync.review.consent import needed, not_signed
from sla_sync.review.difference import difference
from sla_sync.review.signed import Signed
from sla_sync.review.voices import required_roles


def sign(place: Place, *, role: str, evidence: str, on: date, since: str | None = None, here: Path) -> Signed:
    """Write that a role has signed what the agreement means now.

    `since` names what was signed before: a folder, a file or a revision; then only whom the change concerns must sign.
    Raises SlaSyncError where the role is unknown or the evidence cannot be followed, DocumentError where the agreement
    has errors.
    """
    documents = validate(place, today=on)
    agreement = documents.usable
    now = revision_of(str(place.agreement), documents)
    found = _since(since, now, place, on, here) if since is not None else None
    known = {**agreement.roles, **(found.before.agreement.roles if found else {})}
    if role not in known:
        raise SlaSyncError(
            f"'{role}' is not a role of {place.agreement}; it has: {', '.join(agreement.roles)}.",
            hint="Name a role with --role.",
        )
    _refuse_evidence(evidence, place)
    before = _signatures_of(documents)
    earlier = before.signature(role, now.digest)
    said = {"digest": now.digest, "version": agreement.metadata.version_in_force, "on": on.isoformat()}
    signature = earlier or Signature.model_validate({"role": role, **said, "evidence": evidence})
    amended = _amendment(found, before, on) if found is not None else None
    if earlier is None:
        after = before.model_copy(
            update={
                "signed": (*before.signed, signature),
                "amended": (*before.amended, *([amended] if amended else [])),
            }
        )
        _write(place, agreement.metadata.name, signature, amended)
    else:
        after = before
    return Signed(
        revision=now,
        signature=signature,
        file=place.signatures,
        already=earlier is not None,
        since=found,
        amended=amended if earlier is None else None,
        missing=not_signed(agreement, after, now.digest),
    )


def _since(said: str, now: Revision, place: Place, today: date, here: Path) -> Difference:
    with open_side(said, config=place.agreement, here=here) as side:
        if side.place is None:
            raise SlaSyncError(
                f"{side.name} has no {side.looked_for}, so nothing was signed there.", hint="Leave out --since."
            )
        documents = validate(side.place, today=today)
        if documents.agreement is None:
            raise DocumentError(f"The agreement of {side.name} cannot be read.", documents.diagnostics)
        before = revision_of(side.name, documents)
    if before.agreement.metadata.name != now.agreement.metadata.name:
        raise SlaSyncError(
            f"{side.name} has the agreement '{before.agreement.metadata.name}', and this is '{now.agreement.metadata.name}'.",
            hint="Name an earlier revision of the same agreement with --since.",
        )
    return difference(before, now)


def _refuse_evidence(evidence: str, place: Place) -> None:
    """Raise SlaSyncError where the evidence is neither a link nor a file beside the agreement."""
    problem = problem_of_evidence(evidence)
    hint = "Give a link with --evidence, or the path of a file beside the agreement, such as minutes/2026-11-02.md."
    if problem:
        raise SlaSyncError(f"{problem[:1].upper()}{problem[1:]}.", hint=hint)
    if "://" in evidence:
        return
    file = (place.folder / evidence).resolve()
    if not file.is_file() or not file.is_relative_to(place.folder.resolve()):
        raise SlaSyncError(f"There is no file {evidence} beside {place.agreement}.", hint=hint)


def _signatures_of(documents: Documents) -> Signatures:
    """Return what was signed so far. Raises SlaSyncError where the file is about another agreement."""
    name = documents.usable.metadata.name
    found = documents.signatures
    if found is None:
        return Signatures.model_validate({"apiVersion": "sla-sync/v1", "kind": "Signatures", "agreement": name})
    if found.agreement != name:
        raise SlaSyncError(
            f"{documents.place.signatures} is about '{found.agreement}', and the agreement is '{name}'.",
            hint="Correct `agreement` there, or remove the file if the agreement was renamed: it must be signed anew.",
        )
    return found


def _amendment(found: Difference, before: Signatures, on: date) -> Amended | None:
    """Return the step from the earlier meaning to this one; None where nothing changed or it is written down already.

    Raises SlaSyncError where it is written down and asks fewer roles than the change does.
    """
    if found.before.digest == found.after.digest:
        return None
    roles = tuple(each.role for each in needed(found)) or tuple(sorted(required_roles(found.after.agreement)))
    for each in before.leading_to(found.after.digest):
        if each.since == found.before.digest:
            forgotten = [role for role in roles if role not in each.needs]
            if forgotten:
                raise SlaSyncError(
                    f"`amended` asks {', '.join(each.needs)} for this change, which also asks {', '.join(forgotten)}.",
                    hint="Remove that entry from signatures.yaml, then sign again.",
                )
            return None
    said = {"since": found.before.digest, "digest": found.after.digest, "needs": roles, "on": on.isoformat()}
    return Amended.model_validate(said)


def _write(place: Place, name: str, signature: Signature, amended: Amended | None) -> None:
    path = place.signatures
    text = path.read_bytes().decode("utf-8") if path.is_file() else first_signatures(name)
    text = with_signature(text, signature, file=str(path))
    if amended is not None:
        text = with_amendment(text, amended, file=str(path))
    write_atomically(path, text.encode("utf-8"))
