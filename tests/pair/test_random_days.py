"""For random days on both platforms, what a lead experiences is what the model says of it, the way through the sync included."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sla_sync_native_sync import Written
from tests.behaviour.salesforce.comparing import CLOCKS, differences
from tests.behaviour.salesforce.orgs import agreed
from tests.pair.histories import Days, Lived, days, live, loops
from tests.pair.joined import Joined, applied, joined

DAYS = int(os.environ.get("SLA_SYNC_PAIR_DAYS", "4"))
"""How many random days are played; the nightly run asks for more."""


@pytest.fixture(scope="session")
def living(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the agreement «living» was applied to both platforms."""
    return applied(tmp_path_factory.mktemp("living"), "living")


@pytest.mark.slow
@settings(max_examples=DAYS, deadline=None, suppress_health_check=list(HealthCheck))
@given(these=days())
def test_a_lead_lives_the_agreement_from_the_look_on_at_which_salesforce_hears_of_it(living: Path, these: Days) -> None:
    with tempfile.TemporaryDirectory() as copy:
        pair = joined(living, Path(copy), at=these.start, settings={"every_minutes": these.every})
        lived = live(pair, these)
        assert pair.pair.memory.errors == []
        assert list(differences(agreed(), pair.org, lived.played, CLOCKS)) == []
        assert unlike(pair, lived) == []
        assert list(loops(pair.pair.memory.written, reasons(pair))) == []


@pytest.mark.slow
def test_a_lead_that_lived_otherwise_or_is_shown_otherwise_is_found(living: Path, tmp_path: Path) -> None:
    start = datetime(2026, 9, 16, 13, 5, tzinfo=UTC)
    pair = joined(living, tmp_path, at=start)
    lived = live(pair, Days(start, 15, (("Demo Request", 150),), ()))
    assert list(differences(agreed(), pair.org, lived.played, CLOCKS)) == []
    first = pair.org.rows("SLA_Leg__c")[0]
    sooner = first["Qualified_At__c"] - timedelta(minutes=15)
    pair.org.store.put("SLA_Leg__c", first["Id"], {"Qualified_At__c": sooner}, by="nobody", at=pair.pair.now)
    assert list(differences(agreed(), pair.org, lived.played, CLOCKS)) != []
    pair.change(lived.contacts[0], company="Elsewhere")
    (found,) = unlike(pair, lived)
    assert "Elsewhere" in found


def unlike(pair: Joined, lived: Lived) -> list[str]:
    """Return every mapped value in which a contact and its lead differ."""
    found = []
    for contact in lived.contacts:
        link = pair.pair.memory.links.get(contact)
        if link is None:
            continue
        lead = pair.org.row(link.object, link.id)
        for name, each in pair.pair.joint.settings.mappings.items():
            said, kept = pair.of_contact(contact, name)[name], _spelled(pair, lead.get(each.field))
            if (said or "") != kept:
                found.append(f"{contact} {name}: HubSpot says {said}, Salesforce {kept}")
    return found


def _spelled(pair: Joined, value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = "" if value is None else str(value)
    if text.startswith("00G"):
        return ""
    if text.startswith("005"):
        address = pair.org.row("User", text)["Username"]
        owners = pair.hubspot("GET", "/crm/v3/owners")["results"]
        return next((str(each["id"]) for each in owners if each["email"] == address), "")
    return text


def reasons(pair: Joined) -> dict[tuple[str, str, str], int]:
    """Return how often somebody else changed what the integration then had to carry over."""
    counts: Counter[tuple[str, str, str]] = Counter()
    mappings = pair.pair.joint.settings.mappings
    carried = {(each.at, each.record, each.field): each for each in pair.pair.memory.written}
    for contact, link in pair.pair.memory.links.items():
        for name, each in mappings.items():
            by_others = [value for value in pair.history(contact, name) if value["sourceType"] != "INTEGRATION"]
            by_administrator = len(by_others)
            counts["Salesforce", link.id, each.field] += by_administrator
            for change in pair.org.store.history:
                if (change.object, change.id, change.field) == (link.object, link.id, each.field):
                    own = carried.get((change.at, link.id, each.field))
                    counts["HubSpot", contact, name] += own is None or change.new != own.after
    return dict(counts)


def test_a_field_that_is_written_without_a_reason_is_found() -> None:
    at = datetime(2026, 10, 6, tzinfo=UTC)
    there = [Written(at, "Salesforce", "1", "Status", "a", "b"), Written(at, "Salesforce", "1", "Status", "b", "a")]
    assert list(loops(there, {("Salesforce", "1", "Status"): 2})) == []
    (found,) = loops(there, {("Salesforce", "1", "Status"): 1})
    assert "2 times for 1 changes" in found
