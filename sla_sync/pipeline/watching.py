"""What an audit sees beside settings, joined to the agreement: observations, the promises at stake, and the harm done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sla_sync.agreement.document import Agreement
from sla_sync.connector import (
    TRAIL,
    Address,
    Concern,
    Consequence,
    ForbiddenError,
    Harm,
    KeyPath,
    Observation,
    Reader,
    RejectedError,
    Unseen,
    Watched,
    Watches,
)
from sla_sync.explain.at_stake import bearing
from sla_sync.reconcile.drift import DRIFTS, OBSERVED, Drift, DriftClass, Finding, Stake, Trace, Unverifiable

_CLASSES: Mapping[Concern, DriftClass] = {
    Concern.SHADOWED: DriftClass.SHADOWED,
    Concern.STALE: DriftClass.STALE,
    Concern.PEOPLE: DriftClass.PEOPLE,
    Concern.BEHAVIOUR: DriftClass.BEHAVIOUR,
}
_HARM_ASKED = 8
"""Of so many places at most the harm is asked, the gravest first: an audit makes few calls also on a bad night."""


@dataclass(frozen=True)
class Seen:
    """What a reader saw beside settings, what it could not see, and whether its platform keeps a trail of changes."""

    findings: tuple[Finding, ...]
    unseen: tuple[Unverifiable, ...]
    trail: bool = True


def watch(reader: Reader, asked: Watched, target: str) -> Seen:
    """Return what the target shows beside its settings; nothing where its reader offers nothing."""
    if not isinstance(reader, Watches):
        return Seen((), ())
    findings: list[Finding] = []
    unseen: list[Unverifiable] = []
    trail = True
    for each in _told(reader, asked):
        if isinstance(each, Observation):
            findings.append(_finding(each, target))
        elif each.what == TRAIL:
            trail = False
        else:
            unseen.append(Unverifiable(each.what, each.because, manual=True))
    return Seen(tuple(findings), tuple(unseen), trail)


def _told(reader: Watches, asked: Watched) -> Iterator[Observation | Unseen]:
    try:
        yield from reader.watch(asked)
    except (ForbiddenError, RejectedError) as error:
        # An identity that may read settings need not be allowed to look at people and leads.
        yield Unseen("what happens beside the settings", error.message)


def _finding(seen: Observation, target: str) -> Finding:
    harm = None if seen.wrong is None else Harm("", seen.of or seen.wrong, seen.wrong, _records(seen))
    return Finding(
        _CLASSES[seen.concern],
        Consequence.BREACH,
        seen.address or Address(str(seen.concern), seen.what),
        (),
        None,
        None,
        None,
        seen.who,
        seen.when,
        seen.origin,
        target=target,
        what=seen.what,
        sentence=seen.finding,
        trace=Trace.TOLD if seen.who else Trace.NOT_FOUND,
        harm=harm,
    )


def _records(seen: Observation) -> tuple[str, ...]:
    return tuple(each.record for each in seen.witnesses)


def joined(drift: Drift, agreement: Agreement, *, trail: bool) -> Drift:
    """Return an audit whose findings name the promises at stake and weigh what these weigh."""
    if not drift.findings:
        return drift
    at = cache(bearing(agreement))
    findings = []
    for each in drift.findings:
        at_stake = at(each.commitment)
        lost = Trace.NO_TRAIL if each.trace is Trace.NOT_FOUND and not trail else each.trace
        findings.append(replace(each, stakes=at_stake, trace=lost, consequence=_gravity(each, at_stake)))
    return replace(drift, findings=tuple(findings))


def _gravity(finding: Finding, at_stake: Iterable[Stake]) -> Consequence:
    """Return how grave a finding is: never graver than what it is about, and no breach where nothing counts is promised.

    A setting that no promise names keeps the weight of its type: a stage or a gate is agreed without one.
    """
    if finding.consequence is not Consequence.BREACH:
        return finding.consequence
    counted = [each.counted for each in at_stake]
    if counted:
        return Consequence.BREACH if any(counted) else Consequence.WEAKENING
    return Consequence.WEAKENING if finding.drift in OBSERVED else Consequence.BREACH


def with_harm(drift: Drift, reader: Reader, asked: Watched) -> Drift:
    """Return an audit that says of its breaches which records passed meanwhile, and when the next clock falls due."""
    breaches = [each for each in drift.findings if each.drift in DRIFTS and each.consequence is Consequence.BREACH]
    if not breaches or not isinstance(reader, Watches):
        return drift
    since: dict[KeyPath, datetime] = {}
    for each in breaches:
        if each.when is not None and each.harm is None and each.drift is not DriftClass.STALLED:
            since[each.commitment] = min(each.when, since.get(each.commitment, each.when))
    done: dict[KeyPath, Harm | None] = {}
    for origin, begun in list(since.items())[:_HARM_ASKED]:
        done[origin] = _allowed(reader, asked, origin, begun)
    findings = tuple(
        replace(each, harm=done.get(each.commitment)) if each in breaches and each.harm is None else each
        for each in drift.findings
    )
    return replace(drift, findings=findings, first_due=_next_due(reader, asked))


def _allowed(reader: Watches, asked: Watched, origin: KeyPath, since: datetime) -> Harm | None:
    try:
        return reader.harm(asked, origin, since)
    except (ForbiddenError, RejectedError):
        return None


def _next_due(reader: Watches, asked: Watched) -> datetime | None:
    try:
        return reader.first_due(asked)
    except (ForbiddenError, RejectedError):
        return None
