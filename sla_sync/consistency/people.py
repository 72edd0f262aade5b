"""Point 7: whoever the agreement names is the same person on both platforms, and every team and queue is there."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.consistency.sides import Pair, Side
from sla_sync.consistency.verdicts import Found, Outcome


def people(pair: Pair) -> Iterator[Found]:
    """Yield names behind which there is nobody, roles that are somebody else on each side, and places that are missing."""
    found = [*_nobody(pair), *_somebody_else(pair), *_places(pair)]
    yield from found
    if not found:
        names = {name for side in pair.sides for name in side.facts.people}
        spots = {name for side in pair.sides for name in side.facts.spots}
        yield Found(
            Outcome.GOOD,
            f"{len(names)} people are the same on {pair.names}, by their e-mail addresses; "
            f"{len(spots)} teams and queues are there.",
            ("teams",),
        )


def _nobody(pair: Pair) -> Iterator[Found]:
    for side in pair.sides:
        for part in ("people", "spots"):
            if part in side.facts.untold:
                yield Found(
                    Outcome.UNKNOWN,
                    f"{side.target} does not tell its {'people' if part == 'people' else 'teams and queues'}: "
                    f"{side.facts.untold[part]}",
                    ("teams",),
                    None,
                    "Give the token the right to read them.",
                )
        for name, person in side.facts.people.items():
            if person.email is None:
                yield Found(
                    Outcome.DIFFERS,
                    f"{side.target}: {person.trouble}",
                    _role(side, name),
                    None,
                    "Correct the people of this target, or invite and activate them there.",
                )


def _role(side: Side, name: str) -> tuple[str, ...]:
    role = next((role for role, names in side.people.items() if name in names), "")
    return ("teams", role) if role in side.binding.teams else ("roles", role)


def _somebody_else(pair: Pair) -> Iterator[Found]:
    first, second = pair.sides
    for role in dict.fromkeys((*first.people, *second.people)):
        mails = [
            {
                each.email.casefold()
                for name in side.people.get(role, ())
                if (each := side.facts.people.get(name)) and each.email
            }
            for side in pair.sides
        ]
        known = all(name in side.facts.people for side in pair.sides for name in side.people.get(role, ()))
        whole = all(len(mail) == len(side.people.get(role, ())) for mail, side in zip(mails, pair.sides, strict=True))
        if known and whole and mails[0] != mails[1]:
            said = " and ".join(
                f"{', '.join(sorted(mail)) or 'nobody'} on {side.target}"
                for mail, side in zip(mails, pair.sides, strict=True)
            )
            yield Found(
                Outcome.DIFFERS,
                f"'{role}' is {said}; owners are matched by their e-mail address.",
                ("teams", role) if role in first.binding.teams else ("roles", role),
                None,
                "Name the same people for both targets, with one e-mail address each.",
            )


def _places(pair: Pair) -> Iterator[Found]:
    for side in pair.sides:
        for word, spot in side.facts.spots.items():
            section = "teams" if word in side.binding.teams else "queues"
            if spot.there is not True:
                yield Found(
                    Outcome.DIFFERS if spot.there is False else Outcome.UNKNOWN,
                    f"'{word}' is «{spot.name}», and {side.target} "
                    f"{'has nothing of that name' if spot.there is False else 'does not tell whether that is there'}.",
                    (section, word),
                    side.document,
                    "Create it there, or correct the binding.",
                )
