"""Deals as rows: what each came to, and the agreed stages that a lead entered by its deal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sla_sync.connector.history import DEALS, STAGES
from sla_sync_hubspot import wire
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.histories import History, history_in
from sla_sync_hubspot.past.contacts import Row, Rows
from sla_sync_hubspot.past.words import CREATED, Words
from sla_sync_hubspot.paths import Api

OBJECT: Final = "deals"
STAGE: Final = "dealstage"
_AMOUNT, _OWN_AMOUNT = "amount", "amount_in_home_currency"
PRESENT: Final = (CREATED, _AMOUNT, _OWN_AMOUNT)
_WON: Final = 1.0


@dataclass(frozen=True)
class Ends:
    """The stages of deals in which they are closed, by id, each with whether it was won."""

    won: Mapping[str, bool]


def ends_of(client: HubSpotClient) -> Ends:
    """Return the stages that close a deal, of all pipelines."""
    found = client.call("GET", Api.PIPELINES, f"/{OBJECT}").get("results", ())
    return ends_in([stage for pipeline in found for stage in pipeline.get("stages", ())])


def ends_in(stages: Iterable[Mapping[str, Any]]) -> Ends:
    """Return those of some stages that close a deal."""
    return Ends({str(each["id"]): _is_won(each) for each in stages if _is_closed(each)})


def rows(
    found: Mapping[str, Any],
    contacts: Sequence[str],
    words: Words,
    ends: Ends,
    owner_of: Mapping[str, str],
    until: datetime,
) -> Rows:
    """Return the rows of one deal that was opened before an instant; none where it is of no contact."""
    history = history_in(found)
    opened = wire.instant(history.present.get(CREATED)) or wire.instant(found.get("createdAt"))
    if opened is None or opened >= until or not contacts:
        return {}
    closed = _closed(history, ends, until)
    # Inferred: of several contacts it came of the oldest, for HubSpot marks none of them.
    deal: dict[str, object] = {"deal": history.record, "lead": contacts[0], "opened_at": opened}
    stages = [row for each in contacts for row in _stages(history, each, words, owner_of, until)]
    return {DEALS: [{**deal, "amount": _amount(history), **closed}], STAGES: stages}


def _stages(
    history: History, contact: str, words: Words, owner_of: Mapping[str, str], until: datetime
) -> Iterator[Row]:
    for each in history.of(STAGE, until=until):
        stage = words.deal_stages.get(each.text)
        if stage is not None:
            by = owner_of.get(each.user)
            yield {"lead": contact, "at": each.at, "stage": stage, "reason": None, "by": by}


def _closed(history: History, ends: Ends, until: datetime) -> dict[str, object]:
    told = history.of(STAGE, until=until)
    if not told or told[-1].text not in ends.won:
        return {"closed_at": None, "won": None}
    return {"closed_at": told[-1].at, "won": ends.won[told[-1].text]}


def _amount(history: History) -> float | None:
    """Return the value of a deal in the currency of the company, where HubSpot reckons it, else as it was entered."""
    text = history.present.get(_OWN_AMOUNT) or history.present.get(_AMOUNT)
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _is_closed(stage: Mapping[str, Any]) -> bool:
    return str((stage.get("metadata") or {}).get("isClosed")).lower() == "true"


def _is_won(stage: Mapping[str, Any]) -> bool:
    try:
        return float((stage.get("metadata") or {}).get("probability") or 0) >= _WON
    except ValueError:
        return False
