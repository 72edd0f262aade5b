"""Points 5 and 9: what passes between two fields fits into both, and may be written where it arrives."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import FactKind, FieldFact
from sla_sync.consistency.sides import Pair, Route, Side, Way
from sla_sync.consistency.verdicts import Found, Outcome


def types(pair: Pair) -> Iterator[Found]:
    """Yield fields that are missing, and pairs of fields of which one does not take what the other holds."""
    wrong = [*_missing(pair)]
    fitting = 0
    for word, fields, route in pair.travels():
        if _is_stage(pair, fields):
            continue  # its values are compared one by one under `vocabulary`
        found = [each for source in _sources(pair, word, route) if (each := _misfit(pair, word, source))]
        fitting += not found
        wrong += found
    yield from wrong
    if not wrong:
        yield Found(
            Outcome.GOOD, f"{fitting} fields pass between {pair.names}, and each fits into its partner.", ("fields",)
        )


def _missing(pair: Pair) -> Iterator[Found]:
    for side in pair.sides:
        for word, bound in side.binding.fields.items():
            if word not in side.facts.fields and not bound.through and "fields" not in side.facts.untold:
                yield Found(
                    Outcome.DIFFERS,
                    f"'{word}' is bound to {bound.field}, which {side.target} does not have or does not show.",
                    ("fields", word),
                    side.document,
                    "Create the field, correct the binding, or let the user of this target see it.",
                )


def _misfit(pair: Pair, word: str, source: Side) -> Found | None:
    target = pair.other(source)
    before, after = source.facts.fields[word], target.facts.fields[word]
    why = misfit(before, after)
    if not why:
        return None
    return Found(
        Outcome.DIFFERS,
        f"'{word}' passes from {before.name} ({before.said}) on {source.target} to {after.name} ({after.said}) on "
        f"{target.target}, {why}.",
        ("fields", word),
        target.document,
        "Bind it to a field of the same type, or do not map it.",
    )


def misfit(before: FieldFact, after: FieldFact) -> str:
    """Return in a clause why a field does not take what another one holds; nothing where it does."""
    kinds = {before.holds, after.holds}
    if kinds == {FactKind.INSTANT, FactKind.DATE}:
        return "and one of them knows the day only"
    if after.holds is FactKind.CHOICE and after.choices is not None and before.holds is not FactKind.CHECKBOX:
        if before.choices is None:
            return "which takes the values of its list only"
        strange = [each for each in before.choices if each not in after.choices]
        return f"which does not take {', '.join(f'«{each}»' for each in strange[:3])}" if strange else ""
    if before.holds is not after.holds and kinds not in _ALIKE:
        return f"which holds {_KINDS[after.holds]} and not {_KINDS[before.holds]}"
    if before.length and after.length and before.length > after.length:
        return f"which takes {after.length} of its {before.length} characters"
    return ""


_ALIKE = ({FactKind.CHOICE, FactKind.TEXT},)
_KINDS = {
    FactKind.TEXT: "a text",
    FactKind.NUMBER: "a number",
    FactKind.CHECKBOX: "a yes or no",
    FactKind.INSTANT: "an instant",
    FactKind.DATE: "a day",
    FactKind.CHOICE: "one of a list",
    FactKind.PERSON: "a person",
    FactKind.OTHER: "something else",
}


def rights(pair: Pair) -> Iterator[Found]:
    """Yield fields that the exchange has to write and may not."""
    wrong, may = [], 0
    for word, _, route in pair.travels():
        for source in _sources(pair, word, route):
            target = pair.other(source)
            fact = target.facts.fields[word]
            may += fact.editable is True
            if fact.editable is False:
                wrong.append(
                    Found(
                        Outcome.DIFFERS,
                        f"{fact.name} on {target.target} takes '{word}' from {source.target}, and cannot: {fact.locked}.",
                        ("fields", word),
                        target.document,
                        "Let the user by whom the platforms are joined edit it, or bind it to another field.",
                    )
                )
    yield from wrong
    if not wrong:
        users = " and ".join(f"{side.facts.user} on {side.target}" for side in pair.sides if side.facts.user)
        yield Found(Outcome.GOOD, f"{may} fields that the exchange writes may be written by {users}.", ("fields",))


def _sources(pair: Pair, word: str, route: Route | None) -> tuple[Side, ...]:
    """Return the sides from which a word passes to the other one; `route` decides where the exchange is written down."""
    if route is None or route.way is Way.NONE:
        writer = pair.writer_of(word)
        return tuple(side for side in pair.sides if side.platform == writer)
    writer = pair.writer_of(word)
    if route.way is Way.ONE:
        return tuple(side for side in pair.sides if side.platform == route.source)
    return tuple(side for side in pair.sides if writer is None or side.platform == writer)


def _is_stage(pair: Pair, fields: dict[str, str]) -> bool:
    return any(
        each.place == fields.get(side.platform)
        for side in pair.sides
        for values in side.facts.stages.values()
        for each in values
    )
