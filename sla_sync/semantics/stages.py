"""The moves of a lead: which stage it may enter, what stands in the way, which it enters by itself, how long it may stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.sections.amounts import DurationRange
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.expressions import holds
from sla_sync.semantics.history import Entered
from sla_sync.semantics.story import Lead, Story


class Obstacle(StrEnum):
    """Why a lead may not enter a stage."""

    NO_WAY = "no way leads there from the present stage"
    CONDITION = "the condition of that way does not hold"
    UNKNOWN_FIELD = "a field that is needed there is unknown"
    INVALID_FIELD = "a field that is needed there is not valid"
    NO_REASON = "a reason is required"
    OTHER_REASON = "the reason is not one of the list"
    NO_NOTE = "the reason requires a note"
    TOO_SOON = "the time before the lead may enter again has not passed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that stands in the way, and what it is about: a field, a list of reasons, a reason or an instant."""

    obstacle: Obstacle
    about: str


def refusals(lead: Lead, stage: str, *, reason: str | None = None, note: str = "") -> tuple[Refusal, ...]:
    """Return everything that keeps a lead out of a stage; nothing where it may enter."""
    if stage not in lead.story.agreement.stages:
        return tuple(_on_the_way(lead, stage))
    return (*_on_the_way(lead, stage), *_at_the_door(lead, stage, reason, note), *_too_soon(lead, stage))


def next_by_itself(lead: Lead) -> str | None:
    """Return the stage that a lead enters by itself: the first of those that follow whose `enter_when` holds.

    None where there is none, or where something keeps the lead out of each.
    """
    stages = lead.story.agreement.stages
    now = lead.standing.stage
    for name in stages[now].moves if now in stages else ():
        section = stages.get(name)
        said = section.enter_when if section is not None else None
        if said is not None and holds(said.value, lead) and not refusals(lead, name):
            return name
    return None


def lacks(lead: Lead, field: str) -> Obstacle | None:
    """Return whether a field is unknown or not valid, or None where it is as it should be."""
    if lead.value(field) is None:
        return Obstacle.UNKNOWN_FIELD
    quality = lead.story.agreement.quality
    rule = quality.valid.get(field) if quality else None
    return Obstacle.INVALID_FIELD if rule is not None and not holds(rule.value, lead) else None


def stays_until(lead: Lead) -> datetime | None:
    """Return when a lead will have stayed in its stage as long as it may, by the hours of its owner; None without end."""
    section = lead.story.agreement.stages.get(lead.standing.stage or "")
    if section is None or not isinstance(section.max_age, Duration) or lead.standing.since is None:
        return None
    return _hours(lead).add(lead.standing.since, section.max_age)


def may_contact(lead: Lead) -> bool:
    """Return whether the person may be contacted in the present stage."""
    section = lead.story.agreement.stages.get(lead.standing.stage or "")
    return section is None or section.contact_if is None or holds(section.contact_if.value, lead)


def revisit(lead: Lead) -> tuple[datetime, datetime] | None:
    """Return from when to when somebody comes back to a lead, by the reason that was given.

    Both are the same where one time is agreed. None where the reason says nothing, or whoever gave it was asked.
    """
    now = lead.standing
    section = lead.story.agreement.stages.get(now.stage or "")
    reasons = lead.story.agreement.reasons.get(section.reasons or "", {}) if section else {}
    agreed = reasons[now.reason].revisit if now.reason in reasons else None
    if now.since is None:
        return None
    hours = lead.story.calendars.main
    match agreed:
        case Duration():
            due = hours.add(now.since, agreed)
            return due, due
        case DurationRange(least, most):
            return hours.add(now.since, least), hours.add(now.since, most)
        case _:
            return None


def again_from(story: Story, stage: str, at: datetime) -> datetime | None:
    """Return from when a lead may enter a stage again: `again_after` since it last entered; None where it may at once."""
    section = story.agreement.stages[stage]
    entries = [
        event.at
        for event, before in zip(story.history.events, story.standings, strict=False)
        if isinstance(event, Entered) and event.stage == stage != before.stage and event.at <= at
    ]
    if not entries or not isinstance(section.again_after, Duration):
        return None
    return story.calendars.main.add(entries[-1], section.again_after)


def _on_the_way(lead: Lead, stage: str) -> Iterator[Refusal]:
    stages, now = lead.story.agreement.stages, lead.standing.stage
    moves = stages[now].moves if now in stages else {}
    if stage not in moves:
        yield Refusal(Obstacle.NO_WAY, now or "")
        return
    condition = moves[stage]
    if condition is not None and not holds(condition.value, lead):
        yield Refusal(Obstacle.CONDITION, condition.text)


def _at_the_door(lead: Lead, stage: str, reason: str | None, note: str) -> Iterator[Refusal]:
    agreement = lead.story.agreement
    section, quality = agreement.stages[stage], agreement.quality
    needs = dict.fromkeys((*section.needs, *(quality.needs.get(stage, ()) if quality else ())))
    for field in needs:
        obstacle = lacks(lead, field)
        if obstacle is not None:
            yield Refusal(obstacle, field)
    if section.reasons is None:
        return
    listed = agreement.reasons.get(section.reasons, {})
    if reason is None:
        yield Refusal(Obstacle.NO_REASON, section.reasons)
    elif reason not in listed:
        yield Refusal(Obstacle.OTHER_REASON, reason)
    elif listed[reason].note == "required" and not note.strip():
        yield Refusal(Obstacle.NO_NOTE, reason)


def _too_soon(lead: Lead, stage: str) -> Iterator[Refusal]:
    again = again_from(lead.story, stage, lead.at)
    if again is not None and lead.at < again:
        yield Refusal(Obstacle.TOO_SOON, again.isoformat())


def _hours(lead: Lead) -> BusinessCalendar:
    return lead.story.calendars.of_owner(lead.standing.owner, lead.standing.team)
