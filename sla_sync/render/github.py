"""Findings as workflow commands, which GitHub shows as annotations on the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sla_sync.diagnostics import Diagnostic, Severity, spell
from sla_sync.render.words import printable, tally

_COMMANDS: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "notice",
}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = {**_IN_MESSAGE, **str.maketrans({":": "%3A", ",": "%2C"})}


def findings_as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return one workflow command for each finding, the heaviest first, and a tally at the end.

    GitHub shows the first ten errors, ten warnings and ten notices of a step.
    """
    found = sorted(diagnostics, key=lambda each: list(_COMMANDS).index(each.severity))
    return "\n".join([*(_command(each) for each in found), f"{tally(found)}."])


def _command(found: Diagnostic) -> str:
    place = found.location
    properties: dict[str, object] = {}
    if place is not None:
        properties |= {"file": place.file, "line": place.line, "col": place.column}
    properties["title"] = f"{found.code} {spell(found.path)}".strip()
    said = ",".join(f"{key}={printable(str(value)).translate(_IN_PROPERTY)}" for key, value in properties.items())
    message = f"{found.message}\n{found.hint}".strip()
    return f"::{_COMMANDS[found.severity]} {said}::{printable(message).translate(_IN_MESSAGE)}"
