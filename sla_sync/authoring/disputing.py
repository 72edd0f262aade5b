"""The file of disputes with one entry more."""

from __future__ import annotations

from sla_sync.agreement.disputes import Dispute
from sla_sync.authoring.appending import appended
from sla_sync.conventions import API_VERSION


def first_disputes(agreement: str) -> str:
    """Return a file of disputes in which nothing is disputed yet."""
    return f"apiVersion: {API_VERSION}\nkind: Disputes\nagreement: {agreement}\n"


def with_dispute(text: str, dispute: Dispute, *, file: str) -> str:
    """Return the text of the file with a dispute. Raises SlaSyncError as `appended`."""
    said: dict[str, str] = {key: value for key, value in dispute.model_dump(mode="json").items() if value}
    return appended(text, "disputes", said, file=file)
