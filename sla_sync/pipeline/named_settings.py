"""Which settings a person means who asks for a plan of these only: by address, or by the name of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from sla_sync.connector import Manifest, Snapshot
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.build import Prepared
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.drift import DriftClass, Finding
from sla_sync.reconcile.plan import Plan
from sla_sync.reconcile.settings import Address

_SHOWN = 12


def named_settings(
    only: Iterable[str], plan: Plan, prepared: Prepared, snapshot: Snapshot, manifest: Manifest | None
) -> tuple[Address, ...]:
    """Return the settings that are meant. Raises SlaSyncError for one that is not there or that no apply would change."""
    translation, types = prepared.translation, prepared.connector.types
    found = audit(plan, translation.desired, snapshot, types, manifest=manifest).findings
    asked = [each.address for each in translation.desired]
    addresses = (*asked, *(each.address for each in plan.changes), *(each.address for each in found))
    known = {str(each): each for each in addresses}
    by_id: dict[str, list[Finding]] = {}
    for each in found:
        by_id.setdefault(each.id, []).append(each)
    changing = {each.address for each in plan.changes}
    named: dict[Address, None] = {}
    for text in only:
        address = known.get(text) or _found(text, by_id, plan.target, sorted(known))
        extra = next((each for each in found if each.address == address and each.drift is DriftClass.EXTRA), None)
        if extra is not None and address not in changing:
            raise SlaSyncError(
                f"{extra.title} is extra on {plan.target}, and apply leaves what is extra.",
                hint="Take it away there, or let the target say `removal: delete`.",
            )
        named[address] = None
    return tuple(named)


def _found(text: str, by_id: Mapping[str, Sequence[Finding]], target: str, known: Sequence[str]) -> Address:
    addresses = {each.address for each in by_id.get(text, ())}
    if len(addresses) == 1:
        return addresses.pop()
    if addresses:
        raise SlaSyncError(
            f"{text} names {len(addresses)} settings on {target}: {', '.join(sorted(map(str, addresses)))}.",
            hint="Name the setting by its address.",
        )
    if "/" in text:
        near = get_close_matches(text, known, n=3)
        raise SlaSyncError(
            f"The agreement asks for no setting '{text}' on {target}.",
            hint=f"Write {' or '.join(near)}." if near else "Write the address as `plan` and `drift` print it.",
        )
    raise SlaSyncError(
        f"There is no finding '{text}' about a setting of {target} now. {_told(sorted(by_id))}",
        hint="Run `drift` again. People, automations of others and behaviour are put right by a person on the platform.",
    )


def _told(names: Sequence[str]) -> str:
    if not names:
        return "There is none."
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"There is: {', '.join(names[:_SHOWN])}{more}."
