"""One side of a review: the working tree, a folder, an agreement file, or the same place in a revision that git kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from sla_sync.conventions import STATE_FOLDER
from sla_sync.diagnostics import Diagnostic
from sla_sync.errors import SlaSyncError, TargetError
from sla_sync.pipeline.git import Commit, bring, find_commit, holds, is_commit, last_words
from sla_sync.places import AGREEMENT_FILE, TARGETS_FILE, Place, find_place

CONFIGS = "configs"
WORKING_TREE = "the working tree"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a review. `place` is None where there is no agreement; then `looked_for` names what is not there.

    Of a revision, `copy` is the folder into which the files of `commit` were brought; it mirrors the repository.
    """

    name: str
    place: Place | None
    looked_for: str = ""
    copy: Path | None = None
    commit: Commit | None = None

    def why(self, since: Side) -> str:
        """Return how the author called the last change since another revision; empty where git cannot tell."""
        if self.commit is None or since.commit is None or self.copy is None or self.place is None:
            return ""
        folder = PurePosixPath(self.place.folder.relative_to(self.copy).as_posix())
        return last_words(since.commit, self.commit, folder)

    def located(self, found: Diagnostic) -> Diagnostic:
        """Return a finding whose file is named as it is in the repository, and not in a copy of it."""
        if found.location is None or self.copy is None or self.commit is None or self.place is None:
            return found
        folders = (Path.cwd(), self.place.folder, *([self.place.targets.parent] if self.place.targets else []))
        for folder in folders:
            path = folder / found.location.file
            if path.is_file() and path.is_relative_to(self.copy):
                own = os.path.relpath(self.commit.top / path.relative_to(self.copy), Path.cwd())
                return replace(found, location=replace(found.location, file=Path(own).as_posix()))
        return found


@contextmanager
def open_side(said: str | None, *, config: Path | None, here: Path) -> Iterator[Side]:
    """Open one side until the context ends: what `said` names, or the working tree where nothing is said.

    A revision is read at the place that CONFIG names, else where the working tree has its agreement. Raises
    SlaSyncError where nothing bears that name, or both a path and a revision do.
    """
    if said is None:
        yield Side(WORKING_TREE, find_place(config, here=here))
        return
    if said.startswith("-"):
        raise SlaSyncError(f"«{said}» begins with a dash, so it names nothing.", hint="Write ./ before a path.")
    if (here / said).exists():
        # A path that is written as one (./main) is never a revision.
        if "/" not in said and is_commit(said, here=here):
            raise SlaSyncError(
                f"«{said}» is a path here and a revision of git as well.",
                hint=f"Write ./{said} for the path, or refs/heads/{said} for the branch.",
            )
        yield Side(said, find_place(Path(said), here=here))
        return
    commit = find_commit(said, here=here)
    with _brought(commit, _in_repository(commit, config, here)) as side:
        yield side


@contextmanager
def trusting(place: Place, said: str | None, *, here: Path) -> Iterator[Place]:
    """Let the targets and their people be read as they stand in a revision; without one the place stays as it is.

    Raises TargetError where the revision has no targets file for this agreement.
    """
    if said is None:
        yield place
        return
    with open_side(said, config=place.agreement, here=here) as side:
        yield with_targets_of(place, side)


def with_targets_of(place: Place, side: Side) -> Place:
    """Return a place whose targets and people are those of another side.

    So nothing that the place itself says can choose the host to which a credential goes. Raises TargetError where the
    side has no targets file for this agreement.
    """
    trusted = side.place
    if trusted is None or trusted.targets is None:
        raise TargetError(
            f"{side.name} has no {TARGETS_FILE} for {side.looked_for or place.agreement}, and no other one is trusted.",
            hint="Bring the targets there first, in a change of their own.",
        )
    file = trusted.targets.resolve()
    deep = len(trusted.agreement.resolve().relative_to(file.parent).parts)
    folder = _above(place.agreement, deep)
    return replace(place, targets=folder / TARGETS_FILE, trusted=file)


def _above(file: Path, levels: int) -> Path:
    """Return the folder so many levels above a file, spelled as the file is where it can be."""
    return file.parents[levels - 1] if levels <= len(file.parents) else file.resolve().parents[levels - 1]


@contextmanager
def _brought(commit: Commit, agreement: PurePosixPath) -> Iterator[Side]:
    if not holds(commit, agreement):
        yield Side(commit.said, None, looked_for=agreement.as_posix())
        return
    governing = _targets(commit, agreement)
    home = governing.parent if governing else agreement.parent
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        copy = Path(folder).resolve()
        bring(commit, home, copy)
        place = Place(
            copy.joinpath(*agreement.parts),
            copy.joinpath(*governing.parts) if governing else None,
            commit.top.joinpath(*home.parts).resolve().parent / STATE_FOLDER,
        )
        yield Side(commit.said, place, copy=copy, commit=commit)


def _in_repository(commit: Commit, config: Path | None, here: Path) -> PurePosixPath:
    """Return where the agreement stands in the repository, whether the working tree has it or not."""
    wanted = here / config if config is not None else here / find_place(None, here=here).agreement
    path = _from_top(commit, wanted)
    inside = path / AGREEMENT_FILE
    return inside if wanted.is_dir() or path.suffix == "" or holds(commit, inside) else path


def _from_top(commit: Commit, path: Path) -> PurePosixPath:
    try:
        return PurePosixPath(path.resolve().relative_to(commit.top.resolve()).as_posix())
    except ValueError:
        raise SlaSyncError(
            f"{path} lies outside the repository {commit.top}, so {commit.said} cannot hold it.",
            hint="Name a folder inside the repository with --config.",
        ) from None


def _targets(commit: Commit, agreement: PurePosixPath) -> PurePosixPath | None:
    """Return the targets file that governs an agreement in a commit, found as it is found in a working tree."""
    for folder in agreement.parents:
        if holds(commit, folder / TARGETS_FILE):
            return folder / TARGETS_FILE
        if folder.name == CONFIGS:
            break
    return None
