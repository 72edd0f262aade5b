"""8xx: the agreement and its bindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import fields_in, terms_in
from sla_sync.agreement.expressions.tree import Expression, ScoreReaches
from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Case, Remark, Rule

_KNOWN_WITHOUT_BINDING = frozenset({"stage", "priority", "segment", "source", "owner", "team", "cycle", "grade"})
"""Words of the language that are bound elsewhere: by `stages` and `sources`, or by what we create ourselves."""


def unbound(case: Case) -> Iterator[Remark]:
    """Yield every stage, and every field that a stage, an entry condition or a priority needs, that a binding leaves out."""
    needed = _needed_fields(case.agreement)
    for document, binding in case.bindings.items():
        for stage in case.agreement.stages:
            if stage not in binding.stages:
                yield Remark(
                    f"Stage '{stage}' is not bound on {binding.metadata.connector}.",
                    ("stages",),
                    f"Say under `stages` where '{stage}' is kept on this platform.",
                    document,
                    at_key=True,
                )
        for field, why in needed.items():
            if field not in binding.fields:
                yield Remark(
                    f"Field '{field}' is not bound on {binding.metadata.connector}, and {why} needs it.",
                    ("fields",),
                    f"Say under `fields` where '{field}' is kept on this platform.",
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


def _needed_fields(agreement: Agreement) -> Mapping[str, str]:
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
    Rule("SLA801", Severity.ERROR, "Every stage and every needed field is bound on every platform.", unbound),
    Rule("SLA803", Severity.ERROR, "No value of a platform means two stages.", two_stages_on_one_value),
)
