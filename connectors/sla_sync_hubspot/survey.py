"""What a portal has that a first agreement can be written from: five calls, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import (
    ReasonsFound,
    ScoreFound,
    SourcesFound,
    StageFound,
    Survey,
    TeamFound,
    Unseen,
    ask_part,
    speaks_of,
)
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.paths import Api

_STATUS, _LIFECYCLE, _SOURCE = "hs_lead_status", "lifecyclestage", "hs_analytics_source"
_CUSTOMER = "customer"
"""The lifecycle stage of those who bought."""
_BEYOND = frozenset({"customer", "evangelist", "other"})
_FIELDS: Mapping[str, str] = {
    "email": "email",
    "company": "company",
    "country": "country",
    "employees": "numemployees",
    "do_not_contact": "hs_email_optout",
}
_TOUCH = {"any": [{"activity": each, "by": "owner"} for each in ("call", "email", "meeting")]}
_OWN = "hs_"


def survey_of(client: HubSpotClient, owners: Callable[[], Sequence[Mapping[str, Any]]]) -> Survey:
    """Return what the portal tells. Raises UnauthorizedError or UnreachableError where nothing can be asked."""
    untold: dict[str, str] = {}
    properties: Mapping[str, Mapping[str, Any]] = ask_part(
        untold, "the properties of contacts", lambda: catalogue.properties_of(client, CONTACTS), {}
    )
    account: Mapping[str, Any] = ask_part(
        untold, "the zone and currency of the portal", lambda: client.call("GET", Api.ACCOUNT, "/details"), {}
    )
    teams: Sequence[Mapping[str, Any]] = ask_part(untold, "The teams", lambda: catalogue.teams(client), [])
    people: Sequence[Mapping[str, Any]] = ask_part(untold, "The owners", owners, ())
    stages = tuple(_stages(properties))
    sources = _listed(properties.get(_SOURCE))
    unseen = (
        *(Unseen(what, why) for what, why in untold.items()),
        Unseen("Business hours", "HubSpot keeps no calendar that its API shows."),
        Unseen("Which workflow gives a contact its owner", "What workflows decide is no list that could be read."),
        Unseen("Forms", "Which form means which request stands in their names only."),
    )
    found = tuple(_teams(teams, people))
    return Survey(
        place="Lifecycle Stage",
        stages=stages,
        sources=SourcesFound(_SOURCE, sources) if sources else None,
        reasons=tuple(_reasons(properties)),
        teams=found,
        scores=tuple(_scores(properties)),
        zone=str(account.get("timeZone") or "") or None,
        currency=str(account.get("companyCurrency") or "") or None,
        fields={word: name for word, name in _FIELDS.items() if name in properties},
        touch=_TOUCH,
        addable=_STATUS,
        read=(
            f"Lifecycle Stage: {len(stages)} values (properties of contacts).",
            f"Original Traffic Source: {len(sources)} values (properties of contacts).",
            f"Teams: {len(found)}, with their people (users and owners).",
        ),
        unseen=unseen,
    )


def _listed(found: Mapping[str, Any] | None) -> dict[str, str]:
    options = (found or {}).get("options") or ()
    return {str(each["value"]): str(each.get("label") or each["value"]) for each in options if not each.get("hidden")}


def _stages(properties: Mapping[str, Mapping[str, Any]]) -> Iterator[StageFound]:
    """Yield the lifecycle stages up to the customer; one value of Lead Status is where people are given up."""
    for number, (value, label) in enumerate(_listed(properties.get(_LIFECYCLE)).items()):
        if value not in _BEYOND or value == _CUSTOMER:
            yield StageFound(value, label, {_LIFECYCLE: [value]}, first=number == 0, won=value == _CUSTOMER)
    for value, label in _listed(properties.get(_STATUS)).items():
        if any(word in f"{value} {label}".casefold() for word in ("unqualified", "disqualified", "bad timing")):
            yield StageFound(value, label, {_STATUS: [value]})


def _reasons(properties: Mapping[str, Mapping[str, Any]]) -> Iterator[ReasonsFound]:
    for name, each in properties.items():
        if each.get("type") == "enumeration" and not name.startswith(_OWN) and speaks_of("reason", each):
            yield ReasonsFound(name, str(each.get("label") or name), _listed(each))


def _scores(properties: Mapping[str, Mapping[str, Any]]) -> Iterator[ScoreFound]:
    for name, each in properties.items():
        if each.get("type") == "number" and speaks_of("score", each):
            yield ScoreFound(name, str(each.get("label") or name))


def _teams(teams: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]]) -> Iterator[TeamFound]:
    for each in teams:
        name = str(each.get("name") or "")
        inside = (
            str(person.get("email"))
            for person in people
            if not person.get("archived")
            and any(str(team.get("id")) == str(each.get("id")) for team in person.get("teams") or ())
        )
        yield TeamFound(name, name, {"team": name}, tuple(sorted(inside)))
