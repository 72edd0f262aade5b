"""The table of all rules, hundred by hundred, and the walk through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import Source
from sla_sync.diagnostics import Diagnostic, Severity, spell
from sla_sync.lint import (
    bindings,
    commitments,
    document,
    goal,
    governance,
    references,
    routing,
    safety,
    scoring,
    stages,
    time,
)
from sla_sync.lint.remarks import Case, Remark, Rule

RULES: tuple[Rule, ...] = (
    *references.RULES,
    *document.RULES,
    *stages.RULES,
    *scoring.RULES,
    *commitments.RULES,
    *time.RULES,
    *routing.RULES,
    *goal.RULES,
    *governance.RULES,
    *bindings.RULES,
    *safety.RULES,
)


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


def lint(agreement: Agreement, bound: Mapping[str, BindingDocument], today: date) -> tuple[Finding, ...]:
    """Return what every rule finds; `bound` are the bindings by path. Accepted warnings become information."""
    case = Case(agreement, bound, today)
    return tuple(_finding(rule, remark, case) for rule in RULES if rule.check for remark in rule.check(case))


def _finding(rule: Rule, remark: Remark, case: Case) -> Finding:
    severity = remark.severity or rule.severity
    found = Diagnostic(rule.code, severity, remark.message, remark.path, hint=remark.hint)
    return Finding(_accepted(found, case) if severity is Severity.WARNING else found, remark)


def _accepted(found: Diagnostic, case: Case) -> Diagnostic:
    for each in case.agreement.accepted:
        in_time = each.until is None or case.today <= each.until
        if each.code == found.code and in_time and (each.at is None or spell(found.path).startswith(each.at)):
            until = f" until {each.until}" if each.until else ""
            message = f"{found.message} Accepted{until}: {each.because}"
            return replace(found, severity=Severity.INFORMATION, message=message, hint="")
    return found
