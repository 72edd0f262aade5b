"""The file of signatures with one entry more."""

from __future__ import annotations

from sla_sync.agreement.signatures import Amended, Signature
from sla_sync.authoring.appending import appended
from sla_sync.conventions import API_VERSION


def first_signatures(agreement: str) -> str:
    """Return a file of signatures that nobody has signed yet."""
    return f"apiVersion: {API_VERSION}\nkind: Signatures\nagreement: {agreement}\n"


def with_signature(text: str, signature: Signature, *, file: str) -> str:
    """Return the text of the file with a signature. Raises SlaSyncError as `appended`."""
    return appended(text, "signed", _plain(signature), file=file)


def with_amendment(text: str, amended: Amended, *, file: str) -> str:
    """Return the text of the file with what a later meaning changed. Raises SlaSyncError as `appended`."""
    return appended(text, "amended", _plain(amended), file=file)


def _plain(entry: Signature | Amended) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = entry.model_dump(mode="json")
    return found
