"""Findings that the parties accept: a warning becomes information, and an acceptance that fits nothing is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sla_sync.agreement.findings import did_you_mean
from sla_sync.agreement.sections.governance import Accepted
from sla_sync.diagnostics import Diagnostic, Severity, spell
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

IDLE = "SLA105"
UNKNOWN = "SLA102"


def is_expired(accepted: Accepted, case: Case) -> bool:
    """Return whether the last day of an acceptance has passed; one that lasts as long as the agreement needs no other."""
    ends = case.agreement.metadata.effective.until
    if accepted.until is None or case.today <= accepted.until:
        return False
    return not (case.over and ends is not None and accepted.until >= ends)


def accepted(found: Diagnostic, case: Case) -> Diagnostic:
    """Return the finding as information where it is a warning that the parties accept; else as it is."""
    if found.severity is not Severity.WARNING:
        return found
    for each in case.agreement.accepted:
        if _fits(each, found) and not is_expired(each, case):
            until = f" until {each.until}" if each.until else ""
            message = f"{found.message} Accepted{until}: {each.because}"
            return replace(found, severity=Severity.INFORMATION, message=message, hint="")
    return found


def idle(case: Case, found: Iterable[Diagnostic], rules: Mapping[str, Rule]) -> Iterator[Remark]:
    """Yield acceptances that fit nothing, as information; what only a platform or history can find may still fit."""
    raised = tuple(found)
    for index, each in enumerate(case.agreement.accepted):
        path = ("accepted", index, "code")
        fitting = [one.severity for one in raised if _fits(each, one)]
        rule = rules.get(each.code)
        if rule is None or rule.needs is not Needs.DOCUMENT:
            continue
        if not fitting:
            at = f" at `{each.at}`" if each.at else ""
            yield Remark(
                f"{each.code} is accepted{at}, and nothing like it is found.",
                path,
                "Remove the entry, if its cause is gone.",
                severity=Severity.INFORMATION,
            )
        elif set(fitting) == {Severity.ERROR}:
            yield Remark(
                f"{each.code} is an error here, and only warnings can be accepted.",
                path,
                "Repair what the error names, and remove the entry.",
                severity=Severity.INFORMATION,
            )


def unknown(case: Case, rules: Mapping[str, Rule]) -> Iterator[Remark]:
    """Yield acceptances of codes that no rule has."""
    for index, each in enumerate(case.agreement.accepted):
        if each.code not in rules:
            yield Remark(
                f"`accepted[{index}].code` names {each.code}, which is the code of no rule.",
                ("accepted", index, "code"),
                did_you_mean(each.code, rules) or "Look the code up in the list that `sla-sync rules` prints.",
            )


def _fits(accepted: Accepted, found: Diagnostic) -> bool:
    if accepted.code != found.code:
        return False
    at = spell(found.path)
    return accepted.at is None or at == accepted.at or at.startswith((f"{accepted.at}.", f"{accepted.at}["))
