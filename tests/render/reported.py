"""What a report is given: an audit, a night and a review, as people are used to them and with names of the worst kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sla_sync.audits.kept import Episode, KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.trend import Trend
from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.errors import DocumentError
from sla_sync.pipeline.night import kept_of
from sla_sync.reconcile.drift import Accepted, Drift, DriftClass, Finding, Harm, Stake, Unverifiable
from sla_sync.reconcile.settings import Address, Consequence
from sla_sync.render.html.drift import drift_told
from sla_sync.render.html.night import TargetTold
from sla_sync.render.html.trend import trend_told
from sla_sync.review.amendments import Amendment, Edit, Row
from sla_sync.review.outcome import Consented, Impact, Review, SettingsOnTarget, Unreviewed
from tests.render.test_drift import FLOW, NIGHT, NOW
from tests.render.test_review import BROKEN, HOT, ON_SALESFORCE, PLACE, SHARE, review

EVIL = (
    "<script>alert(1)</script> \"><img src=x onerror=alert(2)> ' {{ 7*7 }} {% raw %} &lt;b&gt; "
    "\u202egnol\u202c \u200f\u05e9\u05dc\u05d5\u05dd \x1b[31m <!-- --> </style></title> javascript:alert(3)"
)
"""A name as somebody writes it who wants to be taken for something else."""
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 8
"""A word that no line can hold."""


def evil_finding(drift: DriftClass, consequence: Consequence) -> Finding:
    """Return a finding in which everything that others write is hostile or far too long."""
    return replace(
        FLOW, drift=drift, consequence=consequence, address=Address("Flow", f"{drift} {EVIL}"), path=(LONG, 0, EVIL),
        agreed=EVIL, applied=LONG, live=f"{drift} {EVIL * 3}", who=EVIL, what=EVIL if drift is DriftClass.SHADOWED else "",
        sentence=f"{EVIL} {LONG}", stakes=(Stake(EVIL, EVIL), Stake("b", LONG)), note=EVIL,
        harm=Harm(EVIL, 2, 2, (EVIL, LONG)),
    )  # fmt: skip


def evil_drift() -> Drift:
    """Return an audit with a finding of every class, of every gravity, and hostile words in every place."""
    gravities = tuple(Consequence)
    found = [evil_finding(each, gravities[index % len(gravities)]) for index, each in enumerate(DriftClass)]
    return replace(
        NIGHT,
        target=f"production {EVIL}",
        findings=tuple(sorted(found, key=lambda each: gravities.index(each.consequence))),
        unverifiable=(Unverifiable(EVIL, LONG, vouched=EVIL), Unverifiable(LONG, EVIL, manual=True)),
        accepted=(Accepted(replace(FLOW, live=EVIL, who=EVIL), f"{EVIL} {LONG}", date(2026, 12, 31), EVIL),),
        title=f"{EVIL} {LONG}",
        notes=(EVIL, LONG),
    )


def quiet_drift() -> Drift:
    """Return an audit of a target that is in sync."""
    return replace(NIGHT, target="quiet", findings=(), accepted=(), unverifiable=())


def trend(subject: Subject, *found: int | None) -> Trend:
    """Return a trend with so many findings each night; None where nobody could look."""
    kept = KeptFinding("D-1", "breach", "changed", "Flow/a", "Flow a: «Active» → «Draft»")
    audits = tuple(
        KeptAudit(
            subject,
            NOW - timedelta(days=len(found) - number),
            Verdict.NOT_AUDITED if many is None else Verdict.DRIFTED if many else Verdict.IN_SYNC,
            (kept,) * (many or 0),
        )
        for number, many in enumerate(found)
    )
    still = Episode(subject, kept, NOW - timedelta(days=3), NOW, None)
    return Trend(subject, audits, (still,) if found[-1] else (), 2, timedelta(hours=20))


def night(*drifts: Drift, agreement: str = "acme-inbound") -> list[TargetTold]:
    """Return a night with these audits, and a target that could not be audited."""
    told = []
    for number, each in enumerate(drifts):
        subject = Subject(agreement, each.target)
        last = len(each.drifted)
        before = trend_told(trend(subject, *[0, 3, 12, None, number] * 5, last), NOW)
        told.append(TargetTold(kept_of(subject, each, NOW), drift_told(each), trend=before))
    wrong = Diagnostic("SLA102", Severity.ERROR, f"Unknown: {EVIL}", (), Location("a.yaml", 1, 1), "Correct `it`.")
    away = DocumentError("production cannot be audited.", (wrong,))
    because = KeptAudit(Subject(agreement, "away"), NOW, Verdict.NOT_AUDITED, because=away.message)
    return [*told, TargetTold(because, error=away, trend=trend_told(trend(because.subject, 0, 0, None), NOW))]


EDIT = Edit(
    ("agreement", "commitments", "first-response", "within", "hot"), "15 business minutes", "30 business minutes"
)
SETTINGS = SettingsOnTarget(
    "production", "salesforce", tuple(f"+ CustomMetadata/Day.{number}" for number in range(40)),
    ("~ CustomMetadata/X.Y values.Minutes: 15 → 30",), (), ("Put the field on the page layout `Lead`.",),
    "two translations of the text", "41 rows of custom metadata changed",
)  # fmt: skip
IMPACT = Impact("Last quarter replayed", ("On time 71% → 83% (286 → 335 of 403).",), ("whether reps would slow down",))


def whole_review() -> Review:
    """Return a review with every part that one can have."""
    return review(
        replace(HOT, edits=(EDIT,)), SHARE, diagnostics=(BROKEN,), appeared=(BROKEN,), disappeared=(BROKEN,),
        settings=(SETTINGS, replace(ON_SALESFORCE, target="staging", changed=(), summary="")), impact=IMPACT,
        author="Two SDRs cannot cover lunch.",
    )  # fmt: skip


def evil_review() -> Review:
    """Return a review with hostile words in every place that others write."""
    row = Row(EVIL, LONG, EVIL)
    edit = Edit(("agreement", LONG, EVIL), EVIL * 3, LONG * 2)
    amendment: Amendment = replace(HOT, sentence=f"{EVIL} {LONG}", rows=(row, row), edits=(edit,))
    wrong = replace(BROKEN, message=f"{EVIL} {LONG}", hint=EVIL, location=Location(EVIL, 1, 1))
    made = review(
        amendment, amendment, title=EVIL, diagnostics=(wrong,), appeared=(wrong,), disappeared=(wrong,),
        signed=(Consented("vp_sales", date(2026, 11, 2), f"https://acme.example/{EVIL}"),
                Consented(EVIL, date(2026, 11, 2), f"javascript:alert(4) {LONG}")),
        settings=(replace(SETTINGS, target=EVIL, summary=EVIL, created=(EVIL, LONG), manual=(EVIL,)),),
        open_leads=(EVIL, LONG), impact=Impact(EVIL, (EVIL, LONG), (EVIL,)), untold={EVIL: LONG}, author=EVIL,
        locations=(PLACE, Location(LONG, 2, 2)),
    )  # fmt: skip
    revisions = (replace(made.difference.before, name=EVIL), replace(made.difference.after, name=LONG))
    return replace(made, difference=replace(made.difference, before=revisions[0], after=revisions[1]))


def unreviewed() -> Unreviewed:
    """Return a review that could compare nothing."""
    return Unreviewed("acme-inbound", f"The agreement at {EVIL} cannot be read.", "Correct what is named.", (BROKEN,))


def now() -> datetime:
    """Return the instant of these nights."""
    return NOW.astimezone(UTC)
