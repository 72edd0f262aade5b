"""The files of a pack: the page, Markdown, JSON, the rows behind the numbers, and the page for this meeting's minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sla_sync.errors import SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.measures.behind import COLUMNS, judged
from sla_sync.pipeline.frozen import NAME as FROZEN
from sla_sync.pipeline.frozen import as_json
from sla_sync.pipeline.minutes import name_of, write_minutes
from sla_sync.pipeline.report import Reported
from sla_sync.render.html.pack import report_of_page
from sla_sync.render.pack.markdown import page_as_markdown
from sla_sync.render.pack.minutes import minutes_as_markdown
from sla_sync.render.pack.page import page_of
from sla_sync.render.pack.plain import pack_as_json
from sla_sync.render.pack.rows import as_csv, files_of


@dataclass(frozen=True, slots=True)
class Written:
    """Where the files of a pack are; `kept` says that the minutes were there already and stayed as they were."""

    page: Path
    minutes: Path
    kept: bool
    files: tuple[Path, ...]


def write_pack(reported: Reported, folder: Path) -> Written:
    """Write the files of a pack into a folder and return where they are; minutes that are there stay. Raises SlaSyncError."""
    day, pack = f"{reported.day}", reported.pack
    page = page_of(pack, only=reported.only)
    contents = {
        f"pack-{day}.html": report_of_page(page).encode(),
        f"pack-{day}.md": page_as_markdown(page).encode(),
        f"pack-{day}.json": f"{pack_as_json(pack)}\n".encode(),
        **{f"rows-{day}/{name}": rows for name, rows in files_of(pack).items()},
        f"rows-{day}/turns.csv": _turns(reported),
        FROZEN: as_json(reported.frozen, pack.agreement, synthetic=pack.synthetic).encode(),
    }
    minutes = folder / name_of(reported.day)
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        is_new = write_minutes(minutes, minutes_as_markdown(pack, page, day))
    except OSError as error:
        raise SlaSyncError(
            f"The pack cannot be written to {folder}: {error.strerror}.", hint="Name another folder with --out."
        ) from None
    return Written(folder / f"pack-{day}.html", minutes, not is_new, tuple(folder / name for name in contents))


def _turns(reported: Reported) -> bytes:
    names = reported.pack.names
    rows = judged(reported.past, reported.pack.period)
    head = tuple("turn" if name == "leg" else "promise" if name == "commitment" else name for name in COLUMNS)
    return as_csv(head, ([_shown(name, row[name], names) for name in COLUMNS] for row in rows))


def _shown(column: str, value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat()
    if column == "state":
        return str(value).replace("_", " ")
    return names.get(str(value), value) if column == "owner" else value
