"""The documents that an adoption may change: what they say, and in which files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sla_sync.adopting.edits import CannotEditError, Edit, Paper, Plain, edited_data
from sla_sync.adopting.writing import edited_text
from sla_sync.agreement.nodes import known_entries
from sla_sync.agreement.source import Source, read_source
from sla_sync.diagnostics import KeyPath


@dataclass(frozen=True)
class Papers:
    """Each document as it was read. `people` is where the people of the target stand in theirs."""

    sources: Mapping[Paper, Source]
    people: KeyPath
    holidays: Mapping[str, str]
    """The texts of the files of holidays by name; they are read and never changed."""

    def data(self, paper: Paper) -> Mapping[str, Plain]:
        """Return what a document says."""
        return self.sources[paper].data or {}

    def after(self, edits: Sequence[Edit]) -> Mapping[Paper, Mapping[str, Plain]]:
        """Return what the documents say after edits. Raises CannotEditError."""
        said = {paper: self.data(paper) for paper in self.sources}
        for each in edits:
            said[each.paper] = edited_data(said[each.paper], each)
        return said

    def written(self, edits: Sequence[Edit]) -> Mapping[Path, str]:
        """Return the new text of each file that edits change. Raises CannotEditError where one cannot be written."""
        texts: dict[Path, str] = {}
        for each in edits:
            file = self._file_of(each)
            if file not in texts:
                texts[file] = self.sources[each.paper].texts[str(file)]
            texts[file] = edited_text(texts[file], each)
        return texts

    def _file_of(self, edit: Edit) -> Path:
        source = self.sources[edit.paper]
        entries = known_entries(source.root, edit.path[:1]) if source.root else ()
        file = entries[0].key.file if entries else source.file
        if file not in source.texts:
            raise CannotEditError
        return Path(file)


def read_papers(
    agreement: Path, binding: Path, people: tuple[Path, KeyPath], holidays: Mapping[str, str], root: Path
) -> Papers:
    """Return the documents of one target as they are written; `root` is the folder that the agreement's parts stay in."""
    file, path = people
    return Papers(
        {
            Paper.AGREEMENT: _source(agreement, root),
            Paper.BINDING: _source(binding, root),
            Paper.PEOPLE: _source(file, file.parent),
        },
        path,
        holidays,
    )


def _source(path: Path, root: Path) -> Source:
    return read_source(path, root=root, shown=path.as_posix())
