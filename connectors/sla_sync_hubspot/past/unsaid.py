"""What a portal does not tell of its past: what it forgets, what it never kept, and what somebody can do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sla_sync.connector.history import HistoryAsked, Untold
from sla_sync_hubspot.names import LEADS
from sla_sync_hubspot.past.words import MERGED, Words

SURELY_KEPT: Final = 20
"""Inferred: how many versions of a property HubSpot keeps is not documented; no report names fewer than this."""


@dataclass
class Versions:
    """How many contacts have so many versions of a property that HubSpot may have forgotten older ones."""

    full: dict[str, int] = field(default_factory=dict)

    def count(self, contact: Mapping[str, Any]) -> None:
        """Look at one contact as HubSpot tells it."""
        for name, told in (contact.get("propertiesWithHistory") or {}).items():
            if len(told) >= SURELY_KEPT and name != MERGED:
                self.full[name] = self.full.get(name, 0) + 1


def unsaid(words: Words, versions: Versions, asked: HistoryAsked, archived_since: datetime) -> Iterator[Untold]:
    """Yield what the portal does not tell, however much it is asked."""
    for name, number in sorted(versions.full.items()):
        has = "1 contact has" if number == 1 else f"{number} contacts have"
        yield Untold(
            f"Old values of '{name}'",
            f"{has} {SURELY_KEPT} values of it or more, and HubSpot does not say how many it keeps.",
            "Export often: what was exported once stays in the history.",
        )
    if asked.since < archived_since:
        yield Untold(
            f"Contacts that were deleted before {archived_since:%Y-%m-%d}",
            "HubSpot shows what was deleted for 90 days, and what was deleted for good not at all.",
            "Export often: what was exported once stays in the history.",
        )
    if words.sources:
        yield Untold(
            "Whoever asks again for the same",
            "HubSpot keeps a new version of a property only where its value is another.",
            "Let forms write the source with something that changes, such as the day.",
        )
    if not words.vocabulary.binding.touch.any:
        yield Untold("Which activities are touches", "The binding does not say so.", "Write touch in the binding.")
    if words.vocabulary.resources.teams:
        yield Untold("In which team somebody was", "HubSpot tells only in which team somebody is now.")
    if LEADS in words.vocabulary.binding.objects:
        yield Untold(
            "What people do in the pipeline of leads",
            "The stages of the agreement stand on the contact, and only they count.",
        )
