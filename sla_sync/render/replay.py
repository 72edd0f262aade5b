"""A replay as text, Markdown and JSON: what would have been, before and after, and what nobody can know."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync.attainment.shares import Share
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.measures.figures import Figure, Unit
from sla_sync.render.pack.document import Block, Cell, Grid, Grounds, Page, Part, Points, Said, words_of
from sla_sync.render.pack.markdown import page_as_markdown
from sla_sync.render.pack.numbers import UNKNOWN, between, number, of_share, span, spelled
from sla_sync.render.pack.text import page_as_text
from sla_sync.replay import hand_offs, promises
from sla_sync.replay.hand_offs import HandedOff
from sla_sync.replay.promises import Kept
from sla_sync.replay.replay import Replay

MADE_UP = "This history was made up. It says nothing about anybody."
_HEAD = ("", "Before", "After", "Between, before", "Between, after")
_SHOWN = 20
"""How many ids of leads are shown beside their count; JSON has all."""


def replay_as_text(found: Replay) -> str:
    """Return a replay in columns, then the leads that change side and what cannot be known."""
    return page_as_text(_page(found))


def replay_as_markdown(found: Replay) -> str:
    """Return the same as Markdown, with what each number means."""
    return page_as_markdown(_page(found))


def replay_as_json(found: Replay) -> str:
    """Return every number of a replay, with its definition and what was left out."""
    return json.dumps(_plain(found), indent=2, ensure_ascii=False, allow_nan=False)


def _page(found: Replay) -> Page:
    over = f"{span(found.period)}, {found.period.zone}: {found.leads:,} leads in the history"
    standing = (
        f"{over}, as of {found.as_of:%Y-%m-%d %H:%M} UTC.",
        "Each revision is replayed as if it had been in force all the time.",
    )
    parts = [
        Part("qualified", "Who would have qualified", tuple(_qualified(found))),
        Part("kept", "What would have been kept", tuple(_kept(found))),
        Part("changing", "Who changes side", tuple(_changing(found))),
        Part("unknown", "What cannot be known", tuple(map(Said, found.unknown or ("Nothing more.",)))),
    ]
    title = f"{found.agreement}: {found.before} → {found.after}, replayed"
    return Page(title, standing, MADE_UP if found.synthetic else "", tuple(parts))


def _qualified(found: Replay) -> Iterator[Block]:
    own = found.qualified
    recorded = spelled(own.recorded)
    if own.before.value is None:
        yield Said(f"{own.before.note} {recorded} were recorded.")
        return
    rows = [_figures("People who qualify", own.before, own.after)]
    month = hand_offs.MONTH / found.days
    rows.append(_figures("in 30 days", _times(own.before, month), _times(own.after, month)))
    if found.accepted is not None:
        rows.append(_figures("of them accepted by sales", found.accepted.before, found.accepted.after))
    for each in found.handed.to if found.handed is not None else ():
        rows.append(_row(f"handed to {each.to}", _whole(each.before), _whole(each.after)))
        shares = [each.per_member(found.days, after=after) for after in (False, True)]
        if any(share is not None for share in shares):
            old, new = (UNKNOWN if share is None else f"{share:.1f}" for share in shares)
            rows.append(_row("for each member, in 30 days", old, new))
    yield Grid("Who would have qualified", (*_HEAD, "Of"), tuple(rows))
    yield Said(f"{recorded} were recorded. Both sides go by the rule alone, for people qualify others by hand as well.")
    left = own.basis.left_out
    out = f" Left out: {_tally(left)}." if left else ""
    yield Grounds(f"n {own.basis.n:,}", (f"{own.basis.definition}{out}",))
    if found.accepted is not None:
        accepted = found.accepted
        unseen = f"Not known, before and after: {accepted.unseen_before:,} and {accepted.unseen_after:,}."
        yield Grounds("Accepted by sales", (accepted.definition, unseen))
    if found.handed is not None:
        yield Grounds("Hand-offs", (found.handed.definition,))


def _kept(found: Replay) -> Iterator[Block]:
    if not found.kept:
        yield Said("No promise with a clock could be replayed.")
        return
    rows = tuple(_promise(each) for each in found.kept)
    yield Grid("What would have been kept", (*_HEAD, "Breaches"), rows)
    yield Grounds("On time", (promises.DEFINITION,))
    for each in found.kept:
        if not each.priority:
            yield Grounds(each.commitment, tuple(_grounds(each)))


def _promise(each: Kept) -> tuple[Cell, ...]:
    sides = [each.before, each.after]
    old, new = ("not promised" if side is None else of_share(side) for side in sides)
    ranges = [between(side.interval, Unit.SHARE) if side is not None else "" for side in sides]
    breaches = " → ".join(f"{side.whole - side.part:,}" for side in sides if side is not None)
    name = f"{each.commitment}, {each.priority}" if each.priority else each.commitment
    return tuple(map(words_of, (name, old, new, *ranges, breaches)))


def _grounds(each: Kept) -> Iterator[str]:
    if each.left_out:
        yield f"Left out: {_tally(each.left_out)}."
    if each.only_before or each.only_after:
        yield f"Judged on one side only, and left out: {each.only_before:,} before, {each.only_after:,} after."


def _changing(found: Replay) -> Iterator[Block]:
    if not found.changing:
        yield Said("No lead changes side.")
        return
    for each in found.changing:
        many = f"{each.count:,} {'lead' if each.count == 1 else 'leads'} {each.what}"
        if not each.leads:
            yield Said(f"{many}.")
            continue
        more = each.count - _SHOWN
        rest = (f"… and {more:,} more; --format json has all",) if more > 0 else ()
        yield Points(many, (*each.leads[:_SHOWN], *rest))


def _figures(name: str, before: Figure, after: Figure) -> tuple[Cell, ...]:
    sides = (before, after)
    of = ", ".join(f"{each.n:,}" for each in sides if each.n is not None and each.unit is Unit.SHARE)
    texts = (name, *(spelled(each) for each in sides), *(between(each.interval, each.unit) for each in sides), of)
    return tuple(map(words_of, texts))


def _row(name: str, before: str, after: str) -> tuple[Cell, ...]:
    return tuple(map(words_of, (name, before, after, "", "", "")))


def _whole(count: int | None) -> str:
    return UNKNOWN if count is None else number(count, Unit.COUNT)


def _times(figure: Figure, factor: float) -> Figure:
    if figure.value is None or figure.interval is None:
        return figure
    low, high = figure.interval
    return Figure(figure.value * factor, figure.unit, figure.n, (low * factor, high * factor))


def _tally(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {reason}" for reason, n in counts.items())


def _plain(found: Replay) -> Mapping[str, Any]:
    own = found.qualified
    return {
        "format_version": FORMAT_VERSION,
        "agreement": found.agreement,
        "before": found.before,
        "after": found.after,
        "period": {
            "first": found.period.first.isoformat(), "last": found.period.last.isoformat(), "zone": found.period.zone,
        },
        "as_of": found.as_of.isoformat(),
        "synthetic": found.synthetic,
        "leads": found.leads,
        "qualified": {
            "definition": own.basis.definition,
            "left_out": dict(own.basis.left_out),
            "recorded": _figure(own.recorded),
            "before": _figure(own.before),
            "after": _figure(own.after),
            "more": own.more,
            "fewer": own.fewer,
            "moved": own.moved,
        },
        "accepted": None if found.accepted is None else {
            "definition": found.accepted.definition,
            "before": _figure(found.accepted.before),
            "after": _figure(found.accepted.after),
            "not_known_before": found.accepted.unseen_before,
            "not_known_after": found.accepted.unseen_after,
            "seen": {str(band): _share(each) for band, each in found.accepted.bands.items()},
        },
        "hand_offs": None if found.handed is None else {
            "definition": found.handed.definition,
            "to": [_hand_off(each, found.days) for each in found.handed.to],
        },
        "kept": [_kept_as_plain(each) for each in found.kept],
        "changing": [{"what": each.what, "count": each.count, "leads": list(each.leads)} for each in found.changing],
        "unknown": list(found.unknown),
    }  # fmt: skip


def _hand_off(each: HandedOff, days: int) -> Mapping[str, Any]:
    return {
        "to": each.to,
        "before": each.before,
        "after": each.after,
        "per_member_before": each.per_member(days, after=False),
        "per_member_after": each.per_member(days, after=True),
    }


def _kept_as_plain(each: Kept) -> Mapping[str, Any]:
    return {
        "commitment": each.commitment,
        "priority": each.priority or None,
        "definition": promises.DEFINITION,
        "before": None if each.before is None else _share(each.before),
        "after": None if each.after is None else _share(each.after),
        "to_on_time": each.to_on_time,
        "to_late": each.to_late,
        "only_before": each.only_before,
        "only_after": each.only_after,
        "left_out": dict(each.left_out),
    }


def _share(each: Share) -> Mapping[str, Any]:
    interval = None if each.interval is None else list(each.interval)
    return {"part": each.part, "whole": each.whole, "value": each.value, "interval": interval}


def _figure(each: Figure) -> Mapping[str, Any]:
    interval = None if each.interval is None else list(each.interval)
    return {"value": each.value, "unit": each.unit.value, "n": each.n, "interval": interval, "note": each.note}
