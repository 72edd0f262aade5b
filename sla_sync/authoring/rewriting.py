"""Files that are rewritten in place, each whole or not at all, and none of them while one cannot be read."""

from __future__ import annotations

import difflib
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sla_sync.agreement.source import read_source
from sla_sync.agreement.versions import PREVIOUS, upgraded
from sla_sync.authoring.layout import laid_out, readable
from sla_sync.authoring.upgrade import rewritten
from sla_sync.conventions import API_VERSION
from sla_sync.diagnostics import Diagnostic
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.places import Place


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A file, what it holds, and what it should hold."""

    path: Path
    old: bytes
    new: str

    @property
    def changes(self) -> bool:
        """Whether the file should hold something else."""
        return self.old != self.new.encode("utf-8")

    @property
    def difference(self) -> str:
        """The lines that change, as `diff -u` shows them."""
        old = self.old.decode("utf-8").splitlines(keepends=True)
        lines = difflib.unified_diff(old, self.new.splitlines(keepends=True), str(self.path), str(self.path))
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def write(self) -> None:
        """Write the file whole; its rights stay."""
        write_atomically(self.path.resolve(), self.new.encode("utf-8"))


def documents_below(named: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that are named, and every YAML file below the folders that are.

    Raises SlaSyncError where one is not there, or a folder holds none.
    """
    return tuple(dict.fromkeys(path for each in named for path in _below(each)))


def _below(named: Path) -> Iterator[Path]:
    if not named.is_dir():
        if not named.exists():
            raise SlaSyncError(f"{named} does not exist.", hint="Name a file, or a folder with YAML files.")
        yield named
        return
    found = [
        path
        for path in sorted([*named.rglob("*.yaml"), *named.rglob("*.yml")])
        if not any(part.startswith(".") for part in path.relative_to(named).parts)
    ]
    if not found:
        raise SlaSyncError(f"{named} holds no YAML file.", hint="Name a file, or a folder with YAML files.")
    yield from found


def documents_of(place: Place) -> tuple[Path, ...]:
    """Return the agreement, what it includes, its bindings and its targets."""
    main = [place.agreement, *place.bindings, *([place.targets] if place.targets else [])]
    return tuple(dict.fromkeys(path for each in main for path in (each, *_included(each))))


def _included(path: Path) -> Iterator[Path]:
    source = read_source(path, root=path.parent, shown=str(path))
    yield from (Path(file) for file in source.texts if file != source.file)


def in_layout(paths: Iterable[Path]) -> tuple[Rewrite, ...]:
    """Return each file with its text in the one layout.

    Raises DocumentError, with the findings of all of them, where one cannot be read.
    """
    rewrites: list[Rewrite] = []
    findings: list[Diagnostic] = []
    for path in paths:
        content = path.read_bytes()
        try:
            rewrites.append(Rewrite(path, content, laid_out(readable(content, str(path)))))
        except DocumentError as error:
            findings += error.diagnostics
    if findings:
        raise DocumentError(
            "Not every file can be read, so none is rewritten.",
            tuple(findings),
            hint="Correct what is named above, or leave these files out.",
        )
    return tuple(rewrites)


def in_words_of_today(paths: Iterable[Path]) -> tuple[Rewrite, ...]:
    """Return each file of an older document, and of what it includes, in today's words.

    What is written in today's words already, or is only a part of a document, is left out. Raises DocumentError where a
    file cannot be read, and SlaSyncError where its version is unknown or a word cannot be replaced.
    """
    rewrites: dict[Path, Rewrite] = {}
    for path in paths:
        source = read_source(path, root=path.parent, shown=path.as_posix())
        if source.data is None:
            raise DocumentError(f"{path} cannot be read, so no file is rewritten.", source.diagnostics)
        version = source.data.get("apiVersion", API_VERSION)
        older = upgraded(source)
        if older is None and version != API_VERSION:
            raise SlaSyncError(
                f"{path} is written in `{version}`, which this release does not know.",
                hint=f"Install the release that knows it; this one reads {API_VERSION} and {PREVIOUS}.",
            )
        if older is None:
            continue
        for file, text in rewritten(source, older).items():
            at = Path(posixpath.normpath(file))
            rewrites[at] = Rewrite(at, at.read_bytes(), text)
    return tuple(rewrites.values())
