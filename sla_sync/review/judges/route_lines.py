"""The lines of a routing, old and new side by side: which is which, and what of a line is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.agreement.canonical import plain_value
from sla_sync.agreement.sections.routing import Route
from sla_sync.lint.promised import party_of
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, feedback, promise, routing, sides
from sla_sync.review.judges.breadth import in_guillemets
from sla_sync.review.judges.destinations import Moves, destination, move_between, of_route
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.spots import Spot
from sla_sync.review.judges.tellers import change_of
from sla_sync.review.judges.values import spelled
from sla_sync.review.words import NOTHING, arrow, named

_KINSHIP: Sequence[tuple[str, ...]] = (("when", "to", "stage"), ("to", "stage"), ("when",))
"""What two lines have in common that are taken for one line that changed, the closest first."""


def aligned(before: Sequence[Route], after: Sequence[Route]) -> Sequence[tuple[int, int]]:
    """Return which old line is which new line; the same first, then those with the same condition or place."""
    old, new = ([_plain(each) for each in routes] for routes in (before, after))
    pairs: list[tuple[int, int]] = []
    for keys in (tuple(Route.model_fields), *_KINSHIP):
        for one, said in enumerate(old):
            taken = {other for _, other in pairs}
            free = [each for each in range(len(new)) if each not in taken]
            found = [each for each in free if all(new[each].get(key) == said.get(key) for key in keys)]
            if found and one not in {each for each, _ in pairs}:
                pairs.append((one, found[0]))
    return pairs


def _plain(route: Route) -> Mapping[str, object]:
    said = plain_value(route)
    return said if isinstance(said, dict) else {}


@dataclass(frozen=True)
class Lines:
    """Both lists of lines under one label: `Routing`, or `When an owner leaves`."""

    spot: Spot
    label: str
    before: Sequence[Route]
    after: Sequence[Route]

    def new(self, index: int, weighed: tuple[Bearing, str]) -> Amendment:
        """Return the amendment of a line that is new."""
        line = self.after[index]
        bearing, example = weighed
        sentence = f"{self.label}: {_leads(line)} go {_to(line)} now{example}."
        return self.spot.says(
            bearing, self.label, sentence, Row(f"{self.label}: {_leads(line)} go", NOTHING, _to(line))
        )

    def gone(self, index: int, weighed: tuple[Bearing, str]) -> Amendment:
        """Return the amendment of a line that is gone."""
        line = self.before[index]
        bearing, example = weighed
        sentence = f"{self.label}: {_leads(line)} no longer go {_to(line)}{example}."
        return self.spot.says(
            bearing, self.label, sentence, Row(f"{self.label}: {_leads(line)} go", _to(line), NOTHING)
        )

    def reordered(self, before: Sequence[int], after: Sequence[int], weighed: tuple[Bearing, str]) -> Amendment:
        """Return the amendment of lines that stand in another order."""
        bearing, example = weighed
        now, proposed = (
            ", ".join(_to(self.before[each]) for each in before),
            ", ".join(_to(self.after[each]) for each in after),
        )
        sentence = f"{self.label}, the first that matches: {now} → {proposed}{example}."
        return self.spot.says(
            bearing, self.label, sentence, Row(f"{self.label}, the first that matches", now, proposed)
        )

    def named(self, line: Route) -> str:
        """Return a line by where it leads, with its condition where several lead there."""
        alike = [each for each in self.after if (each.to, each.stage) == (line.to, line.stage)]
        when = f" when {in_guillemets(line.when.value)}" if len(alike) > 1 and line.when else ""
        return f"{self.label}: {_to(line)}{when}"


def told_line(lines: Lines, moves: Moves, one: int, other: int) -> Iterator[Amendment]:
    """Tell everything that is another in a line that was there and still is."""
    before, after = lines.before[one], lines.after[other]
    old, new = _plain(before), _plain(after)
    changed = {key for key in Route.model_fields if old.get(key) != new.get(key)}
    told = _Line(lines, moves, before, after, one, other)
    if changed & {"to", "stage"}:
        yield told.place()
    if "when" in changed:
        yield told.when()
    for key in ("skip", "notify"):
        if key in changed:
            yield from told.names(key)
    for key in ("how", "weights", "cap", "overflow", "reason", "means"):
        if key in changed:
            yield told.value(key)


@dataclass(frozen=True)
class _Line:
    """One line on both sides."""

    lines: Lines
    moves: Moves
    before: Route
    after: Route
    one: int
    other: int

    @property
    def label(self) -> str:
        return self.lines.named(self.after)

    def says(self, bearing: Bearing, sentence: str, *rows: Row) -> Amendment:
        return self.lines.spot.says(bearing, self.lines.label, f"{sentence}.", *rows)

    def place(self) -> Amendment:
        """Tell that the same leads go somewhere else."""
        spot = self.lines.spot
        bearing = move_between(spot, of_route(self.before, spot.old), of_route(self.after, spot.new))
        now, proposed = _to(self.before), _to(self.after)
        sentence = f"{self.lines.label}: {_leads(self.after)} go {arrow(now, proposed)}"
        return self.says(bearing, sentence, Row(f"{self.lines.label}: {_leads(self.after)} go", now, proposed))

    def when(self) -> Amendment:
        """Tell that other leads go to the same place."""
        bearing, example = self.moves.of(self.one, self.other)
        now, proposed = (_leads(each) for each in (self.before, self.after))
        sentence = f"{self.lines.label}: {_to(self.after)} go {now} → {proposed}{example}"
        return self.says(bearing, sentence, Row(f"{self.lines.label}: {_to(self.after)} go", now, proposed))

    def names(self, key: str) -> Iterator[Amendment]:
        """Tell who is passed over, or hears of it, now or no longer."""
        before, after = (getattr(each, key) for each in (self.before, self.after))
        more, fewer = _VERBS[key]
        row = Row(f"{self.label} {more.removeprefix('also ')}", named(before) or NOTHING, named(after) or NOTHING)
        for names, verb, effect in (
            ([each for each in after if each not in before], more, Effect.TIGHTENS),
            ([each for each in before if each not in after], fewer, Effect.LOOSENS),
        ):
            if names:
                yield self.says(self._heard(names, effect, key), f"{self.label} {verb} {named(names)}", row)

    def _heard(self, names: Sequence[str], effect: Effect, key: str) -> Bearing:
        """Weigh it: whom the side that answers passes over is its own affair, whom else it tells is owed to them."""
        old = self.lines.spot.old
        answering = sides(old).answering
        parties = {party_of(each, old) for each in names} - {None, answering}
        if key == "notify" and parties and answering is not None:
            return promise(old, (answering,), effect)
        return routing(old)

    def value(self, key: str) -> Amendment:
        """Tell any other key of a line."""
        before, after = (getattr(each, key) or None for each in (self.before, self.after))
        what = _VALUES[key]
        said = "it is explained otherwise" if key == "means" else change_of(what, before, after)
        return self.says(
            self._valued(key), f"{self.label}, {said}", Row(f"{self.label}, {what}", spelled(before), spelled(after))
        )

    def _valued(self, key: str) -> Bearing:
        spot = self.lines.spot
        if key == "means":
            return TECHNICAL
        if key == "reason":
            stage = spot.new.stages.get(self.after.stage or "")
            return feedback(spot.new.feedback.get((stage.reasons if stage else None) or "", ()))
        if key == "overflow":
            one, other = (destination(spot.old, to=each.overflow) for each in (self.before, self.after))
            here = of_route(self.after, spot.new)
            return move_between(spot, one if self.before.overflow else here, other if self.after.overflow else here)
        if key == "cap" and self._leaves_the_side():
            return self._capped()
        return routing(spot.old)

    def _leaves_the_side(self) -> bool:
        spot = self.lines.spot
        return (
            bool(self.after.overflow)
            and destination(spot.new, to=self.after.overflow).party != sides(spot.old).answering
        )

    def _capped(self) -> Bearing:
        """Weigh a cap beyond which leads go to another side: a lower one lets more of them go."""
        old = self.lines.spot.old
        answering = sides(old).answering
        grown = compared(self.before.cap, self.after.cap)
        if self.before.cap is None or self.after.cap is None:
            grown = 1 if self.after.cap is None else -1
        effect = Effect.UNMEASURABLE if grown is None else Effect.TIGHTENS if grown > 0 else Effect.LOOSENS
        return promise(old, () if answering is None else (answering,), effect)


_VERBS: Mapping[str, tuple[str, str]] = {
    "skip": ("also skips", "no longer skips"),
    "notify": ("also tells", "no longer tells"),
}
_VALUES: Mapping[str, str] = {
    "how": "the turns",
    "weights": "the weights",
    "cap": "the cap",
    "overflow": "the place for what no member can take",
    "reason": "the reason",
    "means": "the explanation",
}


def _leads(line: Route) -> str:
    return f"leads with {in_guillemets(line.when.value)}" if line.when else "all other leads"


def _to(line: Route) -> str:
    return f"to {line.to}" if line.to is not None else f"into {line.stage}" if line.stage else "nowhere"
