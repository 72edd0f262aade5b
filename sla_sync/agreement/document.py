"""The agreement as its authors wrote it, every section of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.sections.goal import Goal
from sla_sync.agreement.sections.governance import Accepted, Moved, ReportWish, Reviews
from sla_sync.agreement.sections.header import Approval, Metadata, Role
from sla_sync.agreement.sections.leads import Group, Priority, Segment, Source
from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.reasons import ReasonList
from sla_sync.agreement.sections.routing import Handoff, Routing
from sla_sync.agreement.sections.scoring import ScoringModel
from sla_sync.agreement.sections.stages import Quality, Stage
from sla_sync.agreement.sections.teams import Queue, Team
from sla_sync.agreement.sections.words import Name, Names


class Agreement(Section):
    """What marketing and sales promise each other."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["LeadSLA"] = Field(description="What the document is.")
    metadata: Metadata = Field(
        description="Name, dates, zone and currency.",
        examples=[{"name": "acme-inbound", "effective": {"from": "2026-10-01"}, "timezone": "America/New_York"}],
    )
    roles: dict[Name, Role] = Field(
        min_length=1,
        description="Who answers for what.",
        examples=[{"vp_marketing": {"party": "marketing"}, "vp_sales": {"party": "sales"}}],
    )
    approval: Approval = Field(
        default_factory=Approval,
        description="Who must agree to a change, and how soon it counts.",
        examples=[{"required": ["vp_marketing", "vp_sales"], "notice": "10 business days"}],
    )
    terms: dict[Name, str] = Field(
        default_factory=dict,
        description="The glossary: word → what it means here.",
        examples=[{"touch": "A call, personal e-mail or meeting by the owner."}],
    )
    goal: Goal | None = Field(
        default=None,
        description="What both parties work for.",
        examples=[
            {"statement": "Win 1.5 million dollars.", "metric": "revenue", "target": 1500000, "by": "2026-12-31"}
        ],
    )
    goals: dict[Name, Goal] = Field(
        default_factory=dict,
        description="Further goals beside the shared one, for what a commitment serves.",
        examples=[{"emea_pipeline": {"statement": "Open 4 million in EMEA.", "metric": "pipeline", "target": 4000000}}],
    )
    calendars: dict[Name, Calendar] = Field(
        default_factory=dict,
        description="When the business is open.",
        examples=[{"office": {"open": {"mon-fri": "09:00-17:00"}, "holidays": [{"country": "US"}]}}],
    )
    teams: dict[Name, Team] = Field(
        default_factory=dict,
        description="Who works the leads.",
        examples=[{"sdr": {"manager": "sdr_manager", "members": 2, "calendar": "office"}}],
    )
    queues: dict[Name, Queue] = Field(
        default_factory=dict,
        description="Where leads wait.",
        examples=[{"marketing_queue": {"means": "Held by marketing.", "accountable": "vp_marketing"}}],
    )
    groups: dict[Name, Group] = Field(
        default_factory=dict,
        description="Named lists of values, fields or conditions, for `country is in tier_1`.",
        examples=[{"tier_1": ["DE", "FR"], "good_fit": ["employees >= 200", "email is known"]}],
    )
    segments: dict[Name, dict[Name, Segment]] = Field(
        default_factory=dict,
        description="Divisions of named conditions; the first match in each counts.",
        examples=[{"size": {"enterprise": "employees >= 1000", "small": "employees < 1000"}}],
    )
    sources: dict[Name, Source] = Field(
        default_factory=dict,
        description="Where leads come from.",
        examples=[{"webinar": {"means": "They registered for a webinar.", "handling": "nurture"}}],
    )
    scoring: dict[Name, ScoringModel] = Field(
        default_factory=dict,
        description="How leads are scored.",
        examples=[{"person": {"threshold": 100, "fit": {"max": 70}, "exclude": ["test"]}}],
    )
    stages: dict[Name, Stage] = Field(
        min_length=1,
        description="The stages of the funnel.",
        examples=[{"mql": {"means": "Ready for sales.", "accountable": "vp_marketing", "next": ["sal"]}}],
    )
    priorities: dict[Name, Priority] = Field(
        default_factory=dict,
        description="How urgent a lead is; the first match counts.",
        examples=[{"hot": {"means": "They asked to talk.", "when": "source is demo_request"}}],
    )
    commitments: dict[Name, Commitment] = Field(
        min_length=1,
        description="The promises.",
        examples=[{"quality": {"by": "vp_marketing", "measure": "mql to sal within 14 days", "target": "70%"}}],
    )
    reasons: dict[Name, ReasonList] = Field(
        default_factory=dict,
        description="Why a lead leaves the path, by list.",
        examples=[{"recycle": {"no_budget": {"means": "Not funded.", "revisit": "180 days"}}}],
    )
    feedback: dict[Name, Names] = Field(
        default_factory=dict,
        description="List of reasons → the roles that read it.",
        examples=[{"recycle": "vp_marketing", "lost": ["vp_marketing", "vp_sales"]}],
    )
    routing: Routing | None = Field(
        default=None,
        description="Who gets a lead.",
        examples=[{"first_match": [{"when": "stage is mql", "to": "sdr"}], "otherwise": "marketing_queue"}],
    )
    handoff: Handoff | None = Field(
        default=None, description="What travels with a lead.", examples=[{"include": ["source", "last_action"]}]
    )
    quality: Quality | None = Field(
        default=None, description="What a record must hold to count.", examples=[{"exclude": ["competitor", "test"]}]
    )
    reviews: Reviews | None = Field(
        default=None,
        description="When the parties meet.",
        examples=[{"weekly": {"day": "Tuesday 10:00", "who": ["vp_marketing", "vp_sales"], "minutes": "minutes/"}}],
    )
    reports: dict[Name, ReportWish] = Field(
        default_factory=dict,
        description="Which reports go to whom; the weekly pack for the parties where left out.",
        examples=[{"board": {"shows": ["R11", "R12"], "audience": "president"}}],
    )
    moved: Moved | None = Field(default=None, description="What was renamed.", examples=[{"stages": {"ready": "mql"}}])
    accepted: tuple[Accepted, ...] = Field(
        default=(),
        description="Findings that the parties live with.",
        examples=[[{"code": "SLA213", "because": "Sales brings them back by hand.", "until": "2026-12-31"}]],
    )
