"""50x: why leads leave the path, who learns from it, and what becomes of those that come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.agreement.sections.stages import Stage
from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

OTHER = "other"
_MANY = 12


def too_many(case: Case) -> Iterator[Remark]:
    """Yield lists from which nobody chooses with care; where reasons have categories, those are what people see first."""
    for name, reasons in case.agreement.reasons.items():
        categories = {each.category for each in reasons.values()}
        grouped = bool(categories - {None})
        count = len(categories) if grouped else len(reasons)
        if count > _MANY:
            yield Remark(
                f"List '{name}' has {count} {'categories' if grouped else 'reasons'}, and people choose among {_MANY} "
                "at most.",
                ("reasons", name),
                "Merge some, or give them a `category` each.",
                at_key=True,
            )


def no_way_to_say_else(case: Case) -> Iterator[Remark]:
    """Yield lists without `other`, and an `other` that says nothing."""
    for name, reasons in case.agreement.reasons.items():
        if OTHER not in reasons:
            yield Remark(
                f"List '{name}' has no reason '{OTHER}', so what fits nowhere is filed under something wrong.",
                ("reasons", name),
                f"Add `{OTHER}: {{means: None of these., note: required}}`.",
                at_key=True,
            )
        elif reasons[OTHER].note != "required":
            yield Remark(
                f"Reason '{OTHER}' of list '{name}' needs no note, so nobody learns what it was.",
                ("reasons", name, OTHER),
                "Add `note: required`.",
                at_key=True,
            )


def coming_back(case: Case) -> Iterator[Remark]:
    """Yield reasons of leads that come back without a time, and times for leads that never do."""
    agreement = case.agreement
    for stage, name in _recycling(agreement).items():
        for reason, each in agreement.reasons.get(name, {}).items():
            if each.revisit is None:
                yield Remark(
                    f"Leads with reason '{reason}' come back from '{stage}', and nobody says when.",
                    ("reasons", name, reason),
                    "Add `revisit`, such as `revisit: 90 days` or `revisit: ask`.",
                    at_key=True,
                )
    ending = {each.reasons: stage for stage, each in agreement.stages.items() if each.reasons and each.end is not None}
    for name, stage in ending.items():
        if name in _recycling(agreement).values():
            continue
        for reason, each in agreement.reasons.get(name or "", {}).items():
            if each.revisit is not None:
                yield Remark(
                    f"Reason '{reason}' says when to come back, and stage '{stage}' ends the cycle.",
                    ("reasons", name or "", reason, "revisit"),
                    f"Remove `revisit`, or let '{stage}' lead back.",
                )


def _recycling(agreement: Agreement) -> Mapping[str, str]:
    """Return the stages in which leads wait until somebody asks again, with the list of their reasons.

    A way back alone does not make one: whoever raises a hand again needs it too, and chooses the day.
    """
    return {
        name: stage.reasons
        for name, stage in agreement.stages.items()
        if stage.reasons is not None and stage.end is None and _waits(stage, agreement)
    }


def _waits(stage: Stage, agreement: Agreement) -> bool:
    back = {each for each, when in stage.moves.items() if when is None and each in agreement.stages}
    if not any(agreement.stages[each].reasons is None for each in back):
        return False
    timed = any(each.revisit is not None for each in agreement.reasons.get(stage.reasons or "", {}).values())
    straight = qualified_stage(agreement) in back and stage.again_after is None
    return timed or straight or bool(stage.contact_if or stage.resets)


def in_two_lists(case: Case) -> Iterator[Remark]:
    """Yield reasons that stand in an earlier list too; `other` stands in every one."""
    first: dict[str, str] = {}
    for name, reasons in case.agreement.reasons.items():
        for reason in reasons:
            earlier = first.setdefault(reason, name)
            if earlier != name and reason != OTHER:
                yield Remark(
                    f"Reason '{reason}' stands in the lists '{earlier}' and '{name}'.",
                    ("reasons", name, reason),
                    "Keep it in one list, or give the two names that tell them apart.",
                    at_key=True,
                )


def read_by_nobody(case: Case) -> Iterator[Remark]:
    """Yield lists of reasons that nobody reads; in an agreement without feedback that is information."""
    agreement = case.agreement
    used = {stage.reasons for stage in agreement.stages.values()}
    for name in agreement.reasons:
        if name in used and not agreement.feedback.get(name):
            yield Remark(
                f"Nobody reads the reasons of list '{name}'.",
                ("reasons", name),
                f"Add '{name}' to `feedback` with the role that reads it.",
                at_key=True,
                severity=None if agreement.feedback else Severity.INFORMATION,
            )


def left_alone(case: Case) -> Iterator[Remark]:
    """Yield stages for leads that come back, where nobody owns them or nobody asks whether they may be contacted."""
    for name in _recycling(case.agreement):
        stage = case.agreement.stages[name]
        lacking = [
            said
            for said, there in (
                ("no role answers for them", stage.accountable is not None),
                ("nobody asks whether they may be contacted", stage.contact_if is not None),
            )
            if not there
        ]
        if lacking:
            yield Remark(
                f"Leads wait in '{name}', and {' and '.join(lacking)}.",
                ("stages", name),
                "Add `contact_if`, such as `contact_if: do_not_contact is no`."
                if stage.contact_if is None
                else "Add `accountable`.",
                at_key=True,
                absent=True,
            )


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA504",
        Severity.WARNING,
        "A list of reasons is short enough to choose from.",
        too_many,
        because="From a long list people take the first that is not wrong.",
        bad="reasons: {recycle: {r01: {}, r02: {}, r03: {}, r04: {}, r05: {}, r06: {}, r07: {}, r08: {}, r09: {},\n"
        "  r10: {}, r11: {}, r12: {}, r13: {}}}",
        good="reasons: {recycle: {no_budget: {}, bad_timing: {}, no_response: {}, other: {note: required}}}",
    ),
    Rule(
        "SLA505",
        Severity.WARNING,
        "Every list has an `other` that asks for a note.",
        no_way_to_say_else,
        because="What fits nowhere is where the list should grow, and a note is the only way to learn it.",
        bad="reasons: {lost: {price: {means: Chose on price.}}}",
        good="reasons: {lost: {price: {means: Chose on price.}, other: {means: None of these., note: required}}}",
        besides=Needs.HISTORY,
    ),
    Rule(
        "SLA506",
        Severity.WARNING,
        "A reason says when to come back where leads do come back, and nowhere else.",
        coming_back,
        because="A lead that waits for no day waits for ever.",
        bad="reasons: {recycle: {no_budget: {means: Not funded.}}}",
        good="reasons: {recycle: {no_budget: {means: Not funded., revisit: 180 days}}}",
    ),
    Rule(
        "SLA507",
        Severity.WARNING,
        "A reason stands in one list.",
        in_two_lists,
        because="The same word in two lists is counted in two reports and means two things.",
        bad="reasons: {recycle: {no_budget: {}}, lost: {no_budget: {}}}",
        good="reasons: {recycle: {not_funded_yet: {}}, lost: {no_budget: {}}}",
    ),
    Rule(
        "SLA511",
        Severity.WARNING,
        "Somebody reads why leads are rejected.",
        read_by_nobody,
        because="People who see that nobody reads their reasons stop giving them.",
        bad="feedback: {recycle: []}",
        good="feedback: {recycle: vp_marketing}",
    ),
    Rule(
        "SLA512",
        Severity.WARNING,
        "Leads that wait have an owner, and are asked before they are contacted.",
        left_alone,
        because="A recycled lead is the cheapest one to win and the easiest one to annoy.",
        bad="stages: {recycled: {means: Not now., accountable: vp_marketing, reasons: recycle, next: [mql]}}",
        good="stages: {recycled: {means: Not now., accountable: vp_marketing, reasons: recycle, next: [mql],\n"
        "  contact_if: do_not_contact is no}}",
    ),
)
