"""Points 3 and 11: one automation writes each stamp, and one escalates."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.attestations import Point
from sla_sync.connector import Automation
from sla_sync.consistency.sides import Pair, Side, writing
from sla_sync.consistency.verdicts import Found, Outcome


def writers(pair: Pair) -> Iterator[Found]:
    """Yield stamps and single-writer fields that several automations write, or another platform's than was named."""
    yield from _untold(pair)
    good: list[str] = []
    wrong = False
    for word in _words(pair):
        doing = [(side, each) for side in pair.sides for each in writing(side, word)]
        trouble = _trouble(pair, word, doing)
        if trouble:
            wrong = True
            yield Found(
                Outcome.DIFFERS,
                trouble,
                ("fields", word),
                next((side.document for side in pair.sides if word in side.binding.fields), None),
                "Let one automation write it, and switch the others off.",
            )
        elif doing:
            good.append(f"{word} on {doing[0][0].target}")
    if not wrong:
        told = ", ".join(good) if good else "none of them at all"
        yield Found(
            Outcome.GOOD, f"Each stamp is written by the automations of one platform: {told}.", ("commitments",)
        )


def _words(pair: Pair) -> tuple[str, ...]:
    """Return the stamps, and the fields for which a binding names a writer; what people write has several authors."""
    by_people = {each.name for each in pair.resources.fields if each.written_by_people}
    agreed = {each.name for each in pair.resources.fields}
    bound = {word for side in pair.sides for word in side.binding.fields}
    declared = {word for side in pair.sides for word, each in side.binding.fields.items() if each.writer}
    known = [word for side in pair.sides for word in side.facts.fields]
    return tuple(
        dict.fromkeys(
            word
            for word in known
            if word not in by_people and (word in declared or word in agreed or word not in bound)
        )
    )


def _trouble(pair: Pair, word: str, doing: list[tuple[Side, Automation]]) -> str:
    """Return in a sentence why more than one writes a word, or another than was named; nothing where all is well."""
    named = {each.writer for side in pair.sides if (each := side.binding.fields.get(word)) and each.writer}
    if len(named) > 1:
        return f"'{word}' is written by {' and by '.join(sorted(named))} according to the bindings."
    told = "; ".join(f"«{each.name}» on {side.target}" for side, each in doing)
    if len({side.platform for side, _ in doing}) > 1:
        return f"'{word}' is written on both platforms: by {told}."
    strange = [(side, each) for side, each in doing if named and side.platform not in named]
    if strange:
        return f"'{word}' is written by {told}, and the bindings name {next(iter(named))} as its only writer."
    others = [each for _, each in doing if each.address is None]
    if others and len(doing) > 1:
        return f"'{word}' is written by several automations: {told}."
    if others and not named:
        return f"'{word}' is a stamp of the agreement, and {told}, which is not ours, writes it."
    return ""


def escalation(pair: Pair) -> Iterator[Found]:
    """Yield automations besides the agreement's own that tell or move people by the state of a clock."""
    yield from _untold(pair)
    wrong = [
        Found(
            Outcome.DIFFERS,
            f"«{each.name}» on {side.target} reads {', '.join(sorted(each.reads & side.facts.clock_fields))} and tells or "
            f"moves people, and {_who(pair)} does so already.",
            ("commitments",),
            None,
            "Switch it off, or agree on what it does.",
        )
        for side in pair.sides
        for each in side.facts.automations
        if each.acts and each.reads & side.facts.clock_fields and not (each.address and side.runs_clocks)
    ]
    both = [side.target for side in pair.sides if side.runs_clocks]
    if len(both) > 1 and pair.resources.clocks:
        yield Found(
            Outcome.DIFFERS,
            f"The clocks run on {' and on '.join(both)}, so that each breach is told twice.",
            ("timers",),
            pair.second.document,
            "Say `timers` in one of the bindings, with the other platform's name.",
        )
    elif not wrong:
        yield Found(Outcome.GOOD, f"Only the agreement's own automations on {_who(pair)} escalate.", ("commitments",))
    yield from wrong


def _who(pair: Pair) -> str:
    return " and ".join(side.target for side in pair.sides if side.runs_clocks) or "nobody"


def _untold(pair: Pair) -> Iterator[Found]:
    for side in pair.sides:
        if "automations" in side.facts.untold:
            yield Found(
                Outcome.UNKNOWN,
                f"{side.target} does not show what its automations do: {side.facts.untold['automations']}",
                ("commitments",),
                None,
                f"Give the token the right to read automations, or attest `{Point.WRITERS}` and `{Point.ESCALATION}`.",
            )
