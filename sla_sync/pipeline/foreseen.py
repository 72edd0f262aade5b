"""What a change of the agreement does to the settings of a target, without a word to the target.

Both revisions are translated; the engine's own diff then holds the new settings against the old ones as if these stood
on the platform exactly as they were asked for. It needs no credential, so that it works for anybody's pull request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sla_sync.agreement.targets import Target
from sla_sync.connector import Gap, Live, Manifest, SettingType, Snapshot, Translation
from sla_sync.diagnostics import spell
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.look import binding_of, targets_about
from sla_sync.pipeline.validate import Documents
from sla_sync.reconcile.canonical import canonical_desired
from sla_sync.reconcile.diff import diff
from sla_sync.reconcile.plan import Plan
from sla_sync.reconcile.settings import Action, Change
from sla_sync.render.words import spell_value
from sla_sync.review.outcome import SettingsOnTarget

BY_TEXT = "two translations of the text"
_WORDS = {
    Action.CREATE: "created",
    Action.UPDATE: "changed",
    Action.ADOPT: "adopted",
    Action.DELETE: "deleted",
    Action.RELEASE: "let go of",
}


def foresee(before: Documents, after: Documents) -> tuple[tuple[SettingsOnTarget, ...], tuple[tuple[str, str], ...]]:
    """Return what changes on each target, and the targets of which nothing can be said with the reason in a sentence."""
    old, new = targets_about(before), targets_about(after)
    told: list[SettingsOnTarget] = []
    untold: list[tuple[str, str]] = []
    for name, target in new.items():
        try:
            proposed = prepared_for(after, target)
            now = prepared_for(before, old[name]) if name in old else None
        except SlaSyncError as error:
            untold.append((name, error.message))
            continue
        told.append(_on_target(name, target, now, proposed))
    untold += [(name, "The target is no longer there.") for name in old if name not in new]
    return tuple(told), tuple(untold)


def prepared_for(documents: Documents, target: Target) -> Prepared:
    """Return an agreement in the words of a target; people whose file is kept elsewhere are nobody. Raises SlaSyncError."""
    people = {} if isinstance(target.people_said, str) else target.people
    return prepare(documents, binding_of(documents, target), people)


def from_plan(plan: Plan, connector: str, types: Mapping[str, SettingType]) -> SettingsOnTarget:
    """Return what a plan for the live target would do, without its manual steps."""
    return _told(plan.target, connector, plan.changes, (), types, compared="the live target")


def _on_target(name: str, target: Target, now: Prepared | None, proposed: Prepared) -> SettingsOnTarget:
    types = proposed.connector.types
    known = now is not None and now.connector.name == proposed.connector.name
    before = now.translation if now is not None and known else Translation(())
    live = {each.address: Live(each.address, each.values, managed=True) for each in before.desired}
    applied = {each.address: canonical_desired(each.values, types[each.address.type]) for each in before.desired}
    changes = diff(
        proposed.translation.desired,
        Snapshot(live),
        types,
        manifest=Manifest("", applied, created=frozenset(applied)),
        delete_removed=target.removal == "delete",
    )
    steps = _new_steps(before.gaps, proposed.translation.gaps)
    return _told(name, proposed.connector.name, changes, steps, types, compared=BY_TEXT)


def _new_steps(before: Iterable[Gap], after: Iterable[Gap]) -> tuple[str, ...]:
    known = {(each.id, each.advice) for each in before}
    return tuple(each.advice for each in after if (each.id, each.advice) not in known)


def _told(
    target: str,
    connector: str,
    changes: Iterable[Change],
    steps: tuple[str, ...],
    types: Mapping[str, SettingType],
    *,
    compared: str,
) -> SettingsOnTarget:
    lines: dict[Action, list[str]] = {action: [] for action in Action}
    counted: Counter[tuple[str, Action]] = Counter()
    for change in changes:
        lines[change.action] += _lines(change)
        counted[types[change.address.type].noun, change.action] += 1
    return SettingsOnTarget(
        target=target,
        connector=connector,
        created=tuple(lines[Action.CREATE]),
        changed=(*lines[Action.UPDATE], *lines[Action.ADOPT]),
        removed=(*lines[Action.DELETE], *lines[Action.RELEASE]),
        manual=steps,
        compared=compared,
        summary=_summary(counted),
    )


def _summary(counted: Mapping[tuple[str, Action], int]) -> str:
    """Return how many settings of which sort change: `1 flow changed`, or `flow: 4 changed; queue: 1 created, 1 deleted`."""
    if len(counted) == 1 and sum(counted.values()) == 1:
        ((noun, action),) = counted
        return f"1 {noun} {_WORDS[action]}"
    by_noun: dict[str, list[str]] = {}
    for (noun, action), number in sorted(counted.items()):
        by_noun.setdefault(noun, []).append(f"{number} {_WORDS[action]}")
    return "; ".join(f"{noun}: {', '.join(parts)}" for noun, parts in by_noun.items())


def _lines(change: Change) -> list[str]:
    if change.action is Action.CREATE:
        return [f"+ {change.address}"]
    if change.action is Action.DELETE:
        return [f"- {change.address}"]
    if change.action is Action.RELEASE:
        return [f"o {change.address} (left there, and ours no longer)"]
    fields = [
        f"~ {change.address} {spell(each.path)}: {spell_value(each.before)} → {spell_value(each.after)}"
        for each in change.fields
    ]
    return fields or [f"~ {change.address}"]
