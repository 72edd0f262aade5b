"""The text of a first binding: every stage mapped to a value that is there, and nothing pushed."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.adopting.draft import Draft
from sla_sync.adopting.first_agreement import entry, line
from sla_sync.adopting.first_question import question_of
from sla_sync.adopting.spelling import spelled


def binding_text(draft: Draft) -> str:
    """Return the binding as YAML."""
    return "\n".join(_binding(draft)) + "\n"


def _binding(draft: Draft) -> Iterator[str]:
    ground, survey = draft.ground, draft.survey
    about = {"name": f"{ground.name}-{ground.connector}", "agreement": ground.name, "connector": ground.connector}
    yield "# Every promise is only measured, so nothing is pushed: the plan is empty."
    yield "apiVersion: sla-sync/v1"
    yield "kind: Binding"
    yield f"metadata: {spelled(about)}"
    yield "prefix: SLA_"
    yield f"modes: {spelled(dict.fromkeys(draft.commitments, 'measure'))}"
    yield line("stages:", "each is a value that is there; none is added")
    yield from (entry(each.name, each.found.bound) for each in draft.stages)
    for name, bound in draft.added.items():
        yield line(entry(name, bound), "no value there says so; nothing is added yet")
    if survey.sources and draft.sources:
        yield "sources:"
        yield f"  from: {spelled([survey.sources.read_from])}"
        yield "  values:"
        yield from (f"    {name}: {spelled([value])}" for name, value in draft.sources.items())
    question = question_of(draft)
    if question is not None and question.fields:
        yield line(f"fields: {spelled(question.fields)}", "what the condition that is asked for may speak of")
    if survey.touch:
        yield line("touch:", "guessed: what people log there")
        for kind, tests in survey.touch.items():
            yield f"  {kind}:"
            yield from (f"    - {spelled(each)}" for each in tests)
    if draft.staffed:
        yield "teams:"
        yield from (entry(name, each.bound) for name, each in draft.staffed.items())
    if draft.empty:
        yield "queues:"
        yield from (f"  {name}: {spelled(each.name, inside=False)}" for name, each in draft.empty.items())
