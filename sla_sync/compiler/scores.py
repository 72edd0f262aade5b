"""Between which numbers a score can lie, as far as its model says; a platform can refuse what lies beyond."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.scoring import Dimension, ScoringModel

Bounds = tuple[float | None, float | None]
"""The least and the most points; None where there is no such bound."""


def score_bounds(agreement: Agreement) -> Mapping[str, Mapping[str, Bounds]]:
    """Return model → `score`, and each of its sides → bounds; what is bound on neither side is left out."""
    found = {name: _of_model(model) for name, model in agreement.scoring.items()}
    return {name: bounds for name, bounds in found.items() if bounds}


def _of_model(model: ScoringModel) -> Mapping[str, Bounds]:
    sides = {"fit": model.fit, "engagement": model.engagement}
    bounds = {name: _of_side(side) for name, side in sides.items() if side is not None}
    least = float(model.floor) if isinstance(model.floor, int) else _sum(each[0] for each in bounds.values())
    bounds["score"] = (least, _sum(each[1] for each in bounds.values()))
    return {name: each for name, each in bounds.items() if each != (None, None)}


def _of_side(side: Dimension) -> Bounds:
    points = [each.points for each in side.add.values()]
    points += [each for brackets in side.brackets.values() for each in brackets.values()]
    # Points that nobody has decided yet may be anything, and what fades may fade below zero.
    grows = side.decay is None and all(isinstance(each, int) and each >= 0 for each in points)
    return (0.0 if grows else None, float(side.max) if isinstance(side.max, int) else None)


def _sum(numbers: Iterable[float | None]) -> float | None:
    known = list(numbers)
    return None if not known or None in known else sum(each for each in known if each is not None)
