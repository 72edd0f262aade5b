"""A plan as text, Markdown and JSON, and what apply did as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sla_sync.diagnostics import spell
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.plan import Plan
from sla_sync.reconcile.settings import Action, Change, FieldChange, Status
from sla_sync.render.diagnostics import escape, finding_as_plain, findings_as_text
from sla_sync.render.words import count, spell_value, visible

_SIGNS = {Action.CREATE: "+", Action.UPDATE: "~", Action.ADOPT: "^", Action.DELETE: "-", Action.RELEASE: "o"}
_ALIKE_AT_MOST, _ALIKE_SHOWN = 60, 3
"""So many creations of one type are listed each; of more, so many, for the rows of a calendar would bury the rest."""
_DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.ADOPT: "adopted",
    Action.DELETE: "deleted",
    Action.RELEASE: "released",
}


def plan_as_text(plan: Plan, *, saved: str | None = None, full: bool = False) -> str:
    """Return the plan as people read it in a terminal; `full` shows every value of what is created too."""
    lines = [f"{plan.agreement} → {plan.target}", ""]
    if plan.changes and plan.opening:
        lines += [*plan.opening, ""]
    for alike in _runs(plan.changes):
        shown = alike if full or len(alike) <= _ALIKE_AT_MOST else alike[:_ALIKE_SHOWN]
        for change in shown:
            lines += _change(change, full=full)
        if len(shown) < len(alike):
            lines.append(f"  … and {len(alike) - len(shown)} more of {alike[0].address.type}; --full shows them")
    if plan.changes:
        lines.append("")
    lines.append(summary(plan))
    if plan.only:
        lines.append(_only(plan))
    if plan.steps:
        lines += ["", f"{count(len(plan.steps), 'manual step')} that no API can do:"]
        lines += [
            f"  {number}. {step.gap.advice} ({step.status}) [{step.gap.id}]"
            for number, step in enumerate(plan.steps, 1)
        ]
    if plan.unreadable:
        lines += ["", f"{count(len(plan.unreadable), 'setting')} could not be read and will not be touched:"]
        lines += [f"  ? {each.address}: {each.because}" for each in plan.unreadable]
    if plan.diagnostics:
        lines += ["", findings_as_text(plan.diagnostics)]
    if saved:
        lines += ["", f"Saved to {saved}. Apply exactly this with: sla-sync apply {saved}"]
    return visible("\n".join(lines))


def _runs(changes: Iterable[Change]) -> Iterator[Sequence[Change]]:
    """Yield changes that follow each other and read alike together: creations of one type that nobody must release."""
    for _, alike in groupby(changes, lambda each: (each.action, each.address.type, each.acknowledgements)):
        run = tuple(alike)
        if run[0].action is Action.CREATE and not run[0].acknowledgements:
            yield run
        else:
            yield from ((each,) for each in run)


def _change(change: Change, *, full: bool) -> list[str]:
    origin = f"   # {spell(change.desired.origin())}" if change.desired and change.desired.origin() else ""
    needed = " ".join(f"--ack {each}" for each in change.acknowledgements)
    why = f" — needs {needed}" if needed else ""
    stopped = "; it is switched off and left" if change.action is Action.RELEASE and change.fields else ""
    what = "" if change.action is Action.CREATE else f" ({change.action}: {change.reason}{stopped})"
    lines = [f"  {_SIGNS[change.action]} {change.address}{what}{why}{origin}"]
    if change.action is not Action.DELETE and (full or change.action is not Action.CREATE):
        lines += [f"      {_field(change, each)}" for each in change.fields]
    return [*lines, *(f"      switches off {each}" for each in change.switches_off)]


def _field(change: Change, each: FieldChange) -> str:
    name = spell(each.path) or "value"
    origin = f"   # {spell(each.origin)}" if each.origin else ""
    if change.action is Action.CREATE:
        return f"{name} = {spell_value(each.after)}{origin}"
    return f"{name}: {spell_value(each.before)} → {spell_value(each.after)}{origin}"


def summary(plan: Plan) -> str:
    """Return the plan in one sentence."""
    by_action = {action: sum(each.action is action for each in plan.changes) for action in Action}
    words = [f"{number} to {action}" for action, number in by_action.items() if number]
    if not words:
        return f"Nothing to change: {count(plan.matched, 'setting')} {'match' if plan.matched != 1 else 'matches'}."
    return f"{count(len(plan.changes), 'change')}: {', '.join(words)}; {plan.matched} already as agreed."


def _only(plan: Plan) -> str:
    """Return what the plan is about, and what waits outside it."""
    said = (
        f"Only {', '.join(map(str, plan.only))} and what it requires."
        if len(plan.only) == 1
        else (f"Only {', '.join(map(str, plan.only))} and what they require.")
    )
    return f"{said} {count(plan.left, 'other change')} {'waits' if plan.left == 1 else 'wait'}." if plan.left else said


def plan_as_plain(plan: Plan) -> Mapping[str, object]:
    """Return the plan as JSON can say it; the members are a fixed contract."""
    return {
        "format_version": plan.format_version,
        "tool": plan.tool,
        "agreement": plan.agreement,
        "agreement_digest": plan.agreement_digest,
        "target": plan.target,
        "production": plan.production,
        "only": [str(each) for each in plan.only],
        "changes": [_change_as_plain(each) for each in plan.changes],
        "gaps": [
            {
                "id": step.gap.id,
                "name": step.gap.name,
                "advice": step.gap.advice,
                "origin": spell(step.gap.origin),
                "status": step.status,
            }
            for step in plan.steps
        ],
        "unreadable": [{"address": str(each.address), "because": each.because} for each in plan.unreadable],
        "matched": plan.matched,
        "footprint": dict(plan.footprint),
        "opening": list(plan.opening),
        "diagnostics": [finding_as_plain(each) for each in plan.diagnostics],
        "fingerprint": {
            "overall": plan.fingerprint.overall,
            "settings": dict(plan.fingerprint.settings),
            "containers": dict(plan.fingerprint.containers),
        },
    }


def _change_as_plain(change: Change) -> Mapping[str, object]:
    return {
        "action": str(change.action),
        "address": str(change.address),
        "fields": [
            {
                "path": spell(each.path),
                "before": plain(each.before),
                "after": plain(each.after),
                "origin": spell(each.origin),
            }
            for each in change.fields
        ],
        "reason": str(change.reason),
        "consequence": str(change.consequence),
        "ack": change.ack,
        "switches_off": [str(each) for each in change.switches_off],
        "acknowledgements": list(change.acknowledgements),
    }


def plan_as_json(plan: Plan) -> str:
    """Return the plan as a JSON text."""
    return json.dumps(plan_as_plain(plan), indent=2, ensure_ascii=False)


def plan_as_markdown(plan: Plan) -> str:
    """Return the plan for a pull request: the summary first, each change folded below it."""
    lines = [f"### {escape(plan.agreement)} → {escape(plan.target)}", ""]
    if plan.changes and plan.opening:
        lines += [*(escape(each) for each in plan.opening), ""]
    lines.append(summary(plan))
    if plan.only:
        lines.append(escape(_only(plan)))
    if plan.changes:
        lines += ["", "| | setting | what | before | after |", "|---|---|---|---|---|"]
    for alike in _runs(plan.changes):
        shown = alike if len(alike) <= _ALIKE_AT_MOST else alike[:_ALIKE_SHOWN]
        for change in shown:
            lines += _rows(change)
        if len(shown) < len(alike):
            lines.append(f"| {Action.CREATE} | {len(alike) - len(shown)} more of {alike[0].address.type} | | | |")
    needed = [each for change in plan.changes for each in change.acknowledgements]
    if needed:
        lines += ["", "**Applied only with**", "", *(f"- `--ack {each}`" for each in needed)]
    if plan.steps:
        lines += ["", "**Manual steps**", ""]
        lines += [f"{number}. {escape(step.gap.advice)} ({step.status})" for number, step in enumerate(plan.steps, 1)]
    if plan.unreadable:
        lines += ["", "**Could not be read**", ""]
        lines += [f"- {escape(str(each.address))}: {escape(each.because)}" for each in plan.unreadable]
    return "\n".join(lines)


def _rows(change: Change) -> Iterator[str]:
    for each in change.fields or (FieldChange((), None, None),):
        before = "" if change.action is Action.CREATE else escape(spell_value(each.before))
        yield (
            f"| {change.action} | {escape(str(change.address))} | {escape(spell(each.path))} "
            f"| {before} | {escape(spell_value(each.after)) if change.fields else ''} |"
        )


def result_as_text(plan: Plan, result: Result | None) -> str:
    """Return what apply did, change by change where not all of them were done."""
    if result is None:
        return f"{plan.target}: {summary(plan)}"
    done = [each for each in result.outcomes if each.status is Status.DONE]
    if result.complete:
        words = [
            f"{number} {_DONE[action]}"
            for action in Action
            if (number := sum(each.change.action is action for each in done))
        ]
        return f"{plan.target}: {', '.join(words) or 'the record of the agreement was renewed'}."
    lines = [f"{plan.target}: {len(done)} of {count(len(plan.changes), 'change')} done."]
    lines += [
        f"  {each.status}: {each.change.action} {each.change.address}: {each.detail}"
        for each in result.outcomes
        if each.status is not Status.DONE
    ]
    return visible("\n".join(lines))


def result_as_plain(plan: Plan, result: Result | None) -> Mapping[str, object]:
    """Return what apply did as JSON can say it."""
    outcomes = result.outcomes if result else ()
    return {
        "format_version": plan.format_version,
        "target": plan.target,
        "complete": result is None or result.complete,
        "error": str(result.error) if result and result.error else None,
        "outcomes": [
            {
                "action": str(each.change.action),
                "address": str(each.change.address),
                "status": str(each.status),
                "detail": each.detail,
            }
            for each in outcomes
        ],
    }
