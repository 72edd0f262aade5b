"""The page that lies beside a kept history: its format, whether it ever happened, and which months there are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sla_sync.errors import SlaSyncError
from sla_sync.files import write_atomically

FORMAT: Final = 1
"""The version of the layout; another one is refused."""
NAME: Final = "manifest.json"
MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")
"""How the name of a month is written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder holds."""

    synthetic: bool
    """Whether a generator made it."""
    months: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the name of each table its months, such as 2026-10, the oldest first."""


def read_manifest(folder: Path) -> Manifest:
    """Return what a folder says of itself; raises SlaSyncError where it holds no history, or one of another format."""
    path = folder / NAME
    again = "Export the history again, into a new folder."
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SlaSyncError(
            f"{folder} holds no history: it has no {NAME}.", hint="Name the folder into which one was exported."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise SlaSyncError(f"{path} cannot be read: {error}.", hint=again) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        version = found.get("format") if isinstance(found, dict) else None
        raise SlaSyncError(f"{path} is of format {version}, and only {FORMAT} can be read.", hint=again)
    tables = found.get("tables")
    if not isinstance(found.get("synthetic"), bool) or not isinstance(tables, dict):
        raise SlaSyncError(f"{path} does not say what the folder holds.", hint=again)
    months = {str(name): _months(said, path) for name, said in tables.items()}
    return Manifest(found["synthetic"], months)


def _months(said: object, path: Path) -> tuple[str, ...]:
    """Return the months that a page names, each of which becomes the name of a file. Raises SlaSyncError."""
    listed = said if isinstance(said, list) else [said]
    wrong = [each for each in listed if not isinstance(each, str) or not MONTH.fullmatch(each)]
    if wrong:
        raise SlaSyncError(
            f"{path} names {wrong[0]!r} as a month.", hint="Export the history again, into a new folder."
        )
    return tuple(listed)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write what a folder holds, whole or not at all."""
    tables = {name: sorted(set(months)) for name, months in sorted(manifest.months.items())}
    page = {"format": FORMAT, "synthetic": manifest.synthetic, "tables": tables}
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / NAME, f"{json.dumps(page, indent=2)}\n".encode())
