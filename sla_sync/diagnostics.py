"""A finding: what is wrong, where, and what to do about it. A value, never raised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands inside nested mappings and lists: `("stages", "mql", "next", 0)`."""


class Severity(StrEnum):
    """How much a finding weighs; only an error stops a command."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` is a whole sentence, `hint` starts with a verb, `path` leads into the document."""

    code: str
    severity: Severity
    message: str
    path: KeyPath = ()
    location: Location | None = None
    hint: str = ""


def spell(path: KeyPath) -> str:
    """Return a path as people write it: `routing.first_match[0].when`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def errors_in(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return those findings that stop a command."""
    return tuple(each for each in diagnostics if each.severity is Severity.ERROR)
