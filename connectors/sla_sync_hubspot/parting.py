"""What becomes of contacts that wait in a workflow which an apply switches off: nobody carries them further."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import Action, Change, Diagnostic, Severity
from sla_sync_hubspot.types import WORKFLOW


def who_is_left_behind(changes: Sequence[Change]) -> Iterator[Diagnostic]:
    """Yield one warning for all workflows that act now and that these changes switch off.

    Documented: whoever is enrolled in a workflow that is switched off goes on in it, and its actions are passed over
    (HubSpot, "Turn off workflows"). How many they are no call tells.
    """
    stopped = [each for each in changes if each.address.type == WORKFLOW and _stops(each)]
    if not stopped:
        return
    some = "workflow that is" if len(stopped) == 1 else "workflows that are"
    yield Diagnostic(
        "SLA810",
        Severity.WARNING,
        f"Contacts that wait in the {len(stopped)} {some} switched off are not carried on, so a clock that runs for one of "
        "them now may warn nobody.",
        hint="Apply while few clocks run, and look through the contacts of open cycles afterwards.",
    )


def _stops(change: Change) -> bool:
    """Return whether a workflow acts and no longer does afterwards; one that goes is switched off first."""
    if change.action is Action.DELETE:
        return change.live is not None and change.live.values.get("isEnabled") is True
    return change.action is Action.RELEASE and bool(change.fields)
