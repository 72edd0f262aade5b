"""25x: single signals, brackets and grades of a scoring model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from string import ascii_uppercase, digits

from sla_sync.agreement.expressions import print_expression, terms_in
from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.sections.amounts import Bracket, parse_bracket
from sla_sync.agreement.sections.scoring import Dimension, Signal
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint.points import deeds_in, points_of
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

_WHOLE = Decimal(1)


def brackets_apart(case: Case) -> Iterator[Remark]:
    """Yield brackets of one field that overlap, or leave numbers between them without points."""
    for path, dimension in _dimensions(case):
        for field, entries in dimension.brackets.items():
            at = (*path, "brackets", field)
            found = sorted(((parse_bracket(text), text) for text in entries), key=lambda each: each[0].least)
            for (lower, first), (upper, second) in pairwise(found):
                yield from _between(at, field, (lower, first), (upper, second))


def grades_in_order(case: Case) -> Iterator[Remark]:
    """Yield grades that leave out a letter or a digit, and cut-offs that do not fall."""
    for name, model in case.agreement.scoring.items():
        if model.grade is None:
            continue
        sides: Mapping[str, tuple[Mapping[str, object], str]] = {
            "fit": (model.grade.fit, ascii_uppercase),
            "engagement": (model.grade.engagement, digits[1:]),
        }
        for side, (cuts, alphabet) in sides.items():
            path = ("scoring", name, "grade", side)
            expected = alphabet[: len(cuts)]
            if set(cuts) != set(expected):
                missing = next(each for each in alphabet if each not in cuts)
                yield Remark(
                    f"The grades of the {side} are {', '.join(sorted(cuts))}; {missing} is missing.",
                    path,
                    f"Name them {', '.join(expected)}.",
                    at_key=True,
                )
                continue
            for better, worse in pairwise(expected):
                high, low = cuts[better], cuts[worse]
                if isinstance(high, int | float) and isinstance(low, int | float) and high <= low:
                    yield Remark(
                        f"Grade {worse} begins at {low:g} points, and {better}, which is better, at {high:g}.",
                        (*path, worse),
                        f"Let {worse} begin below {high:g}.",
                    )


def counted_without_end(case: Case) -> Iterator[Remark]:
    """Yield signals for something that people can do again and again, without a word on how often it counts."""
    for path, dimension in _dimensions(case):
        for name, signal in dimension.add.items():
            if signal.at_most is None and deeds_in(signal.when.value):
                yield Remark(
                    f"'{name}' can happen again and again, and nothing says how often it counts.",
                    (*path, "add", name),
                    "Add `at_most`, such as `1 per day`, or `every time` if that is meant.",
                    at_key=True,
                )


def counted_twice(case: Case) -> Iterator[Remark]:
    """Yield signals that give points for what another one does, in the same model or in one kept on another platform."""
    seen: dict[tuple[str, str], str] = {}
    for path, dimension in _dimensions(case):
        model = str(path[1])
        rivals = (model, *_kept_elsewhere(case, model))
        for name, signal in dimension.add.items():
            occasions = _occasions(signal) if points_of(signal) > 0 else ()
            found = next(((each, key) for each in rivals for key in occasions if (each, key) in seen), None)
            if found is not None:
                of_model = "" if found[0] == model else f" of model '{found[0]}', which is kept on another platform,"
                yield Remark(
                    f"'{name}' gives points for what '{seen[found]}'{of_model} gives points for: `{found[1]}`.",
                    (*path, "add", name),
                    "Keep one of the two.",
                    at_key=True,
                )
            for key in occasions:
                seen.setdefault((model, key), name)


def _dimensions(case: Case) -> Iterator[tuple[KeyPath, Dimension]]:
    for name, model in case.agreement.scoring.items():
        for side, dimension in (("fit", model.fit), ("engagement", model.engagement)):
            if dimension is not None:
                yield ("scoring", name, side), dimension


def _between(at: KeyPath, field: str, lower: tuple[Bracket, str], upper: tuple[Bracket, str]) -> Iterator[Remark]:
    (below, first), (above, second) = lower, upper
    reaches = below.most
    if reaches is None and below.least < above.least:
        return  # `from 11` ends where the next bracket begins
    if reaches is None or above.least <= reaches:
        yield Remark(
            f"`{first}` and `{second}` overlap: a lead with {field} {above.least} gets the points of both.",
            (*at, second),
            "Write `from` for each bracket; it reaches to the next one.",
            at_key=True,
        )
        return
    # Where both numbers are whole, the field counts whole things, and nothing lies between 10 and 11.
    whole = all(each == each.to_integral_value() for each in (reaches, above.least))
    step = _WHOLE if whole else Decimal(0)
    if above.least > reaches + step:
        between = reaches + 1 if whole else (reaches + above.least) / 2
        yield Remark(
            f"Between `{first}` and `{second}` is a gap: a lead with {field} {between} gets no points.",
            (*at, second),
            "Write `from` for each bracket; it reaches to the next one.",
            at_key=True,
        )


def _occasions(signal: Signal) -> tuple[str, ...]:
    """Return for what a signal gives points: its condition, or each source and each deed that is enough for it."""
    condition = signal.when.value
    terms = tuple(terms_in(condition))
    if len(terms) != 1:
        return (print_expression(condition),)
    (term,) = terms
    if isinstance(term, Is) and term.field == "source" and not term.negated:
        return tuple(f"source is {value}" for value in term.values)
    deeds = deeds_in(condition)
    if deeds and deeds[0].times == 1 and deeds[0].within is None:
        # A form that is sent and the source that the form writes are one and the same.
        return (print_expression(condition), f"source is {deeds[0].object}")
    return (print_expression(condition),)


def _kept_elsewhere(case: Case, model: str) -> tuple[str, ...]:
    """Return the models for the same leads that another platform keeps."""
    models = case.agreement.scoring
    mine = models[model]
    return tuple(
        name
        for name, each in models.items()
        if each.kept_in and mine.kept_in and each.kept_in != mine.kept_in and each.for_segment == mine.for_segment
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA252",
        Severity.ERROR,
        "Brackets of one field neither overlap nor leave a gap.",
        brackets_apart,
        because="A company of ten people that falls into two brackets, or into none, is scored by chance.",
        bad="scoring: {person: {fit: {max: 70, brackets: {employees: {1 to 10: 5, 10 to 200: 20}}}}}",
        good="scoring: {person: {fit: {max: 70, brackets: {employees: {from 1: 5, from 11: 20}}}}}",
    ),
    Rule(
        "SLA253",
        Severity.ERROR,
        "The letters and digits of a grade are complete, and their cut-offs fall.",
        grades_in_order,
        because="With B at or above A no lead can be a B, and a missing letter makes readers guess.",
        bad="scoring: {person: {grade: {fit: {A: 35, B: 55, C: 0}}}}",
        good="scoring: {person: {grade: {fit: {A: 55, B: 35, C: 0}}}}",
    ),
    Rule(
        "SLA260",
        Severity.WARNING,
        "Each signal is scored once.",
        counted_twice,
        because="Two entries for one deed double its weight, and whoever changes one of them changes half of it.",
        bad="scoring: {person: {engagement: {add: {\n"
        "  webinar: {when: did attend webinar, points: 40, at_most: once},\n"
        "  seminar: {when: did attend webinar, points: 20, at_most: once}}}}}",
        good="scoring: {person: {engagement: {add: {\n"
        "  webinar: {when: did attend webinar, points: 60, at_most: once}}}}}",
    ),
    Rule(
        "SLA262",
        Severity.INFORMATION,
        "Every grade has leads, and better grades convert better.",
        because="A grade that says nothing about who buys is decoration.",
        bad="# in the history, B2 converts better than A1",
        good="# in the history, conversion falls from A1 to D4",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA263",
        Severity.WARNING,
        "The model would have qualified about as many leads as are promised.",
        because="A threshold that fits no history breaks the promised volume on the first day.",
        bad="# the history gives 190 a month where 110 are promised",
        good="# the history gives 118 a month where 110 are promised",
        needs=Needs.HISTORY,
    ),
    Rule(
        "SLA264",
        Severity.ERROR,
        "What can happen again and again says how often it counts.",
        counted_without_end,
        because="One platform counts each visit, the other one the first; the same lead has two scores.",
        bad="scoring: {person: {engagement: {add: {pricing: {when: did visit pricing_page, points: 25}}}}}",
        good="scoring: {person: {engagement: {add: {pricing: {when: did visit pricing_page, points: 25, at_most: 1 per week}}}}}",
    ),
)
