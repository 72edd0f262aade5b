"""One signature with what it stands under, as somebody reads it before it is committed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sla_sync.agreement.signatures import Amended, Signature
from sla_sync.review.amendments import Difference, Revision


@dataclass(frozen=True)
class Signed:
    """What was signed by whom, and who has still to sign. `since` is what it was compared with, where it was."""

    revision: Revision
    signature: Signature
    file: Path
    already: bool
    """Whether this role had signed this meaning before, so that nothing was written."""
    since: Difference | None
    amended: Amended | None
    """The step that was written with it, where one was."""
    missing: tuple[str, ...]
    """The roles without whose signature this meaning is not agreed."""
