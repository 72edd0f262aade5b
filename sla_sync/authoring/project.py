"""The files of a new agreement, and writing them where nothing is overwritten."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from string import Template

from sla_sync.agreement.schema import KINDS, schema_text
from sla_sync.authoring import first, pipelines
from sla_sync.errors import SlaSyncError
from sla_sync.files import is_free, write_new

SCHEMAS = "schema"
TARGETS = "configs/targets.yaml"


class Ci(StrEnum):
    """Whose pipeline checks every change."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a new agreement is called, its zone and first day, the platforms with their starters, and the pipeline."""

    name: str
    timezone: str
    start: date
    platforms: Mapping[str, str]
    """Platform → the sections of its first binding."""
    ci: Ci
    version: str
    """The release of sla-sync that the pipeline installs."""
    timers: str = ""
    """The platform that runs the clocks, where there are several."""


@dataclass(frozen=True, slots=True)
class Written:
    """Which files were written, and which were there already and stayed as they were."""

    new: tuple[str, ...]
    kept: tuple[str, ...]


def documents(wishes: Wishes) -> Mapping[str, str]:
    """Return the documents of a new agreement: relative path → text."""
    name, folder = wishes.name, f"configs/{wishes.name}"
    found: dict[str, str] = {}

    def add(path: str, kind: str, text: Template, **words: str) -> None:
        schema = posixpath.relpath(f"{SCHEMAS}/{kind}.json", posixpath.dirname(path))
        found[path] = text.substitute(words, schema=schema, name=name)

    start = wishes.start.isoformat()
    free = first.holidays(wishes.start)
    add(f"{folder}/agreement.yaml", "LeadSLA", first.AGREEMENT, start=start, timezone=wishes.timezone, holidays=free)
    for platform, own in wishes.platforms.items():
        elsewhere = len(wishes.platforms) > 1 and platform != wishes.timers
        # The keys stand in the order in which `fmt` would put them.
        sections = (
            own.replace("stages:", first.TIMERS.substitute(platform=wishes.timers) + "stages:", 1) if elsewhere else own
        )
        add(f"{folder}/bindings/{platform}.yaml", "Binding", first.BINDING, platform=platform, sections=sections)
    targets = "".join(first.TARGET.substitute(platform=each, name=name) for each in wishes.platforms)
    add(TARGETS, "Targets", first.TARGETS, targets=targets)
    return found


def surroundings(wishes: Wishes) -> Mapping[str, str]:
    """Return what stands beside the documents: schemas for editors, what git and the host of the code should know."""
    found = {f"{SCHEMAS}/{kind}.json": schema_text(kind) for kind in KINDS}
    found[".gitignore"] = first.IGNORED
    found["CODEOWNERS"] = first.OWNERS.substitute(name=wishes.name)
    if wishes.ci is Ci.GITHUB:
        found[".github/workflows/agreement.yml"] = pipelines.pipeline(pipelines.GITHUB, wishes.version)
    elif wishes.ci is Ci.GITLAB:
        found[".gitlab-ci.yml"] = pipelines.pipeline(pipelines.GITLAB, wishes.version)
    return found


def begin(folder: Path, wishes: Wishes) -> Written:
    """Write the files of a new agreement below a folder; a file that is there already is never overwritten.

    Raises SlaSyncError where another document is there already; then nothing is written. What a failure interrupts is
    removed; what a process that was killed left behind is what would be written again, and stays.
    """
    planned = documents(wishes)
    taken = [path for path, text in planned.items() if not is_free(folder / path, text.encode("utf-8"))]
    if taken:
        raise SlaSyncError(
            f"{folder / taken[0]} exists already, and nothing is overwritten.",
            hint="Choose another folder or another name.",
        )
    new: list[str] = []
    kept: list[str] = []
    made: list[Path] = []
    try:
        for path, text in {**planned, **surroundings(wishes)}.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if write_new(file, text.encode("utf-8")):
                made.append(file)
            (new if file in made or path in planned else kept).append(path)
    except BaseException:
        for file in made:
            file.unlink(missing_ok=True)
        raise
    return Written(tuple(new), tuple(kept))


def advice(folder: Path, written: Written) -> tuple[str, ...]:
    """Return what a person should add to the files that were there already."""
    if ".gitignore" not in written.kept:
        return ()
    ignored = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    if first.IGNORED.strip() in {line.strip() for line in ignored}:
        return ()
    return (f"Add the line {first.IGNORED.strip()} to .gitignore: it holds what simulators and journals leave.",)
