"""Leaving a platform as text, Markdown and JSON: what goes, what becomes what it was, what stays, what people do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sla_sync.diagnostics import spell
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.guard import bulk_acknowledgement
from sla_sync.reconcile.leaving import Kept, deletion_of_all
from sla_sync.reconcile.remove import Departure
from sla_sync.reconcile.settings import Action, Address, Change, Reason
from sla_sync.render.diagnostics import escape, findings_as_text
from sla_sync.render.plan import plan_as_plain, result_as_plain, result_as_text
from sla_sync.render.words import count, spell_value, visible

_ALIKE_AT_MOST, _ALIKE_SHOWN = 12, 3
"""So many of one type are named each; of more, so many, for the rows of a calendar would bury the rest."""


def departure_as_text(found: Departure, *, saved: str | None = None, full: bool = False) -> str:
    """Return the plan as people read it in a terminal; `full` names every setting."""
    plan = found.plan
    lines = [f"{plan.agreement} leaves {plan.target}", ""]
    if nothing_is_left(found):
        lines.append(f"Nothing that bears the mark of {plan.agreement} is left on {plan.target}.")
    if plan.changes and plan.opening:
        lines += [*plan.opening, ""]
    for heading, group in _groups(found):
        lines += [heading, *_listed(group, found, full=full), ""]
    if found.unproven:
        lines += [_unproven(found), *(f"  ? {each}" for each in found.unproven), ""]
    lines += _steps(found)
    if plan.unreadable:
        lines += ["", f"{count(len(plan.unreadable), 'setting')} could not be read and will not be touched:"]
        lines += [f"  ? {each.address}: {each.because}" for each in plan.unreadable]
    if plan.diagnostics:
        lines += ["", findings_as_text(plan.diagnostics)]
    needed = bulk_acknowledgement(plan)
    if needed:
        lines += ["", f"It is carried out only with --ack {needed}."]
    if saved:
        lines += ["", f"Saved to {saved}. Remove exactly this with: sla-sync remove {saved}"]
    text = "\n".join(lines).replace("\n\n\n", "\n\n")
    return visible(text.rstrip())


def departure_as_markdown(found: Departure) -> str:
    """Return the plan for a page or a comment."""
    plan = found.plan
    lines = [f"### {escape(plan.agreement)} leaves {escape(plan.target)}", ""]
    if plan.changes:
        lines += [*(escape(each) for each in plan.opening), ""]
    for heading, group in _groups(found):
        lines += [f"**{heading}**", "", *(_bullet(each) for each in _listed(group, found, full=False)), ""]
    if found.unproven:
        lines += [f"**{_unproven(found)}**", "", *(f"- {escape(str(each))}" for each in found.unproven), ""]
    if plan.steps:
        lines += ["**Manual steps**", ""]
        lines += [f"{number}. {escape(each.gap.advice)}" for number, each in enumerate(plan.steps, 1)]
    return "\n".join(lines).rstrip()


def departure_as_plain(
    found: Departure, *, acknowledged: Iterable[str] = (), keep: Iterable[str] = ()
) -> dict[str, object]:
    """Return the plan as JSON can say it; the members are a fixed contract."""
    return {
        **plan_as_plain(found.plan),
        "kept": [{"address": str(each.address), "because": each.because, "ack": each.ack} for each in found.kept],
        "unproven": [str(each) for each in found.unproven],
        "delete_all": deletion_of_all(found.kept),
        "bulk": bulk_acknowledgement(found.plan),
        "acknowledged": sorted(acknowledged),
        "keep": sorted(keep),
    }


def departure_as_json(found: Departure) -> str:
    """Return the plan as a JSON text."""
    return json.dumps(departure_as_plain(found), indent=2, ensure_ascii=False)


def removed_as_text(found: Departure, result: Result | None) -> str:
    """Return what was done, what stays and what people do now."""
    plan = found.plan
    if result is None:
        return visible(f"{plan.target}: nothing that bears the mark of {plan.agreement} is left.")
    if not result.complete:
        return result_as_text(plan, result)
    done = (
        result_as_text(plan, result) if plan.changes else f"{plan.target}: the record of the agreement was taken away."
    )
    lines = [done]
    if found.kept:
        lines += ["", _staying(found, done=True), *(f"  o {each.address}: {each.because}" for each in found.kept)]
    return visible("\n".join((*lines, *(("", *_steps(found)) if plan.steps else ()))))


def removed_as_plain(found: Departure, result: Result | None) -> Mapping[str, object]:
    """Return what was done as JSON can say it."""
    told = departure_as_plain(found)
    return {**result_as_plain(found.plan, result), "kept": told["kept"], "gaps": told["gaps"]}


def nothing_is_left(found: Departure) -> bool:
    """Return whether there is nothing to do."""
    return not found.plan.changes and not found.kept


def _groups(found: Departure) -> Iterator[tuple[str, Sequence[Change]]]:
    changes = found.plan.changes
    gone = tuple(each for each in changes if each.action is Action.DELETE)
    back = tuple(each for each in changes if each.reason is Reason.BEFORE_US)
    stays = tuple(each for each in changes if each.reason is Reason.KEPT)
    if gone:
        yield f"{count(len(gone), 'setting')} that we made {'goes' if len(gone) == 1 else 'go'}, in this order:", gone
    if back:
        yield (
            f"{count(len(back), 'setting')} of others {'becomes what it was' if len(back) == 1 else 'become what they were'}:",
            back,
        )
    if stays:
        yield _staying(found), stays


def _staying(found: Departure, *, done: bool = False) -> str:
    everything = None if done else deletion_of_all(found.kept)
    also = f" (--ack {everything} deletes all that can be)" if everything else ""
    number = len(found.kept)
    return f"{count(number, 'setting')} {'stays' if number == 1 else 'stay'}, without our mark{also}:"


def _listed(changes: Sequence[Change], found: Departure, *, full: bool) -> Iterator[str]:
    by_type: dict[str, list[Change]] = {}
    for each in changes:
        by_type.setdefault(each.address.type, []).append(each)
    kept = {each.address: each for each in found.kept}
    for type_name, several in by_type.items():
        shown = several if full or len(several) <= _ALIKE_AT_MOST else several[:_ALIKE_SHOWN]
        for each in shown:
            yield from _change(each, kept)
        if len(shown) < len(several):
            yield f"  … and {len(several) - len(shown)} more of {type_name}; --full shows them"


def _change(change: Change, kept: Mapping[Address, Kept]) -> Iterator[str]:
    sign = {Action.DELETE: "-", Action.UPDATE: "~"}.get(change.action, "o")
    if change.action is Action.DELETE:
        named = f", as --ack {change.ack} says" if change.ack else ""
        yield f"  {sign} {change.address}{named}"
        return
    why = kept.get(change.address)
    also = f"; --ack {why.ack} deletes it" if why and why.ack else ""
    yield f"  {sign} {change.address}" + (f": {why.because}{also}" if why else "")
    for each in change.fields:
        if change.reason is Reason.KEPT and each.path == ("description",):
            continue  # our mark is taken from it, as the heading says
        yield f"      {spell(each.path)}: {spell_value(each.before)} → {spell_value(each.after)}"


def _unproven(found: Departure) -> str:
    number = len(found.unproven)
    subject = f"{count(number, 'setting')} {'has' if number == 1 else 'have'} a name that the agreement gives"
    return f"{subject}, and nothing says that we made {'it' if number == 1 else 'them'}: not touched."


def _steps(found: Departure) -> list[str]:
    steps = found.plan.steps
    if not steps:
        return []
    lines = [f"{count(len(steps), 'manual step')} that no API can do:"]
    return [*lines, *(f"  {number}. {each.gap.advice} [{each.gap.id}]" for number, each in enumerate(steps, 1))]


def _bullet(line: str) -> str:
    """Return a line of the text as one of a list; what stands deeper there stands deeper here."""
    depth = "  " if line.startswith("      ") else ""
    return f"{depth}- {escape(line.strip().removeprefix('- ').removeprefix('~ ').removeprefix('o '))}"
