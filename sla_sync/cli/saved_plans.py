"""Saved plans: what a person has looked at and then has carried out exactly, by `apply FILE` or `remove FILE`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sla_sync.errors import SlaSyncError
from sla_sync.places import Place

_NEEDED = {"config", "target", "agreement_digest", "fingerprint", "changes", "format_version"}
_FORMAT = 1
_SAVED_BY: Mapping[str, str] = {"apply": "plan --out FILE", "remove": "remove --plan --out FILE"}
"""How a plan is saved, by the command that carries it out."""


def save_plan(out: Path, told: Mapping[str, object], place: Place) -> None:
    """Write a plan, as its renderer tells it, with the agreement that it was made from."""
    from sla_sync.files import write_atomically

    content = json.dumps({**told, "config": place.agreement.as_posix()}, indent=2, ensure_ascii=False)
    write_atomically(out, (content + "\n").encode())


def named_plan(what: Path | None, *, of: str) -> dict[str, object] | None:
    """Return the saved plan that the first word of a command names; None where it names an agreement, or nothing."""
    return saved_plan(what, of=of) if what is not None and what.suffix == ".json" else None


def saved_plan(path: Path, *, of: str) -> dict[str, object]:
    """Return a saved plan of one of the two commands that carry one out. Raises SlaSyncError where the file is none."""
    again = f"Save it again with `{_SAVED_BY[of]}`."
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SlaSyncError(f"{path} does not exist.", hint=f"Save a plan with `{_SAVED_BY[of]}`.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise SlaSyncError(f"{path} is not a saved plan: {error}.", hint=again) from None
    if not isinstance(found, dict) or _NEEDED - found.keys() or not _is_plan(found):
        raise SlaSyncError(f"{path} is not a saved plan.", hint=again)
    if found["format_version"] != _FORMAT:
        raise SlaSyncError(
            f"{path} has format version {found['format_version']}; this release reads {_FORMAT}.",
            hint="Plan again with this release.",
        )
    meant = "remove" if "kept" in found else "apply"
    if meant != of:
        raise SlaSyncError(f"{path} is a plan for {meant}.", hint=f"Carry it out with `sla-sync {meant} {path}`.")
    return found


def words_in(saved: Mapping[str, object], member: str) -> tuple[str, ...]:
    """Return the words that a saved plan lists under a name; none where it lists none."""
    told = saved.get(member, ())
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _is_plan(found: Mapping[str, object]) -> bool:
    """Return whether what is compared with the plan of today has the shape that a saved plan has."""
    then, planned = found["fingerprint"], found["changes"]
    return (
        isinstance(then, dict)
        and isinstance(then.get("overall"), str)
        and all(isinstance(then.get(each), dict) for each in ("settings", "containers"))
        and isinstance(planned, list)
        and all(isinstance(each, dict) and {"action", "address"} <= each.keys() for each in planned)
    )
