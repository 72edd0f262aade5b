"""What a channel is to be told now: what is new to it, what it was told long ago, what is over, and that all is well.

A pure function of what the last audits found, what the channel was told, and the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla_sync.agreement.channels import Beat, Channel, Gravity
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.told import Told

NOT_AUDITED = "not-audited"
"""The id of the finding that a target could not be audited."""
_EARLY = 0.1
"""The share of a beat by which a scheduler may be early."""

Quiet = Callable[[Subject], bool]
"""Whether a channel is to be left alone now, for the clock of this agreement."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell of one target."""

    subject: Subject
    finding: KeptFinding


@dataclass(frozen=True)
class Message:
    """What a channel is told. `gone` is put right or can be audited again, `accepted` is lived with for a while.

    `audits` are the last audits of all that the channel hears of, `held` is how many findings its quiet hours hold back.
    """

    news: tuple[Item, ...]
    again: tuple[Item, ...]
    gone: tuple[Item, ...]
    accepted: tuple[Item, ...]
    audits: tuple[KeptAudit, ...]
    held: int = 0
    superseded: tuple[Item, ...] = ()
    """What it was told and what has another value by now, which is news of its own."""

    @property
    def is_beat(self) -> bool:
        """Whether it only says how things stand."""
        return not (self.news or self.again or self.gone or self.accepted)


def decide(
    channel: Channel,
    audits: Iterable[KeptAudit],
    told: Sequence[Told],
    last_beat: datetime | None,
    now: datetime,
    *,
    quiet: Quiet,
    ran: bool,
) -> Message | None:
    """Return what a channel is to be told, or None where it is left alone.

    `audits` are the newest of each target; `ran` says that they were made by this very run.
    """
    heard = tuple(each for each in audits if not channel.targets or each.subject.target in channel.targets)
    before = {(each.subject, each.finding.id): each for each in told}
    current = tuple(item for audit in heard for item in items_of(audit) if _gravity(item).at_least(channel.least))
    fresh = [each for each in current if (each.subject, each.finding.id) not in before]
    old = [
        each
        for each in current
        if (found := before.get((each.subject, each.finding.id))) and now - found.at >= channel.remind
    ]
    over = tuple(_over(heard, told))
    places = {(each.subject, each.finding.place) for each in current}
    gone = [each for each in over if not each.finding.accepted and (each.subject, each.finding.place) not in places]

    def passes(item: Item) -> bool:
        excepted = channel.quiet.excepted if channel.quiet else None
        return not quiet(item.subject) or (excepted is not None and _gravity(item).at_least(excepted))

    news, again = _only(passes, fresh), _only(passes, old)
    message = Message(
        news,
        again,
        _only(passes, gone),
        _only(passes, (each for each in over if each.finding.accepted)),
        heard,
        len(fresh) + len(old) - len(news) - len(again),
        tuple(each for each in over if (each.subject, each.finding.place) in places and not each.finding.accepted),
    )
    if not message.is_beat:
        return message
    disturbed = bool(heard) and all(quiet(each.subject) for each in heard)
    return message if heard and not disturbed and _beats(channel.heartbeat, last_beat, now, ran=ran) else None


def items_of(audit: KeptAudit) -> Iterator[Item]:
    """Yield everything of an audit that somebody may want to be told; what nobody could look at is a breach."""
    if audit.verdict is Verdict.NOT_AUDITED:
        finding = KeptFinding(NOT_AUDITED, Gravity.BREACH, str(audit.verdict), "", f"not audited: {audit.because}")
        yield Item(audit.subject, finding)
    for each in audit.open:
        yield Item(audit.subject, each)


def _over(audits: Iterable[KeptAudit], told: Iterable[Told]) -> Iterator[Item]:
    """Yield what a channel was told and what is there no longer; nothing of a target that could not be audited."""
    by_subject = {each.subject: each for each in audits}
    for each in told:
        audit = by_subject.get(each.subject)
        if audit is None or audit.verdict is Verdict.NOT_AUDITED:
            continue
        same = next((found for found in audit.findings if found.id == each.finding.id), None)
        if same is None or same.accepted:
            yield Item(each.subject, each.finding if same is None else same)


def _only(passes: Callable[[Item], bool], items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(each for each in items if passes(each))


def _gravity(item: Item) -> Gravity:
    return Gravity(item.finding.gravity)


def _beats(beat: Beat | None, last: datetime | None, now: datetime, *, ran: bool) -> bool:
    if beat is None:
        return False
    if beat is Beat.EVERY_RUN:
        return ran
    length: timedelta = beat.length
    return last is None or now - last >= length * (1 - _EARLY)
