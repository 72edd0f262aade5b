"""The commands that the documentation shows: where each stands, and what the command line would say of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sla_sync.cli.app import commands
from tests.docs.staging import DOCS, PROJECT

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:sla-sync|make) [^`]+)`")
_TARGET = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)
_ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "2>&1", "<"})
_SCRIPTS = frozenset({"yaml", "sh", "bash"})
_LEFT_OUT = re.compile(r"…|\.\.\.")


@dataclass(frozen=True)
class Shown:
    """A command that a page shows: in a fence, where a reader types it, or in a sentence."""

    page: str
    line: str
    in_fence: bool

    def __str__(self) -> str:
        return f"{self.page}: {self.line}"


def pages() -> tuple[Path, ...]:
    """Return every page that people read: docs/, and those at the top of the repository; but what changed tells of what was."""
    return (*sorted(DOCS.rglob("*.md")), *(path for path in sorted(PROJECT.glob("*.md")) if path.stem != "CHANGELOG"))


def shown(path: Path) -> Iterator[Shown]:
    """Yield the commands of a page: sla-sync and make, and what else stands behind a `$`."""
    text, page = path.read_text(encoding="utf-8"), path.relative_to(PROJECT).as_posix()
    for _, language, block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                yield Shown(page, line[2:], in_fence=True)
            elif not language and re.match(r"(sla-sync|make) [a-z]", line) and "$ " not in block:
                yield Shown(page, line, in_fence=True)
            elif language in _SCRIPTS and (found := re.search(r"(?:^|[\s;&(])(sla-sync [a-z].*)", line)):
                yield Shown(page, found[1], in_fence=False)
    yield from (Shown(page, " ".join(each.split()), in_fence=False) for each in _INLINE.findall(FENCE.sub("", text)))


def words_of(line: str) -> tuple[str, ...]:
    """Return the words of the first command of a line, without what a shell makes of its output."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split, lexer.commenters = True, "#"
    words = list(lexer)
    ends = [place for place, word in enumerate(words) if word in _ENDS]
    return tuple(words[: ends[0]] if ends else words)


def complaint(each: Shown) -> str:
    """Return what is wrong with a command: it is none, or has no such option; a placeholder may stand for any value."""
    words = words_of(each.line)
    if words[0] == "make":
        targets = _TARGET.findall((PROJECT / "Makefile").read_text(encoding="utf-8"))
        lacking = [word for word in words[1:] if "=" not in word and not word.startswith("-") and word not in targets]
        return f"no target {', '.join(lacking)}" if lacking else ""
    return _parsed(words[1:], whole=each.in_fence) if words[0] == "sla-sync" else ""


def _parsed(words: Sequence[str], *, whole: bool) -> str:
    command: Any = commands()
    rest = [word for word in words if not _LEFT_OUT.search(word)]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-") and not rest[0].isupper():
        if rest[0] not in command.commands:
            return f"no command {rest[0]}"
        command = command.commands[rest.pop(0)]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {"--help"}
    lacking = [word for word in rest if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known]
    if lacking:
        return f"no option {', '.join(lacking)}"
    if not whole:
        return ""
    try:
        command.make_context("sla-sync", list(rest))
    except Exception as error:  # noqa: BLE001 - whatever the command line says against it
        return str(error) or type(error).__name__
    return ""
