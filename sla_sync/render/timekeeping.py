"""What came of one run of `sla-sync clock`, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.render.diagnostics import escape
from sla_sync.render.words import count, visible

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SHOWN = 20
"""How many refusals are told one by one."""


@dataclass
class Kept:
    """What came of one run. `refused` says by record why its dates could not be found or written."""

    target: str
    at: datetime
    answered: int = 0
    already: int = 0
    gone: int = 0
    moving: int = 0
    """How many changed each time that they were answered."""
    oldest: timedelta | None = None
    """How long the one had waited who had waited longest."""
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether everybody who asked was answered."""
        return not self.refused and not self.moving


def kept_as_text(kept: Kept) -> str:
    """Return how many were given their dates and how late, and who was not, with the reason."""
    lines = [headline(kept)]
    if kept.already:
        lines.append(f"  {count(kept.already, 'record')} had dates already: the platform's search lags behind.")
    if kept.gone:
        were = "was deleted meanwhile, or merged into another" if kept.gone == 1 else "were deleted or merged meanwhile"
        lines.append(f"  {count(kept.gone, 'record')} {were}.")
    if kept.moving:
        lines.append(f"  {count(kept.moving, 'record')} kept changing and will be answered by the next run.")
    lines += [f"  ✗ {record}: {because}" for record, because in list(kept.refused.items())[:_SHOWN]]
    if len(kept.refused) > _SHOWN:
        lines.append(f"  … and {len(kept.refused) - _SHOWN} more.")
    return visible("\n".join(lines))


def headline(kept: Kept) -> str:
    """Return in one sentence how many were given dates, and how long the one of them had waited who had waited longest."""
    refused = f"; {len(kept.refused)} could not be given any" if kept.refused else ""
    if not kept.answered:
        return (
            f"{kept.target}: nobody was given dates{refused}." if refused else f"{kept.target}: nobody waits for dates."
        )
    waited = f"; the oldest had waited {spelled(kept.oldest)}" if kept.oldest is not None else ""
    return f"{kept.target}: {count(kept.answered, 'record')} given dates{waited}{refused}."


def spelled(time: timedelta) -> str:
    """Return a time as people say it, in its two largest units."""
    seconds = max(0, round(time.total_seconds()))
    if seconds < _MINUTE:
        return count(seconds, "second")
    if seconds < _HOUR:
        return count(seconds // _MINUTE, "minute")
    if seconds < _DAY:
        return f"{count(seconds // _HOUR, 'hour')} {count(seconds % _HOUR // _MINUTE, 'minute')}"
    return f"{count(seconds // _DAY, 'day')} {count(seconds % _DAY // _HOUR, 'hour')}"


def kept_as_plain(kept: Kept) -> Mapping[str, object]:
    """Return what came of a run as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": FORMAT_VERSION,
        "target": kept.target,
        "at": kept.at.isoformat(),
        "answered": kept.answered,
        "already": kept.already,
        "gone": kept.gone,
        "moving": kept.moving,
        "oldest_seconds": None if kept.oldest is None else round(kept.oldest.total_seconds()),
        "refused": [{"record": record, "because": because} for record, because in kept.refused.items()],
    }


def kept_as_json(kept: Kept) -> str:
    """Return what came of a run as a JSON text."""
    return json.dumps(kept_as_plain(kept), indent=2, ensure_ascii=False)


def kept_as_markdown(kept: Kept) -> str:
    """Return what came of a run for a chat or a ticket."""
    lines = [f"### {escape(headline(kept))}"]
    if kept.refused:
        lines += ["", *(f"- {escape(record)}: {escape(because)}" for record, because in kept.refused.items())]
    return "\n".join(lines)
