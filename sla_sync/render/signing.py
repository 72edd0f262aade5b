"""A signature as people read it: what is signed, what it changes, who is still to sign."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.render.words import visible
from sla_sync.review.consent import is_signed
from sla_sync.review.signed import Signed

_SHOWN = 12
"""Letters of a digest, enough for people to compare."""


def signed_as_text(signed: Signed) -> str:
    """Return what was signed, in whose name, with the sentences of the change and who is still to sign."""
    return visible("\n".join(_lines(signed)))


def _lines(signed: Signed) -> Iterator[str]:
    metadata = signed.revision.agreement.metadata
    signature, short = signed.signature, signed.revision.digest[:_SHOWN]
    if metadata.title:
        yield metadata.title
    yield f"{metadata.name}, version {metadata.version_in_force}, {metadata.status}, digest {short}"
    if signed.since is not None:
        yield ""
        yield from _change(signed)
    yield ""
    if signed.already:
        yield (
            f"'{signature.role}' signed this on {signature.on} ({signature.evidence}). Nothing was written to {signed.file}."
        )
    else:
        yield f"Signed for '{signature.role}' on {signature.on}: {signature.evidence}"
        yield f"Written to {signed.file}. Commit it with the agreement."
    missing = ", ".join(signed.missing)
    yield f"Not signed yet: {missing}." if missing else "Everybody who must sign has signed."


def _change(signed: Signed) -> Iterator[str]:
    since, amended = signed.since, signed.amended
    if since is None:
        return
    if since.before.digest == since.after.digest:
        yield f"Nothing that is signed changed since {since.before.name}."
        return
    yield f"Changed since {since.before.name} (digest {since.before.digest[:_SHOWN]}):"
    yield from (f"  {each.sentence}" for each in since.amendments if is_signed(each))
    if amended is not None:
        yield f"This needs {', '.join(amended.needs)}; whoever else signed {since.before.name} need not sign again."


def signed_as_plain(signed: Signed) -> dict[str, object]:
    """Return a signature as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "agreement": signed.revision.agreement.metadata.name,
        "digest": signed.revision.digest,
        "signature": signed.signature.model_dump(mode="json"),
        "written": not signed.already,
        "amended": signed.amended.model_dump(mode="json") if signed.amended else None,
        "changed": [each.sentence for each in signed.since.amendments if is_signed(each)] if signed.since else None,
        "missing": list(signed.missing),
    }
