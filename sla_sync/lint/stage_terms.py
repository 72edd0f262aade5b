"""20x: what each stage says of itself: who answers for it, what it means, what it needs and how long it may last."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import terms_in
from sla_sync.agreement.expressions.events import Enters, Leaves, Moment
from sla_sync.agreement.expressions.measures import StageRate
from sla_sync.agreement.expressions.tree import Expression, Is
from sla_sync.agreement.funnel import along_the_way, qualified_stage, start_stages
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.remarks import Case, Remark, Rule
from sla_sync.lint.stages import off_the_path

_ON_ASSIGNMENT = frozenset({Moment.ASSIGNED, Moment.REASSIGNED, Moment.ACCEPTED})


def nobody_accountable(case: Case) -> Iterator[Remark]:
    """Yield stages for which no role answers."""
    for name, stage in case.agreement.stages.items():
        if stage.accountable is None:
            yield Remark(
                f"No role answers for leads in stage '{name}'.",
                ("stages", name),
                "Add `accountable` with the name of a role.",
                at_key=True,
            )


def meaningless(case: Case) -> Iterator[Remark]:
    """Yield stages, priorities, reasons and terms that do not say what they mean."""
    agreement = case.agreement
    said: dict[KeyPath, str] = {("stages", name): stage.means for name, stage in agreement.stages.items()}
    said |= {("priorities", name): priority.means for name, priority in agreement.priorities.items()}
    said |= {
        ("reasons", list_name, name): reason.means
        for list_name, reasons in agreement.reasons.items()
        for name, reason in reasons.items()
    }
    said |= {("terms", name): text for name, text in agreement.terms.items()}
    for path, text in said.items():
        if not text.strip():
            what = {"stages": "Stage", "priorities": "Priority", "reasons": "Reason", "terms": "Term"}[str(path[0])]
            yield Remark(
                f"{what} '{path[-1]}' does not say what it means.",
                path,
                "Write one sentence that both parties would give as the answer.",
                at_key=True,
                absent=True,
            )


def held_by_another_party(case: Case) -> Iterator[Remark]:
    """Yield stages whose leads are routed to a party that is not accountable and has promised nothing there."""
    agreement = case.agreement
    for index, route in enumerate(agreement.routing.first_match if agreement.routing else ()):
        holder = _party_of_place(agreement, route.to)
        for name in _stages_of(route.when.value) if route.when else ():
            stage = agreement.stages.get(name)
            role = agreement.roles.get(stage.accountable or "") if stage else None
            if holder is None or role is None or role.party == holder or _promises(agreement, holder, name):
                continue
            yield Remark(
                f"Leads in stage '{name}' are held by {holder}, which promises nothing there, while {role.party} "
                "answers for them.",
                ("routing", "first_match", index, "to"),
                f"Add a commitment of {holder} whose clock starts in '{name}', or change who is accountable.",
            )


def never_collected(case: Case) -> Iterator[Remark]:
    """Yield fields that are needed before a rep works the lead, and that a binding creates without naming a writer."""
    agreement = case.agreement
    qualified = qualified_stage(agreement)
    early = _until(agreement, qualified) if qualified else ()
    needed = {field: name for name in reversed(early) for field in agreement.stages[name].needs}
    for field, name in needed.items():
        bound = {document: each.fields[field] for document, each in case.bindings.items() if field in each.fields}
        if any(each.writer or not each.add for each in bound.values()):
            continue
        for document in list(bound)[:1]:
            yield Remark(
                f"Stage '{name}' needs '{field}' before a rep works the lead, and nobody collects it: the field is new "
                "and has no writer.",
                ("fields", field),
                f"Name as `writer` the system whose form or enrichment fills '{field}', or bind a field that is filled.",
                document,
                at_key=True,
            )


def no_way_back(case: Case) -> Iterator[Remark]:
    """Yield stages that end a cycle as lost and from which a person who raises a hand again cannot return."""
    for name, stage in case.agreement.stages.items():
        if stage.end == "lost" and not stage.next:
            yield Remark(
                f"A person in stage '{name}' who raises a hand again has no way back.",
                ("stages", name),
                "Add `next` with the stage in which such a person begins again, with a condition if need be.",
                at_key=True,
                absent=True,
            )


def no_max_age(case: Case) -> Iterator[Remark]:
    """Yield stages, from qualification on, in which a lead may sit for ever."""
    agreement = case.agreement
    qualified = qualified_stage(agreement)
    aside = off_the_path(agreement)
    for name in along_the_way(agreement, qualified) if qualified else ():
        stage = agreement.stages[name]
        if stage.max_age is None and stage.end is None and name not in aside:
            yield Remark(
                f"A lead may sit in stage '{name}' for ever.",
                ("stages", name),
                "Add `max_age`, such as `30 business days`.",
                at_key=True,
                absent=True,
            )


def _until(agreement: Agreement, qualified: str) -> tuple[str, ...]:
    """Return the stages from the start to qualification, itself last."""
    way = along_the_way(agreement, start_stages(agreement)[0])
    return way[: way.index(qualified) + 1]


def _stages_of(condition: Expression) -> Iterator[str]:
    for term in terms_in(condition):
        if isinstance(term, Is) and term.field == "stage" and not term.negated:
            yield from term.values


def _party_of_place(agreement: Agreement, place: str | None) -> str | None:
    """Return the party whose people get a lead there; None where the agreement does not say."""
    team, queue = agreement.teams.get(place or ""), agreement.queues.get(place or "")
    role = (team.manager if team else None) or (queue.accountable if queue else None)
    return agreement.roles[role].party if role in agreement.roles else None


def _promises(agreement: Agreement, party: str, stage: str) -> bool:
    mine = (each for each in agreement.commitments.values() if each.by and _party(agreement, each.by) == party)
    return any(_starts_in(each, stage, qualified_stage(agreement)) for each in mine)


def _party(agreement: Agreement, role: str) -> str | None:
    return agreement.roles[role].party if role in agreement.roles else None


def _starts_in(commitment: Commitment, stage: str, qualified: str | None) -> bool:
    if commitment.clock is not None:
        starts, stops = commitment.clock.starts.value, commitment.clock.stops.value
        on_qualification = stage == qualified and starts in {Moment.QUALIFIED, Moment.RAISED}
        return starts in _ON_ASSIGNMENT or on_qualification or Enters(stage) == starts or Leaves(stage) == stops
    measure = commitment.measure.value if commitment.measure else None
    return isinstance(measure, StageRate) and measure.start == stage


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA202",
        Severity.ERROR,
        "Somebody answers for every stage.",
        nobody_accountable,
        because="What two parties answer for together nobody answers for.",
        bad="stages: {won: {means: Signed., end: won}}",
        good="stages: {won: {means: Signed., accountable: vp_sales, end: won}}",
    ),
    Rule(
        "SLA203",
        Severity.WARNING,
        "Every stage, priority, reason and term says what it means.",
        meaningless,
        because="These sentences become the help texts of the platforms; a word without one means to each what it likes.",
        bad="stages: {won: {accountable: vp_sales, end: won}}",
        good="stages: {won: {means: Signed., accountable: vp_sales, end: won}}",
    ),
    Rule(
        "SLA204",
        Severity.WARNING,
        "Who holds a lead is accountable for it, or has promised something about it.",
        held_by_another_party,
        because="A party that answers for leads on another party's desk can neither work them nor ask for anything.",
        bad="routing:\n  first_match: [{when: stage is inquiry, to: marketing_queue}, {when: stage is sql, to: marketing_queue}]",
        good="routing:\n  first_match: [{when: stage is inquiry, to: marketing_queue}, {when: stage is sql, to: sdr}]",
    ),
    Rule(
        "SLA212",
        Severity.WARNING,
        "Somebody collects each field that a lead needs before a rep works it.",
        never_collected,
        because="A gate on a field that no form asks for and nothing fills keeps every lead out.",
        bad="# in a binding\nfields: {company: {field: Lead.SLA_Company__c, add: text}}",
        good="# in a binding\nfields: {company: {field: Lead.SLA_Company__c, add: text, writer: hubspot}}",
    ),
    Rule(
        "SLA213",
        Severity.WARNING,
        "Disqualified people who raise a hand again have a way back.",
        no_way_back,
        because="People change employers and companies grow; the second request of such a person is lost in silence.",
        bad="stages: {disqualified: {means: Never., accountable: vp_marketing, reasons: disqualify, end: lost}}",
        good="stages: {disqualified: {means: Not for us., accountable: vp_marketing, reasons: disqualify, end: lost,\n"
        "  again_after: 180 days, next: [{inquiry: source is demo_request}]}}",
    ),
    Rule(
        "SLA214",
        Severity.WARNING,
        "No lead may stay in a working stage for ever.",
        no_max_age,
        because="Leads that are neither won nor given up make every rate look worse and hide who is late.",
        bad="stages: {sal: {means: A rep works it., accountable: vp_sales, next: [sql, recycled, disqualified]}}",
        good="stages: {sal: {means: A rep works it., accountable: vp_sales, next: [sql, recycled, disqualified],\n"
        "  max_age: 30 business days}}",
    ),
)
