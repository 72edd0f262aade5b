"""A review as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.render.diagnostics import findings_as_text
from sla_sync.render.review import sentences
from sla_sync.render.words import visible
from sla_sync.review.outcome import Review, SettingsOnTarget, Unreviewed


def review_as_text(review: Review | Unreviewed) -> str:
    """Return the whole of a review: what changes and for whom, settings, findings, who has signed, from when."""
    return visible("\n".join(_unreviewed(review) if isinstance(review, Unreviewed) else _lines(review)))


def _unreviewed(review: Unreviewed) -> Iterator[str]:
    yield f"{review.title} · {sentences.status(review)}"
    yield ""
    yield review.because
    yield f"  → {review.hint}"
    if review.diagnostics:
        yield ""
        yield findings_as_text(review.diagnostics)


def _lines(review: Review) -> Iterator[str]:
    difference = review.difference
    yield f"{review.title}: {difference.before.name} → {difference.after.name} · {sentences.status(review)}"
    if review.author:
        yield _on_one_line(f"Author: «{review.author}»")
    if difference.same:
        yield ""
        yield sentences.SAME
    asked = sentences.asked_by(review)
    for index, each in enumerate(difference.amendments):
        yield ""
        yield _on_one_line(each.sentence)
        yield f"  {sentences.gains(each)}"
        yield f"  {sentences.signers(asked[index])}"
        yield from (_on_one_line(f"  {row.what}: {row.now} → {row.proposed}") for row in each.rows)
        place = review.locations[index] if index < len(review.locations) else None
        if place is not None:
            yield f"  {place}"
    yield ""
    yield from _effects(review)
    yield from _signed(review)


def _effects(review: Review) -> Iterator[str]:
    for each in review.settings:
        yield f"Settings on {each.target} ({each.compared}): {each.summary or 'none'}"
        yield from _settings(each)
    for what, why in (review.untold or {}).items():
        yield f"{sentences.titled(what)}: {why}"
    yield from review.open_leads
    if review.impact is not None:
        yield f"{review.impact.over}:"
        yield from (f"  {line}" for line in (*review.impact.lines, *review.impact.unknown))
    yield f"Checks: {sentences.checks_in_short(review)}"
    found = (*review.appeared, *sentences.corrections(review))
    if found:
        yield findings_as_text(found)


def _settings(settings: SettingsOnTarget) -> Iterator[str]:
    lines = sentences.folded((*settings.changed, *settings.created, *settings.removed))
    yield from (_on_one_line(f"  {line}") for line in lines)
    yield from (_on_one_line(f"  {number}. by hand: {line}") for number, line in enumerate(settings.manual, 1))


def _on_one_line(text: str) -> str:
    """Return text of others without its own line ends, so that none of its lines is taken for one of the review."""
    return " ".join(text.splitlines())


def _signed(review: Review) -> Iterator[str]:
    lines = [
        f"☑ {sentences.role(role)} ({sentences.day(signed.on)}, {signed.evidence})"
        if signed
        else f"☐ {sentences.role(role)}"
        for role, signed in sentences.boxes(review)
    ]
    yield from ("", *lines) if lines else ()
    if review.notice is not None:
        yield sentences.in_force(review.notice, missing=bool(review.consent.missing))
