"""The line of a file that a finding is about, with a caret below the place."""

from __future__ import annotations

from pathlib import Path

from sla_sync.agreement.characters import lines_of
from sla_sync.agreement.excerpts import excerpt as excerpt_of
from sla_sync.diagnostics import Location


def excerpt(location: Location) -> str:
    """Return the line and a caret below its column, or an empty text where the file cannot be read."""
    try:
        text = Path(location.file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return excerpt_of(lines_of(text), location)
