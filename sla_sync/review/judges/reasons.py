"""Changes of reasons and of who reads them: what is learned from leads that leave the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.amounts import Ask
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, feedback
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Figure, Listing, always, figure, names, wording
from sla_sync.review.judges.values import spelled
from sla_sync.review.words import NOTHING, arrow, named, quoted


def _judge_reasons(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "reasons", _REASONS)


def _judge_feedback(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "feedback", _FEEDBACK)


def _list(spot: Spot) -> str:
    return f"Reasons {quoted(spot.name())}"


def _reason(spot: Spot) -> str:
    return f"{_list(spot)}: {quoted(spot.name(2))}"


def _weigh(spot: Spot, effect: Effect) -> Bearing:
    del effect
    return feedback(_readers(spot))


def _readers(spot: Spot) -> frozenset[str]:
    return frozenset(role for each in (spot.old, spot.new) for role in each.feedback.get(spot.name(), ()))


def _whole_list(spot: Spot) -> Iterator[Amendment]:
    yield spot.says(feedback(_readers(spot)), _list(spot), f"{_list(spot)}: the list is {_state(spot)}.")


def _whole(spot: Spot) -> Iterator[Amendment]:
    """Tell a reason that is new or gone, and where the records go that bear it."""
    name = spot.name(2)
    rest = f"; {_records(name, spot.new)}" if spot.after is None else ""
    before, after = (named(each.reasons.get(spot.name(), ())) or NOTHING for each in (spot.old, spot.new))
    sentence = f"{_reason(spot)} is {_state(spot)}{rest}."
    yield spot.says(feedback(_readers(spot)), _list(spot), sentence, Row(_list(spot), before, after))


def _records(name: str, agreement: Agreement) -> str:
    moved = agreement.moved.reasons.get(name) if agreement.moved else None
    if moved is None:
        return "records that bear it keep it, for `moved` names no other reason"
    return f"records that bear it go to {quoted(moved)}"


def _state(spot: Spot) -> str:
    return "gone" if spot.after is None else "new"


def _revisit(spot: Spot) -> Iterator[Amendment]:
    now, proposed = (_coming_back(each) for each in (spot.before, spot.after))
    sentence = f"{_reason(spot)} comes back {arrow(now, proposed)}."
    yield spot.says(feedback(_readers(spot)), _list(spot), sentence, Row(f"{_reason(spot)} comes back", now, proposed))


def _coming_back(revisit: object) -> str:
    if revisit is None:
        return "never"
    return "on a day that is asked for" if revisit is Ask.ASK else f"after {spelled(revisit)}"


def _note(spot: Spot) -> Iterator[Amendment]:
    now, proposed = (_NOTES[cast("str | None", each)] for each in (spot.before, spot.after))
    sentence = f"{_reason(spot)}: a note is {arrow(now, proposed)}."
    yield spot.says(feedback(_readers(spot)), _list(spot), sentence, Row(f"{_reason(spot)}: a note is", now, proposed))


_NOTES: Mapping[str | None, str] = {None: "not asked for", "optional": "optional", "required": "required"}


def _category(spot: Spot) -> Iterator[Amendment]:
    now, proposed = (str(each) if each else "no group" for each in (spot.before, spot.after))
    sentence = f"{_reason(spot)} is reported in {arrow(now, proposed)}."
    yield spot.says(
        feedback(_readers(spot)), _list(spot), sentence, Row(f"{_reason(spot)} is reported in", now, proposed)
    )


def _detail(spot: Spot) -> Iterator[Amendment]:
    name = quoted(spot.name(4))
    state = "worded otherwise" if spot.before is not None and spot.after is not None else _state(spot)
    yield spot.says(feedback(_readers(spot)), _list(spot), f"{_reason(spot)}: its detail {name} is {state}.")


def _read(spot: Spot) -> Iterator[Amendment]:
    """Tell who reads a list now and who no longer; both are asked."""
    before, after = (cast("tuple[str, ...]", each or ()) for each in (spot.before, spot.after))
    gone, new = [each for each in before if each not in after], [each for each in after if each not in before]
    said = [
        *([f"{named(new)} {'read' if len(new) > 1 else 'reads'} it now"] if new else []),
        *([f"{named(gone)} no longer {'read' if len(gone) > 1 else 'reads'} it"] if gone else []),
    ]
    row = Row(f"Who reads {spot.name()}", named(before) or "nobody", named(after) or "nobody")
    yield spot.says(feedback((*before, *after)), _list(spot), f"{_list(spot)}: {', and '.join(said)}.", row)


_REASONS: Mapping[Pattern, Teller] = {
    (ANY,): _whole_list,
    (ANY, ANY): _whole,
    # A reason is nothing but its meaning: no condition says when to choose it.
    (ANY, ANY, "means"): wording(_reason, "when to choose it", _weigh),
    (ANY, ANY, "revisit"): _revisit,
    (ANY, ANY, "note"): _note,
    (ANY, ANY, "at_most"): figure(_reason, Figure("its largest share"), _weigh),
    (ANY, ANY, "category"): _category,
    (ANY, ANY, "detail", ANY): _detail,
    (ANY, ANY, "then"): names(
        _reason,
        Listing("also starts {}", "no longer starts {}", Effect.NEUTRAL, "starts its hooks in another order"),
        always(TECHNICAL),
    ),
}
_FEEDBACK: Mapping[Pattern, Teller] = {(ANY,): _read}

JUDGES: Mapping[str, Judge] = {"reasons": _judge_reasons, "feedback": _judge_feedback}
