"""Files of holidays beside an agreement: read, and checked line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sla_sync.agreement.characters import LARGEST, decoded
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.files import content_of, shown_from_here
from sla_sync.agreement.formats import shortened
from sla_sync.agreement.sections.calendars import HolidayList
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity

_DAY_LENGTH = len("2026-12-25")


@dataclass(frozen=True, slots=True)
class HolidayTexts:
    """The text of each file of holidays by the name that the agreement gives it, and what is wrong with them."""

    texts: Mapping[str, str]
    findings: tuple[Diagnostic, ...]


def read_holiday_files(agreement: Agreement, folder: Path) -> HolidayTexts:
    """Return the files of holidays that an agreement names inside its folder."""
    texts: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for path, name in _named(agreement):
        if name in texts:
            continue
        file = shown_from_here(folder / name, folder)
        content = _content(folder, name)
        if isinstance(content, bytes):
            text = decoded(content, file)
            texts[name] = text.text
            findings += [text.finding] if text.finding else _wrong_lines(text.text, file)
        else:
            message = f"The file of holidays `{shortened(name, 200)}` {content}."
            hint = "Put the file into the folder of the agreement, one day on a line, or list the days."
            findings.append(Diagnostic("SLA106", Severity.ERROR, message, path, hint=hint))
    return HolidayTexts(texts, tuple(findings))


def _named(agreement: Agreement) -> Iterator[tuple[KeyPath, str]]:
    for name, calendar in agreement.calendars.items():
        for index, holiday in enumerate(calendar.holidays):
            if isinstance(holiday, HolidayList) and holiday.file is not None:
                yield ("calendars", name, "holidays", index, "file"), holiday.file


def _content(folder: Path, name: str) -> bytes | str:
    """Return what a file holds, or why it cannot be read, as the end of a sentence."""
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return "is not a path that can be followed"
    return content_of(path, at_most=LARGEST + 1) if inside else "lies outside the folder of the agreement"


def _wrong_lines(text: str, file: str) -> list[Diagnostic]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if said and not _is_day(said[:_DAY_LENGTH]):
            message = f"`{shortened(said)}` does not begin with a day."
            hint = "Write year, month and day, such as `2026-12-25 Christmas`."
            found.append(Diagnostic("SLA103", Severity.ERROR, message, location=Location(file, number, 1), hint=hint))
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
