"""What no judge has a sentence for: told edit by edit, in the words of the file, and taken for as grave as its section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.diagnostics import spell
from sla_sync.review.amendments import Amendment, Edit, Effect, Matter, Row
from sla_sync.review.ground import Ground
from sla_sync.review.voices import parties_that_promise
from sla_sync.review.words import spelled_plain

_MATTERS: Mapping[str, Matter] = {
    "accepted": Matter.TECHNICAL,
    "apiVersion": Matter.TECHNICAL,
    "approval": Matter.GOVERNANCE,
    "calendars": Matter.MEASUREMENT,
    "commitments": Matter.UNCLEAR_PROMISE,
    "feedback": Matter.FEEDBACK,
    "goal": Matter.GOAL,
    "goals": Matter.GOAL,
    "groups": Matter.MEASUREMENT,
    "handoff": Matter.UNCLEAR_PROMISE,
    "kind": Matter.TECHNICAL,
    "metadata": Matter.MEASUREMENT,
    "moved": Matter.TECHNICAL,
    "priorities": Matter.UNCLEAR_PROMISE,
    "quality": Matter.MEASUREMENT,
    "queues": Matter.ROUTING,
    "reasons": Matter.FEEDBACK,
    "reports": Matter.GOVERNANCE,
    "reviews": Matter.GOVERNANCE,
    "roles": Matter.GOVERNANCE,
    "routing": Matter.UNCLEAR_PROMISE,
    "scoring": Matter.UNCLEAR_ENTRY,
    "segments": Matter.MEASUREMENT,
    "sources": Matter.UNCLEAR_ENTRY,
    "stages": Matter.UNCLEAR_ENTRY,
    "teams": Matter.MEASUREMENT,
    "terms": Matter.TECHNICAL,
}
"""What an edit of each section is taken for where nobody can say more: never less than it may be."""

_WITHOUT_EFFECT = frozenset({Matter.TECHNICAL, Matter.GOVERNANCE, Matter.FEEDBACK, Matter.ROUTING})


def judge(ground: Ground) -> Iterator[Amendment]:
    """Yield an amendment for each edit."""
    for edit in ground.edits:
        yield _alone(edit, ground)


def _alone(edit: Edit, ground: Ground) -> Amendment:
    part, *steps = map(str, edit.path)
    binding = steps[0] if part == "bindings" else None
    section = steps[0] if part == "agreement" else part
    matter = _MATTERS.get(section, Matter.MEASUREMENT)
    place = tuple(steps[1:] if binding else steps)
    named = spell(place) or steps[0]
    where = f"On {binding}: " if binding else f"Holidays in {named}: " if part == "holidays" else ""
    said = "" if part == "holidays" else f"{named}: "
    sides = parties_that_promise(ground.after.agreement) | parties_that_promise(ground.before.agreement)
    grave = matter not in _WITHOUT_EFFECT
    now, proposed = spelled_plain(edit.before), spelled_plain(edit.after)
    return Amendment(
        matter=matter,
        place=place,
        subject=named,
        sentence=f"{where}{said}{now} → {proposed}.",
        effects=dict.fromkeys(sorted(sides), Effect.UNMEASURABLE) if grave else {},
        edits=(edit,),
        rows=(Row(f"{where}{named}", now, proposed),),
        bound=sides if grave else frozenset(),
        owed=sides if grave else frozenset(),
        binding=binding,
    )
