"""80x: the agreement and its bindings; what only a platform or a plan can tell is in `platforms`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import fields_in, terms_in
from sla_sync.agreement.expressions.tree import Expression, ScoreReaches
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.remarks import Case, Remark, Rule
from sla_sync.lint.vocabulary import hooks

_KNOWN_WITHOUT_BINDING = frozenset({"stage", "priority", "segment", "source", "owner", "team", "cycle", "grade"})
"""Words of the language that are bound elsewhere: by `stages` and `sources`, or by what we create ourselves."""

RESERVED = _KNOWN_WITHOUT_BINDING | {"score", "engagement", "fit", "account_owner"}
"""Words that mean something in every condition, so that nothing else may be called so."""

LONGEST_NAME = 40
"""The most characters that a name may have together with the prefix: the least that any platform allows."""


def unbound(case: Case) -> Iterator[Remark]:
    """Yield every stage, field, source, team, queue and exclusion that the agreement needs and a binding leaves out."""
    for document, binding in case.bindings.items():
        for section, what, word, why, bound in _needed(case.agreement, binding):
            if word not in bound:
                yield Remark(
                    f"{what} '{word}' is not bound on {binding.metadata.connector}{why}.",
                    section,
                    f"Say under `{'.'.join(map(str, section))}` where '{word}' is kept on this platform.",
                    document,
                    at_key=True,
                )


def two_stages_on_one_value(case: Case) -> Iterator[Remark]:
    """Yield every value of one place on the platform that stands for two stages; one stage may be several values."""
    for document, binding in case.bindings.items():
        seen: dict[tuple[str, str], str] = {}
        for stage, bound in binding.stages.items():
            for place, value in _places(bound):
                first = seen.setdefault((place, value), stage)
                if first != stage:
                    yield Remark(
                        f"'{value}' of {place} means both '{first}' and '{stage}'.",
                        ("stages", stage, place),
                        "Give each stage values of its own.",
                        document,
                    )


def stage_on_two_objects(case: Case) -> Iterator[Remark]:
    """Yield stages that show on two objects of the platform, so that both would carry the clock."""
    for document, binding in case.bindings.items():
        for stage, bound in binding.stages.items():
            objects = dict.fromkeys(place.partition(".")[0] for place, _ in _places(bound) if "." in place)
            if len(objects) > 1:
                yield Remark(
                    f"Stage '{stage}' shows on {' and on '.join(objects)}, and nothing says which of them carries the "
                    "clock.",
                    ("stages", stage),
                    "Bind the stage on one object; a record that is converted takes its clock along.",
                    document,
                    at_key=True,
                )


def several_writers(case: Case) -> Iterator[Remark]:
    """Yield fields that two systems write according to two bindings, and scores that another system computes."""
    writers: dict[str, tuple[str, str]] = {}
    keepers = {model.kept_in for model in case.agreement.scoring.values() if model.kept_in}
    for document, binding in case.bindings.items():
        for field, bound in binding.fields.items():
            if bound.writer is None:
                continue
            first, connector = writers.setdefault(field, (bound.writer, binding.metadata.connector))
            if first != bound.writer:
                yield Remark(
                    f"'{field}' is written by {bound.writer} here and by {first} according to the binding for "
                    f"{connector}.",
                    ("fields", field, "writer"),
                    "Name the same single writer in both bindings.",
                    document,
                )
            elif field == "score" and len(keepers) == 1 and bound.writer not in keepers:
                yield Remark(
                    f"The score is written by {bound.writer} here, and the agreement says that it is kept in "
                    f"{next(iter(keepers))}.",
                    ("fields", field, "writer"),
                    "Name the system that computes the score, here and under `kept_in`.",
                    document,
                )


def unusable_names(case: Case) -> Iterator[Remark]:
    """Yield names that are taken, too long with the prefix, or the same as another one once a platform spells them."""
    agreement = case.agreement
    taken = [("segments", name) for name in agreement.segments] + [("groups", name) for name in agreement.groups]
    for path in taken:
        if path[1] in RESERVED:
            message = f"'{path[1]}' means something in every condition already."
            yield Remark(message, path, "Choose another name.", at_key=True)
    prefix = max((binding.prefix for binding in case.bindings.values()), key=len, default="SLA_")
    for section, names in _named(agreement):
        spelled: dict[str, str] = {}
        for name in names:
            first = spelled.setdefault(name.replace("-", "_").lower(), name)
            if first != name:
                yield Remark(
                    f"'{first}' and '{name}' are one name on a platform, which knows neither capitals nor dashes.",
                    (*section, name),
                    "Choose names that differ in more than that.",
                    at_key=True,
                )
            elif len(prefix) + len(name) > LONGEST_NAME:
                yield Remark(
                    f"'{prefix}{name}' has {len(prefix) + len(name)} characters, and platforms take {LONGEST_NAME}.",
                    (*section, name),
                    f"Choose a name of at most {LONGEST_NAME - len(prefix)} characters.",
                    at_key=True,
                )


def _named(agreement: Agreement) -> Iterator[tuple[KeyPath, Iterable[str]]]:
    """Yield the names that become names of settings, by the section in which no two may be the same."""
    yield ("stages",), agreement.stages
    yield ("priorities",), agreement.priorities
    yield ("commitments",), agreement.commitments
    for list_name, reasons in agreement.reasons.items():
        yield ("reasons", list_name), reasons


_Need = tuple[KeyPath, str, str, str, Iterable[str]]


def _needed(agreement: Agreement, binding: BindingDocument) -> Iterator[_Need]:
    """Yield what must be bound: the section, what it is, its name, why in words, and what the section binds."""
    for stage in agreement.stages:
        yield ("stages",), "Stage", stage, "", binding.stages
    for field, why in _needed_fields(agreement, binding).items():
        yield ("fields",), "Field", field, f", and {why} needs it", binding.fields
    for source, entry in agreement.sources.items():
        if entry.handling == "work":
            yield ("sources", "values"), "Source", source, ", and sales works its leads", binding.sources.values
    for exclusion, section in _exclusions(agreement).items():
        yield ("exclude",), "Exclusion", exclusion, f", and `{section}` names it", binding.exclude
    for hook in hooks(agreement):
        yield ("hooks",), "Hook", hook, ", and a stage or reason runs it", binding.hooks
    for place in _places_of_routing(agreement) if "routing" not in binding.held_by else ():
        if place in agreement.teams:
            yield ("teams",), "Team", place, ", and leads are routed to it", binding.teams
        elif place in agreement.queues:
            yield ("queues",), "Queue", place, ", and leads are routed to it", binding.queues


def _exclusions(agreement: Agreement) -> Mapping[str, str]:
    named = {each: f"scoring.{name}.exclude" for name, model in agreement.scoring.items() for each in model.exclude}
    return named | dict.fromkeys(agreement.quality.exclude if agreement.quality else (), "quality.exclude")


def _places_of_routing(agreement: Agreement) -> tuple[str, ...]:
    routing = agreement.routing
    if routing is None:
        return ()
    leaving = routing.when_owner_leaves
    routes = (*routing.first_match, *(leaving if isinstance(leaving, tuple) else ()))
    places = [each.to for each in routes] + [each.overflow for each in routes] + [routing.otherwise]
    places.append(leaving if isinstance(leaving, str) else None)
    return tuple(dict.fromkeys(place for place in places if place))


def _needed_fields(agreement: Agreement, binding: BindingDocument) -> Mapping[str, str]:
    """Return every field that must be bound, with what needs it first."""
    needed: dict[str, str] = {}
    for name, stage in agreement.stages.items():
        for field in stage.needs:
            needed.setdefault(field, f"stage '{name}'")
        if stage.enter_when is not None:
            for field in _fields(stage.enter_when.value):
                needed.setdefault(field, f"the entry into stage '{name}'")
    for name, priority in agreement.priorities.items():
        for field in _fields(priority.when.value):
            needed.setdefault(field, f"priority '{name}'")
    if agreement.routing is not None and "routing" not in binding.held_by:
        for route in agreement.routing.first_match:
            for field in _fields(route.when.value) if route.when else ():
                needed.setdefault(field, "routing")
    elsewhere = _KNOWN_WITHOUT_BINDING | agreement.segments.keys()
    return {field: why for field, why in needed.items() if field not in elsewhere}


def _fields(expression: Expression) -> tuple[str, ...]:
    scored = any(isinstance(term, ScoreReaches) for term in terms_in(expression))
    return (*fields_in(expression), *(("score",) if scored else ()))


def _places(bound: object) -> Iterator[tuple[str, str]]:
    """Yield place and value of whatever a connector's model says of a stage: lists of values, or one condition."""
    said = bound.model_dump(by_alias=True) if isinstance(bound, BaseModel) else bound
    for place, values in said.items() if isinstance(said, Mapping) else ():
        if isinstance(values, str):
            yield str(place), values
        elif isinstance(values, list | tuple):
            yield from ((str(place), value) for value in values if isinstance(value, str))


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA801",
        Severity.ERROR,
        "Every word that a platform must know is bound there.",
        unbound,
        because="A promise about something that the platform cannot see is kept nowhere and measured nowhere.",
        bad="stages: {nurture: {means: Waiting., accountable: vp_marketing, next: [mql]}}   # no binding names it",
        good="stages: {mql: {means: Ready., accountable: vp_marketing, next: [sal, recycled]}}   # bound to Lead.Status MQL",
    ),
    Rule(
        "SLA803",
        Severity.ERROR,
        "No value of a platform means two stages.",
        two_stages_on_one_value,
        because="A report on that value counts the leads of both, and nobody can tell them apart again.",
        bad="# in a binding\nstages: {sal: {Lead.Status: [Working]}, sql: {Lead.Status: [Working]}}",
        good="# in a binding\nstages: {sal: {Lead.Status: [Working]}, sql: {Lead.Status: [Qualified]}}",
    ),
    Rule(
        "SLA804",
        Severity.ERROR,
        "One object carries the clock of a stage.",
        stage_on_two_objects,
        because="When a lead becomes a contact, two clocks run, and one of them is late for ever.",
        bad="# in a binding\nstages: {sal: {Lead.Status: [Working], Contact.Status: [Working]}}",
        good="# in a binding\nstages: {sal: {Lead.Status: [Working]}}",
    ),
    Rule(
        "SLA806",
        Severity.ERROR,
        "Each field has one writer.",
        several_writers,
        because="Two systems that write one field undo each other's work every few minutes.",
        bad="# in a binding\nfields: {need: {field: Lead.SLA_Need__c, add: text, writer: hubspot}}   # the other binding "
        "names salesforce",
        good="# in a binding\nfields: {need: {field: Lead.SLA_Need__c, add: text, writer: salesforce}}",
    ),
    Rule(
        "SLA807",
        Severity.ERROR,
        "Every name can be a name on a platform.",
        unusable_names,
        because="Platforms ignore capitals and dashes and cut long names, and two promises become one setting.",
        bad="reasons: {lost: {price: {means: Chose on price.}, Price: {means: Too dear.}}}",
        good="reasons: {lost: {price: {means: Chose on price.}, terms: {means: Our terms did not suit.}}}",
    ),
)
