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
    metadata: Metadata = Field(description="Name, dates, zone and currency.")
    roles: dict[Name, Role] = Field(min_length=1, description="Who answers for what.")
    approval: Approval = Field(
        default_factory=Approval, description="Who must agree to a change, and how soon it counts."
    )
    terms: dict[Name, str] = Field(default_factory=dict, description="The glossary: word → what it means here.")
    goal: Goal | None = Field(default=None, description="What both parties work for.")
    calendars: dict[Name, Calendar] = Field(default_factory=dict, description="When the business is open.")
    teams: dict[Name, Team] = Field(default_factory=dict, description="Who works the leads.")
    queues: dict[Name, Queue] = Field(default_factory=dict, description="Where leads wait.")
    groups: dict[Name, Group] = Field(
        default_factory=dict, description="Named lists of values, fields or conditions, for `country is in tier_1`."
    )
    segments: dict[Name, dict[Name, Segment]] = Field(
        default_factory=dict, description="Divisions of named conditions; the first match in each counts."
    )
    sources: dict[Name, Source] = Field(default_factory=dict, description="Where leads come from.")
    scoring: dict[Name, ScoringModel] = Field(default_factory=dict, description="How leads are scored.")
    stages: dict[Name, Stage] = Field(min_length=1, description="The stages of the funnel.")
    priorities: dict[Name, Priority] = Field(
        default_factory=dict, description="How urgent a lead is; the first match counts."
    )
    commitments: dict[Name, Commitment] = Field(min_length=1, description="The promises.")
    reasons: dict[Name, ReasonList] = Field(default_factory=dict, description="Why a lead leaves the path, by list.")
    feedback: dict[Name, Names] = Field(default_factory=dict, description="List of reasons → the roles that read it.")
    routing: Routing | None = Field(default=None, description="Who gets a lead.")
    handoff: Handoff | None = Field(default=None, description="What travels with a lead.")
    quality: Quality | None = Field(default=None, description="What a record must hold to count.")
    reviews: Reviews | None = Field(default=None, description="When the parties meet.")
    reports: dict[Name, ReportWish] = Field(default_factory=dict, description="Which reports go to whom.")
    moved: Moved | None = Field(default=None, description="What was renamed.")
    accepted: tuple[Accepted, ...] = Field(default=(), description="Findings that the parties live with.")
