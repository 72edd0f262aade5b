"""The rules about a change: SLA607, SLA702, SLA706 and SLA709, judged between two revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sla_sync.agreement.expressions.measures import CountOf, CountOfEvents, SumOf
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.agreement.signatures import Signatures
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity
from sla_sync.review.amendments import Amendment, Difference, Matter
from sla_sync.review.consent import agreed_on
from sla_sync.review.outcome import Asked, Consent, Notice

EFFECTIVE: KeyPath = ("metadata", "effective", "from")

JUDGES_CLOSED = frozenset({
    Matter.STRICTER_ENTRY, Matter.LOOSER_ENTRY, Matter.UNCLEAR_ENTRY, Matter.TIGHTER_PROMISE, Matter.LOOSER_PROMISE,
    Matter.UNCLEAR_PROMISE, Matter.PLAN_GAP, Matter.MEASUREMENT,
})  # fmt: skip
"""Changes by which a month or a cycle that is closed would come out otherwise."""

_PUSHED = frozenset({"modes", "held_by"})
"""Keys of a binding that say how much of a promise a platform does by itself."""

_DECIDES_VOLUMES = frozenset({"target", "by", "metric", "plan"})
"""Keys of a goal from which volumes follow; its wording, owner and benefits are not among them."""


@dataclass(frozen=True)
class _Case:
    difference: Difference
    consent: Consent
    notice: Notice | None
    today: date

    @property
    def draft(self) -> bool:
        """Whether nothing is agreed yet by this change, so that nothing is owed yet either."""
        return self.difference.after.agreement.metadata.status is not DocumentStatus.AGREED

    @property
    def first_time(self) -> bool:
        """Whether nothing was agreed before it."""
        return self.difference.before.agreement.metadata.status is DocumentStatus.DRAFT


def judge_change(
    difference: Difference, consent: Consent, notice: Notice | None, *, today: date
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a change, with paths into the new agreement.

    While the new revision is a draft, everything is information: it says what will be asked when it is to be agreed.
    """
    case = _Case(difference, consent, notice, today)
    found = (
        *_goal_alone(case),
        *_without_consent(case),
        *_sooner_than_noticed(case),
        *_closed_anew(case),
    )
    return tuple(replace(each, severity=Severity.INFORMATION) for each in found) if case.draft else found


def _goal_alone(case: _Case) -> Iterator[Diagnostic]:
    """Yield goals that changed while no volume did."""
    before, after = case.difference.before.agreement, case.difference.after.agreement
    edits = [each.path[1:] for amendment in case.difference.amendments for each in amendment.edits]
    changed = [each for each in edits if _decides_volumes(each)]
    volumes = [
        name
        for name, each in after.commitments.items()
        if each.measure and isinstance(each.measure.value, CountOf | CountOfEvents | SumOf)
    ]
    touched = {str(each[1]) for each in edits if each[:1] == ("commitments",) and len(each) > 1}
    gone = before.commitments.keys() - after.commitments.keys()
    if changed and volumes and not touched & {*volumes, *gone}:
        yield Diagnostic(
            "SLA607",
            Severity.ERROR,
            f"The goal changes and {_names(volumes)} {'does' if len(volumes) == 1 else 'do'} not.",
            changed[0],
            hint=f"Change the target of `{volumes[0]}` with it, or agree on the goal when the volumes are known.",
        )


def _decides_volumes(path: KeyPath) -> bool:
    inside = path[1:] if path[:1] == ("goal",) else path[2:] if path[:1] == ("goals",) else None
    return inside is not None and (not inside or inside[0] in _DECIDES_VOLUMES)


def _without_consent(case: _Case) -> Iterator[Diagnostic]:
    """Yield every role whose consent is needed and not there, with what it is asked about."""
    missing = set(case.consent.missing)
    for asked in case.consent.needed:
        if asked.role in missing:
            yield Diagnostic(
                "SLA702",
                Severity.ERROR,
                f"'{asked.role}' has not signed: {_about(asked)}",
                _place_of(asked),
                hint=f"Run: sla-sync sign --role {asked.role} --evidence LINK --since BASE",
            )


def _about(asked: Asked) -> str:
    if not asked.amendments:
        return "the agreement as a whole."
    first, *more = asked.amendments
    others = f" And {len(more)} more {'change' if len(more) == 1 else 'changes'}." if more else ""
    return f"{first.sentence}{others}"


def _place_of(asked: Asked) -> KeyPath:
    # A place in a binding is none in the agreement.
    return next((each.place for each in asked.amendments if each.binding is None), ("approval",))


def _sooner_than_noticed(case: _Case) -> Iterator[Diagnostic]:
    """Yield changes that take force with less than the notice; what is also retroactive is said by the rule about that."""
    notice = case.notice
    if notice is None or not notice.said or notice.planned >= notice.first or any(_closed_anew(case)):
        return
    yield Diagnostic(
        "SLA706",
        Severity.ERROR,
        f"The change would take force on {notice.planned}, and {notice.said} of notice from {notice.signed_on} end on "
        f"{notice.first}.",
        EFFECTIVE,
        hint=f"Write `from: {notice.first}` or a later day under metadata.effective.",
    )


def _closed_anew(case: _Case) -> Iterator[Diagnostic]:
    """Yield changes that would judge anew what is closed: a first day that has passed when the change was agreed."""
    start = case.difference.after.agreement.metadata.effective.start
    agreed = agreed_on(case.consent, today=case.today)
    changed = [each for each in case.difference.amendments if each.matter in JUDGES_CLOSED and _judges(each)]
    if not changed or start >= agreed or case.first_time:
        return
    first = case.notice.first if case.notice else agreed
    yield Diagnostic(
        "SLA709",
        Severity.ERROR,
        f"What was closed since {start} would be judged anew: {changed[0].sentence}",
        EFFECTIVE,
        hint=f"Write `from: {first}` or a later day under metadata.effective.",
    )


def _judges(amendment: Amendment) -> bool:
    """Return whether an amendment decides how a lead is judged; how much of a promise is pushed does not."""
    # The path of a whole binding ends with its connector.
    pushed = (each.path[0] == "bindings" and not _PUSHED.isdisjoint(each.path[2:3]) for each in amendment.edits)
    return not amendment.edits or not all(pushed)


def judge_signatures(difference: Difference, consent: Consent, signatures: Signatures | None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with what signatures.yaml says of this change, with paths into that file.

    An amendment from the old meaning to the new one asks at least whom the matrix asks; who is left out of it would be
    taken for somebody who need not sign.
    """
    if signatures is None:
        return ()
    found: list[Diagnostic] = []
    for index, each in enumerate(signatures.amended):
        if (each.since, each.digest) != (difference.before.digest, difference.after.digest):
            continue
        forgotten = [asked for asked in consent.needed if asked.role not in each.needs]
        found += [
            Diagnostic(
                "SLA702",
                Severity.ERROR,
                f"The amendment leaves out '{asked.role}', whose consent is needed: {_about(asked)}",
                ("amended", index, "needs"),
                hint=f"Add `{asked.role}`, or let `sla-sync sign --since BASE` write the entry.",
            )
            for asked in forgotten
        ]
    return tuple(found)


def _names(names: list[str]) -> str:
    return f"`{names[0]}`" if len(names) == 1 else f"{', '.join(f'`{each}`' for each in names[:-1])} and `{names[-1]}`"
