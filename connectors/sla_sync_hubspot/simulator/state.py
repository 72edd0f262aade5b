"""The state of the portal on disk: one readable JSON file, replaced whole.

A definition of a property, a list or a workflow is never changed in its place: who changes one puts another there. So
the states before and after a request share the others, and a line that was laid out for one serves the next file too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from sla_sync.connector import SlaSyncError
from sla_sync.connector.simulation import write_atomically
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.stock import FORMAT, new_state

FILE = "state.json"
_DEPTH = 3
_DEFINITIONS: Mapping[str, int] = {
    "properties": 2, "archived_properties": 2, "lists": 1, "flows": 1, "audit_log": 1,
}  # fmt: skip
"""The parts of the state that hold what is never changed in its place, and how many levels down it stands."""

Lines: TypeAlias = dict[int, tuple[Json, str]]
"""The text of each definition that stands in the file, by the identity of the definition."""


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


def copied(state: Json, *, whole: bool = False) -> Json:
    """Return a state that can be changed without changing this one, definitions in their place only if it is `whole`."""
    levels = {} if whole else _DEFINITIONS
    # Plain JSON is copied several times faster so than by the copy module.
    return {part: _copied(value, levels.get(part, -1)) for part, value in state.items()}


def _copied(value: Any, levels: int) -> Any:
    if not levels:
        return value
    if isinstance(value, dict):
        return {
            key: _copied(each, levels - 1) if isinstance(each, dict | list) else each for key, each in value.items()
        }
    if isinstance(value, list):
        return [_copied(each, levels - 1) if isinstance(each, dict | list) else each for each in value]
    return value


def keep_state(data: Path, state: Json, lines: Lines | None = None) -> Lines:
    """Write the state so that a reader sees the old one or the new one, and return the lines for the next time.

    Raises OSError where that fails.
    """
    told: Lines = {}
    parts = (
        f" {json.dumps(part)}: {_spell(value, 1, _DEFINITIONS.get(part, -1), lines or {}, told)}"
        for part, value in state.items()
    )
    write_atomically(data / FILE, ("{\n" + ",\n".join(parts) + "\n}\n").encode(), lasting=False)
    return told


def _spell(value: Any, depth: int, levels: int, lines: Lines, told: Lines) -> str:
    """Return JSON with one line for each setting; laying out every member would take most of the time of a write."""
    if levels or not isinstance(value, dict):
        return _laid_out(value, depth, levels, lines, told)
    definition, text = lines.get(id(value), (None, ""))
    if definition is not value:
        text = _laid_out(value, depth, levels, lines, told)
    # The line holds on to its definition, so that no other comes to have its identity.
    told[id(value)] = (value, text)
    return text


def _laid_out(value: Any, depth: int, levels: int, lines: Lines, told: Lines) -> str:
    if depth == _DEPTH or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    indent = " " * (depth + 1)
    members = (
        f"{indent}{json.dumps(key)}: {_spell(each, depth + 1, levels - 1, lines, told)}" for key, each in value.items()
    )
    return "{\n" + ",\n".join(members) + "\n" + indent[1:] + "}"
