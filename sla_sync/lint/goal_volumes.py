"""60x: promised volumes held against the plan that is worked backward from the goal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import CountOf
from sla_sync.agreement.plan_arithmetic import MARKETING, NoPlanError, work_backward
from sla_sync.agreement.sections.commitments import Commitment, Targets
from sla_sync.diagnostics import Severity
from sla_sync.lint.limits import each_month
from sla_sync.lint.promised import party_of
from sla_sync.lint.remarks import Case, Remark

_TOLERANCE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class _Volume:
    """What a commitment promises of a stage of the plan in a month, beside what the plan needs."""

    name: str
    commitment: Commitment
    stage: str
    promised: Decimal
    needed: Decimal


def _volumes(case: Case) -> Iterator[_Volume]:
    """Yield every volume that the plan needs as well. Raises NoPlanError."""
    agreement = case.agreement
    for name, commitment in agreement.commitments.items():
        measure = commitment.measure.value if commitment.measure else None
        if not isinstance(measure, CountOf) or measure.where or commitment.where or commitment.kind == "influence":
            continue
        plan = work_backward(agreement.goal, agreement.metadata.effective, source=_source(commitment, agreement))
        promised, needed = _monthly(commitment.target, agreement), plan.each_month(measure.stage)
        if promised is not None and needed is not None:
            yield _Volume(name, commitment, measure.stage, promised, needed)


def _source(commitment: Commitment, agreement: Agreement) -> str:
    """Return the source of the plan that a commitment is about: the promiser's own party, or marketing."""
    party = party_of(commitment.by, agreement)
    plan = agreement.goal.plan if agreement.goal else None
    return party if plan and party in plan.sources and party else MARKETING


def _monthly(target: Targets | None, agreement: Agreement) -> Decimal | None:
    """Return a promised volume a month, the average where each month has its own; None where it is no volume."""
    if isinstance(target, dict):
        months = [_whole(each, agreement) for each in target.values()]
        known = [each for each in months if each is not None]
        return sum(known, Decimal(0)) / len(known) if known and len(known) == len(months) else None
    return each_month(target, agreement)


def _whole(target: object, agreement: Agreement) -> Decimal | None:
    if isinstance(target, int | float):
        return Decimal(str(target))
    return each_month(target, agreement)


def below_the_plan(case: Case) -> Iterator[Remark]:
    """Yield volumes that are too small for the plan where nobody covers the gap; without a plan that is information."""
    agreement = case.agreement
    if agreement.goal is None:
        return
    try:
        volumes = tuple(_volumes(case))
    except NoPlanError as error:
        yield Remark(
            f"{error} Volumes cannot be held against it.",
            ("goal",),
            "Complete `goal.plan`, and the volumes it needs are computed.",
            at_key=True,
            severity=Severity.INFORMATION,
        )
        return
    for each in volumes:
        if each.promised < each.needed and each.commitment.gap_covered_by is None:
            yield Remark(
                f"Commitment '{each.name}' promises {_leads(each.promised)} '{each.stage}' a month, and the plan needs "
                f"{_leads(each.needed)}.",
                ("commitments", each.name, "target"),
                "Promise what the plan needs, or say in `gap_covered_by` who makes up the rest.",
            )


def beside_the_plan(case: Case) -> Iterator[Remark]:
    """Yield volumes that together with those of whoever covers the gap miss the plan by more than a tenth.

    Who covers a gap and promises no volume of its own covers all of it.
    """
    try:
        volumes = tuple(_volumes(case))
    except NoPlanError:
        return
    for each in volumes:
        covered = _covered(case, each)
        if each.promised < each.needed and covered is None:
            continue
        total = each.promised + (covered or 0)
        if abs(total - each.needed) > _TOLERANCE * each.needed:
            by = f", with what '{each.commitment.gap_covered_by}' covers," if covered else ""
            yield Remark(
                f"Commitment '{each.name}' promises{by} {_leads(total)} '{each.stage}' a month, and the plan needs "
                f"{_leads(each.needed)}.",
                ("commitments", each.name, "target"),
                "Change the promise or the plan until they are one.",
            )


def _covered(case: Case, volume: _Volume) -> Decimal | None:
    """Return the volume of the same stage that whoever covers the gap promises; None where no number is promised."""
    agreement, by = case.agreement, volume.commitment.gap_covered_by
    promised = [
        monthly
        for name, each in agreement.commitments.items()
        if by is not None
        and name != volume.name
        and by in {each.by, party_of(each.by, agreement)}
        and each.measure is not None
        and isinstance(each.measure.value, CountOf)
        and each.measure.value.stage == volume.stage
        and (monthly := _monthly(each.target, agreement)) is not None
    ]
    return sum(promised, Decimal(0)) if promised else None


def _leads(count: Decimal) -> str:
    return f"{count:,.1f}".removesuffix(".0")
