"""A review as a report for a browser: what the comment on a pull request says, and all that it had no room for."""

from __future__ import annotations

from dataclasses import dataclass

from sla_sync.diagnostics import spell
from sla_sync.explain import names
from sla_sync.render.html.page import rendered
from sla_sync.render.review import sentences
from sla_sync.render.words import spell_value
from sla_sync.review.amendments import Absent, Amendment, Edit, Row
from sla_sync.review.outcome import Consented, Review, SettingsOnTarget, Unreviewed

_LONGEST = 20_000
"""Characters of a value that a report shows."""


@dataclass(frozen=True, slots=True)
class AmendmentTold:
    """One amendment in words; `edits` are the places of the files that make it, each with both values."""

    sentence: str
    gains: str
    signers: str
    place: str
    rows: tuple[Row, ...]
    edits: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SettingsTold:
    """What changes on one target, line by line."""

    title: str
    lines: tuple[str, ...]
    manual: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A role that must sign or has signed."""

    role: str
    signed: Consented | None
    on: str


def report_of_review(review: Review | Unreviewed) -> str:
    """Return a review as an HTML page."""
    head = {"headline": sentences.headline(review), "status": sentences.status(review), "gravity": _gravity(review)}
    if isinstance(review, Unreviewed):
        return rendered("unreviewed.html.j2", review=review, **head)
    missing = bool(review.consent.missing)
    return rendered(
        "review.html.j2",
        review=review,
        before=review.difference.before.name,
        after=review.difference.after.name,
        gains=sentences.gains_of_all(review.difference.amendments) if review.difference.amendments else sentences.SAME,
        amendments=_amendments(review),
        corrections=sentences.corrections(review),
        boxes=[_box(role, signed) for role, signed in sentences.boxes(review)],
        in_force=sentences.in_force(review.notice, missing=missing) if review.notice else "",
        settings=[_settings(each) for each in review.settings],
        checks=names.capital(sentences.checks_in_short(review)),
        untold=[(sentences.titled(what), why) for what, why in (review.untold or {}).items()],
        **head,
    )


def _box(role: str, signed: Consented | None) -> Box:
    return Box(sentences.role(role), signed, sentences.day(signed.on) if signed else "")


def _gravity(review: Review | Unreviewed) -> str:
    if review.blocked:
        return "breach"
    if isinstance(review, Unreviewed):
        return "weakening" if review.missing else "quiet"
    return "weakening" if review.consent.missing else "good"


def _amendments(review: Review) -> list[AmendmentTold]:
    asked = sentences.asked_by(review)
    return [
        AmendmentTold(
            each.sentence,
            sentences.gains(each),
            sentences.signers(asked[index]),
            str(review.locations[index] or "") if index < len(review.locations) else "",
            each.rows,
            _edits(each),
        )
        for index, each in enumerate(review.difference.amendments)
    ]


def _edits(amendment: Amendment) -> tuple[tuple[str, str, str], ...]:
    return tuple((spell(each.path), *_sides(each)) for each in amendment.edits)


def _sides(edit: Edit) -> tuple[str, str]:
    before, after = (
        spell_value(None if isinstance(each, Absent) else each, _LONGEST) for each in (edit.before, edit.after)
    )
    return before, after


def _settings(each: SettingsOnTarget) -> SettingsTold:
    title = f"Settings on {each.target} ({each.compared}): {each.summary or 'none'}"
    return SettingsTold(title, (*each.changed, *each.created, *each.removed), each.manual)
