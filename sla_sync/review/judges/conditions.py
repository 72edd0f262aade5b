"""Changes of conditions of a promise: which leads it is about, when its clock stands still, when a miss is excused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.agreement.expressions import print_expression
from sla_sync.agreement.expressions.measures import CountOf, CountOfEvents, SumOf
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning import domain_of
from sla_sync.explain.conditions import condition as spoken
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.breadth import ALWAYS, NEVER, breadth
from sla_sync.review.judges.duties import now_or_before, weigh_duty
from sla_sync.review.judges.spots import Spot, Teller
from sla_sync.review.judges.tellers import condition_of


@dataclass(frozen=True)
class _Clause:
    """How a condition is told where it is new, gone or another one; `{}` is the condition.

    `wider` is the effect of one that holds for more leads, `missing` what holds where none is written; `takes` and
    `leaves` say what becomes of a lead that shows the difference.
    """

    new: str
    gone: str
    other: str
    wider: Effect
    missing: Expression
    takes: str
    leaves: str


_PAUSES = _Clause(
    "its clock stands still while {}",
    "its clock no longer stands still while {}",
    "its clock stands still while {} → while {}",
    Effect.LOOSENS,
    NEVER,
    "makes it stand still now",
    "makes it stand still no longer",
)
_EXCUSES = _Clause(
    "a miss no longer counts if {}",
    "a miss counts again if {}",
    "a miss does not count if {} → if {}",
    Effect.LOOSENS,
    NEVER,
    "is excused now",
    "is excused no longer",
)
_WHERE = _Clause(
    "it is only about leads where {}",
    "it is about all leads, no longer only where {}",
    "it is about leads where {} → where {}",
    Effect.TIGHTENS,
    ALWAYS,
    "counts now",
    "counts no longer",
)
_COUNTED = (CountOf, CountOfEvents, SumOf)


def _told(said: _Clause) -> Teller:
    def tell(spot: Spot) -> Iterator[Amendment]:
        yield _amendment(spot, said, said.wider)

    return tell


pauses = _told(_PAUSES)
excuses = _told(_EXCUSES)


def where(spot: Spot) -> Iterator[Amendment]:
    """Tell which leads a promise is about: more to answer ask more, more that count ask less, a share may go either way."""
    kept = now_or_before(spot)
    counted = kept.measure.value if kept.measure else None
    wider = (
        Effect.TIGHTENS if counted is None else Effect.LOOSENS if isinstance(counted, _COUNTED) else Effect.UNMEASURABLE
    )
    yield _amendment(spot, _WHERE, wider)


def _amendment(spot: Spot, said: _Clause, wider: Effect) -> Amendment:
    before, after = condition_of(spot.before), condition_of(spot.after)
    found = breadth(before or said.missing, after or said.missing, domain_of(spot.new))
    texts = [print_expression(each) for each in (before, after) if each is not None]
    form = said.new if before is None else said.gone if after is None else said.other
    example = found.example(said.takes, said.leaves) if before is not None and after is not None else ""
    row = Row(
        f"{spot.name()}: {said.new.partition(' {}')[0]}",
        spoken(before, spot.old) if before is not None else "nothing",
        spoken(after, spot.new) if after is not None else "nothing",
    )
    sentence = f"{spot.name()}: {form.format(*texts)}{example}."
    return spot.says(weigh_duty(spot, found.effect(wider=wider)), spot.name(), sentence, row)
