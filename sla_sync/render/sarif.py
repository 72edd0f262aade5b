"""Findings as SARIF 2.1.0, which code hosts show beside the lines of a change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from sla_sync.diagnostics import Diagnostic, Location, Severity, spell
from sla_sync.lint.remarks import Rule
from sla_sync.render.words import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0-rtm.5.json"
_ROOT = "%SRCROOT%"
_LEVELS: Mapping[Severity, str] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
}


def findings_as_sarif(diagnostics: Iterable[Diagnostic], rules: Sequence[Rule], *, version: str) -> str:
    """Return the findings as one run of the tool `version`, with what each rule means."""
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "sla-sync", "version": version, "rules": [_rule(each) for each in rules]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which sla-sync was started."}}},
        "results": [_result(each, numbers) for each in diagnostics],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(rule: Rule) -> Mapping[str, object]:
    described: dict[str, object] = {
        "id": rule.code,
        "shortDescription": {"text": rule.meaning},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    if rule.because:
        described["fullDescription"] = {"text": rule.because}
    examples = [f"{title}:\n{text}" for title, text in (("Bad", rule.bad), ("Good", rule.good)) if text]
    if examples:
        described["help"] = {"text": "\n\n".join(examples)}
    return described


def _result(found: Diagnostic, numbers: Mapping[str, int]) -> Mapping[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "level": _LEVELS[found.severity],
        "message": {"text": _text(f"{found.message} {found.hint}")},
        "partialFingerprints": {"slaSync/v1": _fingerprint(found)},
    }
    if found.code in numbers:
        result["ruleIndex"] = numbers[found.code]
    place: dict[str, object] = {}
    if found.location is not None:
        place["physicalLocation"] = _physical(found.location)
    if found.path:
        place["logicalLocations"] = [{"fullyQualifiedName": spell(found.path)}]
    if place:
        result["locations"] = [place]
    return result


def _physical(place: Location) -> Mapping[str, object]:
    return {"artifactLocation": _artifact(place.file), "region": {"startLine": place.line, "startColumn": place.column}}


def _artifact(file: str) -> Mapping[str, str]:
    path = Path(file)
    return {"uri": path.as_uri()} if path.is_absolute() else {"uri": quote(path.as_posix()), "uriBaseId": _ROOT}


def _text(text: str) -> str:
    # A message must not hold what SARIF reads as a link to another place.
    return visible(text.strip()).replace("](", "] (")


def _fingerprint(found: Diagnostic) -> str:
    """Return what stays when lines move, so that a host does not take an old finding for a new one."""
    file = found.location.file if found.location else ""
    return hashlib.sha256(json.dumps([found.code, file, spell(found.path)]).encode()).hexdigest()[:32]
