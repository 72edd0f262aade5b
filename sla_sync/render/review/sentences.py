"""What a review says in every format: its headline, who gains, who must still sign, from when it can be in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from sla_sync.diagnostics import Diagnostic
from sla_sync.explain import names
from sla_sync.render.words import count, tally
from sla_sync.review.amendments import Amendment, Effect, Matter
from sla_sync.review.outcome import Consented, Notice, Review, Unreviewed

_LONGEST_TITLE = 160
SAME = "Both mean the same."
_ALIKE_AT_MOST, _ALIKE_SHOWN = 12, 3
_OF_NOBODY: Mapping[Matter, str] = {
    Matter.FEEDBACK: "Changes what is learnt from leads that come back.",
    Matter.ROUTING: "Changes who gets a lead; nobody's promise changes.",
    Matter.GOVERNANCE: "Changes who decides.",
    Matter.TECHNICAL: "Changes no promise.",
}
"""What is said of an amendment that touches nobody's duty, where its sort says it."""
_OURS = frozenset({"history", "settings"})
"""What may be untold and is no target."""


def headline(review: Review | Unreviewed) -> str:
    """Return what a review is about in one line: the gravest amendment, and how many more there are."""
    return f"{review.title}: {about(review)}"


def about(review: Review | Unreviewed) -> str:
    """Return the headline without the name of the agreement."""
    if isinstance(review, Unreviewed):
        return "nothing to compare"
    amendments = review.difference.amendments
    if not amendments:
        return "the same meaning"
    # The gravest stands first.
    more = f" and {len(amendments) - 1} more" if len(amendments) > 1 else ""
    return f"{short(names.clause(amendments[0].sentence), _LONGEST_TITLE)}{more}"


def status(review: Review | Unreviewed) -> str:
    """Return where a change stands, in capitals: what must be corrected, and for whom it waits."""
    if isinstance(review, Unreviewed):
        if review.blocked:
            return "NEEDS CORRECTION"
        return f"NEW · WAITING FOR {_awaited(review.missing)}" if review.missing else "NEW"
    parts = ["NEEDS CORRECTION"] if review.blocked else []
    if review.consent.missing:
        parts.append(f"WAITING FOR {_awaited(review.consent.missing)}")
    if parts:
        return " · ".join(parts)
    if not review.difference.amendments:
        return "NO CHANGE OF MEANING"
    return "SIGNED BY ALL WHO MUST" if review.consent.needed else "NOBODY NEED SIGN"


def _awaited(roles: Sequence[str]) -> str:
    return names.listed([role(each) for each in roles]).upper()


def role(name: str) -> str:
    """Return a role as a label: VP Marketing."""
    return " ".join(names.capital(each) for each in names.words(name).split())


def signers(roles: Sequence[str]) -> str:
    """Return who must sign an amendment."""
    return f"Must be signed by: {', '.join(map(role, roles))}" if roles else "Nobody need sign it."


def titled(what: str) -> str:
    """Return what could not be told as a title; the name of a target stays as it is spelled."""
    return what.capitalize() if what in _OURS else what


def gains(amendment: Amendment) -> str:
    """Return in a sentence or two what an amendment does to whose duty."""
    said = [_effect(effect, parties) for effect, parties in _by_effect(amendment).items()]
    return " ".join(said) or _OF_NOBODY.get(amendment.matter, "Changes nobody's promise.")


def gains_of_all(amendments: Iterable[Amendment]) -> str:
    """Return what a whole change does to everybody's duties: each sentence once; what touches nobody's only by itself."""
    every = tuple(amendments)
    felt = tuple(each for each in every if _by_effect(each))
    return " ".join(dict.fromkeys(gains(each) for each in felt or every))


def _by_effect(amendment: Amendment) -> Mapping[Effect, list[str]]:
    found: dict[Effect, list[str]] = {}
    for effect in Effect:
        parties = [party for party, each in amendment.effects.items() if each is effect]
        if parties and effect is not Effect.NEUTRAL:
            found[effect] = parties
    return found


def _effect(effect: Effect, parties: list[str]) -> str:
    said = [names.party(each) for each in parties]
    owners = names.listed([f"{each}'" if each.endswith("s") else f"{each}'s" for each in said])
    if effect is Effect.TIGHTENS:
        return f"Asks more of {names.listed(said)}."
    if effect is Effect.LOOSENS:
        return f"Loosens {owners} {'promise' if len(said) == 1 else 'promises'}."
    return f"Whether it asks more or less of {names.listed(said)} cannot be told from the texts."


def asked_by(review: Review) -> tuple[tuple[str, ...], ...]:
    """Return for each amendment, in their order, which roles are asked about it."""
    about = [(asked.role, {id(each) for each in asked.amendments}) for asked in review.consent.needed]
    return tuple(
        tuple(role for role, amendments in about if id(each) in amendments) for each in review.difference.amendments
    )


def in_force(notice: Notice, *, missing: bool) -> str:
    """Return from when a change can be in force: «If signed today, in force 16 Nov 2026 (10 business days' notice).»."""
    if not notice.said:
        start = f"In force from {day(notice.planned)}"
        return f"{start}; no notice is agreed."
    signed = "If signed today" if missing else f"Signed {day(notice.signed_on)}"
    said = f"{signed}, in force {day(max(notice.first, notice.planned))} ({owned(notice.said)} notice)."
    if notice.planned < notice.first:
        return f"{said} The file says {day(notice.planned)}."
    return said


def owned(said: str) -> str:
    """Return a length of time as what a notice has: 10 business days', 1 month's."""
    return f"{said}'" if said.endswith("s") else f"{said}'s"


def day(value: date) -> str:
    """Return a day as people write it: 16 Nov 2026."""
    return f"{value.day} {value:%b %Y}"


def settings_in_short(review: Review) -> str:
    """Return what changes on which target, in one line."""
    if not review.settings:
        return ""
    parts = [f"{each.target} {f'({each.summary})' if each.summary else 'none'}" for each in review.settings]
    steps = sum(len(each.manual) for each in review.settings)
    return f"{'; '.join(parts)}; {count(steps, 'new manual step') if steps else 'no new manual step'}"


def folded(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines about settings; of many that follow each other and are alike, such as the days of a calendar, a few."""
    for _, alike in groupby(lines, lambda each: each.partition(".")[0]):
        run = list(alike)
        shown = run if len(run) <= _ALIKE_AT_MOST else run[:_ALIKE_SHOWN]
        yield from shown
        if len(shown) < len(run):
            yield f"… and {len(run) - len(shown)} more lines like these; --format json has all"


def boxes(review: Review) -> Iterator[tuple[str, Consented | None]]:
    """Yield every role that must sign and every one that has signed, with its signature where it is there."""
    given = {each.role: each for each in review.consent.given}
    asked = [each.role for each in review.consent.needed]
    for each in dict.fromkeys((*given, *asked)):
        yield each, given.get(each)


def checks_in_short(review: Review) -> str:
    """Return which findings come and go, in one line."""
    new, gone = review.appeared, review.disappeared
    parts = [f"new: {tally(new)}" if new else "no new findings"]
    if gone:
        parts.append(f"gone: {tally(gone)}")
    return "; ".join(parts)


def corrections(review: Review) -> tuple[Diagnostic, ...]:
    """Return what rules about a change find, without the consent that is still awaited, which is said by itself."""
    return tuple(each for each in review.diagnostics if not review.awaits(each))


def short(text: str, most: int) -> str:
    """Return a text cut to so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
