"""Opening the past that was exported of a target, under every version of the agreement that was agreed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.kept import last_told
from sla_sync.attainment.opening import open_past
from sla_sync.attainment.past import Past
from sla_sync.errors import SlaSyncError
from sla_sync.explain.names import capital
from sla_sync.history.manifest import NAME
from sla_sync.history.standing import Standing
from sla_sync.pipeline.git import changes_of
from sla_sync.pipeline.look import targets_about
from sla_sync.pipeline.periods import told_of
from sla_sync.pipeline.revisions import open_side
from sla_sync.pipeline.validate import read
from sla_sync.places import Place

FOLDER = "history"
"""The folder of a target's exported history, inside the folder of its state."""
_MOST_CHANGES = 100


def past_of(
    place: Place,
    *,
    history: Path | None = None,
    target: str | None = None,
    as_of: datetime | None = None,
    agreement: Agreement | None = None,
    agreements: Mapping[str, Agreement] | None = None,
    engine: Any = None,
) -> Past:
    """Return the past that a folder keeps, or the one that was exported of a target; as of the last thing that it tells.

    It is asked about under the agreement of the place, unless another is given. A turn is judged by the version that was in
    force when it began: the given ones, else those that git kept. Raises SlaSyncError where there is no history.
    """
    folder = folder_of(place, history=history, target=target)
    asked = agreement or read(place).usable
    versions = agreements or agreed_versions(place, asked)
    used = engine or local_engine()
    now = as_of or last_told(used, folder)
    if now is None:
        raise SlaSyncError(f"The history in {folder} is empty.", hint=_export(target))
    return open_past(folder, asked, now, agreements=versions, files=_holidays(place, asked), engine=used)


def folder_of(place: Place, *, history: Path | None = None, target: str | None = None) -> Path:
    """Return the folder that holds the history: the named one, that of a target, or the only one that was exported.

    Raises SlaSyncError where there is none, or more than one and nobody said which.
    """
    if history is not None:
        if not (history / NAME).is_file():
            raise SlaSyncError(
                f"{history} holds no history: it has no {NAME}.",
                hint="Name the folder into which one was exported, or run: sla-sync export --target TARGET",
            )
        return history
    if target is not None:
        folder = place.state / target / FOLDER
        if not (folder / NAME).is_file():
            raise SlaSyncError(f"No history of «{target}» was exported yet: {folder} has none.", hint=_export(target))
        return folder
    found = exported(place)
    if len(found) != 1:
        names = ", ".join(each.parent.name for each in found)
        said = f"There are histories of {len(found)} targets: {names}." if found else "No history was exported yet."
        raise SlaSyncError(said, hint="Name one with --target or --history." if found else _export(None))
    return found[0]


def told_by_export(standing: Standing | None) -> Iterator[str]:
    """Yield what the source of an export did not tell, in sentences, and that it was cut off where it was."""
    if standing is None:
        return
    if not standing.finished:
        yield "The last export was cut off, so the newest part of the history may be missing. Run it again: sla-sync export."
    for each in standing.untold:
        yield " ".join(filter(None, (f"{capital(each.what)}: {each.because}", each.hint)))


def exported(place: Place) -> tuple[Path, ...]:
    """Return the folders of the histories that were exported of targets, without those of targets about another agreement."""
    found = sorted(each.parent for each in place.state.glob(f"*/{FOLDER}/{NAME}"))
    if not found:
        return ()
    documents = read(place)
    known = documents.targets.targets if documents.targets is not None else {}
    others = set(known) - set(targets_about(documents))
    return tuple(each for each in found if each.parent.name not in others)


def as_of_day(folder: Path, until: date | None, zone: str, engine: Any) -> datetime | None:
    """Return as of when a history is asked: the end of a day, or of the history where that is earlier; None where it is empty.

    Without a day it is the end of the history. Raises SlaSyncError.
    """
    end = None if until is None else Period(told_of(until), until, zone).until
    known = last_told(engine, folder)
    return known if known is None or end is None else min(known, end)


def agreed_versions(place: Place, agreement: Agreement) -> Mapping[str, Agreement]:
    """Return the agreement and each earlier version that was agreed, by its name; those that git kept, with their last text.

    Another agreement that once stood in the same file is none of them. Where no version was in force as early as the turns,
    they are pinned to the first one.
    """
    found = {agreement.metadata.version_in_force: agreement}
    for commit in changes_of(place.folder.resolve(), most=_MOST_CHANGES):
        with open_side(commit.digest, config=place.agreement.resolve(), here=place.folder.resolve()) as side:
            kept = read(side.place).agreement if side.place is not None else None
        if kept is None or kept.metadata.name != agreement.metadata.name:
            continue
        if kept.metadata.status is not DocumentStatus.DRAFT:
            found.setdefault(kept.metadata.version_in_force, kept)
    return found


def _holidays(place: Place, agreement: Agreement) -> Mapping[str, str]:
    return read_holiday_files(agreement, place.folder).texts


def _export(target: str | None) -> str:
    return f"Run: sla-sync export --target {target or 'TARGET'}"
