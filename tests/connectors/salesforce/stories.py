"""What the tests of this folder agree on: a small agreement as resources, its binding, and the people behind it."""

from __future__ import annotations

from datetime import date

from sla_sync.connector import (
    Access,
    Choice,
    DataType,
    Field,
    Gate,
    ReasonSet,
    Report,
    Resources,
    Segment,
    Setup,
    Stage,
    Stamp,
    Translation,
    tree,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import translate

AGREEMENT = "acme-inbound"
SETUP = Setup(AGREEMENT, {"vp_sales": ("sam",), "sdr": ("ana", "ben")})

REASONS = (
    Choice("no_budget", "No budget", "Interested but not funded.", ("reasons", "recycle", "no_budget")),
    Choice("other", 'Other, "see note" & more', "None of these.", ("reasons", "recycle", "other")),
)


def resources(**changes: object) -> Resources:
    """Return a small agreement of every kind, with these parts changed."""
    parts: dict[str, object] = {
        "agreement": AGREEMENT,
        "title": "Acme",
        "effective_from": date(2026, 10, 1),
        "timezone": "America/New_York",
        "fields": (
            Field("qualified_at", ("stages", "mql"), "When the lead became an MQL.", "Qualified at", DataType.INSTANT),
            Field(
                "reason",
                ("reasons",),
                "Why the lead left the funnel.",
                "Reason",
                DataType.CHOICE,
                REASONS,
                written_by_people=True,
            ),
            Field(
                "reason_note",
                ("reasons",),
                "What the reason leaves open.",
                "Reason note",
                DataType.LONG_TEXT,
                written_by_people=True,
            ),
        ),
        "stages": (
            Stage("mql", ("stages", "mql"), "Fits and showed intent.", "MQL", 0),
            Stage("recycled", ("stages", "recycled"), "Not now.", "Recycled", 1),
        ),
        "stamps": (
            Stamp("qualified", ("stages", "mql"), "Written when a lead becomes an MQL.", "mql", "qualified_at"),
        ),
        "reason_sets": (
            ReasonSet("recycle", ("reasons", "recycle"), ("recycled",), "reason", "reason_note", REASONS, ("other",)),
        ),
        "gates": (
            Gate(
                "recycled needs reason",
                ("stages", "recycled", "reasons"),
                "Nobody recycles a lead without a reason.",
                "recycled",
                "recycle",
                "Choose a reason before you recycle this lead.",
            ),
        ),
        "segments": (
            Segment(
                "meets_mql",
                ("stages", "mql"),
                "The score reached the threshold.",
                "Meets MQL",
                tree.All((tree.ScoreReaches(), tree.Compare("engagement", tree.Comparison.GREATER, 0))),
            ),
            Segment(
                "hot",
                ("priorities", "hot"),
                "They asked to talk.",
                "Hot",
                tree.Is("source", ("demo_request",)),
            ),
        ),
        "reports": (
            Report(
                "open_mqls",
                ("stages", "mql"),
                "Every MQL that waits.",
                "Open MQLs",
                ("owner", "company", "qualified_at"),
                "mql",
            ),
        ),
        "access": (
            Access("sync", ("roles",), "See the fields of the agreement.", "SLA fields", ("vp_sales", "sdr", "revops")),
        ),
        "thresholds": {"person": 100.0},
        "exclusions": ("competitor", "employee"),
        "needs": {"sql": ("need", "budget")},
    }
    return Resources(**{**parts, **changes})  # type: ignore[arg-type]


def binding(**changes: object) -> SalesforceBinding:
    """Return the binding of that agreement, with these parts changed."""
    parts: dict[str, object] = {
        "metadata": {"name": "acme-salesforce", "agreement": AGREEMENT, "connector": "salesforce"},
        "stages": {
            "mql": {"Lead.Status": ["MQL"], "add": True},
            "recycled": {"Lead.Status": ["Nurture"], "add": True},
        },
        "fields": {
            "company": "Lead.Company",
            "email": "Lead.Email",
            "country": "Lead.Country",
            "score": {"field": "Lead.SLA_Score__c", "add": "number", "writer": "hubspot"},
            "engagement": {"field": "Lead.SLA_Engagement__c", "add": "number", "writer": "hubspot"},
            "need": {"field": "Lead.SLA_Need__c", "add": "text"},
            "competitor": {"field": "Lead.SLA_Competitor__c", "add": "checkbox"},
        },
        "exclude": {"competitor": "Lead.SLA_Competitor__c", "employee": "Lead.Email ends with @acme.example"},
        "sources": {"from": ["CampaignMember.Campaign.Type", "Lead.LeadSource"], "values": {"demo_request": ["Demo"]}},
    }
    return SalesforceBinding.model_validate({**parts, **changes})


def translation() -> Translation:
    """Return that agreement in Salesforce's words."""
    return translate(resources(), binding(), SETUP)
