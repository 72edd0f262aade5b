"""`sla-sync drift --report`: what was found, as a page for a browser beside what stdout gets."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sla_sync.cli.options import say

if TYPE_CHECKING:
    from sla_sync.audits.kept import Subject
    from sla_sync.pipeline.night import Audited
    from sla_sync.render.html.drift import DriftTold


def write_report(
    path: Path,
    found: Sequence[Audited],
    words: Mapping[Subject, DriftTold],
    *,
    book: sqlite3.Connection | None,
    since: datetime,
    now: datetime,
) -> None:
    """Write the page of one audit or of a whole night, with what the kept audits in `book` say since a time."""
    from sla_sync.audits.trend import trends
    from sla_sync.files import write_atomically
    from sla_sync.render.html.drift import report_of_drift
    from sla_sync.render.html.night import TargetTold, report_of_night
    from sla_sync.render.html.trend import trend_told

    names = {each.kept.subject.target for each in found}
    kept = {each.subject: trend_told(each, now) for each in trends(book, since=since, targets=names)} if book else {}
    told = [
        TargetTold(each.kept, words.get(each.kept.subject), each.error, kept.get(each.kept.subject)) for each in found
    ]
    only = told[0].drift if len(told) == 1 else None
    page = report_of_drift(only, told[0].trend) if only else report_of_night(told, now)
    write_atomically(path, page.encode())
    say(f"Report written to {path}.")
