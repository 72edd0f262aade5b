"""A lead's history read under an agreement, and the lead as it stands at one instant of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.semantics import choices, scores
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.calendars import Calendars, calendars_of
from sla_sync.semantics.expressions import Value, holds, is_yes
from sla_sync.semantics.history import Deed, History, Raised
from sla_sync.semantics.standings import Standing, standings

_SCORES = frozenset({"score", "fit", "engagement", "grade"})


@dataclass(frozen=True)
class Story:
    """A history and what an agreement says of it.

    `cuts` gives the points of thresholds that are a share of all leads, by model: see `scores.cut_off`.
    """

    agreement: Agreement
    history: History
    calendars: Calendars
    standings: tuple[Standing, ...]
    cuts: Mapping[str, int] = field(default_factory=dict)

    def lead(self, at: datetime) -> Lead:
        """Return the lead as it stands at an instant, with all that happened by then."""
        return Lead(self, at, self.history.until(at))

    def after(self, place: int) -> Lead:
        """Return the lead right after the event at a place of the history."""
        return Lead(self, self.history.events[place].at, place + 1)

    def before(self, place: int) -> Lead:
        """Return the lead right before the event at a place of the history."""
        return Lead(self, self.history.events[place].at, place)


@dataclass(frozen=True)
class Lead:
    """A lead at one instant, after so many events. What is `given` is taken for granted, whatever happened."""

    story: Story
    at: datetime
    seen: int
    given: Mapping[str, Value] = field(default_factory=dict)
    resolving: frozenset[str] = frozenset()

    @property
    def standing(self) -> Standing:
        """Where the lead stands."""
        return self.story.standings[self.seen]

    def value(self, name: str) -> Value | None:
        """Return what a field holds, or None where it is unknown.

        What a platform recorded of a score or a priority wins over what the agreement makes of it. A word that asks for
        itself is unknown inside itself.
        """
        if name in self.given:
            return self.given[name]
        now = self.standing
        match name:
            case "stage" | "source" | "owner" | "team":
                return {"stage": now.stage, "source": now.source, "owner": now.owner, "team": now.team}[name]
            case "cycle":
                return now.cycle
            case _ if name in now.facts:
                return now.facts[name]
            case _ if name in self.resolving:
                return None
        return self._computed(name)

    def times_done(self, verb: str, done: str, within: Duration | None) -> int:
        """Return how often the person did something, in the last `within` or ever; the first instant counts."""
        calendar = self.story.calendars.main
        deeds = (
            each.at
            for each in self.story.history.events[: self.seen]
            if isinstance(each, Deed) and (each.verb, each.done) == (verb, done)
        )
        return sum(within is None or calendar.is_within(within, each, self.at) for each in deeds)

    def members(self, group: str) -> tuple[str | Expression, ...]:
        """Return the members of a group; none where nobody defined it."""
        return self.story.agreement.groups.get(group, ())

    def reaches(self, model: str | None) -> bool:
        """Return whether the score has reached the threshold, of a model or of the one that applies."""
        name = model or choices.model_for(self.story.agreement, self)
        total = self.value("score" if self._is_only(name) or model is None else f"{name}_score")
        threshold = self.threshold(name)
        return isinstance(total, int | float) and threshold is not None and total >= threshold

    def threshold(self, model: str | None) -> int | None:
        """Return the points at which a model calls a lead ready; None where they are not agreed or not known."""
        said = self.story.agreement.scoring[model].threshold if model in self.story.agreement.scoring else None
        return said if isinstance(said, int) else self.story.cuts.get(model or "")

    def score(self, model: str) -> scores.Score | None:
        """Return the points by a model; None for a lead that the model excludes."""
        section = self.story.agreement.scoring[model]
        if any(is_yes(self.value(each)) for each in section.exclude):
            return None
        inner = self._inside(*_SCORES, *(f"{each}_score" for each in self.story.agreement.scoring))
        return scores.score(section, inner.course(model))

    def grade(self, model: str) -> str | None:
        """Return the letter and digit by a model; None where it has none for this lead."""
        points = self.score(model)
        if points is None:
            return None
        held = {"fit": points.fit, "engagement": points.engagement, "score": points.total}
        return scores.grade(
            self.story.agreement.scoring[model], points, replace(self._inside("grade"), given={**self.given, **held})
        )

    def course(self, model: str) -> scores.Course:
        """Return what the score of a model is computed from."""
        return scores.Course(
            events=self.story.history.events[: self.seen],
            after=self._after,
            now=self,
            at=self.at,
            resets=frozenset(place for place in range(self.seen) if self._begins_anew(model, place)),
            calendar=self.story.calendars.main,
            zone=zone_named(self.story.agreement.metadata.timezone),
        )

    def _after(self, place: int) -> Lead:
        event = self.story.history.events[place]
        # A hand-raise counts by its own source, also while the source of the cycle is frozen.
        own = {"source": event.source} if isinstance(event, Raised) and event.source is not None else {}
        return Lead(self.story, event.at, place + 1, {**self.given, **own}, self.resolving)

    def _begins_anew(self, model: str, place: int) -> bool:
        before, after = self.story.standings[place : place + 2]
        stage = self.story.agreement.stages.get(after.stage or "")
        if stage is not None and before.stage != after.stage and {"engagement", "score", model} & set(stage.resets):
            return True
        when = self.story.agreement.scoring[model].resets_when
        earlier = replace(self, seen=place, at=self.story.history.events[place].at)
        return when is not None and holds(when.value, self._after(place)) and not holds(when.value, earlier)

    def _computed(self, name: str) -> Value | None:
        agreement, inner = self.story.agreement, self._inside(name)
        if name == "priority":
            return choices.priority(agreement, inner)
        if name in agreement.segments:
            return choices.part_of(agreement, name, inner)
        if name == "segment":
            parts = (inner.value(division) for division in agreement.segments)
            return tuple(each for each in parts if isinstance(each, str)) or None
        model = name.removesuffix("_score") if name not in _SCORES else choices.model_for(agreement, inner)
        if model not in agreement.scoring:
            return None
        if name == "grade":
            return inner.grade(model)
        points = inner.score(model)
        if points is None:
            return None
        return {"fit": points.fit, "engagement": points.engagement}.get(name, points.total)

    def _is_only(self, model: str | None) -> bool:
        return tuple(self.story.agreement.scoring) == (model,)

    def _inside(self, *names: str) -> Lead:
        return replace(self, resolving=self.resolving.union(names))


def story_of(
    agreement: Agreement,
    history: History,
    calendars: Calendars | None = None,
    *,
    cuts: Mapping[str, int] | None = None,
) -> Story:
    """Return a history as an agreement reads it; without calendars those that the agreement describes by itself."""
    known = calendars or calendars_of(agreement)
    return Story(agreement, history, known, standings(agreement, history), cuts or {})
