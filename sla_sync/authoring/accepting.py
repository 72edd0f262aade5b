"""The file of exceptions with one entry more."""

from __future__ import annotations

from sla_sync.agreement.exceptions import ExceptionToDrift
from sla_sync.authoring.appending import appended
from sla_sync.conventions import API_VERSION


def first_exceptions(agreement: str) -> str:
    """Return a file of exceptions in which nothing is accepted yet."""
    return f"apiVersion: {API_VERSION}\nkind: Exceptions\nagreement: {agreement}\n"


def with_exception(text: str, entry: ExceptionToDrift, *, file: str) -> str:
    """Return the text of the file with an exception. Raises SlaSyncError as `appended`."""
    said: dict[str, str] = {key: value for key, value in entry.model_dump(mode="json").items() if value}
    return appended(text, "exceptions", said, file=file)
