"""How leads are scored: what gives points, how points fade, and from when a lead is ready."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.quantities import TopShare, Undecided
from sla_sync.agreement.sections.amounts import Idle
from sla_sync.agreement.sections.scoring import Decay, Dimension, ScoringModel
from sla_sync.explain.conditions import condition, fields, top_share
from sla_sync.explain.names import capital, heading, words
from sla_sync.explain.page import Block, Heading, Paragraph, Table, Terms
from sla_sync.explain.spoken import TO_DECIDE, bound, duration, number

_SIDES = (("fit", "Who they are"), ("engagement", "What they did"))


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield one part for each scoring model."""
    if not agreement.scoring:
        return
    yield Heading(2, "How leads are scored")
    for name, model in agreement.scoring.items():
        if len(agreement.scoring) > 1 or model.for_segment:
            yield Heading(3, f"The score “{words(name)}”")
        if model.means:
            yield Paragraph(model.means)
        yield Terms(list(_facts(model, agreement)))
        for key, label in _SIDES:
            side: Dimension | None = getattr(model, key)
            if side is not None:
                yield from _side(label, side, agreement)
        yield from _grades(model, agreement)


def threshold(model: ScoringModel) -> str:
    """Return from when a lead is ready: `100 points`, `the top 10% of inquiries`."""
    match model.threshold:
        case None:
            return ""
        case Undecided():
            return TO_DECIDE
        case TopShare():
            return f"the {top_share(model.threshold)}"
        case points:
            return f"{number(points)} points"


def _facts(model: ScoringModel, agreement: Agreement) -> Iterator[tuple[str, str]]:
    if model.threshold is not None:
        yield "A lead is ready at", f"{capital(threshold(model))}."
    if model.for_segment:
        yield "Scores", f"Leads of the segment {words(model.for_segment)}."
    if model.precedence is not None:
        yield (
            "Comes before others",
            f"As number {model.precedence}: where several score a lead, the lowest number counts.",
        )
    if model.floor is not None:
        yield "Never below", f"{model.floor} points."
    if model.resets_when:
        yield "Begins anew", f"When {condition(model.resets_when.value, agreement)}."
    if model.exclude:
        yield "Not scored", f"{capital(fields(model.exclude))}."
    if model.kept_in:
        yield "Kept in", f"{capital(words(model.kept_in))}, which works the score out."


def _side(label: str, side: Dimension, agreement: Agreement) -> Iterator[Block]:
    most = f", at most {side.max} points in all" if side.max is not None else ""
    limited = any(each.at_most is not None for each in side.add.values())
    rows = []
    for name, each in side.add.items():
        why = f"{capital(condition(each.when.value, agreement))}.{f' {each.means}' if each.means else ''}"
        row = (heading(name), why, _points(each.points))
        rows.append((*row, capital(bound(each.at_most)) if each.at_most is not None else "") if limited else row)
    if rows:
        head = ("Signal", "When", "Points", *(("Counts",) if limited else ()))
        yield Table(f"{label}{most}", head, rows, frozenset({2}))
    for field, brackets in side.brackets.items():
        ranges = [(capital(said), _points(points)) for said, points in brackets.items()]
        yield Table(
            f"{label}: points by {words(field)}{'' if rows else most}",
            (heading(field), "Points"),
            ranges,
            frozenset({1}),
        )
    if side.decay is not None:
        yield Paragraph(f"{label} fades: {_decay(side.decay)}.")


def _decay(decay: Decay) -> str:
    idle = decay.after.duration if isinstance(decay.after, Idle) else decay.after
    begins = "" if idle is None else f" once nothing has been done for {duration(idle)}"
    every = "" if decay.every is None else f", and again every {duration(decay.every)}"
    points = decay.points if isinstance(decay.points, Undecided) else abs(decay.points)
    return f"{points} points go{begins}{every}"


def _points(points: int | Undecided) -> str:
    if isinstance(points, Undecided):
        return TO_DECIDE
    return f"−{abs(points)}" if points < 0 else f"+{points}" if points else "0"


def _grades(model: ScoringModel, agreement: Agreement) -> Iterator[Block]:
    if model.grade is None:
        return
    for key, label in _SIDES:
        cuts: dict[str, float | Expression | Undecided] = getattr(model.grade, key)
        if cuts:
            rows = [(grade, _cut(cut, agreement)) for grade, cut in cuts.items()]
            yield Table(f"Grades for {label[:1].lower()}{label[1:]}", ("Grade", "From"), rows)


def _cut(cut: float | Expression | Undecided, agreement: Agreement) -> str:
    if isinstance(cut, Undecided):
        return TO_DECIDE
    return f"{number(cut)} points" if isinstance(cut, int | float) else f"{capital(condition(cut, agreement))}."
