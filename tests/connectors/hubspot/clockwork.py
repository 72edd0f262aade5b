"""A portal with the technical properties of a small agreement, and contacts in it whose dates are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.compiler import compile_agreement
from sla_sync.connector import DataType, Field, Resources
from sla_sync.pipeline.dates import Almanac
from sla_sync.pipeline.timekeeping import answer_all
from sla_sync.render.timekeeping import Kept
from sla_sync.semantics.calendars import calendars_of
from sla_sync_hubspot.asked import columns
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.dated import spell_instant
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.timekeeping import keeping_time
from sla_sync_hubspot.translate import kept
from tests.connectors.hubspot.stories import Portal
from tests.semantics.leads import agreement

ANA, BEN = "41000005", "41000006"
_KINDS: Mapping[DataType, tuple[str, str]] = {
    DataType.TEXT: ("string", "text"),
    DataType.LONG_TEXT: ("string", "textarea"),
    DataType.NUMBER: ("number", "number"),
    DataType.INSTANT: ("datetime", "date"),
    DataType.CHOICE: ("enumeration", "select"),
}
_TOGETHER = 100


@cache
def agreed() -> Agreement:
    """Return the small agreement of the tests of meaning."""
    return agreement()


@cache
def needed() -> Resources:
    """Return what it needs."""
    return compile_agreement(agreed(), {})


@cache
def bound() -> HubSpotBinding:
    """Return its binding: one team, and its two stages as lead statuses."""
    return HubSpotBinding.model_validate(
        {
            "metadata": {"name": "small", "agreement": "inbound", "connector": "hubspot"},
            "stages": {"mql": {"hs_lead_status": ["OPEN"]}, "sal": {"hs_lead_status": ["IN_PROGRESS"]}},
            "teams": {"sdr": {"team": "sdr", "round_robin": "rotation"}},
        }
    )


def almanac() -> Almanac:
    """Return what dates are found by."""
    return Almanac(agreed(), calendars_of(agreed()))


@dataclass(frozen=True)
class Clockwork:
    """A portal in which contacts ask for their dates."""

    portal: Portal

    @property
    def now(self) -> datetime:
        """The time of the portal."""
        return self.portal.running.now

    def prepare(self) -> None:
        """Create the technical properties."""
        clocks = columns(needed(), bound()).clocks
        own = {each.name: each for each in (*needed().fields, *kept.kept_fields(needed(), clocks))}
        bodies = [_property(each) for each in own.values()]
        for start in range(0, len(bodies), _TOGETHER):
            some = {"inputs": bodies[start : start + _TOGETHER]}
            self.portal.client().call("POST", Api.PROPERTIES, "/contacts/batch/create", body=some)

    def ask(self, count: int = 1, **more: str) -> list[str]:
        """Create contacts that got their owner a minute ago and wait for dates, and return their ids."""
        since = spell_instant(self.now - timedelta(minutes=1))
        said = {"cycle": "1", "cycle_state": kept.OPEN, "leg": "1", "priority": "hot", "assigned_at": since}
        said |= {"turn_owner": ANA, "touched": kept.NO, "judged": kept.NO, "dates": kept.ASKED}
        for clock in ("response", "verdict"):
            said |= {f"{clock}_state": kept.AWAITS, f"{clock}_started_at": since}
        own = {f"sla_{name}": text for name, text in (said | more).items() if name != "hubspot_owner_id"}
        own["hubspot_owner_id"] = more.get("hubspot_owner_id", ANA)
        stamp = f"{self.now:%H%M%S%f}"
        inputs = [{"properties": own | {"email": f"{stamp}-{place}@buyer.example"}} for place in range(count)]
        found: list[str] = []
        for start in range(0, count, _TOGETHER):
            some = {"inputs": inputs[start : start + _TOGETHER]}
            answer = self.portal.client().call("POST", Api.OBJECTS, "/contacts/batch/create", body=some)
            found += [str(each["id"]) for each in answer["results"]]
        self.portal.running.run_until(self.now + timedelta(seconds=2))  # the search sees them then
        return found

    def write(self, record: str, **values: str) -> None:
        """Write into a contact, as a workflow would."""
        own = {f"sla_{name}" if name != "hubspot_owner_id" else name: text for name, text in values.items()}
        self.portal.client().call("PATCH", Api.OBJECTS, f"/contacts/{record}", body={"properties": own})
        self.portal.running.run_until(self.now + timedelta(seconds=2))

    def shows(self, record: str) -> Mapping[str, str]:
        """Return all that our properties say in a contact, by the name without the prefix."""
        names = self.portal.client().call("GET", Api.PROPERTIES, "/contacts")["results"]
        ours = [str(each["name"]) for each in names if str(each["name"]).startswith("sla_")]
        body = {"inputs": [{"id": record}], "properties": ours}
        answer = self.portal.client().call("POST", Api.OBJECTS, "/contacts/batch/read", body=body)
        said = answer["results"][0]["properties"]
        return {name.removeprefix("sla_"): said[name] for name in ours if said.get(name)}

    def writes_of(self, record: str, name: str = "dates_for") -> int:
        """Return how often something was written into a contact."""
        query = [("propertiesWithHistory", f"sla_{name}")]
        found = self.portal.client().call("GET", Api.OBJECTS, f"/contacts/{record}", query=query)
        return len(found["propertiesWithHistory"][f"sla_{name}"])

    def run(self) -> Kept:
        """Do one run of `sla-sync clock`."""
        with keeping_time(self.portal.connection(), needed(), bound()) as opened:
            return answer_all("portal", opened, almanac(), lambda: self.now)


def _property(field: Field) -> dict[str, Any]:
    kind, field_type = _KINDS[field.data]
    body: dict[str, Any] = {
        "name": f"sla_{field.name}", "label": f"SLA {field.name}", "groupName": "contactinformation", "type": kind,
        "fieldType": field_type,
    }  # fmt: skip
    if field.choices:
        options = [{"label": each.name, "value": each.name, "displayOrder": -1} for each in field.choices]
        body["options"] = options
    return body
