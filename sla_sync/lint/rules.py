"""The table of rules, and the walk through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import Source
from sla_sync.diagnostics import Diagnostic, Severity, spell
from sla_sync.lint import bindings as r8
from sla_sync.lint import commitments as r3
from sla_sync.lint import document as r1
from sla_sync.lint import stages as r2
from sla_sync.lint.references import dangling_in_agreement, dangling_in_bindings
from sla_sync.lint.remarks import Case, Remark, Rule

_E, _W = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule("SLA102", _E, "Every word that is referred to is defined.", dangling_in_agreement),
    Rule("SLA102", _E, "Every agreed word in a binding is defined in the agreement.", dangling_in_bindings),
    Rule("SLA103", _E, "An agreed text leaves nothing undecided.", r1.undecided),
    Rule("SLA111", _E, "The agreement is in force on some day.", r1.never_in_force),
    Rule("SLA201", _E, "Leads begin in exactly one stage.", r2.no_single_start),
    Rule("SLA205", _E, "Every stage leads on, or says how the cycle ends.", r2.dead_end),
    Rule("SLA206", _E, "Every stage can be reached from the start.", r2.unreachable),
    Rule("SLA211", _E, "A stage in which a lead leaves the path asks for a reason.", r2.exit_without_reasons),
    Rule("SLA302", _E, "Every commitment is measured or timed.", r3.not_measurable),
    Rule("SLA801", _E, "Every stage and every needed field is bound on every platform.", r8.unbound),
    Rule("SLA803", _E, "No value of a platform means two stages.", r8.two_stages_on_one_value),
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


def lint(agreement: Agreement, bindings: Mapping[str, BindingDocument], today: date) -> tuple[Finding, ...]:
    """Return what every rule finds; `bindings` by the path of their documents. Accepted warnings become information."""
    case = Case(agreement, bindings, today)
    return tuple(_finding(rule, remark, case) for rule in RULES for remark in rule.check(case))


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
