"""Workflows that are there twice under a name of ours: HubSpot keeps no name unique, and each does its work.

One comes about where no answer came to its making and the list of workflows lagged behind for so long that it was made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sla_sync.connector import Address, Diagnostic, Severity, Snapshot
from sla_sync_hubspot.types import WORKFLOW


@dataclass(frozen=True)
class Double:
    """One workflow too many: the setting whose name it bears, its id, the id of the one that counts as ours."""

    address: Address
    id: str
    ours: str
    acts: bool

    @property
    def sentence(self) -> str:
        """What is there, for people."""
        what = "both act" if self.acts else "the second is switched off"
        return f"The workflow «{self.address.key}» is there twice, and {what}: {self.ours} counts as ours, {self.id} does not."

    @property
    def advice(self) -> str:
        """What a person does about it."""
        return f"Delete workflow {self.id} in HubSpot > Automations > Workflows; no apply takes it away."


def known_last(handles: Iterable[str], remembered: Collection[str]) -> list[str]:
    """Return ids in the order in which each stands in for those before it: of two of one name the manifest's one is ours."""
    return sorted(handles, key=lambda each: (each in remembered, each))


def doubles(headings: Iterable[Mapping[str, Any]], snapshot: Snapshot) -> Iterator[Double]:
    """Yield every workflow that bears the name of one of ours and is not the one that was read as ours."""
    ours = {each: live for each, live in snapshot.settings.items() if each.type == WORKFLOW and live.handle}
    handles = {live.handle for live in ours.values()}
    for each in sorted(headings, key=lambda one: str(one["id"])):
        address, handle = Address(WORKFLOW, str(each.get("name"))), str(each["id"])
        live = ours.get(address)
        if live is not None and handle not in handles:
            yield Double(address, handle, str(live.handle), each.get("isEnabled") is True)


def what_is_there_twice(headings: Iterable[Mapping[str, Any]], snapshot: Snapshot) -> Iterator[Diagnostic]:
    """Yield one warning for each workflow too many."""
    for each in doubles(headings, snapshot):
        yield Diagnostic("SLA810", Severity.WARNING, each.sentence, hint=each.advice)
