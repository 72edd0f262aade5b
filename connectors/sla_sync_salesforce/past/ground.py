"""What every stream of the past has at hand: where agreed words stand in this org, whose history it keeps, who is who."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sla_sync.connector import RejectedError, Resources, Setup
from sla_sync.connector.history import HistoryAsked, Untold
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.past.became import Became
from sla_sync_salesforce.past.holding import Holds, condition
from sla_sync_salesforce.people import People
from sla_sync_salesforce.soql import one_of, select
from sla_sync_salesforce.translate.leg import leg_object
from sla_sync_salesforce.translate.places import queue_of
from sla_sync_salesforce.translate.words import OBJECT, Place, learn
from sla_sync_salesforce.translate.words import Holds as Kind

STATUS, OWNER = "Status", "OwnerId"
KEPT_MONTHS = 24
"""How long the API shows the history of fields (Salesforce Help, "Field History Tracking")."""
_KEPT = timedelta(days=KEPT_MONTHS * 365 // 12)
OF_TURNS = (
    "Id", "Lead__c", "Of_Lead__c", "Contact__c", "Cycle__c", "Leg__c", "Person__c", "Team__c", "Calendar__c", "Priority__c",
    "Source__c", "Policy__c", "Stage__c", "Verdict__c", "Reason__c", "Raised_At__c", "Qualified_At__c", "Assigned_At__c",
    "First_Touch_At__c", "Verdict_At__c", "Ended_At__c", "Ended_Because__c", "CreatedDate", "IsDeleted",
)  # fmt: skip
"""What is read of our own assignments."""
_KEPT_LENGTH = 255
"""Of longer texts the history tells that they changed, and not to what."""
_IN_BIN = timedelta(days=15)
_TRACK = (
    "Choose them under Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking, at most 20: "
    "changes are kept from then on."
)


@dataclass(frozen=True)
class Ground:
    """An org as the past is read from it."""

    client: Client
    asked: HistoryAsked
    binding: SalesforceBinding
    now: datetime
    places: Mapping[str, Place]
    """Agreed word → where the Lead shows it, as far as this user sees it there."""
    missing: Mapping[str, str]
    """Agreed word → the field that is not there."""
    tracked: frozenset[str]
    """API names of the fields of the Lead whose changes are kept."""
    columns: frozenset[str]
    """API names of all fields of the Lead that this user sees."""
    reason: str
    """The field of the Lead that holds the reason; empty where there is none."""
    queues: Mapping[str, str]
    """Id of a queue → as the agreement calls it, or its own name."""
    teams: Mapping[str, str]
    """Id of a user → the first team of the agreement in which they are."""
    leg: str
    """The object of our own assignments; empty where this user sees none."""
    became: Became
    hidden: tuple[str, ...] = ()
    """What this user does not see of assignments that are there."""
    exclusions: Mapping[str, tuple[tuple[str, ...], Holds]] = field(default_factory=dict)
    unsaid: tuple[str, ...] = ()
    """Exclusions that the binding says in words that cannot be asked of a record."""

    @property
    def resources(self) -> Resources:
        """The agreement in its words."""
        return self.asked.resources

    @property
    def stages(self) -> Mapping[str, str]:
        """Value of Lead Status → agreed stage."""
        return {value: name for name, bound in self.binding.stages.items() for value in bound.lead_status}


def ground_of(
    client: Client, people: People, setup: Setup, asked: HistoryAsked, now: datetime, known: Became
) -> Ground:
    """Return what the streams need, in few calls."""
    binding = asked.binding
    if not isinstance(binding, SalesforceBinding):
        raise TypeError(f"The Salesforce connector was given a {type(binding).__name__}.")
    there = _fields(client, OBJECT) or {}
    words = learn(asked.resources, binding).places
    wanted = {name: words[name] for name in words if name in binding.fields}
    reasons = [words[each.field].api for each in asked.resources.reason_sets if each.field in words]
    said = {name: condition(text, OBJECT) for name, text in binding.exclude.items()}
    seen = {name: held for name, held in said.items() if held and all(each in there for each in held[0])}
    leg = leg_object(binding)
    kept = _fields(client, leg) or {}
    return Ground(
        client=client,
        asked=asked,
        binding=binding,
        now=now,
        places={name: each for name, each in wanted.items() if each.api in there},
        missing={name: each.key for name, each in wanted.items() if each.api not in there},
        tracked=_tracked(client) & {name for name, each in there.items() if each.get("length", 0) <= _KEPT_LENGTH},
        columns=frozenset(there),
        reason=next((each for each in reasons if each in there), ""),
        queues=dict(_queues(client, asked, binding)),
        teams=dict(_teams(client, people, setup, asked, binding)),
        leg=leg if kept and kept.keys() >= set(OF_TURNS) else "",
        hidden=tuple(sorted(set(OF_TURNS) - kept.keys())) if kept else (),
        became=known,
        exclusions=seen,
        unsaid=tuple(name for name in said if name not in seen),
    )


def _fields(client: Client, kind: str) -> dict[str, Any] | None:
    try:
        found = client.get(f"sobjects/{kind}/describe").get("fields", ())
    except RejectedError as error:
        if "NOT_FOUND" in error.message or "INVALID_TYPE" in error.message:
            return None
        raise
    return {str(each["name"]): each for each in found}


def _tracked(client: Client) -> frozenset[str]:
    where = f"EntityDefinition.QualifiedApiName = '{OBJECT}' AND IsFieldHistoryTracked = true"
    rows = client.query(select("QualifiedApiName", "FieldDefinition", where))
    return frozenset(str(each["QualifiedApiName"]) for each in rows)


def _queues(client: Client, asked: HistoryAsked, binding: SalesforceBinding) -> Iterator[tuple[str, str]]:
    words = [each.name for each in asked.resources.queues] + [each.name for each in asked.resources.teams]
    named = {queue: word for word in reversed(words) if (queue := queue_of(word, binding))}
    for row in client.query(select("Id, DeveloperName", "Group", "Type = 'Queue'")):
        yield str(row["Id"]), named.get(str(row["DeveloperName"]), str(row["DeveloperName"]))


def _teams(
    client: Client, people: People, setup: Setup, asked: HistoryAsked, binding: SalesforceBinding
) -> Iterator[tuple[str, str]]:
    """Yield each user's team: whom the targets file names, and besides who is in the queue of a team; the last one counts."""
    named = {queue: each.name for each in asked.resources.teams if (queue := queue_of(each.name, binding))}
    if named:
        where = f"Group.Type = 'Queue' AND {one_of('Group.DeveloperName', named)}"
        for row in client.query(select("UserOrGroupId, Group.DeveloperName", "GroupMember", where)):
            yield str(row["UserOrGroupId"]), named[str(row["Group"]["DeveloperName"])]
    for team in reversed(asked.resources.teams):
        for name in setup.people.get(team.name, ()):
            for user in people.found.get(name, ()):
                yield user.id, team.name


def untold(ground: Ground, known_until: datetime | None) -> Iterator[Untold]:
    """Yield what this org cannot tell, before any row of it; `known_until` is when the last export ended."""
    bound = {each.api for each in ground.places.values()} | {STATUS, OWNER}
    silent = sorted(bound - ground.tracked)
    if silent:
        yield Untold(
            f"what {', '.join(silent)} of the Lead were before",
            "Salesforce keeps no history of these fields here, so that what they hold at an export is taken for what they "
            "held since the one before, or always.",
            _TRACK,
        )
    for name, key in ground.missing.items():
        yield Untold(
            f"{name}",
            f"The Lead has no field {key.partition('.')[2]} here, or this user may not see it.",
            "Bind it to a field that is there, or let the user of this token see it.",
        )
    oldest = ground.now - _KEPT
    if known_until is None and ground.asked.since < oldest:
        yield Untold(
            f"what fields held before {oldest:%Y-%m-%d}",
            f"Salesforce shows the history of fields for {KEPT_MONTHS} months.",
            "Ask for a later day with --since.",
        )
    if known_until is None or ground.now - known_until > _IN_BIN:
        when = f"before {ground.now - _IN_BIN:%Y-%m-%d}"
        yield Untold(
            f"leads that were deleted {when}",
            "Salesforce empties the recycle bin after 15 days, and shows merged and deleted leads no longer.",
            "Export at least every two weeks.",
        )
    if ground.hidden:
        yield Untold(
            "turns as the org recorded them",
            f"This user may not see {', '.join(ground.hidden)} of the assignments that it keeps.",
            "Assign the permission set of the integration to this user, and apply the agreement once more.",
        )
    yield from _in_the_binding(ground)


def _in_the_binding(ground: Ground) -> Iterator[Untold]:
    for name in ground.unsaid:
        yield Untold(
            f"which leads are left out as {name}",
            f"«{ground.binding.exclude[name]}» names no field of the Lead that is there, or no test of one.",
            "Write Lead.Field, or Lead.Field contains, starts with or ends with a text.",
        )
    for name, bound in ground.binding.stages.items():
        if bound.when and condition(bound.when, "Opportunity") is None:
            yield Untold(
                f"when deals entered {name}",
                f"«{bound.when}» asks more than a field of the opportunity.",
                "Write conditions such as Opportunity.IsWon is true, joined by and.",
            )
    if any(bound.when for bound in ground.binding.stages.values()):
        yield Untold(
            "deals that did not come of a conversion",
            "Salesforce ties an opportunity to a lead where the conversion made it or chose it, and nowhere else.",
        )
    if "Contact" in ground.binding.objects:
        yield Untold("contacts that never were leads", "Only leads, and the contacts that they became, are exported.")


def is_text(place: Place) -> bool:
    """Return whether what a field holds is exported as it stands."""
    return place.holds is not Kind.NUMBER
