"""1xx: the document as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.quantities import UNDECIDED
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.agreement.walk import leaves
from sla_sync.diagnostics import Severity, spell
from sla_sync.lint.remarks import Case, Remark, Rule


def undecided(case: Case) -> Iterator[Remark]:
    """Yield every value that the parties have not agreed yet: information in a draft."""
    draft = case.agreement.metadata.status is DocumentStatus.DRAFT
    for path, value in leaves(case.agreement):
        if value is UNDECIDED:
            yield Remark(
                f"`{spell(path)}` is undecided" + ("." if draft else ", and the agreement is not a draft any more."),
                path,
                "" if draft else "Agree on a value, or set `metadata.status` back to draft.",
                severity=Severity.INFORMATION if draft else None,
            )


def never_in_force(case: Case) -> Iterator[Remark]:
    """Yield a range of days that is empty; one that is over is a warning until somebody wants to apply it."""
    effective = case.agreement.metadata.effective
    path = ("metadata", "effective", "until")
    if effective.until is None:
        return
    if effective.until < effective.start:
        message = f"The agreement ends on {effective.until}, before it begins on {effective.start}."
        yield Remark(message, path, "Correct one of the two days.")
    elif effective.until < case.today:
        yield Remark(
            f"The agreement ended on {effective.until}.",
            path,
            "Agree on a new period, or set `metadata.status` to retired.",
            severity=Severity.WARNING,
        )


RULES: tuple[Rule, ...] = (
    Rule("SLA103", Severity.ERROR, "An agreed text leaves nothing undecided.", undecided),
    Rule("SLA111", Severity.ERROR, "The agreement is in force on some day.", never_in_force),
)
