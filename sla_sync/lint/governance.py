"""70x: who agrees, who reviews, and when changes take force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sla_sync.diagnostics import Severity
from sla_sync.lint.acceptance import is_expired
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

FIRST_DAYS = timedelta(days=90)
"""How long the parties meet every week at least; a habit needs a quarter."""


def no_sponsor(case: Case) -> Iterator[Remark]:
    """Yield agreements that no executive stands behind."""
    if not any(role.sponsor for role in case.agreement.roles.values()):
        yield Remark(
            "No executive sponsors the agreement.",
            ("roles",),
            "Write `sponsor: true` in the role that settles a dispute between the parties.",
            at_key=True,
            absent=True,
        )


def no_weekly_review(case: Case) -> Iterator[Remark]:
    """Yield agreements whose parties do not meet weekly in the first 90 days, or later never meet at all."""
    reviews = case.agreement.reviews
    weekly = reviews is not None and reviews.weekly is not None
    any_review = reviews is not None and (reviews.weekly or reviews.monthly or reviews.quarterly) is not None
    until = case.agreement.metadata.effective.start + FIRST_DAYS
    if weekly or (any_review and case.today > until):
        return
    yield Remark(
        f"The parties do not meet every week until {until}." if any_review else "The parties never meet to review it.",
        ("reviews",) if reviews is not None else (),
        "Add `reviews.weekly` with `day` and `who`.",
        at_key=True,
        absent=True,
    )


def agreed_with_oneself(case: Case) -> Iterator[Remark]:
    """Yield agreements that only the role must approve which keeps the document."""
    required = case.agreement.approval.required
    stewards = {name for name, role in case.agreement.roles.items() if role.steward}
    if len(set(required)) == 1 and set(required) <= stewards:
        yield Remark(
            f"Only '{required[0]}' must approve changes, and '{required[0]}' writes them.",
            ("approval", "required"),
            "Add a role of each party that is bound.",
        )


def expired_acceptance(case: Case) -> Iterator[Remark]:
    """Yield acceptances whose last day has passed."""
    for index, each in enumerate(case.agreement.accepted):
        if is_expired(each, case):
            yield Remark(
                f"{each.code} was accepted until {each.until}.",
                ("accepted", index, "until"),
                "Repair what the finding names, or agree on a new day.",
            )


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA701",
        Severity.ERROR,
        "An executive sponsors the agreement.",
        no_sponsor,
        because="When both vice presidents are right, somebody above them must decide.",
        bad="roles: {president: {party: executive}}",
        good="roles: {president: {party: executive, sponsor: true}}",
    ),
    Rule(
        "SLA702",
        Severity.ERROR,
        "A change has the consent of everybody whose side it touches.",
        because="A limit that sales lengthens alone is no agreement any more.",
        bad="# the limit is lengthened, and marketing has not signed",
        good="# the limit is lengthened, and marketing has signed",
        needs=Needs.CHANGE,
    ),
    Rule(
        "SLA703",
        Severity.ERROR,
        "Only what is agreed is applied to production.",
        because="A draft on the platform is followed by people who were never asked.",
        bad="metadata: {status: draft}    # and apply to a production target",
        good="metadata: {status: agreed}   # and signatures.yaml has the signature of everybody required",
        needs=Needs.LIVE,
    ),
    Rule(
        "SLA704",
        Severity.WARNING,
        "The parties meet every week in the first 90 days.",
        no_weekly_review,
        because="A new promise that is looked at once a month is broken for a month before anybody says so.",
        bad="reviews: {weekly: null}",
        good="reviews: {weekly: {day: Tuesday 10:00, who: [vp_marketing, vp_sales]}}",
    ),
    Rule(
        "SLA705",
        Severity.WARNING,
        "Meetings leave minutes, and open actions have an owner and a day.",
        because="What was decided and not written down is decided again next week.",
        bad="# the folder `minutes/` has nothing of the last three Tuesdays",
        good="# minutes/2026-10-06.md, minutes/2026-10-13.md and so on",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA706",
        Severity.ERROR,
        "No change takes force sooner than the agreed notice.",
        because="Teams plan their weeks; a limit that changes overnight is missed on its first day.",
        bad="# notice is 10 business days, and the change takes force tomorrow",
        good="# notice is 10 business days, and the change takes force in two weeks",
        needs=Needs.CHANGE,
    ),
    Rule(
        "SLA707",
        Severity.WARNING,
        "Somebody besides the author approves changes.",
        agreed_with_oneself,
        because="Who writes the terms and signs them alone has agreed with nobody.",
        bad="approval: {required: [revops]}",
        good="approval: {required: [vp_marketing, vp_sales]}",
    ),
    Rule(
        "SLA708",
        Severity.WARNING,
        "The quarterly review is held.",
        because="Rates and volumes move; an agreement that nobody recalibrates becomes fiction.",
        bad="# the last minutes of a quarterly review are five months old",
        good="# the last minutes of a quarterly review are from this quarter",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA709",
        Severity.ERROR,
        "No change judges anew what is closed.",
        because="A result that can still change is no result; nothing is retroactive.",
        bad="# effective.from of the changed agreement lies before the last closed month",
        good="# effective.from of the changed agreement lies ahead",
        needs=Needs.CHANGE,
    ),
    Rule(
        "SLA710",
        Severity.ERROR,
        "An accepted finding is looked at again on its last day.",
        expired_acceptance,
        because="An exception without an end is a change of the rules that nobody agreed to.",
        bad="accepted: [{code: SLA213, because: By hand this quarter., until: 2026-10-15, by: revops}]",
        good="accepted: [{code: SLA213, because: By hand this quarter., until: 2026-12-31, by: revops}]",
    ),
)
