"""When the parties meet over the agreement, and about what."""

from __future__ import annotations

from collections.abc import Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.governance import Review
from sla_sync.explain.conditions import fields, people
from sla_sync.explain.spoken import duration, share_of, weekly


def meetings(agreement: Agreement) -> Sequence[tuple[str, Review]]:
    """Return the agreed reviews with their kind, the most frequent first."""
    if agreement.reviews is None:
        return ()
    each = agreement.reviews
    kinds = (
        ("weekly", each.weekly),
        ("monthly", each.monthly),
        ("quarterly", each.quarterly),
        ("after_campaign", each.after_campaign),
    )
    return tuple((kind, meeting) for kind, meeting in kinds if meeting is not None)


def review(kind: str, meeting: Review, agreement: Agreement) -> str:
    """Return who meets when, as a clause."""
    who = people(meeting.who, agreement) or "the parties"
    on = f" ({weekly(meeting.day).removeprefix('every ')})" if meeting.day else ""
    when = {
        "weekly": weekly(meeting.day) if meeting.day else "every week",
        "monthly": f"every month{on}",
        "quarterly": f"every quarter{on}",
        "after_campaign": f"within {duration(meeting.within)} of each campaign"
        if meeting.within
        else "after each campaign",
    }[kind]
    what = f" to decide on {fields(meeting.decide)}" if meeting.decide else ""
    minutes = ", with minutes" if meeting.minutes else ""
    return f"{who} {'meets' if len(meeting.who) == 1 else 'meet'} {when}{what}{minutes}"


def relaxation(meeting: Review) -> str:
    """Return when a meeting may become rarer, as a sentence; empty where nothing is said."""
    relax = meeting.relax
    if relax is None:
        return ""
    kept = share_of(relax.kept, "cases")
    return f"It becomes {relax.to} once every promise has been kept in {kept} for {duration(relax.during)} without a break."
