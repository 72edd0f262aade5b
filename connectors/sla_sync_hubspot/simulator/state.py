"""The state of the portal on disk: one readable JSON file, replaced whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sla_sync.connector import SlaSyncError
from sla_sync.connector.simulation import write_atomically
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.stock import FORMAT, new_state

FILE = "state.json"
_DEPTH = 3


def open_state(data: Path, stamp: str) -> Json:
    """Return the state kept in a folder, or that of a new portal, which is then kept there.

    Raises SlaSyncError where the file cannot be read or was written by another version.
    """
    path = data / FILE
    if not path.exists():
        state = new_state(stamp)
        keep_state(data, state)
        return state
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        found = state["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise SlaSyncError(
            f"The state of the HubSpot simulator in {path} cannot be read: {error!r}.",
            hint=f"Remove {data} to begin with a new portal.",
        ) from None
    if found != FORMAT:
        raise SlaSyncError(
            f"The state of the HubSpot simulator in {path} has format {found!r}, and this version reads {FORMAT}.",
            hint=f"Remove {data} to begin with a new portal.",
        )
    return dict(state)


def copied(state: Json) -> Json:
    """Return a state that can be changed without changing this one; a copy of plain JSON is several times faster so."""
    found: Json = _copied(state)
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) if isinstance(each, dict | list) else each for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) if isinstance(each, dict | list) else each for each in value]
    return value


def keep_state(data: Path, state: Json) -> None:
    """Write the state so that a reader sees the old one or the new one; raises OSError where that fails."""
    write_atomically(data / FILE, f"{_spell(state, _DEPTH)}\n".encode())


def _spell(value: Any, depth: int) -> str:
    """Return JSON with one line for each setting; laying out every member would take most of the time of a write."""
    if not depth or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    indent = " " * (_DEPTH - depth + 1)
    members = (f"{indent}{json.dumps(key)}: {_spell(each, depth - 1)}" for key, each in value.items())
    return "{\n" + ",\n".join(members) + "\n" + indent[1:] + "}"
