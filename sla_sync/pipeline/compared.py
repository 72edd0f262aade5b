"""One side of a change as comparisons need it: the agreement, its bindings, its holidays and the digest of what it means."""

from __future__ import annotations

from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.pipeline.validate import Documents
from sla_sync.review.amendments import Revision


def revision_of(name: str, documents: Documents) -> Revision:
    """Return one side as the comparison needs it. Raises DocumentError where there is no agreement."""
    agreement = documents.agreement if documents.agreement is not None else documents.usable
    holidays = read_holiday_files(agreement, documents.place.folder).texts
    return Revision(
        name=name,
        agreement=agreement,
        bindings={each.metadata.connector: each for each in documents.bindings.values()},
        holidays=holidays,
        digest=meaning_digest(agreement, documents.bindings.values(), holidays),
    )
