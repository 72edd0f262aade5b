"""An agreement begun from a platform that has none: read there, written here, and held against the rules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import available_timezones

from sla_sync.adopting.draft import Draft, Ground, drafted
from sla_sync.adopting.edits import Plain
from sla_sync.adopting.first_agreement import agreement_text
from sla_sync.adopting.first_binding import binding_text
from sla_sync.adopting.first_page import adopted_page
from sla_sync.adopting.first_question import Question, question_of
from sla_sync.adopting.spelling import spelled
from sla_sync.agreement.load import load_targets
from sla_sync.agreement.source import Source
from sla_sync.agreement.targets import Target
from sla_sync.connector import Setup, Survey, Surveys
from sla_sync.conventions import STATE_FOLDER
from sla_sync.diagnostics import Location, errors_in
from sla_sync.errors import DocumentError, SlaSyncError, TargetError
from sla_sync.files import is_free, write_into
from sla_sync.pipeline.look import Say, say_nothing
from sla_sync.pipeline.validate import judge, read
from sla_sync.places import AGREEMENT_FILE, TARGETS_FILE, Place
from sla_sync.registry import load_connector
from sla_sync.targets import open_target

PAGE = "ADOPTED.md"


@dataclass(frozen=True)
class Wish:
    """Where an agreement goes, what it is called, its zone where one is named, its first day, and the targets file."""

    out: Path
    name: str
    timezone: str | None
    targets: Path
    start: date


@dataclass(frozen=True)
class Begun:
    """What was written, and the draft that it was written from."""

    written: tuple[Path, ...]
    draft: Draft
    question: Question | None
    """What a person must say before a mode is raised."""
    place: Location | None
    """Where it would stand."""


@dataclass(frozen=True)
class _Named:
    """A target as its file says it."""

    name: str
    target: Target
    source: Source
    file: Path


def begin(wish: Wish, name: str, *, environ: Mapping[str, str], say: Say = say_nothing) -> Begun:
    """Read a target and write an agreement, its binding, its target and the page about them; nothing is overwritten.

    Raises SlaSyncError where something is there already or the platform cannot be read, and DocumentError where what
    would be written does not validate.
    """
    named = _named(wish, name)
    survey = _survey(wish, named, environ, say)
    zone = _zone(wish, survey)
    draft = drafted(survey, Ground(wish.name, zone, wish.start, named.target.connector))
    files = _files(wish, named, draft)
    taken = [path for path, text in files.items() if not is_free(wish.out / path, text.encode("utf-8"))]
    if taken:
        raise SlaSyncError(
            f"{wish.out / taken[0]} exists already, and nothing is overwritten.", hint="Choose another folder."
        )
    _refuse_what_does_not_validate(files, wish.start)
    write_into(wish.out, {path: text.encode("utf-8") for path, text in files.items()})
    question = question_of(draft)
    lines = files[AGREEMENT_FILE].splitlines()
    at = lines.index(f"    # {question.line}") + 1 if question else 0
    place = Location(str(wish.out / AGREEMENT_FILE), at, 5) if question else None
    return Begun(tuple(wish.out / path for path in files), draft, question, place)


def _named(wish: Wish, name: str) -> _Named:
    if not wish.targets.is_file():
        raise TargetError(f"{wish.targets} is not there.", hint="Name the file that says which targets there are.")
    loaded = load_targets(wish.targets, root=wish.targets.parent)
    if loaded.value is None:
        raise DocumentError(f"{wish.targets} cannot be used.", loaded.diagnostics)
    if name not in loaded.value.targets:
        known = ", ".join(loaded.value.targets)
        raise TargetError(f"{wish.targets} has no target '{name}'; it has: {known}.", hint="Correct --target.")
    return _Named(name, loaded.value.targets[name], loaded.source, wish.targets)


def _survey(wish: Wish, named: _Named, environ: Mapping[str, str], say: Say) -> Survey:
    connector = load_connector(named.target.connector)
    state = named.file.parent.resolve().parent / STATE_FOLDER
    start = datetime.combine(wish.start, time(), tzinfo=UTC)
    setup = Setup(agreement=wish.name)
    with open_target(
        named.name, named.target, connector, setup, state=state, environ=environ, clock_start=start, reading=True
    ) as opened:
        say(f"Reading {named.name} …")
        with connector.open_reader(opened.connection) as reader:
            if not isinstance(reader, Surveys):
                raise SlaSyncError(
                    f"Connector '{connector.name}' does not tell what a first agreement could be written from.",
                    hint="Begin with sla-sync init.",
                )
            return reader.survey()


def _zone(wish: Wish, survey: Survey) -> str:
    calendar = next((each.zone for each in survey.calendars if each.main), None)
    zone = wish.timezone or survey.zone or calendar
    if zone is None or zone not in available_timezones():
        said = f"'{zone}' is no time zone" if zone else "The platform does not tell its zone"
        raise SlaSyncError(f"{said}, and an agreement needs one.", hint="Name one, such as --timezone Europe/Berlin.")
    return zone


def _files(wish: Wish, named: _Named, draft: Draft) -> Mapping[str, str]:
    """Return the files of a first agreement: path inside the folder → text."""
    binding = f"bindings/{draft.ground.connector}.yaml"
    notes = []
    files = {AGREEMENT_FILE: agreement_text(draft), binding: binding_text(draft)}
    if not _points_here(wish, named, binding):
        files[TARGETS_FILE] = _targets(wish.out, named, draft, binding)
        notes.append(f"The target {named.name} was copied from {named.file.name}; keep one of the two.")
    return {**files, PAGE: adopted_page(draft, target=named.name, notes=notes)}


def _points_here(wish: Wish, named: _Named, binding: str) -> bool:
    """Return whether the target that is there is about what will be written, in a file that commands find."""
    folder = named.file.parent
    if named.file.name != TARGETS_FILE or folder.resolve() not in wish.out.resolve().parents:
        return False
    said = {(folder / each).resolve() for each in named.target.agreements}
    return (
        said == {(wish.out / AGREEMENT_FILE).resolve()}
        and (folder / named.target.binding).resolve() == (wish.out / binding).resolve()
    )


def _targets(out: Path, named: _Named, draft: Draft, binding: str) -> str:
    """Return a targets file with the one target, as it is written where it comes from."""
    data = named.source.data or {}
    listed = data.get("targets")
    said: Mapping[str, Plain] = listed.get(named.name, {}) if isinstance(listed, Mapping) else {}
    own = {**said, "binding": binding, "agreements": [AGREEMENT_FILE]}
    if isinstance(own.get("people"), str):
        own = {**own, "people": Path(os.path.relpath(named.file.parent / own["people"], out)).as_posix()}
    else:
        people = {name: list(each.people) for name, each in draft.staffed.items()}
        own = {**own, **({"people": people} if people else {})}
    lines = ["apiVersion: sla-sync/v1", "kind: Targets", "targets:", f"  {named.name}:"]
    return "\n".join([*lines, *(f"    {key}: {spelled(value, inside=False)}" for key, value in own.items())]) + "\n"


def _refuse_what_does_not_validate(files: Mapping[str, str], day: date) -> None:
    with TemporaryDirectory(prefix="sla-sync-begin-") as folder:
        home = Path(folder)
        write_into(home, {path: text.encode("utf-8") for path, text in files.items()})
        targets = home / TARGETS_FILE
        place = Place(home / AGREEMENT_FILE, targets if targets.is_file() else None, home / STATE_FOLDER)
        documents = judge(read(place), today=day)
        if errors_in(documents.diagnostics):
            raise DocumentError(
                "What is there cannot be written as an agreement that validates, so nothing was written.",
                documents.diagnostics,
            )
