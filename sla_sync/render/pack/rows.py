"""The rows behind the numbers as CSV, which opens in a spreadsheet without anything in it being run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from sla_sync.measures.pack import Pack
from sla_sync.render.pack.cells import link_of
from sla_sync.render.words import visible

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula or a command; the last four are their wide forms."""


def files_of(pack: Pack) -> Mapping[str, bytes]:
    """Return each file of rows by its name: what is overdue, what came back, what nobody looks after, every owner's rate."""
    return {
        "overdue.csv": as_csv(
            ("promise", "lead", "turn", "owner", "team", "priority", "due_at", "open_seconds", "wall_seconds", "link"),
            (
                (each.commitment, each.lead, each.leg, pack.names.get(each.owner or "", each.owner), each.team,
                 each.priority, each.due_at.isoformat(), each.open_seconds, each.wall_seconds, link_of(pack, each.lead))
                for each in pack.overdue.late
            ),
        ),
        "rejections.csv": as_csv(
            ("stage", "reason", "leads", "before_any_touch", "examples"),
            (
                (each.stage, each.reason, each.count, each.before_touch, " ".join(each.examples))
                for each in pack.rejections.bars
            ),
        ),
        "ownership.csv": as_csv(
            ("lead", "what", "owner", "link"),
            (
                *((lead, "owner has left", pack.names.get(user, user), link_of(pack, lead))
                  for lead, user in pack.hygiene.orphaned),
                *((lead, "no owner", "", link_of(pack, lead)) for lead in pack.hygiene.unassigned),
            ),
        ),
        "on-time.csv": as_csv(
            ("promise", "cut", "value", "on_time", "late", "overdue", "running", "void", "unusable"),
            (
                (each.commitment, each.cut, each.value, each.on_time, each.late, each.overdue, each.running,
                 sum(each.void.values()), sum(each.unusable.values()))
                for each in pack.attainment.figures
            ),
        ),
    }  # fmt: skip


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, so that Excel reads the letters as they are."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_inert(each) for each in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _inert(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula: numbers as they are, texts behind an apostrophe where need be."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = str(value)
    shown = visible(text)
    return f"'{shown}" if text.lstrip().startswith(_STARTS) or text.startswith(_STARTS) else shown
