"""The page beside a first agreement: what was read from where, what was guessed, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sla_sync.adopting.draft import Draft
from sla_sync.adopting.first_agreement import SPOKEN
from sla_sync.adopting.first_question import question_of

_THEN = (
    "Decide the numbers that say `undecided`.",
    "Raise the modes in the binding when the parties want the platform to record, to warn or to act.",
)
_MARKUP = "\\`*_{}[]<>#|!"


def adopted_page(draft: Draft, *, target: str, notes: Iterable[str] = ()) -> str:
    """Return the page as Markdown; `notes` are sentences about the files."""
    parts = (
        ("What was read", draft.survey.read),
        ("What was guessed", tuple(_guesses(draft))),
        ("What could not be read", tuple(_left_out(draft))),
    )
    lines = [f"# Begun from {target}", "", "Nothing was written there, and the plan of this agreement is empty.", ""]
    for title, said in parts:
        lines += [f"## {title}", "", *([f"- {_escaped(each)}" for each in said] or ["- nothing"]), ""]
    todo = (
        "Read agreement.yaml together, and correct what was guessed: each guess has a comment there.",
        *_asked(draft),
    )
    steps = (*todo, *_THEN, *(_escaped(each) for each in notes))
    lines += ["## What to do next", "", *(f"{number}. {each}" for number, each in enumerate(steps, 1)), ""]
    return "\n".join(lines)


def _asked(draft: Draft) -> Iterator[str]:
    question = question_of(draft)
    if question is not None:
        yield (
            f"Say on which condition a lead enters {_escaped(question.stage)}: it could not be read. Until `enter_when` says it, "
            f"a cycle opens in {_escaped(question.meanwhile)}. A comment in agreement.yaml has an example."
        )


def _guesses(draft: Draft) -> Iterator[str]:
    for each in draft.stages:
        place = next(iter(each.found.bound))
        yield f"«{each.found.label}» ({place}) is {SPOKEN[each.part]}: {each.because}."
    for name in draft.added:
        yield f"The stage {name} was added to the text: no value there means it, and the language needs one."
    if draft.calendar is None:
        yield "The office is open from Monday to Friday, 09:00 to 17:00: no business hours could be read."
    if draft.reasons is not None:
        yield f"Why leads are given up stands in «{draft.reasons.label}» ({draft.reasons.field}): its name speaks of reasons."
    yield "Marketing answers for leads until the handover, sales from then on."


def _left_out(draft: Draft) -> Iterator[str]:
    survey = draft.survey
    for each in survey.unseen:
        yield f"{each.what}: {each.because}"
    for route in survey.routes:
        if not route.always:
            yield f"Leads for «{route.to}» where {route.says}: the condition is in the platform's own words."
    if survey.routes and draft.otherwise is None:
        yield "Who gets every other lead: the rule in force has no last entry for all of them."
    for other in survey.reasons:
        if other is not draft.reasons:
            yield f"«{other.label}» ({other.field}) may hold reasons too; one list was taken."
    for score in survey.scores:
        yield f"«{score.label}» ({score.field}) may be a score; how it is computed is not told, so no scoring was written."


def _escaped(text: str) -> str:
    """Return foreign words so that they cannot become markup of a page."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return "".join(f"\\{letter}" if letter in _MARKUP else letter for letter in shown)
