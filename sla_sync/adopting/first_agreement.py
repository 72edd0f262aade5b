"""The text of a first agreement: a draft that promises nothing yet, with a comment at each guess."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sla_sync.adopting.draft import GIVEN_UP, MARKETING, SALES, TAKEN, Draft
from sla_sync.adopting.edits import Plain
from sla_sync.adopting.first_question import comment, question_of
from sla_sync.adopting.guesses import Guessed, Part, names_of
from sla_sync.adopting.spelling import spelled

SPOKEN: Mapping[Part, str] = {
    Part.EARLY: "before the handover",
    Part.QUALIFIED: "the handover to sales",
    Part.WORKED: "in the hands of sales",
    Part.WON: "the end that both want",
    Part.LOST: "given up",
    Part.LATER: "kept for later",
}
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_USUAL_HOURS: Mapping[str, str] = dict.fromkeys(_WEEK[:5], "09:00-17:00")
_COMMENTS_IN_COLUMN = 40
_ACCOUNTABLE = {Part.EARLY: MARKETING, Part.QUALIFIED: MARKETING, Part.LATER: MARKETING}


def agreement_text(draft: Draft) -> str:
    """Return the agreement as YAML."""
    return "\n".join(_agreement(draft)) + "\n"


def line(text: str, comment: str = "") -> str:
    """Return a line with a comment behind it; foreign words in the comment stay on the line."""
    said = "".join(letter if letter.isprintable() else "�" for letter in comment)
    return f"{text.ljust(_COMMENTS_IN_COLUMN)}  # {said}" if comment else text


def entry(name: str, value: Mapping[str, Plain]) -> str:
    """Return an entry of a section on one line."""
    return f"  {name}: {spelled(value)}"


def _agreement(draft: Draft) -> Iterator[str]:
    survey, ground = draft.survey, draft.ground
    yield "# Begun from what is there by `sla-sync adopt`; ADOPTED.md says what was read and what was guessed."
    yield "apiVersion: sla-sync/v1"
    yield "kind: LeadSLA"
    yield "metadata:"
    yield f"  name: {ground.name}"
    yield line("  status: draft", "nobody has agreed to anything yet")
    yield f"  effective: {{from: {ground.start.isoformat()}}}"
    yield f"  timezone: {ground.timezone}"
    if survey.currency:
        yield f"  currency: {survey.currency}"
    yield line("roles:", "guessed: no platform says who answers for what")
    yield f"  {MARKETING}: {{party: marketing}}"
    yield f"  {SALES}: {{party: sales}}"
    yield "terms:"
    yield "  touch: A call, an e-mail or a meeting by the owner."
    yield "calendars:"
    yield from _calendar(draft)
    yield from _teams_and_queues(draft)
    if survey.sources and draft.sources:
        yield "sources:"
        for name, value in draft.sources.items():
            yield entry(name, {"means": f"The platform says «{survey.sources.values[value]}»."})
    yield "stages:"
    yield from _stages(draft)
    yield from _commitments(draft)
    yield from _reasons(draft)
    if draft.otherwise is not None:
        yield "routing:"
        yield f"  otherwise: {draft.otherwise}"


def _calendar(draft: Draft) -> Iterator[str]:
    found = draft.calendar
    yield line(f"  {draft.calendar_name}:", "" if found else "guessed: no business hours could be read")
    if found and found.zone and found.zone != draft.ground.timezone:
        yield f"    timezone: {found.zone}"
    week = found.open if found else _USUAL_HOURS
    yield f"    open: {spelled({_days(days): windows for days, windows in _alike(week)})}"
    closed = sorted(found.closed.items()) if found else []
    if closed:
        yield "    holidays:"
    for day, said in closed:
        yield f"      - {spelled({'day': day.isoformat(), 'name': said} if said else day.isoformat())}"


def _alike(week: Mapping[str, str]) -> Iterator[tuple[list[str], str]]:
    days = [(day, week[day]) for day in _WEEK if day in week]
    numbered = ((_WEEK.index(day) - number, day, windows) for number, (day, windows) in enumerate(days))
    for (_, windows), some in groupby(numbered, key=lambda each: (each[0], each[2])):
        yield [day for _, day, _ in some], windows


def _days(days: Sequence[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"


def _teams_and_queues(draft: Draft) -> Iterator[str]:
    if draft.staffed:
        yield "teams:"
    for name, each in draft.staffed.items():
        means = f"«{each.label}» on the platform."
        yield entry(name, {"means": means, "members": len(each.people), "calendar": draft.calendar_name})
    if draft.empty:
        yield "queues:"
    for name, each in draft.empty.items():
        yield entry(name, {"means": f"«{each.label}» on the platform.", "accountable": SALES})


def _stages(draft: Draft) -> Iterator[str]:
    question = question_of(draft)
    for number, each in enumerate(draft.stages):
        place = next(iter(each.found.bound))
        yield line(f"  {each.name}:", f"guessed: {SPOKEN[each.part]}")
        yield f"    means: {spelled(f'{place} says «{each.found.label}».', inside=False)}"
        yield f"    accountable: {_ACCOUNTABLE.get(each.part, SALES)}"
        if question is not None and question.stage == each.name:
            yield from comment(question)
        if each.part in {Part.LOST, Part.LATER}:
            yield "    reasons: given_up"
        onward = [
            *_next(draft.stages, number),
            *(name for name in draft.added if name != TAKEN or each.part is Part.QUALIFIED),
        ]
        if each.part in {Part.WON, Part.LOST}:
            yield f"    end: {each.part}"
        else:
            yield f"    next: {spelled(onward)}"
    if draft.nobody_taken:
        yield line(f"  {TAKEN}:", "added: nothing there comes after the handover")
        yield "    means: Sales works the lead."
        yield f"    accountable: {SALES}"
        yield "    end: won"
    if draft.nobody_given_up:
        yield line(f"  {GIVEN_UP}:", "added: no value there says that a lead was given up")
        yield "    means: Nobody works the lead any more."
        yield f"    accountable: {SALES}"
        yield "    reasons: given_up"
        yield "    end: lost"


def _next(stages: Sequence[Guessed], number: int) -> Iterator[str]:
    """Yield where a lead may go on to: what comes later, every end, and from later back to the handover."""
    here = stages[number].part
    for position, each in enumerate(stages):
        if position == number:
            continue
        if each.part is Part.WON and here in {Part.EARLY, Part.LATER}:
            continue
        onward = position > number and here is not Part.LATER
        if (
            each.part in {Part.LOST, Part.LATER, Part.WON}
            or onward
            or (here is Part.LATER and each.part is Part.QUALIFIED)
        ):
            yield each.name


def _reasons(draft: Draft) -> Iterator[str]:
    labels = tuple(draft.reasons.values.values()) if draft.reasons else ()
    yield "reasons:"
    yield line("  given_up:", "" if labels else "guessed: no list of reasons was found")
    for name, label in zip(names_of(labels), labels, strict=True):
        yield "  " + entry(name, {"means": f"The platform says «{label}»."})
    if not labels:
        yield "  " + entry("not_said", {"means": "Nobody says why."})


def _commitments(draft: Draft) -> Iterator[str]:
    yield line("commitments:", "what the parties may promise; every number is theirs to decide")
    yield "  volume:"
    yield f"    by: {MARKETING}"
    yield f"    measure: count of first {draft.qualified}"
    yield "    target: undecided"
    yield "  quality:"
    yield f"    by: {MARKETING}"
    yield f"    measure: {draft.qualified} to {draft.taken} within 14 days"
    yield "    target: undecided"
    yield "  response:"
    yield f"    by: {SALES}"
    yield f"    clock: {{starts: enters {draft.qualified}, stops: touch, runs_in: {draft.calendar_name}}}"
    yield "    within: undecided"
    yield "    on_time: undecided"
