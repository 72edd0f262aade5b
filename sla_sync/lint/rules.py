"""The table of all rules, hundred by hundred, and the walk through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sla_sync.agreement.attestations import Attestations
from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import Source
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.lint import (
    acceptance,
    bindings,
    commitments,
    document,
    goal,
    governance,
    models,
    platforms,
    reading,
    references,
    routing,
    safety,
    scoring,
    signals,
    spelling,
    stage_terms,
    stages,
    time,
    together,
    unused,
)
from sla_sync.lint.remarks import Case, Remark, Rule

_TABLES = (
    reading,
    references,
    spelling,
    unused,
    document,
    stages,
    stage_terms,
    scoring,
    signals,
    models,
    commitments,
    time,
    routing,
    goal,
    governance,
    bindings,
    platforms,
    together,
    safety,
)

RULES: tuple[Rule, ...] = tuple(sorted((rule for table in _TABLES for rule in table.RULES), key=lambda rule: rule.code))
"""Every rule by its code."""

BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Finding:
    """A finding of a rule; `diagnostic` has the path, and `located` adds the place."""

    diagnostic: Diagnostic
    remark: Remark

    def located(self, source: Source, bindings: Mapping[Path, Source]) -> Diagnostic:
        """Return the diagnostic with its place in the agreement, or in the binding that it is about."""
        remark = self.remark
        within = source if remark.document is None else bindings.get(Path(remark.document), source)
        place = within.locate_key(remark.path) if remark.at_key else within.locate_character(remark.path, remark.offset)
        return replace(self.diagnostic, location=place)


def lint(
    agreement: Agreement,
    bound: Mapping[str, BindingDocument],
    today: date,
    *,
    source: Source | None = None,
    sources: Mapping[str, Source] | None = None,
    neighbours: Mapping[str, Agreement] | None = None,
    vouched: tuple[str, Attestations] | None = None,
) -> tuple[Finding, ...]:
    """Return what every rule finds; `bound` are the bindings by path. Accepted warnings become information.

    `source` is what the agreement was read from, `sources` what its bindings were, by path; rules about spelling need
    them. `neighbours` are the other agreements of the same targets, by path, `vouched` what people vouch for, with its path.
    """
    document, attestations = vouched or (None, None)
    case = Case(agreement, bound, today, source, sources or {}, neighbours or {}, attestations, document)
    found = [_finding(rule, remark, case) for rule in RULES if rule.check for remark in rule.check(case)]
    idle = acceptance.idle(case, (each.diagnostic for each in found), BY_CODE)
    found += [_finding(BY_CODE[acceptance.IDLE], remark, case) for remark in idle]
    found += [_finding(BY_CODE[acceptance.UNKNOWN], remark, case) for remark in acceptance.unknown(case, BY_CODE)]
    return tuple(replace(each, diagnostic=acceptance.accepted(each.diagnostic, case)) for each in found)


def _finding(rule: Rule, remark: Remark, case: Case) -> Finding:
    forgiven = remark.absent and case.lenient
    severity = Severity.INFORMATION if forgiven else remark.severity or rule.severity
    return Finding(Diagnostic(rule.code, severity, remark.message, remark.path, hint=remark.hint), remark)
