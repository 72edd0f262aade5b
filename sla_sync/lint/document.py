"""1xx: the document as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import UNDECIDED
from sla_sync.agreement.reasoning import Answer, CannotSay, domain_of, overlap, satisfiable
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.diagnostics import KeyPath, Severity, spell
from sla_sync.lint.remarks import Case, Remark, Rule

MOST_STAGES = 9
MOST_PRIORITIES = 5
MOST_COMMITMENTS = 12
MOST_LINES = 220
"""What two vice presidents can still hold in their heads, and read in one sitting."""


def undecided(case: Case) -> Iterator[Remark]:
    """Yield every value that the parties have not agreed yet: information in a draft."""
    draft = case.agreement.metadata.status is DocumentStatus.DRAFT
    for path, value in case.leaves:
        if value is UNDECIDED:
            yield Remark(
                f"`{spell(path)}` is undecided" + ("." if draft else ", and the agreement is not a draft any more."),
                path,
                "Agree on a value, or set `metadata.status` back to draft.",
                severity=Severity.INFORMATION if draft else None,
            )


def too_complex(case: Case) -> Iterator[Remark]:
    """Yield sections, and the document, that have grown beyond what can be explained."""
    counted = {
        "stages": (len(case.agreement.stages), MOST_STAGES, "Leave out stages in which nothing is promised."),
        "priorities": (len(case.agreement.priorities), MOST_PRIORITIES, "Merge priorities that have the same limits."),
        "commitments": (len(case.agreement.commitments), MOST_COMMITMENTS, "Keep the promises that somebody checks."),
    }
    for section, (count, most, hint) in counted.items():
        if count > most:
            message = f"The agreement has {count} {section}; more than {most} are hard to explain."
            yield Remark(message, (section,), hint, at_key=True)
    lines = sum(len(text.splitlines()) for text in case.source.texts.values()) if case.source else 0
    if lines > MOST_LINES:
        message = f"The agreement has {lines} lines; more than {MOST_LINES} are hard to read in one sitting."
        yield Remark(message, (), "Leave out what nobody would miss, or split the agreement by `metadata.scope`.")


def never_in_force(case: Case) -> Iterator[Remark]:
    """Yield a range of days that is empty; one that is over is a warning until somebody wants to apply it."""
    effective = case.agreement.metadata.effective
    path = ("metadata", "effective", "until")
    if effective.until is None:
        return
    if effective.until < effective.start:
        message = f"The agreement ends on {effective.until}, before it begins on {effective.start}."
        yield Remark(message, path, "Correct one of the two days.")
    elif case.over and case.agreement.metadata.status is not DocumentStatus.RETIRED:
        yield Remark(
            f"The agreement ended on {effective.until}.",
            path,
            "Agree on a new period, or set `metadata.status` to retired.",
            severity=Severity.WARNING,
        )


def two_for_one_lead(case: Case) -> Iterator[Remark]:
    """Yield other agreed agreements of the same targets that are about the same leads on the same days."""
    if case.agreement.metadata.status is not DocumentStatus.AGREED:
        return
    for document, other in case.neighbours.items():
        day = _common_day(case.agreement, other)
        if other.metadata.status is not DocumentStatus.AGREED or day is None:
            continue
        lead = _common_lead(case.agreement, other)
        if lead is None:
            continue
        scoped = case.agreement.metadata.scope is not None
        path: KeyPath = ("metadata", "scope") if scoped else ("metadata", "name")
        named = f"this agreement and '{other.metadata.name}' in {document}"
        if isinstance(lead, CannotSay):
            message = f"Nobody can say whether {named} share a lead on {day}. {lead.why}"
        else:
            message = f"On {day} {named} are both about {lead}."
        yield Remark(
            message,
            path,
            "Narrow `metadata.scope` of one of them, or let one end before the other begins.",
            severity=Severity.INFORMATION if isinstance(lead, CannotSay) else None,
        )


def _common_day(one: Agreement, other: Agreement) -> date | None:
    start = max(one.metadata.effective.start, other.metadata.effective.start)
    ends = [each.metadata.effective.until for each in (one, other)]
    return start if all(until is None or start <= until for until in ends) else None


def _common_lead(one: Agreement, other: Agreement) -> Answer | str:
    """Return a lead that both are about; None where there is none."""
    scopes = [each.metadata.scope.value for each in (one, other) if each.metadata.scope]
    match scopes:
        case []:
            return "every lead"
        case [scope]:
            return satisfiable(scope, domain_of(one))
        case _:
            return overlap(scopes[0], scopes[1], domain_of(one))


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA103",
        Severity.ERROR,
        "Every value has the form that is expected, and an agreed text leaves nothing undecided.",
        undecided,
        because="A limit that can be read in two ways, or is still open, is a promise that nobody can hold anybody to.",
        bad="commitments:\n  verdict: {by: vp_sales, promise: Accept or reject., within: undecided, on_time: 95%,\n"
        "    clock: {starts: assigned, stops: leaves mql, runs_in: owner calendar}}",
        good="commitments:\n  verdict: {by: vp_sales, promise: Accept or reject., within: 2 business days, on_time: 95%,\n"
        "    clock: {starts: assigned, stops: leaves mql, runs_in: owner calendar}}",
    ),
    Rule(
        "SLA110",
        Severity.WARNING,
        "The agreement is small enough to be explained.",
        too_complex,
        because="What people cannot keep in mind they do not keep; complexity is where alignment ends.",
        bad="priorities:\n"
        "  p1: {means: Now., when: employees > 5000}\n  p2: {means: Soon., when: employees > 2000}\n"
        "  p3: {means: Today., when: employees > 900}\n  p4: {means: Later., when: employees > 300}\n",
        good="priorities:\n  hot: {means: They asked to talk., when: source is demo_request or contact_sales}",
    ),
    Rule(
        "SLA111",
        Severity.ERROR,
        "The agreement is in force on some day, and is applied while it is.",
        never_in_force,
        because="Clocks that start outside the agreed days measure a promise that nobody made.",
        bad="metadata: {effective: {from: 2026-10-01, until: 2026-09-30}}",
        good="metadata: {effective: {from: 2026-10-01, until: 2026-12-31}}",
    ),
    Rule(
        "SLA112",
        Severity.ERROR,
        "No lead is under two agreements on one day.",
        two_for_one_lead,
        because="With two limits for one lead, whoever is late can point at the other one.",
        bad="metadata: {scope: country is US or CA}   # the other agreement says: country is CA or MX",
        good="metadata: {scope: country is US}        # the other agreement says: country is CA or MX",
    ),
)
