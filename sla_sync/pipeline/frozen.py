"""What closed months came to when they were frozen, kept beside the packs, so that a later change of them is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.errors import SlaSyncError

NAME = "frozen.json"
Months = Mapping[str, Mapping[str, float]]
"""By commitment and month (`2026-10`), what it came to."""


def frozen_in(folder: Path | None, agreement: str, *, synthetic: bool) -> Months:
    """Return what is kept in a folder of an agreement; what was made up and what was not are never compared.

    Raises SlaSyncError where the file cannot be read.
    """
    path = folder / NAME if folder is not None else None
    if path is None or not path.is_file():
        return {}
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format_version"] != FORMAT_VERSION:
            raise _unreadable(path)
        if said["agreement"] != agreement or said["synthetic"] is not synthetic:
            return {}
        return {
            str(name): {str(month): float(value) for month, value in months.items()}
            for name, months in said["commitments"].items()
        }
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise _unreadable(path) from None


def with_closed(kept: Months, closed: Months) -> Months:
    """Return what is kept with the months that were frozen since; a month that is kept stays as it was."""
    return {name: {**closed.get(name, {}), **kept.get(name, {})} for name in sorted({*kept, *closed})}


def as_json(months: Months, agreement: str, *, synthetic: bool) -> str:
    """Return the file that keeps them."""
    page = {
        "format_version": FORMAT_VERSION,
        "agreement": agreement,
        "synthetic": synthetic,
        "commitments": {name: dict(sorted(found.items())) for name, found in months.items()},
    }
    return f"{json.dumps(page, indent=2, ensure_ascii=False)}\n"


def _unreadable(path: Path) -> SlaSyncError:
    return SlaSyncError(
        f"{path} does not say what closed months came to.", hint="Restore it from a copy, or move it away."
    )
