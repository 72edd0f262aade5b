"""What people see: the report of leads that wait, and who may see and write the fields."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.compiler.fields import DUE_AT, PRIORITY, QUALIFIED_AT, fields
from sla_sync.compiler.words import label
from sla_sync.resources import Access, Report

_ALWAYS_THERE = ("owner", "name", "company")


def reports(agreement: Agreement, modes: Mapping[str, Mode]) -> tuple[Report, ...]:
    """Return the reports: for now the leads that wait in the stage in which they qualify, by owner."""
    stage = qualified_stage(agreement)
    if stage is None:
        return ()
    kept = {field.name for field in fields(agreement, modes)}
    return (
        Report(
            f"waiting_{stage}",
            ("stages", stage),
            f"Leads in {label(stage)} by owner, with what is due and how urgent it is.",
            f"{label(stage)} by Owner",
            (*_ALWAYS_THERE, *(each for each in (PRIORITY, DUE_AT, QUALIFIED_AT) if each in kept)),
            stage,
        ),
    )


def access(agreement: Agreement) -> tuple[Access, ...]:
    """Return who works with the fields: every role of a party that answers for a stage or a promise, and their teams."""
    working = _working_parties(agreement)
    roles = [name for name, role in agreement.roles.items() if role.party in working]
    teams = [name for name, team in agreement.teams.items() if team.manager is None or team.manager in roles]
    return (
        Access(
            "working_parties",
            ("roles",),
            f"Those who work the leads of {agreement.metadata.title or agreement.metadata.name}.",
            "Lead Agreement",
            tuple(dict.fromkeys([*roles, *teams])),
        ),
    )


def _working_parties(agreement: Agreement) -> frozenset[str]:
    answering = {
        *(stage.accountable for stage in agreement.stages.values()),
        *(commitment.by for commitment in agreement.commitments.values()),
    }
    return frozenset(role.party for name, role in agreement.roles.items() if name in answering)
