"""How far an export has come: the page beside a kept history that the next export of the same target reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sla_sync.errors import SlaSyncError
from sla_sync.files import write_atomically

FORMAT: Final = 1
NAME: Final = "export.json"


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that the source does not tell: what, why, and what somebody can do so that it will."""

    what: str
    because: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was exported from where, and how far.

    `key` tells one key of pseudonyms from another. `marks` say by stream up to where the source was told; those of an export up
    to an earlier day (`limited`) are of use to the same export only. `words` are those of each field that were kept as texts.
    `forgotten` are keyed hashes of leads of whom nothing is kept.
    """

    source: str
    key: str
    pseudonyms: bool
    since: datetime
    until: datetime
    limited: bool = False
    finished: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    untold: tuple[Lacking, ...] = ()
    forgotten: tuple[str, ...] = ()


def read_standing(folder: Path) -> Standing | None:
    """Return how far the export into a folder has come; None where none was made. Raises SlaSyncError."""
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise SlaSyncError(f"{path} is of format {found['format']}, and only {FORMAT} can be read.", hint=_ANEW)
        return _read(found)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SlaSyncError(f"{path} cannot be read: {type(error).__name__}.", hint=_ANEW) from error


_ANEW = "Move the folder away, and export the history again."


def _read(found: Mapping[str, Any]) -> Standing:
    return Standing(
        source=str(found["source"]),
        key=str(found["key"]),
        pseudonyms=bool(found["pseudonyms"]),
        since=datetime.fromisoformat(found["since"]),
        until=datetime.fromisoformat(found["until"]),
        limited=bool(found["limited"]),
        finished=bool(found["finished"]),
        marks={str(stream): str(mark) for stream, mark in found["marks"].items()},
        words={str(name): tuple(map(str, words)) for name, words in found["words"].items()},
        untold=tuple(Lacking(*map(str, each)) for each in found["untold"]),
        forgotten=tuple(map(str, found["forgotten"])),
    )


def write_standing(folder: Path, standing: Standing) -> None:
    """Write how far an export has come, whole or not at all."""
    page = {
        "format": FORMAT,
        "source": standing.source,
        "key": standing.key,
        "pseudonyms": standing.pseudonyms,
        "since": standing.since.isoformat(),
        "until": standing.until.isoformat(),
        "limited": standing.limited,
        "finished": standing.finished,
        "marks": dict(standing.marks),
        "words": {name: list(words) for name, words in standing.words.items()},
        "untold": [[each.what, each.because, each.hint] for each in standing.untold],
        "forgotten": list(standing.forgotten),
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / NAME, f"{json.dumps(page, indent=2, ensure_ascii=False)}\n".encode())
