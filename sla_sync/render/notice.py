"""What a channel is told, as people read it in a chat or a mail: what is at risk first, and never longer than fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sla_sync.agreement.channels import Channel, Gravity
from sla_sync.audits.kept import WORST_FIRST, KeptAudit, Subject, Verdict
from sla_sync.notify.deciding import NOT_AUDITED, Item, Message
from sla_sync.render.night import finding_line, headline, line_of, worst_first
from sla_sync.render.why import moment
from sla_sync.render.words import count, visible

_LAMPS = {Gravity.BREACH: "🔴", Gravity.WEAKENING: "🟠", Gravity.COSMETIC: "🟡"}
_STANDING = {Verdict.NOT_AUDITED: "🔴", Verdict.DRIFTED: "🟠", Verdict.NO_DRIFT: "⚪", Verdict.IN_SYNC: "🟢"}
_REPAIRED = "🟢"
_PROMISES = 3
_LINES = 15
"""Targets, and findings that are only named again, that a message lists."""
_OLD = timedelta(hours=26)
"""An audit that is older than a night is told with its age."""
_CALLS = re.compile(r"<(?=[!@#])|@(?=(?:channel|here|everyone|all)\b)", re.IGNORECASE)


def notice(channel: Channel, message: Message, now: datetime, *, room: int) -> tuple[str, str]:
    """Return the title and the body of a message of at most so many characters."""
    tail = list(_tail(channel, message))
    return harmless(_title(message)), _fitted([*_body(message, now)], tail, room)


def _title(message: Message) -> str:
    told = (*message.news, *message.again)
    subjects = dict.fromkeys(each.subject for each in (*told, *message.gone, *message.accepted))
    lamp = _lamp(message)
    if len(subjects) != 1:
        return f"{lamp} {headline(message.audits)}"
    return f"{lamp} {_called(next(iter(subjects)), message.audits)}"


def _lamp(message: Message) -> str:
    told = (*message.news, *message.again)
    if told:
        return _LAMPS[min((Gravity(each.finding.gravity) for each in told), key=tuple(Gravity).index)]
    if message.gone or message.accepted:
        return _REPAIRED
    return _STANDING[min((each.verdict for each in message.audits), key=WORST_FIRST.index)]


def _called(subject: Subject, audits: Iterable[KeptAudit]) -> str:
    audit = next((each for each in audits if each.subject == subject), None)
    at = f" · {moment(audit.at, ZoneInfo(audit.zone))}" if audit else ""
    return f"{(audit.title if audit else '') or subject.agreement} · {subject.target}{at}"


def _body(message: Message, now: datetime) -> Iterator[str]:
    if message.is_beat:
        yield from _standing(message.audits, now)
        return
    alone = len({each.subject for each in message.news}) == 1
    for audit in worst_first(message.audits):
        mine = [each for each in message.news if each.subject == audit.subject]
        if mine:
            yield from _news(audit, mine, alone=alone)
    yield from _named("Still there:", message.again, "not audited")
    yield from _named("Repaired:", message.gone, "can be audited again")
    yield from _named("Accepted for a while:", message.accepted, "")
    if len(message.audits) > 1:
        yield headline(message.audits)


def _news(audit: KeptAudit, items: Sequence[Item], *, alone: bool) -> Iterator[str]:
    if not alone:
        yield f"{audit.title or audit.subject.agreement} · {audit.subject.target}"
    breaches = [each.finding for each in items if each.finding.gravity == Gravity.BREACH]
    promises = list(dict.fromkeys(sentence for each in breaches for sentence in each.promises))
    for sentence in promises[:_PROMISES]:
        yield f"AT RISK: «{sentence}»"
    if len(promises) > _PROMISES:
        yield f"AT RISK: {count(len(promises) - _PROMISES, 'more promise')}"
    if promises and audit.hurry:
        yield audit.hurry
    for each in items:
        yield ""
        if each.finding.id == NOT_AUDITED:
            yield f"HIGH {each.finding.sentence}"
        else:
            yield from (each.finding.text or finding_line(each.finding)).splitlines()
    yield ""
    if audit.verdict is not Verdict.NOT_AUDITED:
        unchecked = f", {audit.unchecked} could not be checked" if audit.unchecked else ""
        yield f"{count(audit.matched, 'other setting')} {'matches' if audit.matched == 1 else 'match'}{unchecked}."


def _named(title: str, items: Sequence[Item], audited: str) -> Iterator[str]:
    """Yield findings by their names; `audited` says it of a target that could not be audited."""
    if not items:
        return
    yield title
    for each in items[:_LINES]:
        yield f"  {each.subject}: {audited if each.finding.id == NOT_AUDITED else finding_line(each.finding)}"
    if len(items) > _LINES:
        yield f"  … and {len(items) - _LINES} more"
    yield ""


def _standing(audits: Sequence[KeptAudit], now: datetime) -> Iterator[str]:
    for each in worst_first(audits)[:_LINES]:
        old = f" (audited {each.at:%Y-%m-%d %H:%M} UTC)" if now - each.at > _OLD else ""
        yield f"{line_of(each)}{old}"
    if len(audits) > _LINES:
        yield f"… and {len(audits) - _LINES} more"


def _tail(channel: Channel, message: Message) -> Iterator[str]:
    if message.held:
        yield f"{count(message.held, 'finding')} more when the quiet hours end."
    if message.news or message.again:
        days = f"{channel.remind.days} days" if channel.remind.days else f"{channel.remind}"
        called = f"For: {channel.mention}. " if channel.mention else ""
        yield f"{called}No repeat for {days} unless this changes."


def _fitted(lines: list[str], tail: list[str], room: int) -> str:
    """Return the lines that fit, what was left out counted, and the last lines in any case."""
    body = harmless("\n".join(lines)).strip().split("\n")
    end = "\n".join(tail)
    left = 0
    while body and len(text := "\n".join([*body, *_more(left), *([""] if end else []), end]).rstrip()) > room:
        body.pop()
        left += 1
    return text if body else end[:room]


def _more(left: int) -> tuple[str, ...]:
    return (f"… and {count(left, 'line')} more: sla-sync drift --all-targets",) if left else ()


def harmless(text: str) -> str:
    """Return foreign text that calls nobody by the signs of a chat."""
    return _CALLS.sub(lambda found: f"{found[0]}\N{WORD JOINER}", visible(text))
