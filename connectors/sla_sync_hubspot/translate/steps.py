"""Manual steps: what the agreement needs and HubSpot's API does not offer (reports, required reasons, access, scores)."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Gap, Gate
from sla_sync_hubspot.binding import Beta
from sla_sync_hubspot.names import property_name
from sla_sync_hubspot.translate.clocks import runs_here
from sla_sync_hubspot.translate.vocabulary import Vocabulary

WRITER = "hubspot"


def steps(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield everything that a person has to do in the portal, in the order of the agreement's own parts."""
    yield from _unbound_stages(vocabulary)
    yield from _scores(vocabulary)
    yield from _beta_scores(vocabulary)
    for gate in vocabulary.resources.gates:
        yield _required_reason(gate, vocabulary)
    yield from _synced_fields(vocabulary)
    yield from _reports(vocabulary)
    yield from _access(vocabulary)


def _unbound_stages(vocabulary: Vocabulary) -> Iterator[Gap]:
    for stage in vocabulary.resources.stages:
        if stage.name not in vocabulary.binding.stages:
            yield Gap(
                f"stage-{stage.name}",
                f"Stage «{stage.label}»",
                f"Bind stage '{stage.name}' in the HubSpot binding; until then nothing is pushed for it.",
                stage.origin,
            )


def _scores(vocabulary: Vocabulary) -> Iterator[Gap]:
    for model, points in vocabulary.resources.thresholds.items():
        for word in ("score", "engagement", "fit"):
            bound = vocabulary.binding.fields.get(word)
            if bound is None or bound.writer != WRITER:
                continue
            # The lead scoring API is a beta whose member names differ between its own pages.
            reach = f" It must be able to reach {points:g}." if word == "score" else ""
            yield Gap(
                f"score-{model}-{word}",
                f"Lead score «{model}»: {word}",
                f"Build the {word} of model '{model}' in Marketing > Lead Scoring as the agreement says, and copy it into "
                f"`{bound.field}` with a workflow.{reach}",
                ("scoring", model),
            )


def _beta_scores(vocabulary: Vocabulary) -> Iterator[Gap]:
    if Beta.SCORES in vocabulary.binding.beta:
        yield Gap(
            "beta-scores",
            "Lead scores by API",
            "Build lead scores by hand in Marketing > Lead Scoring, and take `scores` out of beta: the lead scoring API is a "
            "beta whose own pages name its members differently, so this release writes no score.",
            ("scoring",),
        )


def _required_reason(gate: Gate, vocabulary: Vocabulary) -> Gap:
    reasons = next((each for each in vocabulary.resources.reason_sets if each.name == gate.reasons), None)
    field = property_name(vocabulary.binding.prefix, reasons.field if reasons else "reason")
    bound = vocabulary.binding.stages.get(gate.stage)
    if bound is not None and bound.contact_property is not None:
        shown = f"contact property `{bound.contact_property}` is {' or '.join(bound.contact_values)}"
        where = "Settings > Objects > Contacts > Property rules (conditional logic)"
    else:
        shown = f"a deal enters stage {gate.stage}"
        where = "the settings of the deal pipeline"
    offered = ", ".join(each.name for each in reasons.reasons) if reasons else ""
    return Gap(
        f"require-reason-{gate.stage}",
        f"Required reason at stage «{gate.stage}»",
        f"Require `{field}` where {shown} in {where}: HubSpot has no API for required properties. "
        f"Reasons: {offered}. Text for people: «{gate.message}»",
        gate.origin,
    )


def _synced_fields(vocabulary: Vocabulary) -> Iterator[Gap]:
    for word, bound in vocabulary.binding.fields.items():
        if bound.writer in {None, WRITER}:
            continue
        origin = next(
            (("stages", stage, "needs") for stage, needs in vocabulary.resources.needs.items() if word in needs),
            ("metadata", "name"),
        )
        yield Gap(
            f"sync-{word}",
            f"Mapping of '{word}'",
            f"Map `{bound.field}` in the settings of the integration with {bound.writer}, with {bound.writer} as the one "
            "side that writes it: HubSpot has no API for these mappings.",
            origin,
        )
    for field in vocabulary.resources.fields:
        if field.name == "due_at" and not runs_here(vocabulary):
            name = property_name(vocabulary.binding.prefix, field.name)
            yield Gap(
                "due-dates",
                f"Who writes `{name}`",
                f"Map `{name}` to the deadline that {vocabulary.binding.timers} keeps: the clocks run there, and nothing here "
                "writes it.",
                field.origin,
            )


def _reports(vocabulary: Vocabulary) -> Iterator[Gap]:
    for report in vocabulary.resources.reports:
        at = f" at stage {report.stage}" if report.stage else ""
        yield Gap(
            f"report-{report.name}",
            f"Report «{report.label}»",
            f"Build a report of contacts{at} with the columns {', '.join(report.columns)} in Reporting > Reports: "
            f"HubSpot has no API for reports. {report.means}",
            report.origin,
        )


def _access(vocabulary: Vocabulary) -> Iterator[Gap]:
    written = tuple(each for each in vocabulary.resources.fields if each.written_by_people)
    shown = ", ".join(f"`{property_name(vocabulary.binding.prefix, each.name)}`" for each in written)
    for access in vocabulary.resources.access:
        yield Gap(
            f"access-{access.name}",
            f"Access «{access.label}»",
            f"Let {', '.join(access.holders)} view all properties of the group «{vocabulary.binding.prefix.rstrip('_')} "
            f"agreement» and edit {shown or 'none of them'}, in Settings > Properties > Manage access: "
            "HubSpot has no API for it.",
            access.origin,
        )
