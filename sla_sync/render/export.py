"""What came of an export, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sla_sync.render.diagnostics import escape
from sla_sync.render.words import count, visible

if TYPE_CHECKING:
    from sla_sync.history.standing import Lacking
    from sla_sync.pipeline.export import Exported, Forgotten


def export_as_text(found: Exported) -> str:
    """Return how many rows came and are held by table, what was let go, and what the source does not tell."""
    lines = [_head(found), ""]
    width = max(map(len, found.held), default=0)
    lines += [
        f"  {name:<{width}}  {found.came.get(name, 0):>10,} came  {number:>10,} held"
        for name, number in found.held.items()
    ]
    lines += [] if found.held else ["  Nothing came."]
    lines += ["", *_notes(found)]
    if found.untold:
        lines += ["", "Not told:"]
    for hint, lacking in _by_hint(found.untold).items():
        lines += [f"  - {visible(each.what)}: {visible(each.because)}" for each in lacking]
        lines += [f"    {visible(hint)}"] if hint else []
    return "\n".join(lines).rstrip()


def export_as_markdown(found: Exported) -> str:
    """Return the same as a table and a list."""
    lines = [escape(_head(found)), "", "| table | came | held |", "|---|---:|---:|"]
    lines += [f"| {name} | {found.came.get(name, 0):,} | {number:,} |" for name, number in found.held.items()]
    lines += ["", *map(escape, _notes(found))]
    told = [f"- **{escape(each.what)}**: {escape(f'{each.because} {each.hint}'.strip())}" for each in found.untold]
    return "\n".join([*lines, *(["", "Not told:", "", *told] if told else [])]).rstrip()


def export_as_json(found: Exported) -> str:
    """Return the same for other programs."""
    plain = {
        "format_version": 1,
        "source": found.source,
        "folder": str(found.folder),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "went_on": found.went_on,
        "came": dict(found.came),
        "held": dict(found.held),
        "too_old": found.too_old,
        "dropped": {name: list(months) for name, months in found.dropped.items()},
        "pseudonyms": found.pseudonyms,
        "newly_named": list(found.newly_named),
        "untold": [{"what": each.what, "because": each.because, "hint": each.hint} for each in found.untold],
    }
    return json.dumps(plain, indent=2, ensure_ascii=False)


def forgotten_as_text(found: Forgotten) -> str:
    """Return what was removed of one lead, and what else must be done so that nobody knows of it."""
    rows = [f"{count(number, 'row')} of {name}" for name, number in found.removed.items()]
    removed = f"Removed {_listed(rows)}" if rows else "Nothing was kept of this lead"
    return (
        f"{removed} in {visible(str(found.folder))}. Later exports leave this lead out.\n"
        "Reports and disputes that were written before may name it still, and so does the platform until it is deleted there."
    )


def forgotten_as_json(found: Forgotten) -> str:
    """Return the same for other programs."""
    return json.dumps({"format_version": 1, "folder": str(found.folder), "removed": dict(found.removed)}, indent=2)


def _by_hint(untold: Iterable[Lacking]) -> Mapping[str, list[Lacking]]:
    """Return what is not told by what somebody can do about it, in the order in which it was said."""
    found: dict[str, list[Lacking]] = {}
    for each in untold:
        found.setdefault(each.hint, []).append(each)
    return found


def _head(found: Exported) -> str:
    how = "what is new since the last export" if found.went_on else f"from {found.since:%Y-%m-%d} on"
    return visible(f"History of {found.source}, {how}, up to {found.until:%Y-%m-%d %H:%M} UTC, in {found.folder}")


def _notes(found: Exported) -> Iterator[str]:
    yield (
        "Ids are pseudonyms."
        if found.pseudonyms
        else "Ids are those of the platform: the target asks for no pseudonyms."
    )
    months = sorted({month for each in found.dropped.values() for month in each})
    if months:
        yield (
            f"Older than is kept, and deleted: rows of {_listed(months)}. "
            "Of leads of whom something is told since, it stays where they stood."
        )
    if found.too_old:
        yield f"Older than is kept, and left out: {count(found.too_old, 'row')}."
    if found.newly_named:
        yield (
            f"The agreement has new words for {_listed(list(found.newly_named))}. "
            "What was exported before does not tell them: run once with --anew."
        )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
