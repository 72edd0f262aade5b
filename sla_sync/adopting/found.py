"""What a finding says of a setting, beyond its class."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.reconcile.drift import DriftClass, Finding
from sla_sync.reconcile.settings import Value

_IDLE: Mapping[str, tuple[Value, ...]] = {
    "active": (False,),
    "isActive": (False,),
    "isEnabled": (False,),
    "status": ("Draft", "Obsolete", "InvalidDraft"),
}
"""Member by which a platform says whether a setting acts → its values when it does not."""


def switched_off(finding: Finding) -> bool:
    """Return whether the setting is there and does nothing any more."""
    member = str(finding.path[-1]) if len(finding.path) == 1 else ""
    return finding.drift is DriftClass.DISABLED or finding.live in _IDLE.get(member, ())
