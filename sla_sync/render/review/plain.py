"""A review as JSON can say it; the members are a fixed contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import zip_longest

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import Location, spell
from sla_sync.render.diagnostics import finding_as_plain
from sla_sync.render.review import sentences
from sla_sync.review.amendments import Absent, Amendment, Edit, Revision
from sla_sync.review.outcome import Notice, Review, SettingsOnTarget, Unreviewed


def review_as_json(review: Review | Unreviewed) -> str:
    """Return the review as a JSON text."""
    plain = _unreviewed(review) if isinstance(review, Unreviewed) else review_as_plain(review)
    return json.dumps(plain, indent=2, ensure_ascii=False)


def _unreviewed(review: Unreviewed) -> Mapping[str, object]:
    return {
        "format_version": FORMAT_VERSION,
        "agreement": review.title,
        "compared": False,
        "because": review.because,
        "hint": review.hint,
        "blocked": review.blocked,
        "findings": [finding_as_plain(each) for each in review.diagnostics],
    }


def review_as_plain(review: Review) -> Mapping[str, object]:
    """Return the review as JSON can say it."""
    difference = review.difference
    asked = sentences.asked_by(review)
    return {
        "format_version": FORMAT_VERSION,
        "agreement": review.title,
        "compared": True,
        "status": sentences.status(review),
        "author": review.author or None,
        "blocked": review.blocked,
        "before": _revision(difference.before),
        "after": _revision(difference.after),
        "amendments": [
            _amendment(each, roles, place)
            for each, roles, place in zip_longest(difference.amendments, asked, review.locations)
        ],
        "renamings": [{"kind": each.kind, "old": each.old, "new": each.new} for each in difference.renamings],
        "consent": {
            "needed": [each.role for each in review.consent.needed],
            "given": [
                {"role": each.role, "on": each.on.isoformat(), "evidence": each.evidence}
                for each in review.consent.given
            ],
            "missing": list(review.consent.missing),
        },
        "notice": _notice(review.notice),
        "open_leads": list(review.open_leads),
        "settings": [_settings(each) for each in review.settings],
        "appeared": [finding_as_plain(each) for each in review.appeared],
        "disappeared": [finding_as_plain(each) for each in review.disappeared],
        "findings": [finding_as_plain(each) for each in review.diagnostics],
        "history": {
            "over": review.impact.over,
            "lines": list(review.impact.lines),
            "unknown": list(review.impact.unknown),
        }
        if review.impact
        else None,
        "untold": dict(review.untold or {}),
    }


def _revision(revision: Revision) -> Mapping[str, object]:
    return {"name": revision.name, "digest": revision.digest}


def _amendment(amendment: Amendment, roles: tuple[str, ...], place: Location | None) -> Mapping[str, object]:
    return {
        "matter": str(amendment.matter),
        "subject": amendment.subject,
        "sentence": amendment.sentence,
        "effects": {party: str(effect) for party, effect in amendment.effects.items()},
        "needs": list(roles),
        "path": spell(amendment.place),
        "binding": amendment.binding,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "rows": [{"what": each.what, "now": each.now, "proposed": each.proposed} for each in amendment.rows],
        "edits": [_edit(each) for each in amendment.edits],
    }


def _edit(edit: Edit) -> Mapping[str, object]:
    sides = {"before": edit.before, "after": edit.after}
    return {"path": spell(edit.path), **{key: each for key, each in sides.items() if not isinstance(each, Absent)}}


def _notice(notice: Notice | None) -> Mapping[str, object] | None:
    if notice is None:
        return None
    return {
        "notice": notice.said or None,
        "signed_on": notice.signed_on.isoformat(),
        "first": notice.first.isoformat(),
        "planned": notice.planned.isoformat(),
    }


def _settings(settings: SettingsOnTarget) -> Mapping[str, object]:
    return {
        "target": settings.target,
        "connector": settings.connector,
        "compared": settings.compared,
        "summary": settings.summary,
        "created": list(settings.created),
        "changed": list(settings.changed),
        "removed": list(settings.removed),
        "manual": list(settings.manual),
    }
