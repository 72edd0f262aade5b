"""Notices: who of the agreement hears of something, as the action that tells them, and whom it cannot reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Gap, KeyPath, Ref, Value
from sla_sync_hubspot.names import shorten
from sla_sync_hubspot.translate import operations
from sla_sync_hubspot.translate.building import NOTIFY, Act, Arm, Fork, Step
from sla_sync_hubspot.translate.filters import Branches, property_filter
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import TEAM, USER

THE_OWNER = "owner"
OWNER_PROPERTY = "hubspot_owner_id"
WHO = "{{ enrolled_object.firstname }} {{ enrolled_object.lastname }}"
"""The contact's name inside a text, as recorded workflows write tokens."""
_BY = "APP_AND_EMAIL"
_SUBJECT_LIMIT, _BODY_LIMIT = 200, 1000
"""Inferred: HubSpot's pages name no limits for notices, so these are our own caution."""


@dataclass(frozen=True, slots=True)
class People:
    """Whom a role or team of the agreement means: users by name, or a team of the portal; neither where nobody is named."""

    users: tuple[str, ...] = ()
    team: str | None = None

    def __bool__(self) -> bool:
        return bool(self.users or self.team)


def people_of(name: str, vocabulary: Vocabulary) -> People:
    """Return who stands behind a role or team: those of the targets file, else the team of the portal that is bound."""
    users = tuple(dict.fromkeys(vocabulary.people.get(name, ())))
    if users:
        return People(users)
    bound = vocabulary.binding.teams.get(name, {}).get("team")
    return People(team=bound) if isinstance(bound, str) else People()


def user_ref(name: str) -> Ref:
    """Return the reference to a user's id."""
    return Ref(Address(USER, name))


def team_ref(name: str) -> Ref:
    """Return the reference to a team's id."""
    return Ref(Address(TEAM, name))


def notice(recipients: Sequence[str], subject: str, body: str, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the step that tells these roles, teams and the owner; none where nobody stands behind them."""
    found = [people_of(each, vocabulary) for each in recipients if each != THE_OWNER]
    users = dict.fromkeys(user for each in found for user in each.users)
    teams = dict.fromkeys(each.team for each in found if each.team)
    to: dict[str, Value] = {}
    if users:
        to["user_ids"] = [user_ref(each) for each in users]
    if teams:
        to["team_ids"] = [team_ref(each) for each in teams]
    if THE_OWNER in recipients:
        to["owner_properties"] = [OWNER_PROPERTY]
    if not to:
        return ()
    texts = {"subject": shorten(subject, _SUBJECT_LIMIT), "body": shorten(body, _BODY_LIMIT)}
    told = Act(NOTIFY, {**texts, "delivery_method": _BY, **to})
    if users or teams:
        return (told,)
    # A notice to the owner alone fails, in the history of the workflow, for a contact that nobody owns.
    owned: Branches = ((property_filter(OWNER_PROPERTY, operations.known(negated=False)),),)
    return (Fork((Arm("owned", owned, (told,)),)),)


def notice_gaps(told: Sequence[tuple[str, KeyPath]], vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap for each role or team that is to be told and behind which nobody stands; `told` has their places."""
    seen: set[str] = set()
    for name, origin in told:
        if name == THE_OWNER or name in seen or people_of(name, vocabulary):
            continue
        seen.add(name)
        yield Gap(
            f"people-{name}",
            f"Notices to «{name}»",
            f"Name the people behind «{name}» in the targets file: nobody is told for it.",
            origin,
        )
