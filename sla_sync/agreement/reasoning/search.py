"""The search for a lead: terms narrow what each field may hold, and each choice between terms is tried in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sla_sync.agreement.expressions import print_expression
from sla_sync.agreement.expressions.tree import Compare, Did, Expression, Is, Known, Text
from sla_sync.agreement.expressions.words import as_number
from sla_sync.agreement.reasoning import deeds, values
from sla_sync.agreement.reasoning.deeds import Deed
from sla_sync.agreement.reasoning.domain import ALWAYS_KNOWN, WHOLE_NUMBERS, Domain
from sla_sync.agreement.reasoning.forms import AllOf, AtLeastOf, Form, Literal, literals_in
from sla_sync.agreement.reasoning.lead import Held, Lead
from sla_sync.agreement.reasoning.numbers import Numbers
from sla_sync.agreement.reasoning.texts import Texts
from sla_sync.agreement.reasoning.values import Values

MOST_STEPS = 20_000
"""After so many terms the search gives up; an agreement that people wrote needs a few dozen."""

_ANSWERS = frozenset({True, False})

_Field: TypeAlias = Is | Compare | Known | Text


@dataclass(frozen=True, slots=True)
class CannotSay:
    """The question has an answer that takes too long to find; false, so that it is never taken for a lead."""

    why: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class _State:
    """What is settled so far: what each field may hold, what was done, and which whole conditions hold."""

    fields: Mapping[str, Values] = field(default_factory=dict)
    deeds: Mapping[str, tuple[Deed, ...]] = field(default_factory=dict)
    wholes: Mapping[Expression, bool] = field(default_factory=dict)


def search(forms: Iterable[Form], domain: Domain) -> Lead | CannotSay | None:
    """Return a lead for which every form holds, None where there is none, or CannotSay."""
    forms = tuple(forms)
    start = _starting_values(forms, domain)
    waiting: list[tuple[tuple[Form, ...], _State]] = [(forms, _State())]
    steps = 0
    while waiting:
        pending, state = waiting.pop()
        steps += len(pending)
        if steps > MOST_STEPS:
            return CannotSay(f"More than {MOST_STEPS:,} combinations of terms would have to be tried.")
        settled = _settled(pending, state, start)
        if settled is None:
            continue
        state, choices = settled
        if not choices:
            return _lead(state)
        first, *rest = sorted(choices, key=lambda each: len(each.forms) - each.count)
        taken, others = first.forms[0], first.forms[1:]
        waiting.append(((AtLeastOf(first.count, others), *rest), state))
        waiting.append(((taken, AtLeastOf(first.count - 1, others), *rest), state))
    return None


def _settled(
    pending: Iterable[Form], state: _State, start: Mapping[str, Values]
) -> tuple[_State, list[AtLeastOf]] | None:
    """Return the state after every term that must hold, with the choices left; None where a term cannot hold."""
    queue, counted, choices = deque(pending), deque[AtLeastOf](), []
    while queue or counted:
        # What must hold in any case comes first: of a choice it often leaves one, or none.
        form = queue.popleft() if queue else counted.popleft()
        match form:
            case Literal():
                further = _with(state, form, start)
                if further is None:
                    return None
                state = further
            case AllOf(parts):
                queue.extend(parts)
            case AtLeastOf(count) if count > 0 and queue:
                counted.append(form)
            case AtLeastOf(count, parts) if count > 0:
                possible = tuple(
                    each for each in parts if not isinstance(each, Literal) or _with(state, each, start) is not None
                )
                if len(possible) < count:
                    return None
                if len(possible) == count:
                    queue.extend(possible)
                else:
                    choices.append(AtLeastOf(count, possible))
    return state, choices


def _with(state: _State, literal: Literal, start: Mapping[str, Values]) -> _State | None:
    """Return the state in which the term holds as well; None where it cannot."""
    term = literal.term
    if literal.whole:
        known = state.wholes.get(term, literal.holds)
        return replace(state, wholes={**state.wholes, term: literal.holds}) if known is literal.holds else None
    if isinstance(term, Did):
        name = f"did {term.verb} {term.object}"
        done = (*state.deeds.get(name, ()), Deed(term.times, term.within, literal.holds))
        return replace(state, deeds={**state.deeds, name: done}) if deeds.consistent(done) else None
    if isinstance(term, _Field):
        left = values.narrowed(state.fields.get(term.field, start[term.field]), term, holds=literal.holds)
        if values.is_empty(left):
            return None
        return replace(state, fields={**state.fields, term.field: left})
    return state


def _lead(state: _State) -> Lead:
    facts: dict[str, Held] = {}
    for name, left in state.fields.items():
        example = values.example_of(left)
        if example is not None:
            facts[name] = example
    facts.update({name: deeds.counted(done) for name, done in state.deeds.items()})
    facts.update({print_expression(term): holds for term, holds in state.wholes.items()})
    return Lead(facts)


def _starting_values(forms: Iterable[Form], domain: Domain) -> Mapping[str, Values]:
    """Return what each field may hold before anything is asked of it."""
    terms: dict[str, list[_Field]] = {}
    for literal in literals_in(forms):
        if isinstance(literal.term, _Field) and not literal.whole:
            terms.setdefault(literal.term.field, []).append(literal.term)
    return {name: _any_value(name, said, domain) for name, said in terms.items()}


def _any_value(name: str, said: Collection[_Field], domain: Domain) -> Values:
    """Return whatever a field can hold.

    A field that is compared with numbers holds numbers, unless a word or a piece of text is looked for in it too, and
    one that is asked for yes and no alone holds nothing else. A value that the agreement does not define is possible
    where it is named: another rule says that it is undefined.
    """
    unknown = name not in ALWAYS_KNOWN
    if name in domain.values:
        asked = (value for each in said if isinstance(each, Is) for value in each.values)
        return Values(unknown, texts=Texts(only=tuple(dict.fromkeys((*domain.values[name], *asked)))))
    least = WHOLE_NUMBERS.get(name)
    whole = name in WHOLE_NUMBERS or name.endswith("_score")
    every = Numbers(whole=whole) if least is None else Numbers(low=least, whole=whole)
    named = [value for each in said if isinstance(each, Is) for value in each.values]
    searched = any(isinstance(each, Text) for each in said)
    if whole or any(isinstance(each, Compare) for each in said):
        worded = searched or any(as_number(value) is None for value in named)
        return Values(unknown, every, Texts() if worded else None, values.answers_in(named) and _ANSWERS)
    answered = [value for value in named if values.answers_in((value,))]
    only_answers = bool(named) and len(answered) == len(named) and not searched
    return Values(unknown, texts=None if only_answers else Texts(), answers=_ANSWERS if answered else frozenset())
